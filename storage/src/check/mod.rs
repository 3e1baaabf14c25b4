//! Checks of a whole store: pages and indices, the hash chains, every row against the event that sealed it, and the current rows
//! against what their ledgers lead to.
//!
//! What lives here: walks over tables, folds, and the reports of what does not fit. What must not: writing.

mod chain_error;
pub(crate) mod folds;
pub(crate) mod heads;
mod pages;
pub(crate) mod seals;
mod spill;
pub(crate) mod store;
pub(crate) mod stream;
pub(crate) mod verify;
pub(crate) mod watched;
pub(crate) mod whole;

pub use chain_error::ChainError;
pub use folds::{FoldFault, FoldFaultKind, FoldReport};
pub use pages::{PageFault, PageReport};
pub use seals::{RowFault, RowFaultKind, RowReport};
pub use verify::{ChainFault, ChainReport, FaultKind, SavedHead};
pub use watched::{CheckProgress, CheckStage};
pub use whole::StoreReport;
