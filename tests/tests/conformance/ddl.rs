//! The statements that the contracts make for SQLite: they run as they are, nothing differs between what they make and the
//! contracts, and the migrations make the same.

use std::collections::BTreeSet;

use rusqlite::Connection;
use selene_acceptance::{Contracts, place};
use selene_codegen::contract::ROW_VERSION;
use selene_codegen::schema::{Dialect, Schema};

use crate::difference::listed;
use crate::live::{Live, LiveTable};
use crate::{conformance, contracts, fresh_database};

/// A database that holds what the contracts want.
fn made(schema: &Schema) -> Connection {
    let connection = Connection::open_in_memory().expect("a database in memory");
    connection.pragma_update(None, "foreign_keys", true).expect("foreign keys can be kept");
    let tables: Vec<_> = schema.tables.iter().collect();
    for statement in Dialect::Sqlite.statements(&tables) {
        connection.execute_batch(&statement).unwrap_or_else(|error| panic!("{error}:\n{statement}"));
    }
    connection
}

fn schema() -> Schema {
    Contracts::read(&place::workspace()).schema()
}

#[test]
fn what_the_contracts_make_is_what_they_state() {
    let differences = conformance(&contracts(), &made(&schema()));
    assert!(differences.is_empty(), "{} differences:\n{}", differences.len(), listed(&differences));
}

/// What of a table does not depend on names and on the order of columns.
#[derive(Debug, PartialEq, Eq)]
struct Shape {
    is_strict: bool,
    has_rowid: bool,
    columns: BTreeSet<(String, String, bool, u32, Option<String>)>,
    /// Columns, whether unique, and the rows that it holds, without layout.
    indices: BTreeSet<(Vec<String>, bool, Option<String>)>,
    foreign_keys: BTreeSet<(String, BTreeSet<(String, String)>)>,
}

impl Shape {
    fn of(table: &LiveTable) -> Self {
        let columns = table.columns.iter().map(|column| {
            let default = column.default.clone();
            (column.name.clone(), column.sql_type.clone(), column.is_not_null, column.key_place, default)
        });
        let indices = table.indices.iter();
        let keys = table.foreign_keys.iter();
        Self {
            is_strict: table.is_strict,
            has_rowid: table.has_rowid,
            columns: columns.collect(),
            indices: indices
                .map(|index| (index.columns.clone(), index.is_unique, index.condition.clone()))
                .collect(),
            foreign_keys: keys
                .map(|key| (key.table.clone(), key.columns.iter().cloned().collect()))
                .collect(),
        }
    }
}

#[test]
fn what_a_row_holds_as_a_list_or_a_document_has_a_longest_text() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let databases = [fresh_database(folder.path()), made(&schema())];
    for live in databases.iter().map(|database| Live::read(database).expect("the schema can be read")) {
        for (table, column, longest) in [
            ("links", "prefilled_context", 8192),
            ("onboarding_sessions", "prefilled_context", 8192),
            ("onboarding_sessions", "required_verification_gates", 2048),
        ] {
            let condition = format!("length({column}) <= {longest}");
            assert!(live.tables[table].checks.contains(&condition), "{table}: {condition}");
        }
    }
}

#[test]
fn the_migrations_make_the_same() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let live = Live::read(&fresh_database(folder.path())).expect("the schema can be read");
    let wanted = Live::read(&made(&schema())).expect("the schema can be read");
    let names = |live: &Live| live.tables.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&live), names(&wanted));
    for (name, table) in &wanted.tables {
        assert_eq!(Shape::of(&live.tables[name]), Shape::of(table), "{name}");
    }
}

#[test]
fn current_rows_count_their_writes_and_ledgers_do_not() {
    let schema = schema();
    let folder = tempfile::tempdir().expect("a temporary folder");
    for connection in [fresh_database(folder.path()), made(&schema)] {
        let live = Live::read(&connection).expect("the schema can be read");
        for table in &schema.tables {
            let columns = &live.tables[&table.name].columns;
            let counts = columns.iter().any(|column| column.name == ROW_VERSION);
            assert_eq!(counts, !table.is_ledger(), "{}", table.name);
        }
    }
    let counted = schema.tables.iter().filter(|table| !table.is_ledger()).count();
    assert!(counted >= 17, "{counted}");
}

#[test]
fn every_ledger_has_its_three_locks() {
    let schema = schema();
    let connection = made(&schema);
    let triggers = |table: &str| -> Vec<String> {
        let sql = "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ?1 ORDER BY name";
        let mut statement = connection.prepare(sql).expect("the schema can be read");
        let names = statement.query_map([table], |row| row.get(0)).expect("the schema can be read");
        names.collect::<Result<_, _>>().expect("names are texts")
    };
    assert!(schema.ledgers().count() >= 7);
    for table in schema.ledgers() {
        let wanted = ["no_delete", "no_replace", "no_update"].map(|lock| format!("{}_{lock}", table.name));
        assert_eq!(triggers(&table.name), wanted);
    }
}
