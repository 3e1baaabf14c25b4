//! PostgreSQL: the same forms of values as everywhere, and triggers that call a function which raises.
//!
//! Texts are compared byte by byte (`COLLATE "C"`), yes and no are 1 and 0, unsigned numbers keep their bits in a `bigint`. No
//! sequences, no deferrable constraints, no extensions. There is no REPLACE, and an upsert is an update; what else empties a
//! table is TRUNCATE, which a ledger refuses as well.

use super::bounds::{Words, bound};
use super::words::{self, Layout, changes, indices, literal, one_of, reference_of, references};
use crate::schema::names::of_table;
use crate::schema::text::quoted;
use crate::schema::{Column, ForeignKey, Storage, Table};

/// Raises for a row or statement that would change a ledger.
const APPEND_ONLY: &str = "selene_append_only";
/// Raises for an update that changes a column that stays.
const FIXED: &str = "selene_fixed_column";

/// Everything that makes the tables: functions first, then each table, then references to tables behind it.
pub(super) fn statements(tables: &[&Table]) -> Vec<String> {
    let mut statements = Vec::new();
    if tables.iter().any(|table| table.is_ledger()) {
        statements.push(function(APPEND_ONLY, "% is append-only"));
    }
    if tables.iter().any(|table| changes(table, "").is_some()) {
        statements.push(function(FIXED, "a column of % that stays was changed"));
    }
    let mut later = Vec::new();
    for (place, table) in tables.iter().enumerate() {
        let is_behind = |key: &ForeignKey| tables[place + 1..].iter().any(|other| other.name == key.table);
        statements.push(create(table, &is_behind));
        statements.extend(indices(table));
        statements.extend(triggers(table));
        later.extend(
            table
                .foreign_keys
                .iter()
                .filter(|key| is_behind(key))
                .map(|key| format!("ALTER TABLE {} ADD {};", table.name, foreign_key(key))),
        );
    }
    statements.extend(later);
    statements
}

/// The statement that adds a column to a table with rows.
pub(super) fn add_column(table: &Table, column: &Column) -> Option<String> {
    words::add_column(table, column, ty(column.domain.storage()), bytes, &Words { bytes, one_of })
}

fn create(table: &Table, is_behind: &dyn Fn(&ForeignKey) -> bool) -> String {
    let words = Words { bytes, one_of };
    let behind = table.columns.iter().map(|column| {
        let mut parts = Vec::new();
        parts.extend((!column.is_optional).then(|| "NOT NULL".to_owned()));
        parts.extend(column.default.as_ref().map(|default| format!("DEFAULT {}", literal(default, bytes))));
        let mut keys = table.keys().enumerate();
        if let Some((place, _)) = keys.find(|(_, key)| matches!(key, [only] if *only == column.name)) {
            parts.push(if place == 0 { "PRIMARY KEY" } else { "UNIQUE" }.to_owned());
        }
        parts.extend(reference_of(table, column).filter(|key| !is_behind(key)).map(references));
        parts.extend(bound(column, &words).map(|bound| format!("CHECK ({bound})")));
        parts.join(" ")
    });
    let mut rest: Vec<String> = Vec::new();
    for (place, key) in table.keys().enumerate().filter(|(_, key)| key.len() > 1) {
        let kind = if place == 0 { "PRIMARY KEY" } else { "UNIQUE" };
        rest.push(format!("{kind} ({})", key.join(", ")));
    }
    let wide = table.foreign_keys.iter().filter(|key| key.columns.len() > 1 && !is_behind(key));
    rest.extend(wide.map(foreign_key));
    rest.extend(table.checks.iter().map(|check| format!("CHECK ({check})")));
    let types = table.columns.iter().map(|column| ty(column.domain.storage()).to_owned()).collect();
    format!("{};", Layout { table, types, behind: behind.collect(), rest }.text())
}

fn foreign_key(key: &ForeignKey) -> String {
    format!("FOREIGN KEY ({}) {}", key.columns.join(", "), references(key))
}

const fn ty(storage: Storage) -> &'static str {
    match storage {
        Storage::Text => "text COLLATE \"C\"",
        Storage::Integer => "bigint",
        Storage::Real => "double precision",
        Storage::Blob => "bytea",
    }
}

pub(super) fn bytes(digits: &str) -> String {
    format!("'\\x{digits}'::bytea")
}

fn function(name: &str, message: &str) -> String {
    format!(
        "CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION {}, TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END
$$;",
        quoted(message)
    )
}

fn triggers(table: &Table) -> Vec<String> {
    let trigger = |what: &str, event: &str, each: &str, function: &str| {
        let name = of_table(&table.name, what);
        format!(
            "CREATE TRIGGER {name} BEFORE {event} ON {}\nFOR EACH {each}\nEXECUTE FUNCTION {function}();",
            table.name
        )
    };
    let mut triggers = Vec::new();
    if table.is_ledger() {
        triggers.push(trigger("no_update", "UPDATE", "ROW", APPEND_ONLY));
        triggers.push(trigger("no_delete", "DELETE", "ROW", APPEND_ONLY));
        triggers.push(trigger("no_truncate", "TRUNCATE", "STATEMENT", APPEND_ONLY));
    }
    if let Some(changes) = changes(table, "IS DISTINCT FROM") {
        let each = format!("ROW WHEN ({changes})");
        triggers.push(trigger("fixed", "UPDATE", &each, FIXED));
    }
    triggers
}
