//! The ways to change a row of a ledger that every database has, and what comes of each.
//!
//! What must not live here: which lock of a database stops an attempt.

use selene_contracts::row::key_condition;

use crate::failure::Failure;
use crate::rows::stored::LedgerRow;

/// A statement that would change a ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// The ledger by its name in SQL.
    pub table: &'static str,
    /// What is tried, as a failure names it.
    pub verb: &'static str,
    /// The statement, with the values of the row's key as parameters where it names one row.
    pub sql: String,
}

impl Attempt {
    /// What comes of the attempt: nothing where the lock that is tried has stopped it. Another error proves nothing.
    ///
    /// # Errors
    /// [`Failure::LockOpen`] where it went through, or the other error.
    pub fn judge<T, E>(
        &self,
        result: Result<T, E>,
        is_lock: impl FnOnce(&E) -> bool,
        failed: impl FnOnce(E) -> Failure,
    ) -> Result<(), Failure> {
        match result {
            Err(error) if is_lock(&error) => Ok(()),
            Err(error) => Err(failed(error)),
            Ok(_) => Err(Failure::LockOpen { table: self.table, verb: self.verb.to_owned() }),
        }
    }
}

/// An update of the row, its removal, and an insert that updates it.
#[must_use]
pub fn attempts(row: &LedgerRow) -> [Attempt; 3] {
    // Setting a column to itself is enough: the locks look at the statement and the row, not at the value.
    let (table, condition) = (row.table, key_condition(row.key_columns));
    let other = row.columns.iter().find(|column| !row.key_columns.contains(column));
    let other = other.copied().unwrap_or(row.key_columns[0]);
    let (columns, key) = (row.columns.join(", "), row.key_columns.join(", "));
    let attempt = |verb, sql| Attempt { table, verb, sql };
    [
        attempt("UPDATE", format!("UPDATE {table} SET {other} = {other} WHERE {condition}")),
        attempt("DELETE", format!("DELETE FROM {table} WHERE {condition}")),
        attempt(
            "UPSERT",
            format!(
                "INSERT INTO {table} ({columns}) SELECT {columns} FROM {table} WHERE {condition} \
                 ON CONFLICT ({key}) DO UPDATE SET {other} = excluded.{other}"
            ),
        ),
    ]
}
