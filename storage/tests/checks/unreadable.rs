//! Values that no column can have: every one is named by its table, its row and its column, and no check takes it for a disk that is gone.

use std::ops::ControlFlow;
use std::path::Path;

use rusqlite::Connection;
use selene_contracts::row::Selection as _;
use selene_contracts::shared::AuditEventRecord;
use selene_contracts::{TableSpec, engines};
use selene_storage::{
    ChainError, ExportError, ExportQuery, FoldFault, FoldFaultKind, SavedHead, SqliteStore, StoreReport,
    TrailQuery,
};

use crate::common::World;
use crate::make;
use crate::world::FOLDERS;

/// A value that no column has: bytes where none belong, and too few where some do.
const UNREADABLE: &str = "x'ff'";

/// Columns that a file cannot be given such a value in: SQLite's own number of the row.
const REFUSED: [&str; 2] = ["sessions.session_id", "wake_runtime_events.ledger_position"];

/// A file with rows in every table, whose columns take whatever they are given.
struct Loose {
    world: World,
    heads: Vec<SavedHead>,
    /// The statements of its tables as they were, by name.
    tables: Vec<(String, String)>,
    /// Statements that make its triggers.
    triggers: String,
}

impl Loose {
    fn new() -> Self {
        let world = World::new();
        let store = world.open();
        make::run(&store, &Path::new(FOLDERS).join("migrations/released/scenario.jsonl"));
        let heads = store.chain_heads().unwrap();
        drop(store);
        let raw = world.raw();
        let texts = |sql: &str| -> Vec<(String, String)> {
            let mut statement = raw.prepare(sql).unwrap();
            let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
            rows.map(Result::unwrap).collect()
        };
        let triggers = texts("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'");
        for (name, _) in &triggers {
            raw.execute_batch(&format!("DROP TRIGGER {name}")).unwrap();
        }
        let tables =
            texts("SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND sql LIKE '%STRICT%'");
        rewrite(&raw, "replace(replace(sql, 'STRICT, WITHOUT', 'WITHOUT'), 'STRICT', '')");
        let triggers = triggers.into_iter().map(|(_, sql)| sql + ";").collect();
        Self { world, heads, tables, triggers }
    }

    /// The file with a value in a column of the first row of a table, and everything about it as a store makes it.
    fn damaged(&self, spec: &TableSpec, column: &str) -> rusqlite::Result<World> {
        let table = spec.bare_name();
        let world = World::new();
        std::fs::copy(self.world.path(), world.path()).unwrap();
        let raw = unsynced(&world);
        raw.execute_batch("PRAGMA ignore_check_constraints = ON").unwrap();
        let key = spec.primary_key.join(", ");
        let first = format!("({key}) = (SELECT {key} FROM {table} ORDER BY {key} LIMIT 1)");
        raw.execute(&format!("UPDATE {table} SET {column} = {UNREADABLE} WHERE {first}"), [])?;
        let statements = self.tables.iter().map(|(name, sql)| format!(" WHEN '{name}' THEN {}", text(sql)));
        let to = format!("CASE name{} ELSE sql END", statements.collect::<String>());
        rewrite(&raw, &to);
        drop(raw);
        unsynced(&world).execute_batch(&self.triggers).unwrap();
        Ok(world)
    }
}

/// A connection that leaves it to the system when something comes to the disk.
fn unsynced(world: &World) -> Connection {
    let raw = world.raw();
    raw.execute_batch("PRAGMA synchronous = OFF").unwrap();
    raw
}

/// Sets the statements of all tables, for connections that are opened later.
fn rewrite(raw: &Connection, to: &str) {
    raw.execute_batch(&format!(
        "PRAGMA writable_schema = ON;
         UPDATE sqlite_schema SET sql = {to} WHERE type = 'table';
         PRAGMA writable_schema = OFF"
    ))
    .unwrap();
}

/// A text as a statement writes it.
fn text(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Whether a report names a column of a row.
fn names(report: &StoreReport, table: &str, column: &str) -> bool {
    if table == "audit_events" {
        return report.chains.faults.iter().any(|found| found.unreadable == Some(column));
    }
    report.rows.faults.iter().any(|found| found.table == table && found.column == Some(column))
}

#[test]
fn a_value_that_no_column_has_is_named_wherever_it_is() {
    let loose = Loose::new();
    let specs = engines::ALL.iter().flat_map(|engine| engine.tables);
    let mut tried = 0;
    for spec in specs.filter(|spec| !spec.columns.is_empty()) {
        let table = spec.bare_name();
        for column in spec.columns.iter().map(|column| column.name).chain(spec.row_version) {
            let place = format!("{table}.{column}");
            let world = match loose.damaged(spec, column) {
                Ok(world) => world,
                Err(error) => {
                    assert!(REFUSED.contains(&place.as_str()), "{place}: {error}");
                    continue;
                }
            };
            let store = SqliteStore::open(world.path()).unwrap();
            let report = store.verify(&loose.heads).unwrap_or_else(|error| panic!("{place}: {error}"));
            assert!(names(&report, table, column), "{place}: {report:#?}");
            store.verify_chains(&[]).and(store.verify_rows().map(drop)).unwrap();
            store.verify_folds().unwrap();
            tried += 1;
        }
    }
    assert!(tried > 150, "{tried}");
}

/// Where an event cannot be read, heads, trails and exports name it, and no disk is gone.
#[test]
fn heads_trails_and_exports_name_an_event_that_cannot_be_read() {
    let loose = Loose::new();
    let spec =
        engines::ALL.iter().flat_map(|engine| engine.tables).find(|spec| spec.bare_name() == "audit_events");
    let spec = spec.expect("there are audit events");
    for column in spec.columns.iter().map(|column| column.name) {
        let world = loose.damaged(spec, column).unwrap();
        let store = SqliteStore::open(world.path()).unwrap();
        if column == "chain_id" {
            let Err(ChainError::Damaged(fault)) = store.chain_heads() else { panic!("{column} is no fault") };
            let found = store.verify_chains(&[]).unwrap();
            assert!(found.faults.contains(&fault), "{fault}: {found:?}");
        } else if AuditEventRecord::COLUMNS.contains(&column) {
            let given = store.visit_trail(&TrailQuery::default(), |_| ControlFlow::Continue(()));
            let Err(ChainError::Damaged(fault)) = given else { panic!("{column} is no fault: {given:?}") };
            assert_eq!(fault.unreadable, Some(column), "{fault}");
        }
        let exported = store.export(&ExportQuery::default(), std::io::sink());
        let Err(ExportError::Damaged(what)) = exported else { panic!("{column} is no fault: {exported:?}") };
        assert!(what.contains(&format!("audit_events.{column} holds a value")), "{column}: {what}");
    }
}

/// Texts that say nothing: a state that is none, a code that nobody registered, half of a document.
const WORDS: [(&str, &str, &str); 11] = [
    ("audit_events", "payload_min", "{"),
    ("audit_events", "row_seals", "{"),
    ("idempotency_records", "outcome", "{"),
    ("wake_enrollment_samples", "result", "MAYBE"),
    ("wake_enrollment_sessions", "wake_enroll_status", "MAYBE"),
    ("voice_enrollment_samples", "reason_code", "NO_SUCH_CODE"),
    ("voice_enrollment_sessions", "reason_code", "NO_SUCH_CODE"),
    ("positions", "position_lifecycle", "MAYBE"),
    ("position_events", "position_lifecycle", "MAYBE"),
    ("requirement_schemas", "schema_state", "MAYBE"),
    ("requirement_schema_events", "rollout_scope", "MAYBE"),
];

#[test]
fn a_word_that_says_nothing_is_named_by_the_folds() {
    for (table, column, word) in WORDS {
        let world = World::new();
        make::run(&world.open(), &Path::new(FOLDERS).join("migrations/released/scenario.jsonl"));
        let row = if table == "audit_events" {
            "ledger_position = (SELECT max(ledger_position) FROM idempotency_records
             WHERE capability = 'PH1F_IDENTITY_INSERT_ROW')"
        } else if table == "idempotency_records" {
            "capability = 'PH1F_IDENTITY_INSERT_ROW'"
        } else {
            "true"
        };
        world.tamper(&format!("UPDATE {table} SET {column} = '{word}' WHERE {row}"));
        let report = world.open().verify_folds().unwrap_or_else(|error| panic!("{table}.{column}: {error}"));
        let is_it = |found: &&FoldFault| {
            (found.table, found.field, found.kind) == (table, column, FoldFaultKind::Unreadable)
        };
        let (named, others): (Vec<_>, Vec<_>) = report.faults.iter().partition(is_it);
        assert!(
            !named.is_empty() && named.iter().all(|found| !found.row.is_empty()),
            "{table}.{column}: {report:#?}"
        );
        // No other fault is reported than at the column itself. A record is the exception: its row follows from the record alone.
        let is_of_record = table == "idempotency_records" || column == "row_seals";
        let is_of_column = |found: &&FoldFault| (found.table, found.field) == (table, column);
        assert!(others.iter().all(is_of_column) || is_of_record, "{table}.{column}: {others:#?}");
    }
}
