//! What is done with the file of a store as a whole: looking into it, migrating, compacting and copying it.
//!
//! A file of an earlier schema version may be looked into, copied and migrated. What must not live here: rows of an engine, and
//! anything that a store does while it serves calls.

mod compact;
mod copy;
mod error;
mod inspect;
mod look;
mod migrate;
mod partial;

pub use compact::{Compaction, compact};
pub use copy::{CopyCheck, CopyDraft, CopyProgress, copy};
pub use error::UpkeepError;
pub use inspect::{EventAt, Inspection, TableRows, inspect};
pub use migrate::{Migration, migrate};
