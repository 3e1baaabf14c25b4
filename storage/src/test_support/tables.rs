//! Rows of whole tables, for tests that compare whole stores.

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
