//! Rows of tables: how one is read from an answer, and the names and statements that its type has.
//!
//! What lives here: the traits that expanded contracts implement for rows and records. What must not: keys, and updates of named
//! columns.

use super::column::{Column, Value};

/// One row of an answer, read by position.
pub trait Cells {
    /// The value at a position, from zero. A position that the answer does not have is [`Value::Null`].
    fn cell(&self, position: usize) -> Value<'_>;
}

/// A stored value that does not have the form of its column, by its position in the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the value at position {position} does not have the form of its column")]
pub struct Unreadable {
    /// Position in the answer, from zero.
    pub position: usize,
}

/// The value at a position, as its column's type.
///
/// # Errors
/// The value is absent or does not have the form of the type.
pub fn cell<T: Column>(cells: &(impl Cells + ?Sized), position: usize) -> Result<T, Unreadable> {
    T::read(cells.cell(position)).ok_or(Unreadable { position })
}

/// What one row of an answer is read into: a row, a record, or a tuple of columns.
pub trait FromRow: Sized {
    /// Reads one row; the columns come in the order of the type's fields.
    ///
    /// # Errors
    /// A value is absent or does not have the form of its column.
    fn from_row<C: Cells + ?Sized>(cells: &C) -> Result<Self, Unreadable>;

    /// Table and column at a position of the answer, for types that are read from one table.
    #[must_use]
    fn column_at(_position: usize) -> Option<(&'static str, &'static str)> {
        None
    }
}

/// A type whose fields are columns of one table, of the same names and types.
pub trait Selection: FromRow {
    /// The table, without its schema.
    const TABLE: &'static str;
    /// The columns, in the order of the fields.
    const COLUMNS: &'static [&'static str];
    /// The primary key of the table, in its order.
    const KEY: &'static [&'static str];
    /// The columns as a statement lists them: `a, b, c`.
    const COLUMN_LIST: &'static str;
    /// `SELECT a, b, c FROM table`, without a condition.
    const SELECT: &'static str;
}

/// A type that has every column of its table, in the table's order: a row can be written from it.
///
/// Statements number their parameters `$1..$n` in the order of first appearance, which SQLite and PostgreSQL both take.
pub trait TableRow: Selection {
    /// Its values: an array with one value for each column.
    type Values<'a>: AsRef<[Value<'a>]>
    where
        Self: 'a;

    /// Whether a column outside the contract, `row_version`, counts how often a row was written: 1 with the insert, one more
    /// with every update. Statements that write such a row give the new number back.
    const IS_VERSIONED: bool;
    /// Positions and names of all columns, in the order in which a seal takes them: the primary key in its order, then the
    /// others by name.
    const SEALED: &'static [(usize, &'static str)];
    /// `INSERT` of one row; its parameters are [`TableRow::values`].
    const INSERT: &'static str;
    /// `INSERT` of many rows at once, for a database that takes arrays; its parameters are one array for each column, with the values
    /// of [`TableRow::values`].
    const INSERT_MANY: &'static str;

    /// The values of all columns, in the table's order.
    fn values(&self) -> Self::Values<'_>;
}

/// A row that may change: one of a table whose truth type is CURRENT. Rows of ledgers are none, so that no code can update one.
pub trait CurrentRow: TableRow {
    /// The values of an update: those that may change, then the primary key.
    type Changes<'a>: AsRef<[Value<'a>]>
    where
        Self: 'a;

    /// The columns that may change, in the table's order.
    const CHANGING: &'static [&'static str];
    /// Those among them that never change once they have a value.
    const SET_ONCE: &'static [&'static str];
    /// The column outside the contract that counts how often a row was written: `row_version`.
    const VERSION: &'static str;
    /// `INSERT`, which writes the columns that may change where the primary key is taken; its parameters are
    /// [`TableRow::values`].
    const INSERT_OR_UPDATE: &'static str;
    /// `UPDATE` by primary key of every column that may change; its parameters are [`CurrentRow::changes`]. Columns that the
    /// contract says never change are left out. Both statements give the row as it is stored then, and behind its columns how often
    /// it was written.
    const UPDATE: &'static str;

    /// The values of the columns that may change, in the table's order, then those of the primary key.
    fn changes(&self) -> Self::Changes<'_>;
}
