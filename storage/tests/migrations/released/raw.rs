//! Released files as SQLite shows them, without the store: rows, columns, triggers.

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::Connection;
use rusqlite::types::Value;

/// A row by the names of its columns.
pub type Row = BTreeMap<String, Value>;

/// The rows of a query, in its order.
pub fn rows(raw: &Connection, sql: &str) -> Vec<Row> {
    let mut statement = raw.prepare(sql).unwrap_or_else(|error| panic!("{error}: {sql}"));
    let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let read = |row: &rusqlite::Row<'_>| {
        names.iter().enumerate().map(|(place, name)| Ok((name.clone(), row.get(place)?))).collect()
    };
    statement.query_map([], read).unwrap().map(Result::unwrap).collect()
}

/// The version and every row of every table, the schema among them.
pub fn contents(path: &Path) -> (u32, BTreeMap<String, Vec<Row>>) {
    let raw = Connection::open(path).unwrap();
    let version = raw.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    let mut tables =
        BTreeMap::from([("sqlite_schema".to_owned(), rows(&raw, "SELECT * FROM sqlite_schema"))]);
    for table in rows(&raw, "SELECT name FROM sqlite_schema WHERE type = 'table'") {
        let name = text(&table, "name").to_owned();
        let all = rows(&raw, &format!("SELECT * FROM {name}"));
        tables.insert(name, all);
    }
    (version, tables)
}

/// A text of a row.
pub fn text<'a>(row: &'a Row, column: &str) -> &'a str {
    match &row[column] {
        Value::Text(text) => text,
        other => panic!("{column} is {other:?}"),
    }
}

/// A number of a row.
pub fn number(row: &Row, column: &str) -> i64 {
    match &row[column] {
        Value::Integer(number) => *number,
        other => panic!("{column} is {other:?}"),
    }
}

/// The row without some of its columns.
pub fn without(row: &Row, columns: &[&str]) -> Row {
    row.iter()
        .filter(|(name, _)| !columns.contains(&name.as_str()))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

/// Runs statements that a ledger's locks would abort, as a program that knows how to take them off and put them back.
pub fn behind_the_locks(path: &Path, sql: &str) {
    let raw = Connection::open(path).unwrap();
    raw.pragma_update(None, "foreign_keys", false).unwrap();
    let triggers = rows(&raw, "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' ORDER BY rowid");
    for trigger in &triggers {
        raw.execute_batch(&format!("DROP TRIGGER {}", text(trigger, "name"))).unwrap();
    }
    raw.execute_batch(sql).unwrap();
    for trigger in &triggers {
        raw.execute_batch(text(trigger, "sql")).unwrap();
    }
}
