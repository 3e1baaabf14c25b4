//! What a database of another crate builds on: rules, rows, commits and checks are the same for every database.
//!
//! A driver implements [`Session`] for its connection, [`OpenTransaction`] for one that writes, and [`Driver`] for its writing side.
//! What the handles of its store share implements [`Serves`]; the store itself hands admitted calls to [`commit`], [`audited_read`],
//! [`audited_page`] and [`guard`], and gets the traits of every engine by `selene_contracts::implement_every_backend!`. Reads without an event go to
//! [`StoredRead::read`] with any session, and pages of lists to [`StoredPages::page`].
//!
//! What must not live here: anything but names that are declared elsewhere.

pub use crate::commit::calls::{
    Serves, audited_page, audited_read, commit, event_of_read, guard, submit, submit_all,
};
pub use crate::commit::driver::{About, Begun, CommitEnd, Driver, Held, OpenTransaction};
pub use crate::commit::leader::Commits;
pub use crate::failure::{Failure, Trouble, unavailable};
pub use crate::pool::Pool;
pub use crate::rows::listed::{Order, StoredPages, StoredRows};
pub use crate::rows::stored::{LedgerRow, StoredGuard, StoredRead, StoredWrite};
pub use crate::session::{Session, read};
pub use crate::truth::{current_tables, ledgers};

/// The checks of a whole store. Each has to see one state of it: run it in one snapshot.
pub mod checks {
    pub use crate::check::folds::check as folds;
    pub use crate::check::seals::check as rows;
    pub use crate::check::verify::{check as chains, heads};
    pub use crate::check::whole::check as whole;
    pub use crate::rules::ph1_j::refusals;
}

/// Copying a whole store into a database of another kind.
pub mod transfer {
    pub use crate::transfer::{
        Arrival, CopiedRows, CopiedTable, MARK_TABLE, Mark, MarkError, Numbered, Source, Target,
        TransferError, TransferProgress, copy_rows, in_order, verify,
    };
}
