//! How values lie in columns. Portable: TEXT, BLOB, signed 64-bit INTEGER, and REAL for measurements, nothing else.
//!
//! An unsigned 64-bit value is stored as the signed integer with the same bits. Nothing is lost: values below
//! 2⁶³ read as themselves, larger ones as negative numbers. Equality holds for all of them, order only below
//! 2⁶³, so no statement orders or compares by such a column; order comes from `ledger_position` and
//! `chain_sequence`, which count from one. A 128-bit id is a blob of 16 bytes, most significant first.

use rusqlite::types::{FromSqlError, Type};
use rusqlite::{Row, RowIndex};

/// The column value of an unsigned 64-bit number.
pub(crate) const fn stored(value: u64) -> i64 {
    value.cast_signed()
}

/// The number of a column value.
pub(crate) const fn loaded(value: i64) -> u64 {
    value.cast_unsigned()
}

/// An unsigned 64-bit number of a row.
pub(crate) fn number(row: &Row<'_>, column: impl RowIndex) -> rusqlite::Result<u64> {
    row.get(column).map(loaded)
}

/// An optional unsigned 64-bit number of a row.
pub(crate) fn optional_number(row: &Row<'_>, column: impl RowIndex) -> rusqlite::Result<Option<u64>> {
    row.get::<_, Option<i64>>(column).map(|value| value.map(loaded))
}

/// A value that is stored by its name: an enum or a reason code. An unknown name is an error, never a guess.
pub(crate) fn named<T: std::str::FromStr>(row: &Row<'_>, column: impl RowIndex) -> rusqlite::Result<T> {
    row.get_ref(column)?.as_str()?.parse().map_err(|_| unreadable(row, column))
}

/// A value that is stored by its name, or absent.
pub(crate) fn optional_named<T: std::str::FromStr>(
    row: &Row<'_>,
    column: impl RowIndex,
) -> rusqlite::Result<Option<T>> {
    let text = row.get_ref(column)?.as_str_or_null()?;
    text.map(|text| text.parse().map_err(|_| unreadable(row, column))).transpose()
}

/// A small document that is stored as JSON text.
pub(crate) fn document<T: serde::de::DeserializeOwned>(
    row: &Row<'_>,
    column: impl RowIndex,
) -> rusqlite::Result<T> {
    serde_json::from_str(row.get_ref(column)?.as_str()?).map_err(|_| unreadable(row, column))
}

fn unreadable(row: &Row<'_>, column: impl RowIndex) -> rusqlite::Error {
    let index = column.idx(row.as_ref()).unwrap_or(0);
    rusqlite::Error::FromSqlConversionFailure(index, Type::Text, Box::new(FromSqlError::InvalidType))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_unsigned_number_survives_the_column() {
        for value in [0, 1, i64::MAX.cast_unsigned(), i64::MAX.cast_unsigned() + 1, u64::MAX] {
            assert_eq!(loaded(stored(value)), value);
        }
        assert_eq!(stored(7), 7);
    }
}
