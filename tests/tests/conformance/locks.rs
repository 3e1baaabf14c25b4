//! Which rows, and which columns of a row, cannot change: the append-only locks of ledgers, and the columns of other
//! tables that stay as they were written.

use std::collections::BTreeSet;

use rusqlite::types::Value;
use selene_codegen::schema::Domain;

use crate::difference::Kind;
use crate::live::LiveTable;
use crate::rows::{Bench, Compared, Values, sample};
use crate::stated::Stays;
use crate::structure::Findings;
use crate::tried::Answer;

/// Tries to change and remove rows of every kind.
pub fn compare(compared: &Compared<'_>, rows: &[Values], findings: &mut Findings<'_>) {
    let Compared { bench, table, live } = compared;
    if table.is_ledger {
        let mut found = BTreeSet::new();
        for (what, item, answer) in rows.iter().flat_map(|row| lock_attempts(bench, live, row)) {
            if answer == Answer::Aborted {
                let attempt = what.split(' ').next().unwrap_or_default();
                findings.is_locked(attempt);
            } else if found.insert(what.clone()) {
                let text = format!("{what} is not aborted: {answer:?}");
                findings.missing(Kind::Lock, item, text, &table.source);
            }
        }
        return;
    }
    let aborts = |attempt: &dyn Fn(&Values) -> Answer| {
        rows.iter().any(|row| {
            bench.aside(|| {
                bench.insert(row);
                attempt(row) == Answer::Aborted
            })
        })
    };
    let locked: Vec<&str> = bench
        .columns
        .iter()
        .map(|column| column.name.as_str())
        .filter(|column| aborts(&|_| touch(bench, column)))
        .collect();
    if locked.len() == bench.columns.len() {
        findings.unstated(Kind::Lock, "", "every UPDATE is aborted, though the table is CURRENT");
        return;
    }
    for column in locked {
        findings.unstated(Kind::Lock, column, "an UPDATE that changes nothing is aborted");
    }
    if aborts(&|_| bench.run(&format!("DELETE FROM \"{}\"", bench.name), &[])) {
        findings.unstated(Kind::Lock, "", "a DELETE is aborted, though the table is CURRENT");
    }
    if aborts(&|row| bench.replace(row, &table.primary_key.value)) {
        findings.unstated(Kind::Lock, "", "a REPLACE is aborted, though the table is CURRENT");
    }
    for index in 0..bench.columns.len() {
        compare_stay(bench, index, rows, &table.stays, findings);
    }
}

/// Gives a column another value in every row.
fn compare_stay(
    bench: &Bench<'_>,
    index: usize,
    rows: &[Values],
    stays: &Stays,
    findings: &mut Findings<'_>,
) {
    let (column, source) = (bench.columns[index], bench.sources[index]);
    let name = column.name.as_str();
    let sql = format!("UPDATE \"{}\" SET \"{name}\" = ?1", bench.name);
    let change = |row: &Values| {
        let other = other_value(&column.domain, &row[index]);
        bench.aside(|| {
            bench.insert(row);
            bench.run(&sql, &[other]) == Answer::Aborted
        })
    };
    let [mut set, mut unset] = [Vec::new(), Vec::new()];
    for row in rows {
        if row[index] == Value::Null { &mut unset } else { &mut set }.push(change(row));
    }
    let is_always = stays.always.contains(name);
    let is_kept = is_always || stays.once_set.contains(name);
    if is_kept && set.contains(&false) {
        findings.missing(Kind::Lock, name, "it changes, though the spec says that it stays", source);
    }
    if is_always && unset.contains(&false) {
        findings.missing(Kind::Lock, name, "it gets a value, though the spec says that it stays", source);
    }
    if !is_kept && set.contains(&true) {
        findings.unstated(Kind::Lock, name, "it cannot change, which no spec states");
    }
    if !is_always && unset.contains(&true) {
        findings.unstated(Kind::Lock, name, "it cannot get a value, which no spec states");
    }
}

/// A value of the domain that is another one.
fn other_value(domain: &Domain, value: &Value) -> Value {
    let first = sample(domain, 0);
    if first == *value { sample(domain, 1) } else { first }
}

fn touch(bench: &Bench<'_>, column: &str) -> Answer {
    bench.run(&format!("UPDATE \"{}\" SET \"{column}\" = \"{column}\"", bench.name), &[])
}

/// Every way to change or remove a row, each against a table that holds one.
fn lock_attempts(bench: &Bench<'_>, live: &LiveTable, row: &Values) -> Vec<(String, String, Answer)> {
    let after_insert = |attempt: &dyn Fn() -> Answer| {
        bench.aside(|| {
            assert_eq!(bench.insert(row), Answer::Accepted, "the row was taken before");
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
    // What is absent is nobody's key: a row without a row number gets one of its own.
    let is_there = |name: &String| {
        bench.columns.iter().zip(row).any(|(column, value)| column.name == *name && *value != Value::Null)
    };
    let keys = live.indices.iter().filter(|index| index.is_unique && index.condition.is_none());
    for key in keys.filter(|key| key.columns.iter().all(is_there)) {
        let other = if bench.connection.replaces_by_every_key() {
            other_row(bench, live, row, &key.columns)
        } else {
            row.clone()
        };
        let answer = after_insert(&|| bench.replace(&other, &key.columns));
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
pub fn other_row(bench: &Bench<'_>, live: &LiveTable, row: &Values, shared: &[String]) -> Values {
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
