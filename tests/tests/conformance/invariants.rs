//! What the specs say of rows in sentences: the contract has a form of each one that the schema keeps, and where that is a
//! check, rows are tried that it refuses; every other one is known to be none of the schema's business.

mod meaning;
mod sentences;

use std::collections::BTreeSet;

use rusqlite::types::Value;
use xtask::coverage::record::Keeper;

use self::meaning::{Assigned, Given, Meaning};
use self::sentences::SENTENCES;
use crate::difference::Kind;
use crate::rows::{Bench, Compared, Values, sample};
use crate::stated::At;
use crate::structure::Findings;
use crate::tried::Answer;

/// Tries what the sentences about a table refuse, and names those that are missing on either side.
pub fn compare(compared: &Compared<'_>, rows: &[Values], findings: &mut Findings<'_>) {
    let Compared { bench, table, live } = compared;
    let mut tried: Vec<BTreeSet<&str>> = Vec::new();
    for At { value: text, source } in &table.invariants {
        let known = SENTENCES.iter().find(|known| known.text == text && known.is_about(bench.name));
        let before = findings.count();
        let mut keeper = Keeper::Schema.as_str();
        match known.map(|known| &known.means) {
            None if table.kept.contains(text) => {}
            None | Some(Meaning::Beyond("")) => {
                let advice = "`invariants/sentences.rs` does not say which row it refuses, or what keeps it";
                findings.missing(Kind::Invariant, "", format!("{advice}: {text}"), source);
            }
            Some(Meaning::Values { taken, refused }) => {
                tried.extend(
                    refused.iter().map(|assigned| assigned.iter().map(|(column, _)| *column).collect()),
                );
                try_values(bench, (text, source), rows, (taken, refused), findings);
            }
            Some(Meaning::Compared) => {}
            Some(Meaning::Beyond(beyond)) => keeper = beyond,
        }
        let is_tried = known.is_some_and(|known| matches!(known.means, Meaning::Values { .. }));
        if is_tried != table.checked.contains(text) {
            let advice = "rows are tried for it, or the lexicon has a check, but not both";
            findings.missing(Kind::Invariant, "", format!("{advice}: {text}"), source);
        }
        if findings.count() == before {
            findings.is_kept(text, keeper);
        }
    }
    for known in SENTENCES.iter().filter(|known| known.tables.contains(&bench.name)) {
        if !table.invariants.iter().any(|stated| stated.value == known.text) {
            findings.unstated(Kind::Invariant, "", format!("no spec says any more: {}", known.text));
        }
    }
    for check in &live.checks {
        let columns = live.columns_of(check);
        // A check of one column is a bound; an optional one may also be asked whether it is there.
        if columns.len() > 1 && !tried.iter().any(|tried| columns.iter().all(|column| tried.contains(column)))
        {
            let text = format!("no sentence of a spec is tried that is about `CHECK ({check})`");
            findings.unstated(Kind::Invariant, columns.join(", "), text);
        }
    }
}

fn try_values(
    bench: &Bench<'_>,
    (sentence, source): (&str, &str),
    rows: &[Values],
    (taken, refused): (&[Assigned], &[Assigned]),
    findings: &mut Findings<'_>,
) {
    let names = |assigned: Assigned| assigned.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    let accepts = |row: &Values, assigned: Assigned| {
        with(bench, row, assigned).is_some_and(|row| bench.try_insert(&row) == Answer::Accepted)
    };
    let bases: Vec<&Values> =
        rows.iter().filter(|row| taken.iter().all(|assigned| accepts(row, assigned))).collect();
    if bases.is_empty() {
        let text = format!("no row takes all that it allows: {sentence}");
        return findings.unstated(
            Kind::Invariant,
            taken.first().map(|taken| names(taken)).unwrap_or_default(),
            text,
        );
    }
    let slips = refused.iter().find(|assigned| bases.iter().any(|row| accepts(row, assigned)));
    if let Some(assigned) = slips {
        let text = format!("a row is taken that it refuses: {sentence}");
        findings.missing(Kind::Invariant, names(assigned), text, source);
    }
}

/// The row with other values; none where a column is not there.
fn with(bench: &Bench<'_>, row: &Values, assigned: Assigned) -> Option<Values> {
    let mut row = row.clone();
    for (name, given) in assigned {
        let index = bench.columns.iter().position(|column| column.name == *name)?;
        row[index] = match given {
            Given::Absent => Value::Null,
            Given::Any => sample(&bench.columns[index].domain, 0),
            Given::Number(number) => Value::Integer(*number),
            Given::Text(text) => Value::Text((*text).to_owned()),
        };
    }
    Some(row)
}
