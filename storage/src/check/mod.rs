//! Checks of a whole store: the hash chains, and the current rows against what their ledgers lead to.
//!
//! What lives here: walks over tables, folds, and the reports of what does not fit. What must not: writing.

pub(crate) mod folds;
pub(crate) mod stream;
pub(crate) mod verify;

pub use folds::{FoldFault, FoldFaultKind, FoldReport};
pub use verify::{ChainFault, ChainReport, FaultKind, SavedHead};
