//! When a write wrote a row, among all writes of the row.

use selene_contracts::row::Value;

use super::record::Record;
use super::row_key::{KeyValue, RowKey};
use super::tables::TABLES;
use crate::event_seals;
use crate::seal::RowSeal;

/// When a write changed a row, among all writes of the row: how often the row was written since events seal it; before that
/// zero, and the number of the event in its store.
pub(super) type At = (u64, i64);

/// Which rows the commit of an event wrote, and when.
pub(super) enum Order {
    /// Which rows it wrote, each with how often it was written.
    Sealed(Vec<RowSeal>),
    /// The number of an event that names no rows.
    Numbered(i64),
}

impl Order {
    /// None where the seals cannot be read.
    pub(super) fn of(record: &Record<'_>) -> Option<Self> {
        match (&record.seals, &record.number) {
            (Value::Text(text), _) => {
                let (chain_id, sequence) = record.place()?;
                event_seals::read(text, chain_id, sequence).map(Self::Sealed)
            }
            (Value::Null, Value::Integer(number)) => Some(Self::Numbered(*number)),
            // Its event was taken away.
            (Value::Null, _) => Some(Self::Numbered(0)),
            _ => None,
        }
    }

    /// When the row was written; none where it was not.
    pub(super) fn of_row(&self, row: &RowKey) -> Option<At> {
        let seals = match self {
            Self::Sealed(seals) => seals,
            Self::Numbered(number) => return Some((0, *number)),
        };
        let table = TABLES[row.table].name;
        let is_of_row = |seal: &&RowSeal| {
            seal.table == table && seal.key.iter().map(String::as_str).eq(row.key.iter().map(KeyValue::shown))
        };
        let seal = seals.iter().find(is_of_row)?;
        Some((seal.version, 0))
    }
}
