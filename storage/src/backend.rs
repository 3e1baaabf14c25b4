//! What a database of another crate builds on: rules, rows, commits and checks are the same for every database.
//!
//! A driver implements [`Session`] for its connection, [`OpenTransaction`] for one that writes, and [`Driver`] for its writing side.
//! A queue of commits implements [`Serves`], and what the handles of its store share implements [`Store`]. The handle itself is opened by
//! the driver; every other method that handles of all databases have, and the traits of every engine, come from `implement_handle!`.
//!
//! What must not live here: anything but names that are declared elsewhere.

#[cfg(feature = "async")]
pub use crate::asynchronous::{
    Closing, Tasks, commit as async_commit, guard as async_guard, implement_async_handle, open,
    read as async_read, read_page as async_read_page,
};
pub use crate::commit::attempts::{Attempt, attempts};
pub use crate::commit::calls::{Serves, commit, guard};
pub use crate::commit::driver::{About, Begun, CommitEnd, Driver, Held, OpenTransaction};
pub use crate::commit::handed::{submit, submit_all};
pub use crate::commit::leader::{Commits, Settles};
pub use crate::commit::spread::Spread;
pub use crate::commit::store::{Patience, Store, each_row, read, read_page};
pub use crate::failure::{BUSY, CONSTRAINT, Failure, Trouble, unavailable};
pub use crate::handle::{implement_audit, implement_checks, implement_handle};
pub use crate::pool::Pool;
pub use crate::rows::listed::{Order, StoredPages, StoredRows};
pub use crate::rows::stored::{LedgerRow, StoredGuard, StoredRead, StoredWrite};
pub use crate::session::{Session, check_written, read as read_cells};
pub use crate::truth::{current_tables, ledgers};

/// The checks of a whole store.
pub mod checks {
    pub use crate::check::store::{chains, folds, heads, rows, whole};
}

/// What an auditor takes out of a store.
pub mod audit {
    pub use crate::audit::store::{contents, export, visit_trail};
}

/// Copying a whole store into a database of another kind.
pub mod transfer {
    pub use crate::check::heads::heads;
    pub use crate::transfer::{
        Arrival, CopiedRows, CopiedTable, MARK_TABLE, Mark, MarkError, Numbered, Source, Target,
        TransferError, TransferProgress, copy_rows, in_order, verify,
    };
}
