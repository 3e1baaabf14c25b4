//! What goes wrong inside the backend, before it is told to a caller with a reason code.

use rusqlite::ErrorCode;
use selene_contracts::{Refusals, StorageError};

/// A failure on the way to an answer.
#[derive(Debug)]
pub enum Failure {
    /// A rule refused the call.
    Refused(StorageError),
    /// SQLite reported an error.
    Sqlite(rusqlite::Error),
    /// A stored value cannot be read back, or a value cannot be stored.
    Unreadable(String),
    /// A ledger could be changed. It was rolled back, but a lock is missing.
    LockOpen {
        /// The ledger.
        table: &'static str,
        /// `UPDATE`, `DELETE` or `REPLACE`.
        verb: String,
    },
}

impl From<StorageError> for Failure {
    fn from(error: StorageError) -> Self {
        Self::Refused(error)
    }
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl Failure {
    /// The error for the caller. Nothing of SQLite's own words about rows gets out, only the kind of trouble.
    pub(crate) fn into_error(self, refusals: &Refusals) -> StorageError {
        match self {
            Self::Refused(error) => error,
            Self::Sqlite(error) => unavailable(refusals, describe(&error)),
            Self::Unreadable(what) => unavailable(refusals, format!("a stored value is unreadable: {what}")),
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
pub(crate) fn unavailable(refusals: &Refusals, detail: impl Into<String>) -> StorageError {
    StorageError::BackendUnavailable { reason_code: refusals.unavailable, detail: detail.into() }
}

/// The commit may or may not be durable.
pub(crate) fn outcome_unknown(refusals: &Refusals, detail: impl Into<String>) -> StorageError {
    StorageError::OutcomeUnknown { reason_code: refusals.outcome_unknown, detail: detail.into() }
}

/// The kind of an SQLite error, in words that hold no row values.
pub(crate) fn describe(error: &rusqlite::Error) -> String {
    if is_busy(error) {
        return "another process is writing to the database; try again".to_owned();
    }
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => "the disk is full".to_owned(),
        Some(ErrorCode::ReadOnly) => "the database is read-only".to_owned(),
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => "the database is damaged".to_owned(),
        Some(ErrorCode::ConstraintViolation) => "a constraint of the database refused the row".to_owned(),
        Some(code) => format!("SQLite reports {code:?}"),
        None => "a stored value is unreadable".to_owned(),
    }
}

/// Whether SQLite refused a row because one that it refers to is missing.
pub(crate) fn is_foreign_key(error: &rusqlite::Error) -> bool {
    error
        .sqlite_error()
        .is_some_and(|error| error.extended_code == rusqlite::ffi::SQLITE_CONSTRAINT_FOREIGNKEY)
}

/// Whether another connection was in the way.
pub(crate) fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}
