//! Proof that a ledger row cannot be changed: every way to rewrite it is really tried, against each lock
//! alone.
//!
//! The attempts run on the writing connection, first with its authorizer in place, then without it, so that
//! the triggers stand alone. All of it is inside a savepoint that is rolled back whatever happens.

use rusqlite::{Connection, ErrorCode};
use selene_contracts::row::key_condition;

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
    // Setting a column to itself is enough: the locks look at the statement and the row, not at the value.
    let condition = key_condition(row.key_columns);
    let other = row.columns.iter().find(|column| !row.key_columns.contains(column));
    let other = other.copied().unwrap_or(row.key_columns[0]);
    let update = format!("UPDATE {} SET {other} = {other} WHERE {condition}", row.table);
    let delete = format!("DELETE FROM {} WHERE {condition}", row.table);
    let columns = row.columns.join(", ");
    let replace =
        format!("REPLACE INTO {0} ({columns}) SELECT {columns} FROM {0} WHERE {condition}", row.table);
    for sql in [&update, &delete] {
        must_fail(connection, sql, row, ErrorCode::AuthorizationForStatementDenied)?;
    }
    must_fail(connection, &replace, row, ErrorCode::ConstraintViolation)?;
    authorizer::unlock(connection)?;
    let alone = [&update, &delete, &replace]
        .into_iter()
        .try_for_each(|sql| must_fail(connection, sql, row, ErrorCode::ConstraintViolation));
    authorizer::lock(connection)?;
    alone
}

/// Runs a statement that must be stopped in one certain way; another error proves nothing.
fn must_fail(
    connection: &Connection,
    sql: &str,
    row: &LedgerRow,
    expected: ErrorCode,
) -> Result<(), Failure> {
    let result = connection.execute(sql, rusqlite::params_from_iter(row.key.iter().map(Bound)));
    match result {
        Err(error) if error.sqlite_error_code() == Some(expected) => Ok(()),
        Err(error) => Err(error.into()),
        Ok(_) => {
            let verb = sql.split(' ').next().unwrap_or_default();
            Err(Failure::LockOpen { table: row.table, verb: verb.to_owned() })
        }
    }
}
