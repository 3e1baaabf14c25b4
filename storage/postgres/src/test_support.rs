//! For tests only: rows that no call leads to, every row of a store, and connections without the checks of a store.

use crate::batch::lane;
use crate::connection::Connection;
use crate::connection::address::Address;
use crate::connection::catalog::{SCHEMA, texts};
use crate::open_error::OpenError;
use crate::schema::{OBJECTS, tables};
use crate::statement::dialect;
use crate::statement::reach::Reach;
use crate::store::PostgresStore;
use selene_contracts::row::Value;
use selene_storage::backend::{Failure, Session as _};
use selene_storage::test_support::BrokenCommit;
use tokio_postgres::SimpleQueryMessage;

selene_storage::implement_test_support!(PostgresStore, columns);

impl PostgresStore {
    /// For tests only: as `SqliteStore::break_next_commit`, whichever lane commits next.
    pub fn break_next_commit(&self, broken: BrokenCommit) {
        if let Ok(mut next) = self.server().broken_commit.lock() {
            *next = Some(broken);
        }
    }
}

fn columns(connection: &Connection, table: &str) -> Result<Vec<String>, Failure> {
    let mut columns = Vec::new();
    let names = "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped ORDER BY attnum";
    connection.visit(names, &[Value::Text(table.into())], &mut |cells| {
        columns.extend(match cells.cell(0) {
            Value::Text(name) => Some(name.into_owned()),
            _ => None,
        });
        Ok(())
    })?;
    Ok(columns)
}

/// A statement that reads, with the locks that it takes in a transaction that writes.
#[must_use]
pub fn locking(sql: &str) -> String {
    dialect::locking(sql)
}

/// The tables whose rows an answer is made of, each with the column that is equal to a parameter and the parameter's place from zero,
/// where the statement says so.
#[must_use]
pub fn reached(sql: &str) -> Vec<(String, Option<(String, usize)>)> {
    Reach::of(sql).tables.into_iter().map(|reached| (reached.table, reached.equal)).collect()
}

/// The tables of the store itself, which no contract names.
pub fn own_tables() -> impl Iterator<Item = &'static str> {
    tables::own()
}

/// Which lane the chain of a tenant is written in: chains of one lane wait for each other.
#[must_use]
pub fn lane_of(tenant_id: &str) -> i64 {
    lane::of_chain(tenant_id)
}

/// A connection without the checks of a store, as another program has it.
pub struct Raw(Connection);

impl Raw {
    /// Connects as the role that the address names.
    ///
    /// # Errors
    /// The server does not let it in.
    pub fn open(address: &str) -> Result<Self, OpenError> {
        let setup = format!("SET search_path = {SCHEMA}, public");
        let connection = Connection::open(&Address::parse(address)?, &setup, None)?;
        connection.give_up_after(None);
        Ok(Self(connection))
    }

    /// Runs one statement without parameters; says how many rows it changed.
    ///
    /// # Errors
    /// What the server says.
    pub fn execute(&self, sql: &str) -> Result<u64, OpenError> {
        self.0.wait(self.0.client().execute(sql, &[])).map_err(OpenError::Sql)
    }

    /// Runs statements without parameters; says how many rows they changed.
    ///
    /// # Errors
    /// What the server says. None of them has changed anything then.
    pub fn changes(&self, sql: &str) -> Result<u64, OpenError> {
        let ends = self.0.wait(self.0.client().simple_query(sql)).map_err(OpenError::Sql)?;
        let changed = ends.iter().map(|end| match end {
            SimpleQueryMessage::CommandComplete(rows) => *rows,
            _ => 0,
        });
        Ok(changed.sum())
    }

    /// Runs statements without parameters.
    ///
    /// # Errors
    /// What the server says.
    pub fn run(&self, sql: &str) -> Result<(), OpenError> {
        self.0.wait(self.0.client().batch_execute(sql)).map_err(OpenError::Sql)
    }

    /// The texts of an answer with one column.
    ///
    /// # Errors
    /// What the server says.
    pub fn texts(&self, sql: &str) -> Result<Vec<String>, OpenError> {
        texts(&self.0, sql)
    }

    /// What the catalog says of the schema, one object a line.
    ///
    /// # Errors
    /// What the server says.
    pub fn objects(&self) -> Result<Vec<String>, OpenError> {
        texts(&self.0, OBJECTS)
    }
}
