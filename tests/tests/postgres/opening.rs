//! A store opens only where its answers can be kept.

use std::sync::Barrier;
use std::thread;

use selene_acceptance::{Contracts, Database, OnServer, World, context, place};
use selene_codegen::schema::Dialect;
use selene_contracts::StorageError;
use selene_contracts::ph1_j::{Ph1jAppendOnlyGuard, Ph1jAuditRepo as _};
use selene_storage_postgres::{OpenError, PostgresStore, migrate};

/// The trigger of a ledger that refuses this.
fn lock(ledger: &str, event: &str) -> String {
    Contracts::read(&place::workspace()).trigger(Dialect::Postgres, ledger, event)
}

fn refused(database: &Database) -> OpenError {
    PostgresStore::open(&database.address()).expect_err("the store is refused")
}

#[test]
fn a_role_that_may_do_everything_is_refused() {
    let database = Database::empty();
    let error = PostgresStore::open(&database.superuser_address()).unwrap_err();
    assert!(matches!(error, OpenError::Superuser), "{error}");
}

#[test]
fn the_owner_of_the_tables_is_refused() {
    let database = Database::empty();
    let error = PostgresStore::open(&database.owner_address()).unwrap_err();
    assert!(matches!(error, OpenError::Rights { .. }), "{error}");
}

#[test]
fn the_owner_of_the_tables_keeps_its_rights_where_it_is_named_as_the_role_of_the_stores() {
    let (new, made) = (Database::without_schema(), Database::empty());
    let anybody = new.raw().texts("SELECT current_user::text").unwrap().remove(0);
    for database in [&new, &made] {
        // Also a role that may become the owner.
        for role in ["selene_test_owner", &anybody] {
            let error = migrate(&database.owner_address(), role).unwrap_err();
            assert!(matches!(&error, OpenError::OwnerAsRole { role: named } if named == role), "{error}");
        }
    }
    let schemas = new.raw().texts("SELECT nspname::text FROM pg_namespace WHERE nspname = 'selene'").unwrap();
    assert_eq!(schemas, [""; 0], "nothing was made");
    for database in [&new, &made] {
        migrate(&database.owner_address(), "selene_test").expect("the owner has all of its rights");
        PostgresStore::open(&database.address()).expect("the role has its own");
    }
}

#[test]
fn a_right_to_change_a_ledger_is_refused() {
    let database = Database::empty();
    database.raw().run("GRANT UPDATE (payload_min) ON audit_events TO selene_test").unwrap();
    let error = refused(&database);
    migrate(&database.owner_address(), "selene_test").expect("the migration takes the right away");
    let OpenError::Rights { differences } = error else { panic!("{error}") };
    assert_eq!(differences, ["audit_events: SELECT INSERT UPDATE instead of SELECT INSERT"]);
    database.raw().run("REVOKE UPDATE (payload_min) ON audit_events FROM selene_test").unwrap();
    PostgresStore::open(&database.address()).expect("the right is gone");
}

#[test]
fn a_lock_that_is_gone_is_refused() {
    let (database, lock) = (Database::empty(), lock("memory_ledger", "DELETE"));
    database.raw().run(&format!("ALTER TABLE memory_ledger DISABLE TRIGGER {lock}")).unwrap();
    let error = refused(&database);
    database.raw().run(&format!("ALTER TABLE memory_ledger ENABLE TRIGGER {lock}")).unwrap();
    let OpenError::Schema { differences } = error else { panic!("{error}") };
    assert_eq!(differences.len(), 2, "one is missing and one unknown: {differences:?}");
    assert!(
        differences[0].starts_with(&format!("missing: trigger CREATE TRIGGER {lock} ")),
        "{differences:?}"
    );
}

#[test]
fn a_server_that_answers_before_it_is_durable_is_refused() {
    let database = Database::empty();
    let alter =
        |change: &str| database.raw().run(&format!("ALTER DATABASE {} {change}", database.name())).unwrap();
    alter("SET synchronous_commit = off");
    let error = refused(&database);
    alter("RESET synchronous_commit");
    assert!(
        matches!(&error, OpenError::Setting { setting: "synchronous_commit", found, .. } if found == "off"),
        "{error}"
    );
}

#[test]
fn a_database_of_another_version_is_refused() {
    let database = Database::empty();
    database.raw().run("INSERT INTO schema_versions (version) VALUES (1000)").unwrap();
    let error = refused(&database);
    let migrated = migrate(&database.owner_address(), "selene_test").unwrap_err();
    database.raw().run("DELETE FROM schema_versions WHERE version = 1000").unwrap();
    assert!(matches!(error, OpenError::Version { found: 1000, .. }), "{error}");
    assert!(matches!(migrated, OpenError::Version { found: 1000, .. }), "{migrated}");
}

#[test]
fn a_migration_may_be_run_by_several_at_once() {
    const AT_ONCE: usize = 6;
    for _ in 0..3 {
        let database = Database::without_schema();
        // The first time there is nothing, the second time all of it.
        for time in ["first", "second"] {
            let barrier = Barrier::new(AT_ONCE);
            thread::scope(|scope| {
                let migrations: Vec<_> = (0..AT_ONCE)
                    .map(|_| {
                        let (barrier, owner) = (&barrier, database.owner_address());
                        scope.spawn(move || {
                            barrier.wait();
                            migrate(&owner, "selene_test")
                        })
                    })
                    .collect();
                for migration in migrations {
                    migration.join().unwrap().unwrap_or_else(|error| panic!("the {time} time: {error}"));
                }
            });
        }
        PostgresStore::open(&database.address()).expect("the schema is whole");
    }
}

#[test]
fn a_migration_gives_up_what_stays_locked() {
    let database = Database::empty();
    let raw = database.raw();
    raw.run("BEGIN; SELECT version FROM schema_versions FOR UPDATE").unwrap();
    let owner = database.owner_address();
    let mark = if owner.contains('?') { '&' } else { '?' };
    let refused =
        migrate(&format!("{owner}{mark}options=-c%20lock_timeout%3D300"), "selene_test").unwrap_err();
    raw.run("ROLLBACK").unwrap();
    assert!(matches!(refused, OpenError::Locked), "{refused}");
    migrate(&owner, "selene_test").expect("nothing is locked any more");
}

#[test]
fn a_guard_names_a_ledger_whose_trigger_does_not_stop_everything() {
    let world = World::with_people(&OnServer);
    let store = world.store();
    let events = world.events();
    let input = Ph1jAppendOnlyGuard { event_id: events[0].event_id.clone() };
    let refused = store.ph1j_append_only_guard(&context(9), input.clone()).unwrap_err();
    assert!(matches!(refused, StorageError::AppendOnlyViolation { .. }), "{refused}");
    world.unlock("memory_ledger");
    let refused = store.ph1j_append_only_guard(&context(9), input.clone()).unwrap_err();
    assert!(matches!(refused, StorageError::AppendOnlyViolation { .. }), "another ledger: {refused}");
    let lock = lock("audit_events", "UPDATE");
    for change in [
        format!("ALTER TABLE audit_events DISABLE TRIGGER {lock}"),
        format!(
            "CREATE OR REPLACE TRIGGER {lock} BEFORE UPDATE ON audit_events
             FOR EACH ROW WHEN (OLD.event_id = '') EXECUTE FUNCTION selene_append_only()"
        ),
        format!("DROP TRIGGER {lock} ON audit_events"),
    ] {
        world.execute(&change);
        let open = store.ph1j_append_only_guard(&context(9), input.clone());
        let is_named = matches!(&open, Err(StorageError::BackendUnavailable { detail, .. })
            if detail.contains("audit_events IS NOT APPEND-ONLY"));
        assert!(is_named, "{change}: {open:?}");
    }
}
