//! One partition: some rows, and all answers about them.

use std::collections::BTreeMap;

use selene_contracts::row::Value;
use serde_json::Value as Json;

use super::comparison::{equals_answer, is_absent, is_later};
use super::order::At;
use super::recorded::RecordedFields;
use super::row_key::RowKey;
use super::tables::TABLES;
use crate::check::folds::{FoldFault, FoldFaultKind, FoldReport};
use crate::check::spill::{Reader, Spill};
use crate::failure::Failure;
use crate::faults::Faults;

/// The fields of a row as the answers have them, each from the newest write that has it, and when that was.
pub(super) type Answered = Vec<Option<(At, Json)>>;

/// Compares the rows of a partition with the answers of the same partition.
pub(super) fn compare(
    rows: &mut Spill,
    answers: &mut Spill,
    partition: usize,
    report: &mut FoldReport,
) -> Result<(), Failure> {
    let mut cells = BTreeMap::new();
    rows.visit(partition, &mut |record| {
        let row = RowKey::read(record)?;
        let fields = fields(&row, record)?;
        cells.insert(row, fields);
        Ok(())
    })?;
    let mut answered = Newest { cells: &cells, rows: BTreeMap::new(), missing: 0 };
    answers.visit(partition, &mut |record| {
        answered.enter(RecordedFields::read(record)?);
        Ok(())
    })?;
    let mut answered = answered.rows;
    for (row, cells) in &cells {
        compare_row(row, cells, answered.remove(row), report);
    }
    for row in answered.keys() {
        let table = TABLES[row.table];
        report.add(table.name, row.shown(), table.last_key(), FoldFaultKind::Missing);
    }
    Ok(())
}

fn fields(row: &RowKey, record: &mut Reader<'_>) -> Result<Vec<Value<'static>>, Failure> {
    TABLES[row.table].fields().map(|_| record.value()).collect()
}

/// Compares a row with the answers about it.
fn compare_row(row: &RowKey, cells: &[Value<'_>], answered: Option<Answered>, report: &mut FoldReport) {
    let table = TABLES[row.table];
    match answered {
        Some(answered) => {
            let fields = table.fields().zip(answered).zip(cells);
            let wrong = fields.filter(|((field, answered), cell)| {
                !answered.as_ref().map_or_else(
                    || !table.unanswered_is_absent || is_absent(cell),
                    |(_, answered)| equals_answer(cell, answered) || is_later(table, field, answered, cell),
                )
            });
            let wrong = wrong.map(|((field, _), _)| field).collect();
            report.add_all(table.name, &row.shown(), wrong);
        }
        None if table.may_be_unanswered => {}
        None => report.add(table.name, row.shown(), table.last_key(), FoldFaultKind::Unfounded),
    }
}

/// The newest answers about the rows of a partition.
struct Newest<'a> {
    cells: &'a BTreeMap<RowKey, Vec<Value<'static>>>,
    rows: BTreeMap<RowKey, Answered>,
    /// Rows that are not there, as often as an answer names one that is not among `rows` yet.
    missing: usize,
}

impl Newest<'_> {
    /// Enters the fields of a row that an answer or its event has, where no later write has them.
    fn enter(&mut self, recorded: RecordedFields) {
        let RecordedFields { row, at, fields } = recorded;
        // Rows that are gone by the thousand are not all listed, and not all kept.
        if !self.cells.contains_key(&row) && !self.rows.contains_key(&row) {
            self.missing += 1;
            if self.missing > Faults::<FoldFault>::AT_MOST + 1 {
                return;
            }
        }
        let answered = self.rows.entry(row).or_insert_with(|| vec![None; fields.len()]);
        for (value, answered) in fields.into_iter().zip(answered) {
            if let Some(value) = value
                && answered.as_ref().is_none_or(|(before, _)| *before < at)
            {
                *answered = Some((at, value));
            }
        }
    }
}
