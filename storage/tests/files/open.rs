//! Opening: which files are taken, which are refused and stay as they were, and who may read them.

use std::time::Duration;

use rusqlite::Connection;
use selene_contracts::StorageError;
use selene_contracts::ph1_persona::Ph1PersonaRepo as _;
use selene_storage::{OpenError, SchemaDifference, SqliteStore, StoreOptions};

use crate::common::{World, context, dump, identity, populate, profile};

#[test]
fn a_file_that_is_no_database_is_refused_and_left_alone() {
    let world = World::new();
    for content in [&b"hello"[..], &[0; 4096], b"SQLite format 3\0 but cut off"] {
        std::fs::write(world.path(), content).unwrap();
        let error = SqliteStore::open(world.path()).unwrap_err();
        assert!(matches!(error, OpenError::NotADatabase), "{error}");
        assert_eq!(std::fs::read(world.path()).unwrap(), content);
    }
}

#[test]
fn a_database_of_another_program_is_refused_and_left_alone() {
    for setup in ["PRAGMA application_id = 7", "CREATE TABLE theirs (a)", "PRAGMA user_version = 3"] {
        let world = World::new();
        Connection::open(world.path()).unwrap().execute_batch(setup).unwrap();
        let before = std::fs::read(world.path()).unwrap();
        let error = SqliteStore::open(world.path()).unwrap_err();
        assert!(matches!(error, OpenError::Foreign { .. }), "{setup}: {error}");
        assert_eq!(std::fs::read(world.path()).unwrap(), before, "{setup}");
    }
}

#[test]
fn a_mark_that_still_lies_in_the_log_is_seen() {
    let world = World::new();
    let theirs = Connection::open(world.path()).unwrap();
    theirs.pragma_update(None, "journal_mode", "wal").unwrap();
    theirs.execute_batch("PRAGMA application_id = 7; CREATE TABLE theirs (a)").unwrap();
    let error = SqliteStore::open(world.path()).unwrap_err();
    assert!(matches!(error, OpenError::Foreign { application_id: 7 }), "{error}");
}

#[test]
fn a_newer_schema_is_refused() {
    let world = World::new();
    drop(world.open());
    world.raw().pragma_update(None, "user_version", 99).unwrap();
    let error = SqliteStore::open(world.path()).unwrap_err();
    assert!(matches!(error, OpenError::Newer { found: 99, known } if known < 99), "{error}");
}

#[test]
fn what_has_a_name_of_sqlite_by_hand_is_seen() {
    for made in [
        "CREATE TRIGGER spy AFTER INSERT ON devices BEGIN DELETE FROM memory_current; END",
        "CREATE UNIQUE INDEX spy ON devices (user_id)",
        "CREATE TABLE spy (a)",
    ] {
        let world = World::new();
        drop(world.open());
        world.raw().execute_batch(made).unwrap();
        world
            .raw()
            .execute_batch(
                "PRAGMA writable_schema = ON;
                 UPDATE sqlite_schema SET name = 'sqlite_spy', tbl_name = replace(tbl_name, 'spy', 'sqlite_spy'),
                     sql = replace(sql, ' spy ', ' sqlite_spy ') WHERE name = 'spy'",
            )
            .unwrap();
        let error = SqliteStore::open(world.path()).unwrap_err();
        let OpenError::Schema { differences } = &error else { panic!("{made}: {error}") };
        assert!(
            matches!(&differences[..], [SchemaDifference::Unknown(name)] if name.ends_with(" sqlite_spy")),
            "{error}"
        );
    }
}

/// Statistics change plans and no answer, and whoever cares for the speed of a file may make them.
#[test]
fn statistics_of_sqlite_are_no_difference() {
    let world = World::new();
    populate(&world.open());
    world.raw().execute_batch("ANALYZE").unwrap();
    assert!(world.open().verify(&[]).unwrap().is_intact());
}

#[test]
fn a_schema_that_something_else_changed_is_refused_with_every_difference() {
    let world = World::new();
    drop(world.open());
    let lock = world.unlock("memory_ledger", "UPDATE");
    world
        .raw()
        .execute_batch(
            "DROP INDEX wake_profile_bindings_active;
             CREATE INDEX wake_profile_bindings_active ON wake_profile_bindings (user_id, device_id);
             CREATE TRIGGER spy AFTER INSERT ON devices BEGIN DELETE FROM memory_current; END;",
        )
        .unwrap();
    let before = std::fs::read(world.path()).unwrap();
    let error = SqliteStore::open(world.path()).unwrap_err();
    let OpenError::Schema { differences } = &error else { panic!("{error}") };
    let expected = [
        SchemaDifference::Altered("index wake_profile_bindings_active".to_owned()),
        SchemaDifference::Missing(format!("trigger {lock}")),
        SchemaDifference::Unknown("trigger spy".to_owned()),
    ];
    assert_eq!(differences, &expected);
    for difference in &expected {
        assert!(error.to_string().contains(&difference.to_string()), "{error}");
    }
    assert!(std::fs::read(world.path()).unwrap() == before, "a refused file stays as it was");
}

#[test]
fn statistics_that_sqlite_keeps_are_no_change_of_the_schema() {
    let world = World::new();
    populate(&world.open());
    world.raw().execute_batch("ANALYZE").unwrap();
    drop(world.open());
}

#[test]
fn a_path_that_cannot_be_a_file_is_refused() {
    let world = World::new();
    let folder = world.path().parent().unwrap().to_owned();
    assert!(matches!(
        SqliteStore::open(&folder).unwrap_err(),
        OpenError::File { .. } | OpenError::NotADatabase
    ));
    assert!(matches!(SqliteStore::open(folder.join("no/such/file")).unwrap_err(), OpenError::File { .. }));
}

#[test]
fn an_empty_file_and_an_empty_database_become_a_store() {
    let world = World::new();
    std::fs::write(world.path(), "").unwrap();
    populate(&world.open());
    let other = World::new();
    Connection::open(other.path()).unwrap().execute_batch("VACUUM").unwrap();
    populate(&other.open());
    assert_eq!(dump(&world.path()), dump(&other.path()));
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_read_the_files() {
    use std::os::unix::fs::PermissionsExt as _;
    let world = World::new();
    let store = world.open();
    populate(&store);
    let mut seen = Vec::new();
    for entry in std::fs::read_dir(world.path().parent().unwrap()).unwrap() {
        let entry = entry.unwrap();
        assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", entry.file_name());
        seen.push(entry.file_name().into_string().unwrap());
    }
    seen.sort();
    assert_eq!(seen, ["selene.db", "selene.db-shm", "selene.db-wal"]);
    // The last handle empties the log.
    store.chain_heads().unwrap();
    drop(store);
    assert_eq!(std::fs::read_dir(world.path().parent().unwrap()).unwrap().count(), 1);
}

#[test]
fn everything_is_there_after_reopening_at_every_step() {
    let (steps, at_once) = (World::new(), World::new());
    identity(&steps.open(), "ada").unwrap();
    crate::common::device(&steps.open(), "ada-phone", "ada", None).unwrap();
    crate::common::session(&steps.open(), 1, "ada", "ada-phone").unwrap();
    let applied = steps.open().ph1persona_profile_commit_row(&context(3), profile("t", "k")).unwrap();
    let replayed = steps.open().ph1persona_profile_commit_row(&context(3), profile("t", "k")).unwrap();
    assert_eq!((applied.value, applied.event_id), (replayed.value, replayed.event_id));
    assert!(steps.open().verify_chains(&[]).unwrap().is_intact());

    let store = at_once.open();
    identity(&store, "ada").unwrap();
    crate::common::device(&store, "ada-phone", "ada", None).unwrap();
    crate::common::session(&store, 1, "ada", "ada-phone").unwrap();
    store.ph1persona_profile_commit_row(&context(3), profile("t", "k")).unwrap();
    assert_eq!(dump(&steps.path()), dump(&at_once.path()));
}

#[test]
fn two_stores_on_one_file_keep_the_chains_unbroken() {
    let world = World::new();
    let (one, two) = (world.open(), world.open());
    populate(&one);
    for step in 0..10 {
        let store = if step % 2 == 0 { &one } else { &two };
        store.ph1persona_profile_commit_row(&context(3), profile("t", &format!("k{step}"))).unwrap();
    }
    let report = two.verify_chains(&one.chain_heads().unwrap()).unwrap();
    assert!(report.is_intact(), "{:?}", report.faults);
    assert_eq!(report.events, 16);
}

#[test]
fn a_writer_elsewhere_makes_the_store_unavailable_and_nothing_is_lost() {
    let world = World::new();
    populate(&world.open());
    let mut options = StoreOptions::default();
    options.busy_timeout = Duration::from_millis(20);
    let store = SqliteStore::open_with(world.path(), &options).unwrap();
    let other = world.raw();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let error = store.ph1persona_profile_commit_row(&context(3), profile("t", "k")).unwrap_err();
    assert!(
        matches!(&error, StorageError::BackendUnavailable { detail, .. } if detail.contains("another process"))
    );
    other.execute_batch("ROLLBACK").unwrap();
    assert!(store.ph1persona_profile_commit_row(&context(3), profile("t", "k")).unwrap().is_applied());
}

#[test]
fn stores_in_memory_are_apart() {
    let (one, two) = (SqliteStore::open_in_memory().unwrap(), SqliteStore::open_in_memory().unwrap());
    populate(&one);
    assert_eq!(one.verify_chains(&[]).unwrap().events, 6);
    assert_eq!(two.verify_chains(&[]).unwrap().events, 0);
}
