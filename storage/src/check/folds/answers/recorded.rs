//! Collects the fields of rows that the answers of idempotency records repeat.

use std::collections::BTreeMap;

use selene_contracts::ph1_f::IdempotencyRecordsRow;
use selene_contracts::ph1_j::AuditEventsRow;
use selene_contracts::row::{Selection as _, Value};
use selene_contracts::tables::{audit_events, idempotency_records};
use serde_json::Value as Json;

use super::form::By;
use super::order::{At, Order};
use super::record::Record;
use super::row_key::{RowKey, row_keys};
use super::stored::document;
use super::tables::TABLES;
use crate::check::folds::{FoldFaultKind, FoldReport};
use crate::check::spill::{Reader, Spill, Writer};
use crate::failure::Failure;
use crate::session::Session;

/// By capability: the tables of which its answers have fields, each with the place of the table in the list.
pub(super) struct Writers(BTreeMap<&'static str, Vec<(usize, &'static By)>>);

impl Writers {
    pub(super) fn of_all_tables() -> Self {
        let mut writers: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (number, table) in TABLES.iter().enumerate() {
            for by in table.by {
                writers.entry(by.capability).or_default().push((number, by));
            }
        }
        Self(writers)
    }

    /// The fields that the records have of rows, whether the rows are there or not, in partitions.
    pub(super) fn partition_answers(
        &self,
        db: &impl Session,
        partitions: u64,
        report: &mut FoldReport,
    ) -> Result<Spill, Failure> {
        let mut answers = Spill::new(partitions);
        Record::visit(db, &mut |record| self.take(&record, &mut answers, report))?;
        Ok(answers)
    }

    fn take(&self, record: &Record<'_>, answers: &mut Spill, report: &mut FoldReport) -> Result<(), Failure> {
        const RECORDS: &str = IdempotencyRecordsRow::TABLE;
        let mut unreadable = |table, column| {
            report.add(table, record.shown_place(), column, FoldFaultKind::Unreadable);
        };
        let Value::Text(capability) = &record.capability else {
            unreadable(RECORDS, idempotency_records::CAPABILITY);
            return Ok(());
        };
        let Some(writers) = self.0.get(&**capability) else { return Ok(()) };
        let outcome = document(&record.outcome).map(|mut outcome| {
            record.add_place(&mut outcome);
            outcome
        });
        let rows = outcome.as_ref().and_then(|outcome| row_keys(writers, outcome));
        let (Some(outcome), Some(rows)) = (outcome, rows) else {
            unreadable(RECORDS, idempotency_records::OUTCOME);
            return Ok(());
        };
        if rows.is_empty() {
            return Ok(());
        }
        // Of an event that cannot be read, the answer counts alone.
        let payload = match &record.payload {
            Value::Null => Json::Null,
            payload => document(payload).unwrap_or_else(|| {
                unreadable(AuditEventsRow::TABLE, audit_events::PAYLOAD_MIN);
                Json::Null
            }),
        };
        let Some(order) = Order::of(record) else {
            unreadable(AuditEventsRow::TABLE, audit_events::ROW_SEALS);
            return Ok(());
        };
        for (row, by) in rows {
            if by.has_fields_of_row(&outcome, &payload) {
                report.ledger_rows += 1;
                // A write that left the row unchanged repeats the fields of the write before it.
                if let Some(at) = order.of_row(&row) {
                    answers.push(row.hash(), |record| {
                        row.write(record);
                        record.number(at.0);
                        record.number(at.1.cast_unsigned());
                        for field in TABLES[row.table].fields() {
                            write_value(record, field, by, &outcome, &payload);
                        }
                    })?;
                }
            }
        }
        Ok(())
    }
}

/// Writes the value that the event of a write, or else its answer, has for a field of a row.
fn write_value(record: &mut Writer<'_>, field: &str, by: &By, outcome: &Json, payload: &Json) {
    if let Some(text) = by.fixed(field) {
        write_text(record, text);
        return;
    }
    let value = by.payload_value(field, payload).or_else(|| outcome.get(field));
    write_field(record, value.or(by.is_whole.then_some(&Json::Null)));
}

/// The fields of a row that one write recorded in its answer and its event.
pub(super) struct RecordedFields {
    pub(super) row: RowKey,
    pub(super) at: At,
    pub(super) fields: Vec<Option<Json>>,
}

impl RecordedFields {
    pub(super) fn read(record: &mut Reader<'_>) -> Result<Self, Failure> {
        let row = RowKey::read(record)?;
        let at = (record.number()?, record.number()?.cast_signed());
        let fields = TABLES[row.table].fields().map(|_| read_field(record));
        let fields = fields.collect::<Result<_, Failure>>()?;
        Ok(Self { row, at, fields })
    }
}

/// The first number of a written field. Most fields are texts or numbers, which are not written as JSON and parsed again.
mod kind {
    pub(super) const NOTHING: u64 = 0;
    pub(super) const NULL: u64 = 1;
    pub(super) const TEXT: u64 = 2;
    pub(super) const NUMBER: u64 = 3;
    pub(super) const DOCUMENT: u64 = 4;
}

fn write_field(record: &mut Writer<'_>, field: Option<&Json>) {
    match field {
        None => record.number(kind::NOTHING),
        Some(Json::Null) => record.number(kind::NULL),
        Some(Json::String(text)) => write_text(record, text),
        Some(other) => {
            if let Some(number) = other.as_u64() {
                record.number(kind::NUMBER);
                record.number(number);
            } else {
                record.number(kind::DOCUMENT);
                record.bytes(other.to_string().as_bytes());
            }
        }
    }
}

fn write_text(record: &mut Writer<'_>, text: &str) {
    record.number(kind::TEXT);
    record.bytes(text.as_bytes());
}

fn read_field(record: &mut Reader<'_>) -> Result<Option<Json>, Failure> {
    Ok(match record.number()? {
        kind::NOTHING => None,
        kind::NULL => Some(Json::Null),
        kind::TEXT => Some(record.text()?.into()),
        kind::NUMBER => Some(record.number()?.into()),
        _ => serde_json::from_str(record.text()?).ok(),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_kind_of_field_comes_back_as_it_was_written() {
        let values =
            [json!(null), json!("a\"ü"), json!(""), json!(u64::MAX), json!(0), json!(-1), json!(0.5)];
        let more = [json!(true), json!([]), json!(["a", null]), json!({"a": {"b": 1}})];
        let fields: Vec<Option<Json>> =
            std::iter::once(None).chain(values.into_iter().chain(more).map(Some)).collect();
        let mut spill = Spill::new(1);
        let write =
            |record: &mut Writer<'_>| fields.iter().for_each(|field| write_field(record, field.as_ref()));
        spill.push(0, write).unwrap();
        let mut read = |record: &mut Reader<'_>| {
            for field in &fields {
                assert_eq!(read_field(record)?, *field);
            }
            assert!(record.number().is_err(), "nothing is left");
            Ok(())
        };
        spill.visit(0, &mut read).unwrap();
    }
}
