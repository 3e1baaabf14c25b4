//! SQLite's errors as failures: the kind of trouble, in words that hold no row values.

use rusqlite::ErrorCode;

use crate::failure::{BUSY, CONSTRAINT, Failure, Trouble};

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        let trouble = if is_foreign_key(&error) { Trouble::ForeignKey } else { Trouble::Other };
        Self::Database { trouble, detail: describe(&error) }
    }
}

/// The kind of an SQLite error, in words that hold no row values.
pub(crate) fn describe(error: &rusqlite::Error) -> String {
    if is_busy(error) {
        return BUSY.to_owned();
    }
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => "the disk is full".to_owned(),
        Some(ErrorCode::ReadOnly) => "the database is read-only".to_owned(),
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => "the database is damaged".to_owned(),
        Some(ErrorCode::ConstraintViolation) => CONSTRAINT.to_owned(),
        Some(code) => format!("SQLite reports {code:?}"),
        None => "a stored value is unreadable".to_owned(),
    }
}

/// Whether SQLite refused a row because one that it refers to is missing.
fn is_foreign_key(error: &rusqlite::Error) -> bool {
    error
        .sqlite_error()
        .is_some_and(|error| error.extended_code == rusqlite::ffi::SQLITE_CONSTRAINT_FOREIGNKEY)
}

/// Whether SQLite found pages that are not as it writes them.
pub(crate) fn is_damage(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase))
}

/// Whether the connection cannot write.
pub(crate) fn is_read_only(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::ReadOnly)
}

/// Whether another connection was in the way.
pub(crate) fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}
