//! PostgreSQL's errors as failures: the kind of trouble, in words that hold no row values.

use selene_storage::backend::{BUSY, CONSTRAINT, Failure, Trouble};
use tokio_postgres::Error;
use tokio_postgres::error::{Severity, SqlState};

/// How a connection is described that is gone.
pub(crate) const LOST: &str = "the connection to the database server is lost";

/// The error as a failure of a call.
pub(crate) fn failure(error: &Error) -> Failure {
    let trouble = match error.code() {
        Some(code) if *code == SqlState::FOREIGN_KEY_VIOLATION => Trouble::ForeignKey,
        _ if is_conflict(error) || error.code() == Some(&SqlState::UNIQUE_VIOLATION) => Trouble::Conflict,
        _ => Trouble::Other,
    };
    Failure::Database { trouble, detail: describe(error) }
}

/// Whether the server ended a transaction because of another one.
pub(crate) fn is_conflict(error: &Error) -> bool {
    [SqlState::T_R_SERIALIZATION_FAILURE, SqlState::T_R_DEADLOCK_DETECTED]
        .iter()
        .any(|code| error.code() == Some(code))
}

/// Whether the server answered with an error and goes on: it has not done what was asked. Without such an answer nobody knows, and
/// where the server itself says that it does not know.
pub(crate) fn is_refusal(error: &Error) -> bool {
    let unknown = [SqlState::T_R_STATEMENT_COMPLETION_UNKNOWN, SqlState::TRANSACTION_RESOLUTION_UNKNOWN];
    if error.code().is_some_and(|code| unknown.contains(code)) {
        return false;
    }
    error.as_db_error().and_then(tokio_postgres::error::DbError::parsed_severity) == Some(Severity::Error)
}

/// Whether the connection is of no more use: it is gone, or leads to a server that takes no writes any more.
pub(crate) fn needs_another_connection(error: &Error) -> bool {
    !is_refusal(error) || error.code() == Some(&SqlState::READ_ONLY_SQL_TRANSACTION)
}

/// The kind of an error, in words that hold no row values.
pub(crate) fn describe(error: &Error) -> String {
    let Some(code) = error.code() else {
        return LOST.to_owned();
    };
    let words = [
        (SqlState::DISK_FULL, "the disk of the database server is full"),
        (SqlState::LOCK_NOT_AVAILABLE, BUSY),
        (SqlState::READ_ONLY_SQL_TRANSACTION, "the database server takes no writes"),
        (SqlState::INSUFFICIENT_PRIVILEGE, "the role of the store may not do this"),
        (SqlState::OBJECT_NOT_IN_PREREQUISITE_STATE, "a copy into this database is not finished"),
        (SqlState::TOO_MANY_CONNECTIONS, "the database server has no connection left"),
        (SqlState::ADMIN_SHUTDOWN, "the database server is shutting down, or ended the connection"),
        (SqlState::CANNOT_CONNECT_NOW, "the database server is starting or shutting down"),
    ];
    match words.iter().find(|(known, _)| known == code) {
        Some((_, words)) => (*words).to_owned(),
        None if code.code().starts_with("23") => CONSTRAINT.to_owned(),
        None => format!("PostgreSQL reports {}", code.code()),
    }
}
