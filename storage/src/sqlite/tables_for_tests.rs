//! Every row of every table, for tests that compare whole stores.

use std::collections::BTreeMap;

use rusqlite::Connection;
use rusqlite::types::ValueRef;
use selene_contracts::ph1_f::Ph1fIdentityInsertRow;
use selene_contracts::{Capability, StorageError};

use crate::failure::Failure;
use crate::sqlite::store::SqliteStore;
use crate::test_support::{Cell, TableRows};

impl SqliteStore {
    /// For tests only: every row of every table, by the table's name.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn every_row(&self) -> Result<BTreeMap<String, TableRows>, StorageError> {
        self.query(Ph1fIdentityInsertRow::SPEC.refusals, |connection| {
            let names = names(connection)?;
            names.into_iter().map(|name| rows(connection, &name).map(|rows| (name, rows))).collect()
        })
    }
}

fn names(connection: &Connection) -> Result<Vec<String>, Failure> {
    let mut statement = connection.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")?;
    let names = statement.query_map([], |row| row.get(0))?;
    Ok(names.collect::<rusqlite::Result<_>>()?)
}

fn rows(connection: &Connection, table: &str) -> Result<TableRows, Failure> {
    let mut statement = connection.prepare(&format!("SELECT * FROM {table}"))?;
    let columns: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let cells = |row: &rusqlite::Row<'_>| {
        (0..columns.len()).map(|column| cell(row.get_ref(column)?)).collect::<rusqlite::Result<Vec<_>>>()
    };
    let mut rows = statement.query_map([], cells)?.collect::<rusqlite::Result<Vec<_>>>()?;
    rows.sort();
    Ok(TableRows { columns, rows })
}

fn cell(value: ValueRef<'_>) -> rusqlite::Result<Cell> {
    Ok(match value {
        ValueRef::Null => Cell::Null,
        ValueRef::Integer(value) => Cell::Integer(value),
        ValueRef::Real(value) => Cell::Real(value.to_bits()),
        ValueRef::Text(_) => Cell::Text(value.as_str()?.to_owned()),
        ValueRef::Blob(value) => Cell::Blob(value.to_vec()),
    })
}
