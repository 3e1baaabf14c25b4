//! What a type reads of a table: its columns, and the statement without a condition.
//!
//! What lives here: that, and what every statement of a table is made of. What must not: keys, and statements that write.

use std::fmt::Display;

use crate::contract::{Contract, Field, Table};
use crate::naming;

/// `wake_enrollment_sessions` of `os_core.wake_enrollment_sessions`.
#[must_use]
pub fn bare_name(table: &Table) -> &str {
    naming::without_schema(&table.name)
}

/// The tables of a contract that have rows in Rust: those that its DB wiring lists column by column.
pub fn tables(contract: &Contract) -> impl Iterator<Item = &Table> {
    contract.tables.iter().filter(|table| !table.columns.is_empty())
}

/// Whether a table has a column of the field's name and type.
#[must_use]
pub fn is_column(table: &Table, field: &Field) -> bool {
    table.columns.iter().any(|column| column.name == field.name && column.ty == field.ty)
}

/// What a type reads of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Selection<'a> {
    /// The table that the columns belong to.
    pub table: &'a Table,
    /// The columns, in the order of the type's fields.
    pub columns: Vec<&'a str>,
}

impl<'a> Selection<'a> {
    /// Those fields that are columns.
    #[must_use]
    pub fn of(table: &'a Table, fields: &'a [Field]) -> Self {
        let columns = fields.iter().filter(|field| is_column(table, field));
        Self { table, columns: columns.map(|field| field.name.as_str()).collect() }
    }

    /// Whether a row can be written from the type: it has every column, in the table's order. Statements give columns back in the
    /// order of the type, and seals take them by the table's.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.columns.iter().copied().eq(self.table.columns.iter().map(|column| column.name.as_str()))
    }

    /// `a, b, c`
    #[must_use]
    pub fn column_list(&self) -> String {
        self.columns.join(", ")
    }

    /// `SELECT a, b, c FROM table`
    #[must_use]
    pub fn select(&self) -> String {
        format!("SELECT {} FROM {}", self.column_list(), bare_name(self.table))
    }
}

/// The column that counts 1, 2, 3 under the rest of the primary key, whose last part it is.
#[must_use]
pub fn counter(table: &Table) -> Option<&str> {
    let last = table.primary_key.last()?.as_str();
    let mut counters = table.constraints.iter().filter_map(|constraint| constraint.counter.as_deref());
    counters.find(|counter| *counter == last)
}

/// `a = $3 AND b = $4`, where two parameters come before.
pub(super) fn conditions(key: &[impl Display], before: usize) -> String {
    let parts: Vec<String> =
        key.iter().zip(before + 1..).map(|(column, place)| format!("{column} = ${place}")).collect();
    parts.join(" AND ")
}
