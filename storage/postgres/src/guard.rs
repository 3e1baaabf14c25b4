//! Proof that a ledger row cannot be changed: every way to rewrite it is really tried, and its triggers are looked for.
//!
//! The role of a store has no right to change a ledger, so its attempts end at the first lock. What would stop somebody with that
//! right cannot be tried by this role: the triggers must be there and must fire. All of it is inside a savepoint that is rolled back
//! whatever happens.

use selene_contracts::row::key_condition;
use selene_storage::backend::{Failure, LedgerRow};
use tokio_postgres::error::SqlState;

use crate::connection::Connection;
use crate::value::Bound;

/// The triggers that stop every change of a ledger's row. `D` stands for one that was turned off.
const TRIGGERS: &str = "SELECT count(*) FROM pg_trigger
    WHERE tgrelid = to_regclass($1) AND NOT tgisinternal AND tgenabled <> 'D'
      AND tgname IN ($1 || '_no_update', $1 || '_no_delete', $1 || '_no_truncate')";

/// Tries everything. An attempt that goes through is an error that says so; the ledger is as before in any case.
pub(crate) fn prove(connection: &Connection, row: &LedgerRow) -> Result<(), Failure> {
    for (verb, sql) in attempts(row) {
        connection.run("SAVEPOINT guard")?;
        let stopped = connection.wait(async {
            let statement = connection.client().prepare(&sql).await?;
            let values = if statement.params().is_empty() { &[][..] } else { &row.key[..] };
            connection.client().execute_raw(&statement, values.iter().map(Bound)).await
        });
        connection.run("ROLLBACK TO SAVEPOINT guard; RELEASE SAVEPOINT guard")?;
        match stopped {
            Err(error) if error.code() == Some(&SqlState::INSUFFICIENT_PRIVILEGE) => {}
            Err(error) => return Err(connection.failed(&error)),
            Ok(_) => return Err(Failure::LockOpen { table: row.table, verb: verb.to_owned() }),
        }
    }
    let statement = connection.statement(TRIGGERS)?;
    let triggers = connection.ask(connection.client().query_one(&statement, &[&row.table]))?;
    if triggers.try_get::<_, i64>(0).is_ok_and(|count| count == 3) {
        Ok(())
    } else {
        Err(Failure::LockOpen { table: row.table, verb: "a change by another role".to_owned() })
    }
}

/// The ways to change a row, each with its verb.
fn attempts(row: &LedgerRow) -> [(&'static str, String); 4] {
    // Setting a column to itself is enough: the locks look at the statement and the row, not at the value.
    let (table, condition) = (row.table, key_condition(row.key_columns));
    let other = row.columns.iter().find(|column| !row.key_columns.contains(column));
    let other = other.copied().unwrap_or(row.key_columns[0]);
    let (columns, key) = (row.columns.join(", "), row.key_columns.join(", "));
    [
        ("UPDATE", format!("UPDATE {table} SET {other} = {other} WHERE {condition}")),
        ("DELETE", format!("DELETE FROM {table} WHERE {condition}")),
        (
            "REPLACE",
            format!(
                "INSERT INTO {table} ({columns}) SELECT {columns} FROM {table} WHERE {condition}
                 ON CONFLICT ({key}) DO UPDATE SET {other} = excluded.{other}"
            ),
        ),
        ("TRUNCATE", format!("TRUNCATE {table}")),
    ]
}
