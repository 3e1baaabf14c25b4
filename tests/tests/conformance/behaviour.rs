//! What only shows when it is tried: bounds, enums and append-only locks.
//!
//! A value is altered within a row that the table takes, so that nothing else can be the reason of a refusal.

use rusqlite::Connection;
use rusqlite::types::Value;

use crate::difference::{Difference, Kind};
use crate::live::{Live, LiveTable};
use crate::rows::{Answer, Bench, Insert, Values, sample};
use crate::stated::{Domain, Stated, StatedTable};
use crate::structure::Findings;

/// Tries every table that both sides have. The connection keeps no foreign keys and ends as it was.
pub fn compare(stated: &Stated, live: &Live, connection: &Connection, differences: &mut Vec<Difference>) {
    connection.pragma_update(None, "foreign_keys", false).expect("foreign keys can be left out");
    for (name, table) in &stated.tables {
        let Some(live) = live.tables.get(name) else { continue };
        let bench = Bench::new(connection, name, table, live);
        let mut findings = Findings::about(name, &table.source, differences);
        match bench.accepted_rows(None) {
            Err(answer) => {
                let text = format!("no row that fits the contract is taken: {answer:?}");
                findings.missing(Kind::Bound, "", text, &table.source);
            }
            Ok(rows) => {
                for index in 0..bench.columns.len() {
                    compare_bounds(&bench, index, &mut findings);
                }
                compare_locks(&bench, table, live, &rows[0], &mut findings);
            }
        }
    }
}

/// Values that the contract allows and that it forbids, at the very bounds.
fn edges(domain: &Domain) -> (Vec<Value>, Vec<Value>) {
    match domain {
        Domain::Text => (Vec::new(), Vec::new()),
        Domain::OneOf(values) => {
            (values.iter().cloned().map(Value::Text).collect(), vec![Value::Text("NO_SUCH_VALUE".to_owned())])
        }
        Domain::Bool => (vec![Value::Integer(0), Value::Integer(1)], vec![Value::Integer(2)]),
        Domain::Integer { min, max } => {
            let beyond = [min.map(|min| min - 1), max.map(|max| max + 1)];
            let within = [*min, *max].into_iter().flatten().map(Value::Integer).collect();
            (within, beyond.into_iter().flatten().map(Value::Integer).collect())
        }
        Domain::Wide { min } => {
            let too_small = (*min > 0).then(|| Value::Blob(vec![0; 16]));
            let wrong = [Value::Blob(vec![1; 15]), Value::Blob(vec![1; 17])];
            (vec![Value::Blob(vec![255; 16])], wrong.into_iter().chain(too_small).collect())
        }
        Domain::Real { min, max } => {
            let within = [*min, *max].into_iter().flatten().map(Value::Real).collect();
            let beyond =
                [min.map_or(f64::NEG_INFINITY, f64::next_down), max.map_or(f64::INFINITY, f64::next_up)];
            (within, beyond.into_iter().map(Value::Real).collect())
        }
        Domain::Digest => {
            (vec![Value::Blob(vec![255; 32])], vec![Value::Blob(vec![1; 31]), Value::Blob(vec![1; 33])])
        }
    }
}

fn compare_bounds(bench: &Bench<'_>, index: usize, findings: &mut Findings<'_>) {
    let (column, source) = (bench.columns[index], bench.sources[index]);
    let (allowed, forbidden) = edges(&column.domain);
    if allowed.is_empty() && forbidden.is_empty() {
        return;
    }
    let name = &column.name;
    let kind = if matches!(column.domain, Domain::OneOf(_)) { Kind::Enum } else { Kind::Bound };
    let rows = match bench.accepted_rows(Some(index)) {
        Ok(rows) => rows,
        Err(answer) => {
            let text = format!("no row with a value in it is taken: {answer:?}");
            return findings.missing(kind, name, text, source);
        }
    };
    let with = |row: &Values, value: &Value| {
        let mut row = row.clone();
        row[index] = value.clone();
        row
    };
    for value in &forbidden {
        let slips = |row: &Values| bench.try_insert(&with(row, value)) == Answer::Accepted;
        if rows.iter().any(slips) {
            let text = format!("{} is taken, which is out of the bounds", shown(value));
            findings.missing(kind, name, text, source);
        }
    }
    for value in &allowed {
        // A value may need another choice of columns beside it, so rows that bring it count as well.
        let is_taken = rows
            .iter()
            .any(|row| row[index] == *value || bench.try_insert(&with(row, value)) == Answer::Accepted);
        if !is_taken {
            let text = format!("{} is refused, though it is within the contract's bounds", shown(value));
            findings.unstated(kind, name, text);
        }
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => "NULL".to_owned(),
        Value::Integer(value) => value.to_string(),
        Value::Real(value) => format!("{value:?}"),
        Value::Text(value) => format!("'{value}'"),
        Value::Blob(value) => format!("a blob of {} bytes, the first one {}", value.len(), value[0]),
    }
}

fn compare_locks(
    bench: &Bench<'_>,
    table: &StatedTable,
    live: &LiveTable,
    row: &Values,
    findings: &mut Findings<'_>,
) {
    if table.is_ledger {
        for (what, item, answer) in lock_attempts(bench, live, row) {
            if answer != Answer::Aborted {
                let text = format!("{what} is not aborted: {answer:?}");
                findings.missing(Kind::Lock, item, text, &table.source);
            }
        }
        return;
    }
    let is_locked = bench.aside(|| {
        bench.insert(Insert::Plain, row);
        bench.columns.iter().all(|column| touch(bench, &column.name) == Answer::Aborted)
    });
    if is_locked {
        findings.unstated(Kind::Lock, "", "every UPDATE is aborted, though the table is CURRENT");
    }
}

fn touch(bench: &Bench<'_>, column: &str) -> Answer {
    bench.run(&format!("UPDATE \"{}\" SET \"{column}\" = \"{column}\"", bench.name), &[])
}

/// Every way to change or remove a row, each against a table that holds one.
fn lock_attempts(bench: &Bench<'_>, live: &LiveTable, row: &Values) -> Vec<(String, String, Answer)> {
    let after_insert = |attempt: &dyn Fn() -> Answer| {
        bench.aside(|| {
            assert_eq!(bench.insert(Insert::Plain, row), Answer::Accepted, "the row was taken before");
            attempt()
        })
    };
    let mut attempts = Vec::new();
    let row_number = live.has_rowid.then_some("rowid");
    for column in bench.columns.iter().map(|column| column.name.as_str()).chain(row_number) {
        let answer = after_insert(&|| touch(bench, column));
        attempts.push((format!("UPDATE of `{column}`"), column.to_owned(), answer));
    }
    let delete = format!("DELETE FROM \"{}\"", bench.name);
    attempts.push(("DELETE".to_owned(), String::new(), after_insert(&|| bench.run(&delete, &[]))));
    for key in live.indices.iter().filter(|index| index.is_unique && index.condition.is_none()) {
        let other = other_row(bench, live, row, &key.columns);
        let answer = after_insert(&|| bench.insert(Insert::OrReplace, &other));
        attempts.push((format!("REPLACE by `{}`", key.columns.join(", ")), key.columns.join(", "), answer));
    }
    // A key that is the row number was tried above.
    if live.has_rowid && live.row_number().is_none() {
        let other = other_row(bench, live, row, &[]);
        let answer = after_insert(&|| replace_by_row_number(bench, &other));
        attempts.push(("REPLACE by the row number".to_owned(), "rowid".to_owned(), answer));
    }
    attempts
}

/// A row that shares one unique key with another row and differs in every other unique key.
fn other_row(bench: &Bench<'_>, live: &LiveTable, row: &Values, shared: &[String]) -> Values {
    let keys = live.indices.iter().filter(|index| index.is_unique);
    let unique: Vec<&String> = keys.flat_map(|index| &index.columns).collect();
    let columns = bench.columns.iter().zip(row);
    columns
        .map(|(column, value)| {
            let differs = unique.contains(&&column.name) && !shared.contains(&column.name);
            if differs { sample(&column.domain, 1) } else { value.clone() }
        })
        .collect()
}

fn replace_by_row_number(bench: &Bench<'_>, row: &Values) -> Answer {
    let names: Vec<String> = bench.columns.iter().map(|column| format!("\"{}\"", column.name)).collect();
    let places = vec!["?"; names.len()].join(", ");
    let sql = format!(
        "INSERT OR REPLACE INTO \"{0}\" (rowid, {1}) VALUES ((SELECT rowid FROM \"{0}\"), {places})",
        bench.name,
        names.join(", ")
    );
    bench.run(&sql, row)
}
