//! Servers, roles and schemas on which no answer could be kept, each refused by its own reason.

use selene_acceptance::{Database, OwnServer};
use selene_storage_postgres::{OpenError, PostgresStore, migrate};

fn refused(address: &str) -> OpenError {
    PostgresStore::open(address).expect_err("the store is refused")
}

/// The setting that refuses an address.
fn refused_setting(address: &str) -> &'static str {
    match refused(address) {
        OpenError::Setting { setting, .. } => setting,
        other => panic!("{other}"),
    }
}

/// What a changed schema is refused for. Nobody else gets the database.
fn refused_schema(change: &str) -> Vec<String> {
    let database = Database::empty();
    database.spend();
    PostgresStore::open(&database.address()).expect("the schema is whole");
    database.raw().run(change).unwrap_or_else(|error| panic!("{error}"));
    match refused(&database.address()) {
        OpenError::Schema { differences } => differences,
        other => panic!("{other}"),
    }
}

#[test]
fn a_setting_of_the_server_that_breaks_a_promise_is_refused() {
    let server = OwnServer::start();
    let database = server.database();
    let raw = server.raw();
    let alter = |change: &str| {
        raw.run(&format!("ALTER SYSTEM {change}")).unwrap();
        server.reload();
    };
    for setting in ["fsync", "full_page_writes", "synchronous_commit"] {
        alter(&format!("SET {setting} = off"));
        assert_eq!(refused_setting(&database.address()), setting);
        alter(&format!("RESET {setting}"));
        PostgresStore::open(&database.address()).expect("the setting is back");
    }
    for passes_by in ["local", "remote_write"] {
        alter(&format!("SET synchronous_commit = {passes_by}"));
        PostgresStore::open(&database.address()).expect("there is no standby to wait for");
        alter("SET synchronous_standby_names = 'another'");
        assert_eq!(refused_setting(&database.address()), "synchronous_commit", "{passes_by}");
        alter("RESET synchronous_standby_names");
    }
}

#[test]
fn a_standby_is_refused() {
    let server = OwnServer::with_options(&["wal_level=replica"]);
    let database = server.database();
    PostgresStore::open(&database.address()).expect("it is no standby yet");
    server.become_standby();
    let error = refused(&database.address());
    assert!(matches!(error, OpenError::Standby), "{error}");
}

#[test]
fn a_session_that_looks_at_no_trigger_is_refused() {
    let server = OwnServer::start();
    let database = server.database();
    let alter = |change: &str| server.raw().run(&format!("ALTER ROLE selene_test {change}")).unwrap();
    alter("SET session_replication_role = replica");
    assert_eq!(refused_setting(&database.address()), "session_replication_role");
    alter("RESET session_replication_role");
    PostgresStore::open(&database.address()).expect("triggers are looked at");
}

#[test]
fn a_whole_schema_is_whole_whatever_form_its_texts_have() {
    let server = OwnServer::start();
    let database = server.database();
    for setting in
        ["bytea_output = escape", "standard_conforming_strings = off", "quote_all_identifiers = on"]
    {
        server.raw().run(&format!("ALTER ROLE ALL SET {setting}")).unwrap();
        PostgresStore::open(&database.address()).unwrap_or_else(|error| panic!("{setting}: {error}"));
        migrate(&database.owner_address(), "selene_test")
            .unwrap_or_else(|error| panic!("{setting}: {error}"));
    }
    PostgresStore::open(&database.address()).expect("the schema is whole");
}

#[test]
fn a_lane_without_its_row_is_refused() {
    let differences = refused_schema("DELETE FROM commit_lanes WHERE lane IN (3, 8)");
    let missing = |lane: u8| format!("missing: the row of lane {lane} in commit_lanes");
    assert_eq!(differences, [missing(3), missing(8)]);
}

#[test]
fn another_encoding_is_refused() {
    let server = OwnServer::start();
    let database = server.database();
    let other = |address: String| address.replace(database.name(), "latin");
    server
        .raw()
        .run("CREATE DATABASE latin OWNER selene_test_owner ENCODING 'LATIN1' TEMPLATE template0")
        .unwrap();
    let error = migrate(&other(database.owner_address()), "selene_test").expect_err("no tables are made");
    assert!(matches!(error, OpenError::Setting { setting: "server_encoding", .. }), "{error}");
    assert_eq!(refused_setting(&other(database.address())), "server_encoding");
}

#[test]
fn a_role_that_may_become_one_with_every_right_is_refused() {
    let server = OwnServer::start();
    let database = server.database();
    let raw = server.raw();
    let address = database.address();
    for (give, take) in [
        ("ALTER ROLE selene_test CREATEROLE", "ALTER ROLE selene_test NOCREATEROLE"),
        ("GRANT postgres TO selene_test", "REVOKE postgres FROM selene_test"),
        (
            "GRANT pg_execute_server_program TO selene_test",
            "REVOKE pg_execute_server_program FROM selene_test",
        ),
        ("GRANT pg_write_server_files TO selene_test", "REVOKE pg_write_server_files FROM selene_test"),
    ] {
        // A role that has another one's rights only after SET ROLE has them all the same.
        raw.run(&format!("ALTER ROLE selene_test NOINHERIT; {give}")).unwrap();
        let error = refused(&address);
        assert!(matches!(error, OpenError::Superuser), "{give}: {error}");
        raw.run(&format!("{take}; ALTER ROLE selene_test INHERIT")).unwrap();
        PostgresStore::open(&address).expect("the right is gone");
    }
}

#[test]
fn a_right_behind_another_role_and_everything_owned_are_refused() {
    let server = OwnServer::start();
    let database = server.database();
    let (raw, address) = (database.raw(), database.address());
    raw.run("CREATE ROLE helper; ALTER ROLE selene_test NOINHERIT; GRANT helper TO selene_test").unwrap();
    let owner = "selene_test_owner";
    for (give, take, difference) in [
        (
            "GRANT UPDATE (row_version), DELETE, TRUNCATE, TRIGGER ON memory_current TO helper",
            "REVOKE ALL ON memory_current FROM helper".to_owned(),
            "memory_current: SELECT INSERT UPDATE DELETE TRUNCATE TRIGGER instead of SELECT INSERT UPDATE",
        ),
        (
            "GRANT UPDATE ON audit_events TO helper",
            "REVOKE UPDATE ON audit_events FROM helper".to_owned(),
            "audit_events: SELECT INSERT UPDATE-AS-ANOTHER-ROLE instead of SELECT INSERT",
        ),
        (
            "ALTER TABLE memory_ledger OWNER TO helper",
            format!("ALTER TABLE memory_ledger OWNER TO {owner}"),
            "memory_ledger: SELECT INSERT UPDATE-AS-ANOTHER-ROLE DELETE TRUNCATE TRIGGER OWNER instead of SELECT INSERT",
        ),
        (
            "GRANT CREATE ON SCHEMA selene TO selene_test",
            "REVOKE CREATE ON SCHEMA selene FROM selene_test".to_owned(),
            "schema: USAGE CREATE instead of USAGE",
        ),
        (
            "ALTER SCHEMA selene OWNER TO helper",
            format!("ALTER SCHEMA selene OWNER TO {owner}"),
            "schema: USAGE CREATE OWNER instead of USAGE",
        ),
        (
            "ALTER FUNCTION selene_append_only() OWNER TO helper",
            format!("ALTER FUNCTION selene_append_only() OWNER TO {owner}"),
            "selene_append_only(): OWNER instead of nothing",
        ),
    ] {
        raw.run(give).unwrap();
        let OpenError::Rights { differences } = refused(&address) else { panic!("{give}") };
        assert_eq!(differences, [difference]);
        raw.run(&take).unwrap();
        PostgresStore::open(&address).unwrap_or_else(|error| panic!("{take}: {error}"));
    }
}

#[test]
fn a_table_that_a_crash_empties_is_refused() {
    let differences = refused_schema("ALTER TABLE memory_ledger SET UNLOGGED");
    let unknown = "unknown: relation memory_ledger r that a crash empties".to_owned();
    assert!(differences.contains(&unknown), "{differences:?}");
}

#[test]
fn an_index_that_is_not_valid_is_refused() {
    let differences = refused_schema(
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'identities_of_tenant'::regclass",
    );
    assert_eq!(differences.len(), 2, "{differences:?}");
    assert!(differences[1].ends_with(" not valid"), "{differences:?}");
}

#[test]
fn a_reference_that_nobody_looks_at_is_refused() {
    let differences = refused_schema("ALTER TABLE devices DISABLE TRIGGER ALL");
    let unknown = "unknown: reference devices_user_id_fkey of devices that is not looked at".to_owned();
    assert!(differences.contains(&unknown), "{differences:?}");
}

#[test]
fn a_column_of_another_collation_is_refused() {
    let differences =
        refused_schema("ALTER TABLE identities ALTER COLUMN primary_language TYPE text COLLATE \"POSIX\"");
    assert_eq!(
        differences,
        [
            "missing: column identities.primary_language text collate C",
            "unknown: column identities.primary_language text collate POSIX"
        ]
    );
}
