//! When a write wrote a row, among all writes of the row.

use selene_contracts::ph1_j::AuditEventsRow;
use selene_contracts::row::{Selection as _, Value};
use selene_contracts::tables::audit_events;

use super::place::{Part, Place};
use super::record::Record;
use super::stored::unreadable;
use super::tables::TABLES;
use crate::event_seals;
use crate::failure::Failure;
use crate::seal::RowSeal;

/// When a write changed a row, among all writes of the row: how often the row was written since events seal it; before that
/// zero, and the number of the event in its store.
pub(super) type At = (u64, i64);

/// What an event says of when its commit wrote a row.
pub(super) enum Order {
    /// Which rows it wrote, each with how often it was written.
    Sealed(Vec<RowSeal>),
    /// The number of an event that names no rows.
    Numbered(i64),
}

impl Order {
    pub(super) fn of(record: &Record<'_>) -> Result<Self, Failure> {
        match (&record.seals, &record.number) {
            (Value::Text(text), _) => {
                let seals = record
                    .place()
                    .and_then(|(chain_id, sequence)| event_seals::read(text, chain_id, sequence));
                let unreadable_seals = || unreadable(AuditEventsRow::TABLE, audit_events::ROW_SEALS);
                seals.map(Self::Sealed).ok_or_else(unreadable_seals)
            }
            (_, Value::Integer(number)) => Ok(Self::Numbered(*number)),
            // Its event was taken away.
            _ => Ok(Self::Numbered(0)),
        }
    }

    /// When the row was written; none where it was not.
    pub(super) fn of_row(&self, place: &Place) -> Option<At> {
        let seals = match self {
            Self::Sealed(seals) => seals,
            Self::Numbered(number) => return Some((0, *number)),
        };
        let table = TABLES[place.table].name;
        let key = || place.key.iter().map(Part::shown);
        let seal = seals.iter().find(|seal| seal.table == table && seal.key.iter().cloned().eq(key()))?;
        Some((seal.version, 0))
    }
}
