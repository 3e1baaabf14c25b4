//! What the answers of the writes tell of the rows that they wrote.
//!
//! Every applied write leaves its answer in the idempotency records, a ledger, and an event with its place among all
//! writes. The newest answer about a row tells each of its fields as it must be now: so deferrals and reasons, which
//! leave no sample, are checked too, and rows that have no ledger of their own. Where the payload of the event says
//! the field, it counts and not the answer, because the chain of the events shows when it was changed.

mod form;
mod tables;

use std::collections::BTreeMap;
use std::ops::Bound::{Excluded, Included, Unbounded};

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension as _, Row};
use serde_json::Value as Json;

use self::form::{By, Later, Table};
use self::tables::TABLES;
use super::{FoldFaultKind, FoldReport};
use crate::check::values::{document, loaded, stored};
use crate::failure::Failure;

/// Rows that are held against the records at once. It bounds the memory; every so many rows cost one more walk through
/// the records.
const AT_ONCE: usize = 20_000;

/// One part of a key, in the order in which SQLite sorts it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    /// The bits of an unsigned number.
    Number(i64),
    Text(String),
}

/// A row: the place of its table in the list, and its key.
type Place = (usize, Vec<Part>);

/// What is told of a row: each field with the place of the write that told it last.
type Told = Vec<Option<(i64, Json)>>;

/// Holds every row against the answers that tell of it.
pub(super) fn check(connection: &Connection, report: &mut FoldReport) -> Result<(), Failure> {
    check_parts(connection, report, AT_ONCE)
}

fn check_parts(connection: &Connection, report: &mut FoldReport, at_once: usize) -> Result<(), Failure> {
    let mut writers: BTreeMap<&str, Vec<(usize, &By)>> = BTreeMap::new();
    for (number, table) in TABLES.iter().enumerate() {
        report.cover(table.name);
        for by in table.by {
            writers.entry(by.capability).or_default().push((number, by));
        }
    }
    let mut part = PartOfRows { after: None, rows: BTreeMap::new(), is_last: false };
    for (number, table) in TABLES.iter().enumerate() {
        let mut statement = connection.prepare(table.rows)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let fields: rusqlite::Result<Vec<Value>> =
                table.fields.iter().map(|field| row.get(*field)).collect();
            part.rows.insert((number, key_of_row(table, row)?), fields?);
            report.rows += u64::from(table.has_no_other_ledger);
            if part.rows.len() == at_once {
                part.check(connection, &writers, report)?;
            }
        }
    }
    part.is_last = true;
    part.check(connection, &writers, report)
}

/// Some rows that lie beside each other in the order of tables and keys.
struct PartOfRows {
    /// The last row of the part before.
    after: Option<Place>,
    rows: BTreeMap<Place, Vec<Value>>,
    is_last: bool,
}

impl PartOfRows {
    /// Holds the rows against all records, and goes on behind them.
    fn check(
        &mut self,
        connection: &Connection,
        writers: &BTreeMap<&str, Vec<(usize, &By)>>,
        report: &mut FoldReport,
    ) -> Result<(), Failure> {
        let mut told = self.read(connection, writers, report)?;
        for (place, cells) in &self.rows {
            let table = &TABLES[place.0];
            match told.remove(place) {
                Some(told) => {
                    let fields = table.fields.iter().zip(told).zip(cells);
                    let wrong = fields.filter(|((field, told), cell)| {
                        !told.as_ref().map_or_else(
                            || !table.untold_is_absent || is_absent(cell),
                            |(_, told)| fits(cell, told) || is_later(table, field, told, cell),
                        )
                    });
                    let wrong = wrong.map(|((field, _), _)| *field).collect();
                    report.add_all(table.name, &shown(place), wrong);
                }
                None if table.may_be_untold => {}
                None => report.add(table.name, shown(place), table.last_key(), FoldFaultKind::Unfounded),
            }
        }
        for place in told.keys() {
            let table = &TABLES[place.0];
            report.add(table.name, shown(place), table.last_key(), FoldFaultKind::Missing);
        }
        self.after = self.rows.pop_last().map(|(place, _)| place);
        self.rows.clear();
        Ok(())
    }

    /// What the records tell of rows of this part, whether they are there or not.
    fn read(
        &self,
        connection: &Connection,
        writers: &BTreeMap<&str, Vec<(usize, &By)>>,
        report: &mut FoldReport,
    ) -> Result<BTreeMap<Place, Told>, Failure> {
        let mut all: BTreeMap<Place, Told> = BTreeMap::new();
        let mut missing = 0;
        let mut records =
            connection.prepare("SELECT capability, outcome, ledger_position FROM idempotency_records")?;
        let mut records = records.query([])?;
        while let Some(record) = records.next()? {
            let Some(writers) = writers.get(text(record, 0)?) else { continue };
            let outcome: Json = document(record, 1)?;
            let at = record.get(2)?;
            for (place, by) in places(writers, &outcome)? {
                if !self.covers(&place) {
                    continue;
                }
                let payload = payload(connection, at)?;
                if !by.tells(&outcome, &payload) {
                    continue;
                }
                report.ledger_rows += 1;
                // Rows that are gone by the thousand are not all listed, and not all kept.
                if !self.rows.contains_key(&place) && !all.contains_key(&place) {
                    missing += 1;
                    if missing > FoldReport::FAULTS_AT_MOST + 1 {
                        continue;
                    }
                }
                let fields = TABLES[place.0].fields;
                let told = all.entry(place).or_insert_with(|| vec![None; fields.len()]);
                for (field, told) in fields.iter().zip(told) {
                    let value = by.said(field, &payload).or_else(|| outcome.get(field)).cloned();
                    let value = by.fixed(field).map(Json::from).or(value);
                    if let Some(value) = value.or_else(|| by.is_whole.then_some(Json::Null))
                        && told.as_ref().is_none_or(|(before, _)| *before < at)
                    {
                        *told = Some((at, value));
                    }
                }
            }
        }
        Ok(all)
    }

    /// Whether a row lies, or would lie, in this part.
    fn covers(&self, place: &Place) -> bool {
        let start = self.after.as_ref().map_or(Unbounded, Excluded);
        let end = self.rows.last_key_value().filter(|_| !self.is_last);
        let end = end.map_or(Unbounded, |(last, _)| Included(last));
        std::ops::RangeBounds::contains(&(start, end), place)
    }
}

/// What the event of a write says.
fn payload(connection: &Connection, ledger_position: i64) -> Result<Json, Failure> {
    let found = connection
        .prepare_cached("SELECT payload_min FROM audit_events WHERE ledger_position = ?1")?
        .query_row([ledger_position], |row| document(row, 0))
        .optional()?;
    Ok(found.unwrap_or(Json::Null))
}

fn text<'a>(row: &'a Row<'_>, column: usize) -> rusqlite::Result<&'a str> {
    Ok(row.get_ref(column)?.as_str()?)
}

fn key_of_row(table: &Table, row: &Row<'_>) -> Result<Vec<Part>, Failure> {
    let part = |column: &&str| match row.get(*column)? {
        Value::Integer(number) => Ok(Part::Number(number)),
        Value::Text(text) => Ok(Part::Text(text)),
        _ => Err(Failure::Unreadable(format!("the key of a row of {}", table.name))),
    };
    table.key.iter().map(part).collect()
}

/// The rows that an answer tells of, each with what tells of it.
fn places<'a>(writers: &[(usize, &'a By)], outcome: &Json) -> Result<Vec<(Place, &'a By)>, Failure> {
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
    Ok(found)
}

fn key_of_answer(by: &By, outcome: &Json) -> Result<Vec<Part>, Failure> {
    let part = |field: &&str| match &outcome[*field] {
        Json::String(text) => Some(Part::Text(text.clone())),
        told => told.as_u64().map(|number| Part::Number(stored(number))),
    };
    let parts: Option<Vec<Part>> = by.key.iter().map(part).collect();
    parts.ok_or_else(|| Failure::Unreadable("the outcome of an idempotency record".to_owned()))
}

fn shown(place: &Place) -> String {
    let part = |part: &Part| match part {
        Part::Number(bits) => loaded(*bits).to_string(),
        Part::Text(text) => text.clone(),
    };
    place.1.iter().map(part).collect::<Vec<_>>().join(", ")
}

/// Whether a value of a row is the one of an answer.
fn fits(cell: &Value, told: &Json) -> bool {
    match (cell, told) {
        (Value::Null, Json::Null) => true,
        (Value::Integer(bits), Json::Bool(is_so)) => *bits == i64::from(*is_so),
        (Value::Integer(bits), Json::Number(number)) => number.as_u64() == Some(loaded(*bits)),
        // Payloads hold nothing but texts.
        (Value::Integer(bits), Json::String(told)) => {
            *told == loaded(*bits).to_string() || *told == (*bits == 1).to_string()
        }
        (Value::Text(text), Json::String(told)) => text == told,
        // Lists and records are JSON texts.
        (Value::Text(text), Json::Array(_) | Json::Object(_)) => {
            serde_json::from_str::<Json>(text).is_ok_and(|document| document == *told)
        }
        (Value::Blob(bytes), Json::String(told)) => {
            told.parse::<selene_contracts::Digest>().is_ok_and(|digest| digest.as_bytes().as_slice() == bytes)
        }
        _ => false,
    }
}

const fn is_absent(cell: &Value) -> bool {
    matches!(cell, Value::Null | Value::Integer(0))
}

/// Whether a write that tells nothing of it may have changed a field.
fn is_later(table: &Table, field: &str, told: &Json, cell: &Value) -> bool {
    table.later.iter().any(|(name, later)| {
        *name == field
            && match later {
                Later::Set => told.is_null(),
                Later::Becomes(value) => matches!(cell, Value::Text(text) if text == value),
            }
    })
}

#[cfg(test)]
mod tests;
