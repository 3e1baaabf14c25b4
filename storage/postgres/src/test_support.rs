//! For tests only: rows that no call leads to, every row of a store, and connections without the checks of a store.

use std::collections::BTreeMap;

use crate::address::Address;
use crate::catalog::{SCHEMA, texts};
use crate::connection::Connection;
use crate::open_error::OpenError;
use crate::schema::{OBJECTS, tables_of_rows};
use crate::store::PostgresStore;
use crate::{dialect, lane};
use selene_contracts::StorageError;
use selene_contracts::ph1_onb::OnboardingSessionRecord;
use selene_contracts::ph1_voice_id::VoiceEnrollmentSessionRecord;
use selene_contracts::ph1_w::WakeEnrollmentSessionRecord;
use selene_contracts::row::{Cells, Value};
use selene_contracts::shared::OnboardingSessionId;
use selene_storage::backend::{Failure, Session as _, checks};
use selene_storage::test_support::{self, BrokenCommit, Cell, TableRows};

impl PostgresStore {
    /// For tests only: as `SqliteStore::insert_onboarding_session`.
    ///
    /// # Errors
    /// A constraint of the database refuses the row.
    pub fn insert_onboarding_session(&self, record: &OnboardingSessionRecord) -> Result<(), StorageError> {
        test_support::insert_onboarding_session(self.common_leader(), record)
    }

    /// For tests only: as `SqliteStore::decline_onboarding_session`.
    ///
    /// # Errors
    /// The database refuses the change.
    pub fn decline_onboarding_session(&self, id: &OnboardingSessionId) -> Result<(), StorageError> {
        test_support::decline_onboarding_session(self.common_leader(), id)
    }

    /// For tests only: as `SqliteStore::overwrite_wake_enrollment`.
    ///
    /// # Errors
    /// A constraint of the database refuses the row.
    pub fn overwrite_wake_enrollment(&self, row: &WakeEnrollmentSessionRecord) -> Result<(), StorageError> {
        test_support::overwrite(self.common_leader(), row)
    }

    /// For tests only: as `SqliteStore::overwrite_voice_enrollment`.
    ///
    /// # Errors
    /// A constraint of the database refuses the row.
    pub fn overwrite_voice_enrollment(&self, row: &VoiceEnrollmentSessionRecord) -> Result<(), StorageError> {
        test_support::overwrite(self.common_leader(), row)
    }

    /// For tests only: as `SqliteStore::break_next_commit`, whichever lane commits next.
    pub fn break_next_commit(&self, broken: BrokenCommit) {
        if let Ok(mut next) = self.server().broken_commit.lock() {
            *next = Some(broken);
        }
    }

    /// For tests only: every row of every table, by the table's name.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn every_row(&self) -> Result<BTreeMap<String, TableRows>, StorageError> {
        self.query(checks::refusals(), None, |connection| {
            let tables = tables_of_rows(connection)?;
            tables.into_iter().map(|table| rows(connection, &table).map(|rows| (table, rows))).collect()
        })
    }
}

fn rows(connection: &Connection, table: &str) -> Result<TableRows, Failure> {
    let mut columns = Vec::new();
    let names = "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped ORDER BY attnum";
    connection.visit(names, &[Value::Text(table.into())], &mut |cells| {
        columns.extend(match cells.cell(0) {
            Value::Text(name) => Some(name.into_owned()),
            _ => None,
        });
        Ok(())
    })?;
    let mut rows = Vec::new();
    connection.visit(&format!("SELECT {} FROM {table}", columns.join(", ")), &[], &mut |cells| {
        rows.push((0..columns.len()).map(|position| cell(cells, position)).collect::<Vec<Cell>>());
        Ok(())
    })?;
    rows.sort();
    Ok(TableRows { columns, rows })
}

fn cell(cells: &dyn Cells, position: usize) -> Cell {
    match cells.cell(position) {
        Value::Null => Cell::Null,
        Value::Integer(value) => Cell::Integer(value),
        Value::Real(value) => Cell::Real(value.to_bits()),
        Value::Text(text) => Cell::Text(text.into_owned()),
        Value::Bytes(bytes) => Cell::Blob(bytes.into_owned()),
        Value::Wide(bytes) => Cell::Blob(bytes.to_vec()),
    }
}

/// A statement that reads, with the locks that it takes in a transaction that writes.
#[must_use]
pub fn locking(sql: &str) -> String {
    dialect::locking(sql)
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
        let connection = Connection::open(&Address::parse(address)?, &setup)?;
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
