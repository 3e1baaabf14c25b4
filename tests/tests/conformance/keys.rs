//! Which rows may stand beside each other.

use rusqlite::types::Value;
use selene_codegen::schema::{Domain, Index};

use crate::difference::Kind;
use crate::live::LiveTable;
use crate::locks::other_row;
use crate::rows::{Bench, Compared, Values};
use crate::structure::Findings;
use crate::tried::Answer;

/// Tries a second row beside a first one.
pub fn compare(compared: &Compared<'_>, rows: &[Values], findings: &mut Findings<'_>) {
    let Compared { bench, table, live } = compared;
    // A key that replaces or ignores a row says nothing when it is inserted again.
    if !table.is_ledger && rows.iter().any(|row| beside(bench, row, row) == Answer::Accepted) {
        let key = &table.primary_key;
        let text = "a row with the key of another one is not refused";
        findings.missing(Kind::PrimaryKey, key.value.join(", "), text, &key.source);
    }
    for key in &table.partial_keys {
        compare_partial(bench, live, rows, (&key.value, &key.source), findings);
    }
    compare_texts(bench, rows, findings);
}

/// What becomes of a second row.
fn beside(bench: &Bench<'_>, first: &Values, second: &Values) -> Answer {
    bench.aside(|| {
        assert_eq!(bench.insert(first), Answer::Accepted, "the row was taken before");
        bench.insert(second)
    })
}

/// Of two rows with the same key, both of which the condition describes, the second must be refused; any other two stand
/// beside each other.
fn compare_partial(
    bench: &Bench<'_>,
    live: &LiveTable,
    rows: &[Values],
    (key, source): (&Index, &str),
    findings: &mut Findings<'_>,
) {
    let words = key.condition.as_ref().map(ToString::to_string).unwrap_or_default();
    let item = key.columns.join(", ");
    let (mut lets_second, mut refuses_other) = (false, false);
    for first in rows {
        for second in rows {
            let second = beside_key(bench, live, (first, second), &key.columns);
            let is_second = is_described(bench, first, &words) && is_described(bench, &second, &words);
            match beside(bench, first, &second) {
                Answer::Accepted => lets_second |= is_second,
                _ => refuses_other |= !is_second,
            }
        }
    }
    if lets_second {
        let text = format!("no unique index keeps at most one row with {words} per these columns");
        findings.missing(Kind::UniqueKey, &item, text, source);
    }
    if refuses_other {
        let text = format!("two rows cannot have the same, though they are not both of those with {words}");
        findings.unstated(Kind::UniqueKey, &item, text);
    }
}

/// The second row with the key of the first, and other values in every other key.
fn beside_key(
    bench: &Bench<'_>,
    live: &LiveTable,
    (first, second): (&Values, &Values),
    key: &[String],
) -> Values {
    let mut row = other_row(bench, live, second, key);
    for (index, column) in bench.columns.iter().enumerate() {
        if key.contains(&column.name) {
            row[index] = first[index].clone();
        }
    }
    row
}

/// Whether a condition holds for a row, as the database itself says.
fn is_described(bench: &Bench<'_>, row: &Values, condition: &str) -> bool {
    let sql = format!("SELECT count(*) FROM \"{}\" WHERE {condition}", bench.name);
    bench.aside(|| {
        bench.insert(row);
        bench.connection.count(&sql) == Some(1)
    })
}

/// Texts are the same only byte by byte.
fn compare_texts(bench: &Bench<'_>, rows: &[Values], findings: &mut Findings<'_>) {
    for (index, column) in bench.columns.iter().enumerate() {
        if !matches!(column.domain, Domain::Text { .. }) {
            continue;
        }
        let Some(row) = rows.iter().find(|row| row[index] != Value::Null) else { continue };
        let (table, name) = (bench.name, &column.name);
        let sql = format!(
            "SELECT count(*) FROM \"{table}\" WHERE \"{name}\" = upper(\"{name}\") OR \"{name}\" = \"{name}\" || ' '"
        );
        let same = bench.aside(|| {
            bench.insert(row);
            bench.connection.count(&sql).expect("texts can be compared")
        });
        if same > 0 {
            findings.unstated(Kind::Column, name, "it is not compared byte by byte");
        }
    }
}
