//! Proof that a ledger row cannot be changed: every way to rewrite it is really tried, against each lock
//! alone.
//!
//! The attempts run on the writing connection, first with its authorizer in place, then without it, so that
//! the triggers stand alone. All of it is inside a savepoint that is rolled back whatever happens.

use rusqlite::{Connection, ErrorCode};

use selene_contracts::Capability;

use crate::commit::transaction::Transaction;
use crate::failure::Failure;
use crate::rules::refuse;
use crate::sqlite::authorizer;

/// A ledger row.
#[derive(Debug)]
pub(crate) struct Row {
    /// The ledger.
    pub(crate) table: &'static str,
    /// A condition that selects the row, with one parameter for each key column.
    pub(crate) condition: &'static str,
    /// A column of the row, which the attempts set to itself.
    pub(crate) column: &'static str,
    /// The values of the condition's parameters.
    pub(crate) key: Vec<rusqlite::types::Value>,
}

/// The row, if it is there: nothing is proven on a row that does not exist.
pub(crate) fn existing<C: Capability>(
    connection: &Connection,
    row: Row,
    field: &'static str,
) -> Result<Row, Failure> {
    let sql = format!("SELECT 1 FROM {} WHERE {}", row.table, row.condition);
    if connection.prepare_cached(&sql)?.exists(rusqlite::params_from_iter(&row.key))? {
        Ok(row)
    } else {
        Err(refuse::not_found::<C>(field, row.table).into())
    }
}

/// Tries everything. An attempt that goes through is an error that says so; the ledger is as before in any
/// case.
pub(crate) fn prove(transaction: &mut Transaction<'_>, row: &Row) -> Result<(), Failure> {
    let connection = transaction.connection_mut();
    connection.execute_batch("SAVEPOINT guard")?;
    let proven = attempt_all(connection, row);
    connection.execute_batch("ROLLBACK TO guard; RELEASE guard")?;
    proven
}

fn attempt_all(connection: &mut Connection, row: &Row) -> Result<(), Failure> {
    // Setting a column to itself is enough: the locks look at the statement and the row, not at the value.
    let update = format!("UPDATE {0} SET {2} = {2} WHERE {1}", row.table, row.condition, row.column);
    let delete = format!("DELETE FROM {} WHERE {}", row.table, row.condition);
    let replace = format!("REPLACE INTO {0} SELECT * FROM {0} WHERE {1}", row.table, row.condition);
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
fn must_fail(connection: &Connection, sql: &str, row: &Row, expected: ErrorCode) -> Result<(), Failure> {
    let result = connection.execute(sql, rusqlite::params_from_iter(&row.key));
    match result {
        Err(error) if error.sqlite_error_code() == Some(expected) => Ok(()),
        Err(error) => Err(error.into()),
        Ok(_) => {
            let verb = sql.split(' ').next().unwrap_or_default();
            Err(Failure::LockOpen { table: row.table, verb: verb.to_owned() })
        }
    }
}
