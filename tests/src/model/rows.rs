//! Rows of the tables of engines whose models are drafted, in the neutral form that every database takes.
//!
//! A row is written by its type and read back by any type whose fields are columns of the table.

use std::collections::BTreeMap;

use selene_contracts::row::{Cells, Selection, TableRow, Value};
use selene_contracts::{TableSpec, TruthType, ValueSpec, engines};
use selene_storage::test_support::Cell;

/// A row of one table.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub(super) table: &'static str,
    key: &'static [&'static str],
    columns: &'static [&'static str],
    values: Vec<Value<'static>>,
}

impl Row {
    /// The row that a value is.
    pub(super) fn of<R: TableRow>(row: &R) -> Self {
        let values = row.values().as_ref().iter().map(|value| value.clone().into_owned()).collect();
        Self { table: R::TABLE, key: R::KEY, columns: R::COLUMNS, values }
    }

    /// The value of a column.
    pub(super) fn value(&self, column: &str) -> Option<&Value<'static>> {
        self.columns.iter().zip(&self.values).find(|(name, _)| **name == column).map(|(_, value)| value)
    }

    /// The value of a column as a text; none where it has none, or is no single value.
    pub(super) fn text(&self, table: &TableSpec, column: &str) -> Option<String> {
        let spec = table.columns.iter().find(|field| field.name == column)?;
        match (self.value(column)?, &spec.value) {
            // No event says bytes, and no guard asks for them.
            (Value::Null | Value::Bytes(_), _) => None,
            (Value::Integer(number), ValueSpec::Bool) => Some((*number != 0).to_string()),
            (Value::Integer(number), _) => Some(number.cast_unsigned().to_string()),
            #[expect(clippy::cast_possible_truncation, reason = "a column holds what was an f32")]
            (Value::Real(number), _) => Some((*number as f32).to_string()),
            (Value::Text(text), _) => Some(text.to_string()),
            (Value::Wide(bytes), _) => Some(u128::from_be_bytes(*bytes).to_string()),
        }
    }

    /// The values of these columns as a database gives them; a column that is not there has none.
    pub(super) fn cells<'n>(&self, columns: impl IntoIterator<Item = &'n &'n str>) -> Vec<Cell> {
        columns.into_iter().map(|column| self.value(column).map_or(Cell::Null, cell)).collect()
    }

    fn key_cells(&self) -> Vec<Cell> {
        self.cells(self.key)
    }
}

/// The columns of a row that another type takes.
struct Chosen<'a> {
    row: &'a Row,
    columns: &'static [&'static str],
}

impl Cells for Chosen<'_> {
    fn cell(&self, position: usize) -> Value<'_> {
        let value = self.columns.get(position).and_then(|column| self.row.value(column));
        value.cloned().unwrap_or(Value::Null)
    }
}

/// Rows by table, in the order in which they were first written.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rows(BTreeMap<&'static str, Vec<Row>>);

impl Rows {
    /// Every row of the table that `R` is of, in the order in which they were first written.
    ///
    /// # Panics
    /// A value does not have the form of its column, which no row that was put here has.
    pub fn all<R: Selection>(&self) -> Vec<R> {
        self.of(R::TABLE).iter().map(read).collect()
    }

    /// Every row of the table that `R` is of, in the order of the primary key.
    ///
    /// # Panics
    /// As [`Rows::all`] does.
    pub fn by_key<R: Selection>(&self) -> Vec<R> {
        let mut rows: Vec<&Row> = self.of(R::TABLE).iter().collect();
        rows.sort_by_key(|row| row.key_cells());
        rows.into_iter().map(read).collect()
    }

    /// Whether a table has a row of the key that is asked for, column by column.
    pub(super) fn has(&self, table: &TableSpec, asked: impl Fn(&str) -> Option<String>) -> bool {
        let is_asked = |row: &Row| {
            table
                .primary_key
                .iter()
                .all(|column| row.text(table, column).is_some_and(|is| asked(column) == Some(is)))
        };
        self.of(table.bare_name()).iter().any(is_asked)
    }

    /// The rows of a table.
    pub(super) fn of(&self, table: &str) -> &[Row] {
        self.0.get(table).map_or(&[], Vec::as_slice)
    }

    /// The tables that have rows.
    pub(super) fn tables(&self) -> impl Iterator<Item = &'static str> {
        self.0.keys().copied()
    }

    /// Adds a row, or changes the one that has its key.
    ///
    /// # Panics
    /// A row of a ledger is written twice.
    pub(super) fn put(&mut self, row: Row) {
        let rows = self.0.entry(row.table).or_default();
        let key = row.key_cells();
        let Some(known) = rows.iter_mut().find(|known| known.key_cells() == key) else {
            rows.push(row);
            return;
        };
        let is_ledger = table(row.table).is_some_and(|table| table.truth_type == TruthType::Ledger);
        assert!(!is_ledger, "the model writes a row of the ledger `{}` twice: {row:?}", row.table);
        *known = row;
    }
}

fn read<R: Selection>(row: &Row) -> R {
    R::from_row(&Chosen { row, columns: R::COLUMNS }).expect("a row has the form of its table")
}

/// What the contracts say of a table, by its name without a schema.
pub(super) fn table(name: &str) -> Option<&'static TableSpec> {
    engines::ALL.iter().flat_map(|engine| engine.tables).find(|table| table.bare_name() == name)
}

/// A value as a database gives it.
fn cell(value: &Value<'static>) -> Cell {
    match value {
        Value::Null => Cell::Null,
        Value::Integer(number) => Cell::Integer(*number),
        Value::Real(number) => Cell::Real(number.to_bits()),
        Value::Text(text) => Cell::Text(text.to_string()),
        Value::Bytes(bytes) => Cell::Blob(bytes.to_vec()),
        Value::Wide(bytes) => Cell::Blob(bytes.to_vec()),
    }
}
