//! Phase four: what must hold across documents, across engines, and against the contracts that were written before.
//!
//! What must not live here: looking names up, or writing.

mod contracts;
mod documents;
mod emit;
mod lock;
mod output;
mod reads;
mod reasons;
mod rust_names;
mod stored;
mod tables;

pub use contracts::{check_contracts, share_dedupe_spaces};
pub use documents::check_documents;
pub use emit::check_emission;
pub use lock::check_lock;
pub use output::check_output;
pub use reads::scope_reads;
pub use reasons::{check_refusals, check_register};
pub use rust_names::check_rust_names;
pub use stored::check_stored;
pub use tables::{check_references, check_tables};
