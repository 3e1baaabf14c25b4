//! What goes wrong inside the store, before it becomes an error with a reason code.

use selene_contracts::{Refusals, StorageError};

/// A failure on the way to an answer.
#[derive(Debug)]
pub enum Failure {
    /// A rule refused the call.
    Refused(StorageError),
    /// The database reported an error.
    Database {
        /// Its kind, as far as the order of a write asks for it.
        trouble: Trouble,
        /// What the database says, in words that hold no row values.
        detail: String,
    },
    /// A stored value cannot be read back, or a value cannot be stored.
    Unreadable(String),
    /// A write met other rows than its rule had seen in the same transaction.
    Inconsistent(String),
    /// The operation ran only to note what it reads, and has come to where it would write.
    LookedAhead,
    /// A ledger could be changed. It was rolled back, but a lock is missing.
    LockOpen {
        /// The ledger by its name in SQL: `audit_events`.
        table: &'static str,
        /// What went through: `UPDATE`, `DELETE`.
        verb: String,
    },
}

/// A kind of error of a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// A row refers to one that is missing.
    ForeignKey,
    /// Another writer was in the way: the whole transaction is worth running again.
    Conflict,
    /// Any other error that the database reports: a full disk, a broken constraint of another kind.
    Other,
}

/// How every database says that somebody else holds what a call needs.
pub const BUSY: &str = "another process is writing to the database; try again";

/// How every database says that a row breaks a rule of its table.
pub const CONSTRAINT: &str = "a constraint of the database refused the row";

impl From<StorageError> for Failure {
    fn from(error: StorageError) -> Self {
        Self::Refused(error)
    }
}

impl Failure {
    /// Whether another writer was in the way.
    #[must_use]
    pub const fn is_conflict(&self) -> bool {
        matches!(self, Self::Database { trouble: Trouble::Conflict, .. })
    }

    /// The error for the caller. Nothing of the database's own words about rows gets out, only the kind of trouble.
    pub fn into_error(self, refusals: &Refusals) -> StorageError {
        match self {
            Self::Refused(error) => error,
            Self::Database { detail, .. } => unavailable(refusals, detail),
            Self::Unreadable(what) => unavailable(refusals, format!("a stored value is unreadable: {what}")),
            Self::Inconsistent(what) => {
                unavailable(refusals, format!("rows are not as they were read: {what}"))
            }
            Self::LookedAhead => unavailable(refusals, "the call was not made yet"),
            Self::LockOpen { table, verb } => unavailable(
                refusals,
                format!(
                    "THE LEDGER {table} IS NOT APPEND-ONLY: {verb} went through and was rolled back; restore its locks"
                ),
            ),
        }
    }
}

/// The store cannot serve the call; nothing was written.
pub fn unavailable(refusals: &Refusals, detail: impl Into<String>) -> StorageError {
    StorageError::BackendUnavailable { reason_code: refusals.unavailable, detail: detail.into() }
}

/// The commit may or may not be durable.
pub(crate) fn outcome_unknown(refusals: &Refusals, detail: impl Into<String>) -> StorageError {
    StorageError::OutcomeUnknown { reason_code: refusals.outcome_unknown, detail: detail.into() }
}
