//! Rows of whole tables, for tests that compare whole stores.

use std::collections::BTreeMap;

use selene_contracts::StorageError;
use selene_contracts::row::{Cells, Value};

use crate::commit::store::{Patience, Store};
use crate::failure::Failure;
use crate::rules::ph1_j;
use crate::session::Session;

/// A value of a row as the database gives it. Two are equal where they are the same bit for bit: `-0.0` is not `0.0`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cell {
    /// No value.
    Null,
    /// A signed number of 64 bits.
    Integer(i64),
    /// The bits of a real.
    Real(u64),
    /// Text in UTF-8.
    Text(String),
    /// Bytes: a digest or a 128-bit number.
    Blob(Vec<u8>),
}

/// The rows of one table, sorted, so that the same rows are the same table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableRows {
    /// The names of the columns, in their order.
    pub columns: Vec<String>,
    /// A row holds one cell for each column.
    pub rows: Vec<Vec<Cell>>,
}

/// Every row of every table, by the table's name; `columns` gives the names of a table's columns.
///
/// # Errors
/// The store cannot be read.
pub fn every_row<S: Store>(
    store: &S,
    columns: fn(&S::Reader, &str) -> Result<Vec<String>, Failure>,
) -> Result<BTreeMap<String, TableRows>, StorageError> {
    store.query(ph1_j::refusals(), Patience::Unlimited, |db| {
        let tables = S::tables_of_rows(db)?.into_iter();
        tables
            .map(|table| {
                let rows = rows(db, &table, columns(db, &table)?)?;
                Ok((table, rows))
            })
            .collect()
    })
}

fn rows(db: &impl Session, table: &str, columns: Vec<String>) -> Result<TableRows, Failure> {
    let mut rows = Vec::new();
    db.visit(&format!("SELECT {} FROM {table}", columns.join(", ")), &[], &mut |cells| {
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
