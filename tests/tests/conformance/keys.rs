//! Which rows may stand beside each other.

use rusqlite::types::Value;

use crate::difference::Kind;
use crate::domain::{Column, Domain};
use crate::live::LiveTable;
use crate::locks::other_row;
use crate::rows::{Answer, Bench, Insert, Values};
use crate::stated::{PartialKey, StatedTable};
use crate::structure::Findings;

/// Tries a second row beside a first one.
pub fn compare(
    bench: &Bench<'_>,
    table: &StatedTable,
    live: &LiveTable,
    rows: &[Values],
    findings: &mut Findings<'_>,
) {
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
        assert_eq!(bench.insert(Insert::Plain, first), Answer::Accepted, "the row was taken before");
        bench.insert(Insert::Plain, second)
    })
}

/// Of two rows with the same key, both of which the words describe, the second must be refused; any other two stand
/// beside each other.
fn compare_partial(
    bench: &Bench<'_>,
    live: &LiveTable,
    rows: &[Values],
    (key, source): (&PartialKey, &str),
    findings: &mut Findings<'_>,
) {
    let (item, words) = (key.columns.join(", "), key.words.join(" "));
    let Some((index, value)) = described(&bench.columns, &key.words) else {
        let text = format!("no column of the contract is described by `{words}`");
        return findings.missing(Kind::UniqueKey, item, text, source);
    };
    let (mut lets_second, mut refuses_other) = (false, false);
    for first in rows {
        for second in rows {
            let second = beside_key(bench, live, (first, second), &key.columns);
            let is_second = first[index] == value && second[index] == value;
            match beside(bench, first, &second) {
                Answer::Accepted => lets_second |= is_second,
                _ => refuses_other |= !is_second,
            }
        }
    }
    if lets_second {
        let text = format!("no unique index keeps at most one {words} per these columns");
        findings.missing(Kind::UniqueKey, &item, text, source);
    }
    if refuses_other {
        let text = format!("two rows cannot have the same, though they are not both {words}");
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

/// The column and the value that the words name: a value of an enum, or a column that is yes or no.
fn described(columns: &[&Column], words: &[String]) -> Option<(usize, Value)> {
    columns.iter().enumerate().find_map(|(index, column)| match &column.domain {
        Domain::OneOf(values) => {
            let value = values.iter().find(|value| words.contains(value))?;
            Some((index, Value::Text(value.clone())))
        }
        Domain::Bool => words.contains(&column.name).then_some((index, Value::Integer(1))),
        _ => None,
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
        let same: i64 = bench.aside(|| {
            bench.insert(Insert::Plain, row);
            bench.connection.query_row(&sql, [], |row| row.get(0)).expect("texts can be compared")
        });
        if same > 0 {
            findings.unstated(Kind::Column, name, "it is not compared byte by byte");
        }
    }
}
