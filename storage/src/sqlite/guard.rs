//! Proof that a ledger row cannot be changed: every way to rewrite it is really tried, against each lock
//! alone.
//!
//! The attempts run on the writing connection, first with its authorizer in place, then without it, so that
//! the triggers stand alone. All of it is inside a savepoint that is rolled back whatever happens.

use rusqlite::{Connection, ErrorCode, params_from_iter};
use selene_contracts::row::key_condition;

use crate::commit::attempts::{Attempt, attempts};
use crate::failure::Failure;
use crate::rows::stored::LedgerRow;
use crate::sqlite::authorizer;
use crate::sqlite::bound::Bound;

/// Tries everything. An attempt that goes through is an error that says so; the ledger is as before in any
/// case.
pub(crate) fn prove(connection: &mut Connection, row: &LedgerRow) -> Result<(), Failure> {
    connection.execute_batch("SAVEPOINT guard")?;
    let proven = attempt_all(connection, row);
    connection.execute_batch("ROLLBACK TO guard; RELEASE guard")?;
    proven
}

fn attempt_all(connection: &mut Connection, row: &LedgerRow) -> Result<(), Failure> {
    let (attempts, replacement) = (attempts(row), replacement(row));
    for attempt in &attempts {
        must_fail(connection, attempt, row, ErrorCode::AuthorizationForStatementDenied)?;
    }
    must_fail(connection, &replacement, row, ErrorCode::ConstraintViolation)?;
    authorizer::unlock(connection)?;
    let alone = attempts
        .iter()
        .chain([&replacement])
        .try_for_each(|attempt| must_fail(connection, attempt, row, ErrorCode::ConstraintViolation));
    authorizer::lock(connection)?;
    alone
}

/// The way that only SQLite has. To the authorizer it is an insert.
fn replacement(row: &LedgerRow) -> Attempt {
    let (table, columns, condition) = (row.table, row.columns.join(", "), key_condition(row.key_columns));
    let sql = format!("REPLACE INTO {table} ({columns}) SELECT {columns} FROM {table} WHERE {condition}");
    Attempt { table, verb: "REPLACE", sql }
}

/// Runs a statement that must be stopped in one certain way.
fn must_fail(
    connection: &Connection,
    attempt: &Attempt,
    row: &LedgerRow,
    expected: ErrorCode,
) -> Result<(), Failure> {
    let result = connection.execute(&attempt.sql, params_from_iter(row.key.iter().map(Bound)));
    attempt.judge(result, |error| error.sqlite_error_code() == Some(expected), Failure::from)
}
