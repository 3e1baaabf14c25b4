//! What the answers of the writes say of the rows that they wrote.
//!
//! Every applied write leaves its answer in the idempotency records, a ledger, and an event. The newest answer about a row gives
//! each of its fields as it must be now: so deferrals and reasons, which leave no sample, are checked too, and rows that have no
//! ledger of their own. Where the payload of the event says the field, it counts and not the answer, because the chain of the
//! events shows when it was changed.

mod form;
mod record;
mod tables;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::ops::Bound::{Excluded, Included, Unbounded};

use selene_contracts::Digest;
use selene_contracts::ph1_f::IdempotencyRecordsRow;
use selene_contracts::ph1_j::AuditEventsRow;
use selene_contracts::row::{Selection as _, Value};
use selene_contracts::tables::{audit_events, idempotency_records};
use serde_json::Value as Json;

use self::form::{By, Later, Table};
use self::record::Record;
use self::tables::TABLES;
use super::{FoldFault, FoldFaultKind, FoldReport};
use crate::check::stream::{StoredRow, Stream};
use crate::event_seals;
use crate::failure::Failure;
use crate::faults::Faults;
use crate::seal::RowSeal;
use crate::session::Session;

/// Rows that are held against the records at once. It bounds the memory; every so many rows cost one more walk through
/// the records.
const AT_ONCE: usize = 20_000;

/// One part of a key, in the order in which the database sorts it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    /// The bits of an unsigned number.
    Number(i64),
    Text(String),
}

/// A row: the place of its table in the list, and its key.
type Place = (usize, Vec<Part>);

/// What the answers say of a row: each field with the place of the newest write that says it.
type Answered = Vec<Option<(At, Json)>>;

/// When a write changed a row, among all writes of the row: how often the row was written since events seal it; before that
/// zero, and the number of the event in its store.
type At = (u64, i64);

/// By capability: the tables of which its answers have fields, each with the place of the table in the list.
type Writers = BTreeMap<&'static str, Vec<(usize, &'static By)>>;

/// Holds every row against the answers that have fields of it.
pub(super) fn check(db: &impl Session, report: &mut FoldReport) -> Result<(), Failure> {
    check_parts(db, report, AT_ONCE)
}

/// The same, with at most this many rows at once.
pub(crate) fn check_parts<S: Session>(
    db: &S,
    report: &mut FoldReport,
    at_once: usize,
) -> Result<(), Failure> {
    let mut writers = Writers::new();
    for (number, table) in TABLES.iter().enumerate() {
        report.cover(table.name);
        for by in table.by {
            writers.entry(by.capability).or_default().push((number, by));
        }
    }
    let mut part = PartOfRows { after: None, rows: BTreeMap::new(), is_last: false };
    for (number, table) in TABLES.iter().enumerate() {
        for row in Stream::of_table(db, table.name, table.columns, table.key) {
            let row = row?;
            let fields: Result<Vec<_>, Failure> =
                table.fields().map(|field| row.value(field).cloned()).collect();
            part.rows.insert((number, key_of_row(table, &row)?), fields?);
            report.rows += u64::from(table.has_no_other_ledger);
            if part.rows.len() == at_once {
                part.check(db, &writers, report)?;
            }
        }
    }
    part.is_last = true;
    part.check(db, &writers, report)
}

/// Some rows that lie beside each other in the order of tables and keys.
struct PartOfRows {
    /// The last row of the part before.
    after: Option<Place>,
    rows: BTreeMap<Place, Vec<Value<'static>>>,
    is_last: bool,
}

impl PartOfRows {
    /// Holds the rows against all records, and goes on behind them.
    fn check(
        &mut self,
        db: &impl Session,
        writers: &Writers,
        report: &mut FoldReport,
    ) -> Result<(), Failure> {
        let mut answers = self.read(db, writers, report)?;
        for (place, cells) in &self.rows {
            let table = TABLES[place.0];
            match answers.remove(place) {
                Some(answered) => {
                    let fields = table.fields().zip(answered).zip(cells);
                    let wrong = fields.filter(|((field, answered), cell)| {
                        !answered.as_ref().map_or_else(
                            || !table.unanswered_is_absent || is_absent(cell),
                            |(_, answered)| fits(cell, answered) || is_later(table, field, answered, cell),
                        )
                    });
                    let wrong = wrong.map(|((field, _), _)| field).collect();
                    report.add_all(table.name, &shown(place), wrong);
                }
                None if table.may_be_unanswered => {}
                None => report.add(table.name, shown(place), table.last_key(), FoldFaultKind::Unfounded),
            }
        }
        for place in answers.keys() {
            let table = TABLES[place.0];
            report.add(table.name, shown(place), table.last_key(), FoldFaultKind::Missing);
        }
        self.after = self.rows.pop_last().map(|(place, _)| place);
        self.rows.clear();
        Ok(())
    }

    /// What the records say of rows of this part, whether they are there or not.
    fn read(
        &self,
        db: &impl Session,
        writers: &Writers,
        report: &mut FoldReport,
    ) -> Result<BTreeMap<Place, Answered>, Failure> {
        let mut answers = Answers { part: self, rows: BTreeMap::new(), missing: 0 };
        Record::visit(db, &mut |record| answers.take(&record, writers, report))?;
        Ok(answers.rows)
    }

    /// Whether a row lies, or would lie, in this part.
    fn covers(&self, place: &Place) -> bool {
        let start = self.after.as_ref().map_or(Unbounded, Excluded);
        let end = self.rows.last_key_value().filter(|_| !self.is_last);
        let end = end.map_or(Unbounded, |(last, _)| Included(last));
        std::ops::RangeBounds::contains(&(start, end), place)
    }
}

/// What the records say of the rows of a part, while they are read.
struct Answers<'a> {
    part: &'a PartOfRows,
    rows: BTreeMap<Place, Answered>,
    /// Rows that are not there, as often as an answer names one that is not among `rows` yet.
    missing: usize,
}

impl Answers<'_> {
    fn take(
        &mut self,
        record: &Record<'_>,
        writers: &Writers,
        report: &mut FoldReport,
    ) -> Result<(), Failure> {
        let Value::Text(capability) = &record.capability else {
            return Err(unreadable(IdempotencyRecordsRow::TABLE, idempotency_records::CAPABILITY));
        };
        let Some(writers) = writers.get(&**capability) else { return Ok(()) };
        let unreadable_outcome = || unreadable(IdempotencyRecordsRow::TABLE, idempotency_records::OUTCOME);
        let mut outcome = document(&record.outcome).ok_or_else(unreadable_outcome)?;
        record.add_place(&mut outcome);
        let mut places = places(writers, &outcome).ok_or_else(unreadable_outcome)?;
        places.retain(|(place, _)| self.part.covers(place));
        if places.is_empty() {
            return Ok(());
        }
        let payload = match &record.payload {
            Value::Null => Json::Null,
            payload => document(payload)
                .ok_or_else(|| unreadable(AuditEventsRow::TABLE, audit_events::PAYLOAD_MIN))?,
        };
        let order = Order::of(record)?;
        for (place, by) in places {
            if by.has_fields_of_row(&outcome, &payload) {
                report.ledger_rows += 1;
                // A write that left the row as it was says nothing that the write before it did not say.
                if let Some(at) = order.of_row(&place) {
                    self.enter(place, by, at, (&outcome, &payload));
                }
            }
        }
        Ok(())
    }

    /// Enters the fields of a row that an answer or its event says, where no later write said them.
    fn enter(&mut self, place: Place, by: &By, at: At, (outcome, payload): (&Json, &Json)) {
        // Rows that are gone by the thousand are not all listed, and not all kept.
        if !self.part.rows.contains_key(&place) && !self.rows.contains_key(&place) {
            self.missing += 1;
            if self.missing > Faults::<FoldFault>::AT_MOST + 1 {
                return;
            }
        }
        let table = TABLES[place.0];
        let answered = self.rows.entry(place).or_insert_with(|| vec![None; table.fields().count()]);
        for (field, answered) in table.fields().zip(answered) {
            let value = by.said(field, payload).or_else(|| outcome.get(field)).cloned();
            let value = by.fixed(field).map(Json::from).or(value);
            if let Some(value) = value.or_else(|| by.is_whole.then_some(Json::Null))
                && answered.as_ref().is_none_or(|(before, _)| *before < at)
            {
                *answered = Some((at, value));
            }
        }
    }
}

/// What an event says of when its commit wrote a row.
enum Order {
    /// Which rows it wrote, each with how often it was written.
    Sealed(Vec<RowSeal>),
    /// The number of an event that names no rows.
    Numbered(i64),
}

impl Order {
    fn of(record: &Record<'_>) -> Result<Self, Failure> {
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
    fn of_row(&self, place: &Place) -> Option<At> {
        let seals = match self {
            Self::Sealed(seals) => seals,
            Self::Numbered(number) => return Some((0, *number)),
        };
        let table = TABLES[place.0].name;
        let key = || place.1.iter().map(shown_part);
        let seal = seals.iter().find(|seal| seal.table == table && seal.key.iter().cloned().eq(key()))?;
        Some((seal.version, 0))
    }
}

fn unreadable(table: &str, column: &str) -> Failure {
    Failure::Unreadable(format!("{table}.{column}"))
}

/// The document of a JSON text.
fn document(value: &Value<'_>) -> Option<Json> {
    selene_contracts::row::document::read(value)
}

fn key_of_row(table: &Table, row: &StoredRow) -> Result<Vec<Part>, Failure> {
    let part = |column: &&str| match row.value(column)? {
        Value::Integer(number) => Ok(Part::Number(*number)),
        Value::Text(text) => Ok(Part::Text(text.to_string())),
        _ => Err(Failure::Unreadable(format!("the key of a row of {}", table.name))),
    };
    table.key.iter().map(part).collect()
}

/// The rows of which an answer has fields, each with the entry of the table; none where the answer lacks a key.
fn places<'a>(writers: &[(usize, &'a By)], outcome: &Json) -> Option<Vec<(Place, &'a By)>> {
    let mut found = Vec::new();
    for (number, by) in writers {
        match by.each {
            None => found.push(((*number, key_of_answer(by, outcome)?), *by)),
            Some((list, field)) => {
                for element in outcome[list].as_array().into_iter().flatten() {
                    let mut outcome = outcome.clone();
                    outcome[field] = element.clone();
                    found.push(((*number, key_of_answer(by, &outcome)?), *by));
                }
            }
        }
    }
    Some(found)
}

fn key_of_answer(by: &By, outcome: &Json) -> Option<Vec<Part>> {
    let part = |field: &&str| match &outcome[*field] {
        Json::String(text) => Some(Part::Text(text.clone())),
        number => number.as_u64().map(|number| Part::Number(number.cast_signed())),
    };
    by.key.iter().map(part).collect()
}

fn shown(place: &Place) -> String {
    place.1.iter().map(shown_part).collect::<Vec<_>>().join(", ")
}

fn shown_part(part: &Part) -> String {
    match part {
        Part::Number(bits) => bits.cast_unsigned().to_string(),
        Part::Text(text) => text.clone(),
    }
}

/// Whether a value of a row is the one of an answer.
fn fits(cell: &Value<'_>, answered: &Json) -> bool {
    match (cell, answered) {
        (Value::Null, Json::Null) => true,
        (Value::Integer(bits), Json::Bool(is_so)) => *bits == i64::from(*is_so),
        (Value::Integer(bits), Json::Number(number)) => number.as_u64() == Some(bits.cast_unsigned()),
        // Payloads hold nothing but texts.
        (Value::Integer(bits), Json::String(text)) => {
            *text == bits.cast_unsigned().to_string() || *text == (*bits == 1).to_string()
        }
        (Value::Text(cell), Json::String(text)) => cell == text,
        // Lists and records are JSON texts.
        (Value::Text(_), Json::Array(_) | Json::Object(_)) => {
            document(cell).is_some_and(|cell| cell == *answered)
        }
        (Value::Bytes(bytes), Json::String(text)) => {
            text.parse::<Digest>().is_ok_and(|digest| digest.as_bytes().as_slice() == &**bytes)
        }
        _ => false,
    }
}

const fn is_absent(cell: &Value<'_>) -> bool {
    matches!(cell, Value::Null | Value::Integer(0))
}

/// Whether a write whose answer does not hold it may have changed a field.
fn is_later(table: &Table, field: &str, answered: &Json, cell: &Value<'_>) -> bool {
    table.later.iter().any(|(name, later)| {
        *name == field
            && match later {
                Later::Set => answered.is_null(),
                Later::Becomes(value) => matches!(cell, Value::Text(text) if text == value),
            }
    })
}
