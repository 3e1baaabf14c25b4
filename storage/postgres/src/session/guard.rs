//! Proof that a ledger row cannot be changed: every way to rewrite it is really tried, and its triggers are looked for.
//!
//! The role of a store has no right to change a ledger, so its attempts end at the first lock. What would stop somebody with that
//! right cannot be tried by this role: the triggers must be those that the migrations make, and must fire. All of it is inside a
//! savepoint that is rolled back whatever happens.

use selene_storage::backend::{Attempt, Failure, LedgerRow, attempts};
use tokio_postgres::Error;
use tokio_postgres::error::SqlState;

use crate::connection::Connection;
use crate::schema;
use crate::statement::value::Bound;

/// Tries everything. An attempt that goes through is an error that says so; the ledger is as before in any case.
pub(crate) fn prove(connection: &Connection, row: &LedgerRow) -> Result<(), Failure> {
    let table = row.table;
    let removal = Attempt { table, verb: "TRUNCATE", sql: format!("TRUNCATE {table}") };
    for attempt in attempts(row).iter().chain([&removal]) {
        connection.run("SAVEPOINT guard")?;
        let stopped = connection.wait(async {
            let statement = connection.client().prepare(&attempt.sql).await?;
            let values = if statement.params().is_empty() { &[][..] } else { &row.key[..] };
            connection.client().execute_raw(&statement, values.iter().map(Bound)).await
        });
        connection.run("ROLLBACK TO SAVEPOINT guard; RELEASE SAVEPOINT guard")?;
        let is_right = |error: &Error| error.code() == Some(&SqlState::INSUFFICIENT_PRIVILEGE);
        attempt.judge(stopped, is_right, |error| connection.failed(&error))?;
    }
    if schema::has_triggers_of(connection, table)? {
        Ok(())
    } else {
        Err(Failure::LockOpen { table, verb: "a change by another role".to_owned() })
    }
}
