//! Files of earlier schema versions: they open, keep every row, and are then the same as new ones.

use std::path::Path;

use rusqlite::Connection;
use rusqlite::types::Value;
use selene_contracts::ph1_persona::{Ph1PersonaRepo as _, Ph1personaProfileCommitRow};
use selene_contracts::ph1_w::Ph1wWakeRepo as _;
use selene_contracts::shared::{CorrelationId, MonotonicTimeNs, SessionId};
use selene_contracts::{CallContext, Disposition};
use selene_storage::{OpenError, SchemaDifference, SqliteStore};

use crate::common::enrollments::{wake_event, wake_sample, wake_start};
use crate::common::{World, context, count, profile};

/// Version 1, as its first step makes it.
const VERSION_1: &str = include_str!("../../src/sqlite/migrations/0001_foundation.sql");
/// Tables that version 2 adds, children before their parents.
const NEW_TABLES: [&str; 9] = [
    "voice_profile_bindings",
    "voice_profiles",
    "voice_enrollment_samples",
    "voice_enrollment_sessions",
    "wake_profile_bindings",
    "wake_runtime_events",
    "wake_enrollment_samples",
    "wake_enrollment_sessions",
    "onboarding_sessions",
];

/// A file of version 1, without rows.
fn version_1() -> World {
    let world = World::new();
    let raw = Connection::open(world.path()).unwrap();
    raw.execute_batch(VERSION_1).unwrap();
    raw.pragma_update(None, "application_id", i32::from_be_bytes(*b"SELN")).unwrap();
    raw.pragma_update(None, "user_version", 1).unwrap();
    world
}

fn version(world: &World) -> i32 {
    world.raw().pragma_query_value(None, "user_version", |row| row.get(0)).unwrap()
}

/// The version that a new file has.
fn newest() -> i32 {
    let new = World::new();
    drop(new.open());
    version(&new)
}

/// The schema as SQLite keeps it.
fn schema(world: &World) -> Vec<(String, Option<String>)> {
    let raw = world.raw();
    let mut statement = raw.prepare("SELECT name, sql FROM sqlite_schema ORDER BY name").unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    rows.map(Result::unwrap).collect()
}

/// Tables of version 1 that have rows in [`with_rows`].
const OLD_TABLES: [&str; 5] = ["identities", "devices", "sessions", "audit_events", "idempotency_records"];

/// The rows of a store from before version 2, in a file of version 1.
fn with_rows() -> World {
    let old = version_1();
    // A released build of version 4 wrote the rows: version 1 had the same tables for them.
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/migrations/released/v4/store.db");
    let copy = World::new();
    std::fs::write(copy.path(), std::fs::read(source).unwrap()).unwrap();
    let raw = old.raw();
    raw.execute("ATTACH ?1 AS source", [copy.path().to_str().unwrap()]).unwrap();
    for table in OLD_TABLES {
        let columns = columns(&raw, table);
        raw.execute(&format!("INSERT INTO {table} ({columns}) SELECT {columns} FROM source.{table}"), [])
            .unwrap();
    }
    drop(raw);
    old
}

fn columns(raw: &Connection, table: &str) -> String {
    let mut names = raw.prepare("SELECT name FROM pragma_table_info(?1) ORDER BY cid").unwrap();
    let names = names.query_map([table], |row| row.get(0)).unwrap();
    names.collect::<Result<Vec<String>, _>>().unwrap().join(", ")
}

/// The rows of the tables of version 1, without the numbers that a later version keeps elsewhere.
fn old_rows(world: &World) -> Vec<Vec<Value>> {
    let first = version_1();
    let raw = world.raw();
    let mut rows = Vec::new();
    for table in OLD_TABLES {
        let columns = columns(&first.raw(), table);
        let columns =
            if table == "idempotency_records" { columns.replace("ledger_position, ", "") } else { columns };
        let mut statement =
            raw.prepare(&format!("SELECT {columns} FROM {table} ORDER BY {columns}")).unwrap();
        let count = statement.column_count();
        let found = statement.query_map([], |row| (0..count).map(|position| row.get(position)).collect());
        rows.extend(found.unwrap().map(Result::unwrap));
    }
    rows
}

/// A call that the released build has answered.
fn recorded() -> Ph1personaProfileCommitRow {
    Ph1personaProfileCommitRow { session_id: Some(SessionId::new(1)), ..profile("acme", "a profile of ada") }
}

/// What people of the released rows do with a new engine.
fn listen(store: &SqliteStore) {
    let late = || CallContext { now: MonotonicTimeNs::new(1_000_000), ..context(5) };
    let session = store.ph1w_enroll_start_draft_row(&late(), wake_start("s")).unwrap().value;
    let sample = wake_sample(&session.wake_enrollment_session_id, "k");
    store.ph1w_enroll_sample_commit_row(&late(), sample).unwrap();
    store.ph1w_runtime_event_commit_row(&late(), wake_event("wake", "k")).unwrap();
}

#[test]
fn a_file_of_version_1_opens_and_keeps_its_rows() {
    let world = with_rows();
    let before = old_rows(&world);
    assert_eq!(count(&world.path(), "devices"), 6);
    assert_eq!(version(&world), 1);
    let store = world.open();
    assert_eq!(version(&world), newest());
    assert_eq!(old_rows(&world), before, "a migration changes no row");
    let report = store.verify_chains(&[]).unwrap();
    assert!(report.is_intact(), "{report:?}");
    // Keys of before are still taken, and the new engines work on the rows of before.
    let chain = CallContext { correlation_id: CorrelationId::new(7), ..context(3) };
    let again = store.ph1persona_profile_commit_row(&chain, recorded()).unwrap();
    assert_eq!(again.disposition, Disposition::Replayed { identical: true });
    listen(&store);
    assert!(store.verify_chains(&[]).unwrap().is_intact());
}

#[test]
fn an_altered_file_of_version_1_is_refused_before_it_is_migrated() {
    let world = version_1();
    let lock = world.unlock("memory_ledger", "UPDATE");
    let before = std::fs::read(world.path()).unwrap();
    let error = SqliteStore::open(world.path()).unwrap_err();
    let missing = SchemaDifference::Missing(format!("trigger {lock}"));
    assert!(
        matches!(&error, OpenError::Schema { differences } if *differences == [missing.clone()]),
        "{error}"
    );
    assert!(std::fs::read(world.path()).unwrap() == before, "not even the journal mode was changed");
}

#[test]
fn a_migrated_file_is_the_same_as_a_new_one() {
    let (old, new) = (version_1(), World::new());
    drop(old.open());
    drop(new.open());
    assert_eq!(schema(&old), schema(&new));
    for table in NEW_TABLES {
        assert_eq!(count(&old.path(), table), 0, "{table}");
    }
}

#[test]
fn opening_twice_migrates_once() {
    let world = with_rows();
    let handles: Vec<_> = (0..4)
        .map(|_| {
            let path = world.path();
            std::thread::spawn(move || drop(SqliteStore::open(path).unwrap()))
        })
        .collect();
    for handle in handles {
        handle.join().unwrap();
    }
    assert_eq!(version(&world), newest());
    let store = world.open();
    listen(&store);
    assert!(store.verify_chains(&[]).unwrap().is_intact());
}
