//! Some rows, and all answers about them.

use std::collections::BTreeMap;

use selene_contracts::row::Value;
use serde_json::Value as Json;

use super::fits::{fits, is_absent, is_later};
use super::order::At;
use super::place::Place;
use super::said::Said;
use super::tables::TABLES;
use crate::check::folds::{FoldFault, FoldFaultKind, FoldReport};
use crate::check::spill::{Reader, Spill};
use crate::failure::Failure;
use crate::faults::Faults;

/// What the answers say of a row: each field with the place of the newest write that says it.
pub(super) type Answered = Vec<Option<(At, Json)>>;

/// Holds the rows of a part against the answers of the same part.
pub(super) fn hold(
    rows: &mut Spill,
    answers: &mut Spill,
    part: usize,
    report: &mut FoldReport,
) -> Result<(), Failure> {
    let mut cells = BTreeMap::new();
    rows.visit(part, &mut |record| {
        let place = Place::read(record)?;
        let fields = fields(&place, record)?;
        cells.insert(place, fields);
        Ok(())
    })?;
    let mut answered = Newest { cells: &cells, rows: BTreeMap::new(), missing: 0 };
    answers.visit(part, &mut |record| {
        answered.enter(Said::read(record)?);
        Ok(())
    })?;
    let mut answered = answered.rows;
    for (place, cells) in &cells {
        hold_row(place, cells, answered.remove(place), report);
    }
    for place in answered.keys() {
        let table = TABLES[place.table];
        report.add(table.name, place.shown(), table.last_key(), FoldFaultKind::Missing);
    }
    Ok(())
}

fn fields(place: &Place, record: &mut Reader<'_>) -> Result<Vec<Value<'static>>, Failure> {
    TABLES[place.table].fields().map(|_| record.value()).collect()
}

/// Holds a row against what the answers say of it.
fn hold_row(place: &Place, cells: &[Value<'_>], answered: Option<Answered>, report: &mut FoldReport) {
    let table = TABLES[place.table];
    match answered {
        Some(answered) => {
            let fields = table.fields().zip(answered).zip(cells);
            let wrong = fields.filter(|((field, answered), cell)| {
                !answered.as_ref().map_or_else(
                    || !table.unanswered_is_absent || is_absent(cell),
                    |(_, answered)| fits(cell, answered) || is_later(table, field, answered, cell),
                )
            });
            let wrong = wrong.map(|((field, _), _)| field).collect();
            report.add_all(table.name, &place.shown(), wrong);
        }
        None if table.may_be_unanswered => {}
        None => report.add(table.name, place.shown(), table.last_key(), FoldFaultKind::Unfounded),
    }
}

/// The newest answers about the rows of a part.
struct Newest<'a> {
    cells: &'a BTreeMap<Place, Vec<Value<'static>>>,
    rows: BTreeMap<Place, Answered>,
    /// Rows that are not there, as often as an answer names one that is not among `rows` yet.
    missing: usize,
}

impl Newest<'_> {
    /// Enters the fields of a row that an answer or its event says, where no later write said them.
    fn enter(&mut self, said: Said) {
        let Said { place, at, fields } = said;
        // Rows that are gone by the thousand are not all listed, and not all kept.
        if !self.cells.contains_key(&place) && !self.rows.contains_key(&place) {
            self.missing += 1;
            if self.missing > Faults::<FoldFault>::AT_MOST + 1 {
                return;
            }
        }
        let answered = self.rows.entry(place).or_insert_with(|| vec![None; fields.len()]);
        for (value, answered) in fields.into_iter().zip(answered) {
            if let Some(value) = value
                && answered.as_ref().is_none_or(|(before, _)| *before < at)
            {
                *answered = Some((at, value));
            }
        }
    }
}
