//! SQLite: STRICT tables, and triggers that raise.
//!
//! A table whose row number is one of its columns keeps it ([`Table::row_number`]); every other one is WITHOUT ROWID, so that
//! rows lie in the order of the primary key and no key is stored twice.

use super::bounds::{Words, bound};
use super::words::{self, Layout, changes, indices, literal, one_of, reference_of, references};
use crate::schema::names::of_table;
use crate::schema::text::quoted;
use crate::schema::{Column, Condition, Storage, Table};

/// Everything that makes one table.
pub(super) fn statements(table: &Table) -> Vec<String> {
    let mut statements = vec![create(table)];
    statements.extend(indices(table));
    if table.is_ledger() {
        statements.extend(locks(table));
    }
    if let Some(changes) = changes(table, "IS NOT") {
        let name = of_table(&table.name, "fixed");
        let message = format!("a column of {} that stays was changed", table.name);
        let head = format!("CREATE TRIGGER {name} BEFORE UPDATE ON {}", table.name);
        statements.push(format!("{head}\nWHEN {changes}\n{}", raise(&message)));
    }
    statements
}

/// How the bounds of a table's columns are written.
fn words_of(table: &Table) -> Words {
    // For a list behind IN, SQLite builds an index of its values in every insert, and ledgers are written all day.
    Words { bytes, one_of: if table.is_ledger() { one_or_other } else { one_of } }
}

/// The statement that adds a column to a table with rows.
pub(super) fn add_column(table: &Table, column: &Column) -> Option<String> {
    words::add_column(table, column, ty(column.domain.storage()), bytes, &words_of(table))
}

fn create(table: &Table) -> String {
    let words = words_of(table);
    let row_number = table.row_number();
    // The key that rows are clustered by is the primary key to SQLite, whichever key the contract calls so.
    let primary_key: &[String] =
        if table.clustered_by.is_empty() { &table.primary_key } else { &table.clustered_by };
    let is_key_of_one =
        |name: &str| table.keys().filter(|key| *key != primary_key).any(|key| is_only(key, Some(name)));
    let behind = table.columns.iter().map(|column| {
        let mut parts = Vec::new();
        // A row number is always there: SQLite gives one to a row that comes without.
        let is_there = !column.is_optional || row_number == Some(column.name.as_str());
        parts.extend(is_there.then(|| "NOT NULL".to_owned()));
        if let Some(default) = &column.default {
            parts.push(format!("DEFAULT {}", literal(default, bytes)));
        }
        if is_only(primary_key, Some(&column.name)) {
            parts.push("PRIMARY KEY".to_owned());
        } else if is_key_of_one(&column.name) {
            parts.push("UNIQUE".to_owned());
        }
        parts.extend(reference_of(table, column).map(references));
        parts.extend(bound(column, &words).map(|bound| format!("CHECK ({bound})")));
        parts.join(" ")
    });
    let mut rest: Vec<String> = Vec::new();
    if primary_key.len() > 1 {
        rest.push(format!("PRIMARY KEY ({})", primary_key.join(", ")));
    }
    let wide = table.keys().filter(|key| *key != primary_key && key.len() > 1);
    rest.extend(wide.map(|key| format!("UNIQUE ({})", key.join(", "))));
    let wide = table.foreign_keys.iter().filter(|key| key.columns.len() > 1);
    rest.extend(wide.map(|key| format!("FOREIGN KEY ({}) {}", key.columns.join(", "), references(key))));
    rest.extend(table.checks.iter().map(|check| format!("CHECK ({check})")));
    let types = table.columns.iter().map(|column| ty(column.domain.storage()).to_owned()).collect();
    let layout = Layout { table, types, behind: behind.collect(), rest };
    let options = if row_number.is_some() { "STRICT" } else { "STRICT, WITHOUT ROWID" };
    format!("{} {options};", layout.text())
}

fn is_only(key: &[String], name: Option<&str>) -> bool {
    matches!((key, name), ([only], Some(name)) if only == name)
}

const fn ty(storage: Storage) -> &'static str {
    match storage {
        Storage::Text => "TEXT",
        Storage::Integer => "INTEGER",
        Storage::Real => "REAL",
        Storage::Blob => "BLOB",
    }
}

pub(super) fn bytes(digits: &str) -> String {
    format!("X'{digits}'")
}

fn one_or_other(name: &str, values: &[String]) -> String {
    values.iter().map(|value| format!("{name} = {}", quoted(value))).collect::<Vec<_>>().join(" OR ")
}

/// No update, no delete, and no insert that would replace a row: a connection that leaves `recursive_triggers` off fires no
/// delete trigger for REPLACE.
fn locks(table: &Table) -> Vec<String> {
    let message = format!("{} is append-only", table.name);
    let trigger = |what: &str, when: &str| {
        let name = of_table(&table.name, &format!("no_{}", what.to_ascii_lowercase()));
        let event = if what == "REPLACE" { "INSERT" } else { what };
        format!("CREATE TRIGGER {name} BEFORE {event} ON {}\n{when}{}", table.name, raise(&message))
    };
    let key = |columns: &[String], condition: Option<&Condition>| {
        let same = columns.iter().map(|column| format!("{column} = NEW.{column}"));
        let described = condition.map(|condition| format!("({condition})"));
        let parts: Vec<String> = same.chain(described).collect();
        let exists = format!("EXISTS (SELECT 1 FROM {} WHERE {})", table.name, parts.join(" AND "));
        match condition {
            Some(condition) => format!("({}) AND {exists}", condition.of_row("NEW")),
            None => exists,
        }
    };
    let partial = table.partial_keys.iter().map(|index| key(&index.columns, index.condition.as_ref()));
    // A row can be replaced by its row number as well, whether or not that is a key of the contract.
    let is_no_key = |name: &&str| !table.keys().any(|key| is_only(key, Some(name)));
    let number = table.row_number().filter(is_no_key).map(|name| key(&[name.to_owned()], None));
    let keys: Vec<String> =
        table.keys().map(|columns| key(columns, None)).chain(number).chain(partial).collect();
    let when = format!("WHEN {}\n", keys.join("\n  OR "));
    vec![trigger("UPDATE", ""), trigger("DELETE", ""), trigger("REPLACE", &when)]
}

fn raise(message: &str) -> String {
    format!("BEGIN SELECT RAISE(ABORT, {}); END;", quoted(message))
}
