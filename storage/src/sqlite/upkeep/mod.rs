//! What is done with the file of a store as a whole: looking into it, migrating, compacting and copying it, also
//! into and out of a database of another kind.
//!
//! A file of an earlier schema version may be looked into, copied and migrated. What must not live here: rows of an engine, and
//! anything that a store does while it serves calls.

mod compact;
mod copy;
mod error;
mod file_source;
mod file_target;
mod inspect;
mod look;
mod migrate;
mod partial;

pub use compact::{Compaction, compact};
pub use copy::{CopyCheck, CopyDraft, CopyProgress, copy};
pub use error::UpkeepError;
pub use file_source::FileSource;
pub use file_target::FileTarget;
pub use inspect::{Inspection, inspect};
pub use migrate::{Migration, migrate};
