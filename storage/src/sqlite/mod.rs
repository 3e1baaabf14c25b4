//! The SQLite half: it opens, loads, stores and commits.
//!
//! What lives here: connections, settings, schema, statements, batches, and for every engine the rows that
//! its rules need and write. What must not: a decision about a call; those are in `engines`.

mod audit_only;
mod authorizer;
mod dedupe;
mod events;
mod failure;
#[cfg(test)]
mod faults;
mod folds;
mod foreign_keys;
mod guard;
mod heads;
mod held;
mod insert;
mod migration;
mod onboarding;
mod open_error;
mod operation;
mod person;
mod ph1_f;
mod ph1_j;
mod ph1_link;
mod ph1_onb;
mod ph1_persona;
mod ph1_position;
mod ph1_voice_id;
mod ph1_w;
mod ph1_write;
mod ph2_access;
mod place;
mod presence;
mod queue;
mod read;
mod readers;
#[cfg(test)]
mod renamed_tests;
#[cfg(test)]
mod required_tests;
pub(crate) mod schema;
mod settings;
mod standing;
mod store;
#[cfg(feature = "test-support")]
mod tables_for_tests;
mod ticket;
mod transaction;
mod values;
mod verify;
mod watch;
mod write;
mod writer;
#[cfg(test)]
mod writer_files_tests;
#[cfg(test)]
mod writer_tests;

pub use folds::{FoldFault, FoldFaultKind, FoldReport};
#[cfg(feature = "test-support")]
pub(crate) use onboarding::test_support;
pub use open_error::{OpenError, SchemaDifference};
pub use presence::{Misplaced, StoreFile};
pub use store::{SqliteStore, StoreOptions};
#[cfg(feature = "test-support")]
pub use tables_for_tests::{Cell, TableRows};
pub use ticket::Ticket;
pub use verify::{ChainFault, ChainReport, FaultKind, SavedHead};
pub use write::StoredWrite;

/// The store serves every engine of the contracts: a new one without a backend is a compile error that names its trait.
macro_rules! served {
    ($module:ident, $backend:ident) => {
        const _: fn() = || {
            fn serves<S: selene_contracts::$module::backend::$backend>() {}
            serves::<SqliteStore>();
        };
    };
}

selene_contracts::for_every_backend!(served);
