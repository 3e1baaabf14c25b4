//! Migrations of a database: which roles they take, and what they give back.

use selene_storage_postgres::{OpenError, PostgresStore, migrate};

use crate::database::Database;
use crate::server::{OWNER, ROLE};
use crate::verify::run;

/// The rights of the owner in the schema, a table a line.
fn rights_of_owner(database: &Database) -> Vec<String> {
    let rights = format!(
        "SELECT relname || ' ' || coalesce(string_agg(privilege_type, ' ' ORDER BY privilege_type), 'nothing')
         FROM pg_class LEFT JOIN LATERAL aclexplode(coalesce(relacl, acldefault('r', relowner))) AS given
             ON given.grantee = '{OWNER}'::regrole
         WHERE relnamespace = 'selene'::regnamespace AND relkind = 'r' GROUP BY relname ORDER BY relname"
    );
    database.raw().texts(&rights).unwrap()
}

/// Whoever owns the tables or may become their owner is kept from nothing by the rights that a migration gives.
#[test]
fn a_role_that_is_an_owner_or_may_become_one_is_refused_and_nothing_is_changed() {
    let database = Database::without_schema();
    let raw = database.raw();
    let (member, other) = (
        format!("selene_test_member_{}", std::process::id()),
        format!("selene_test_other_{}", std::process::id()),
    );
    raw.run(&format!("CREATE ROLE {member} NOINHERIT IN ROLE {OWNER}; CREATE ROLE {other}")).unwrap();
    let refused = |address: &str, role: &str| {
        let refused = migrate(address, role).unwrap_err();
        assert!(matches!(&refused, OpenError::OwnerAsRole { role: named } if named == role), "{refused}");
    };
    for role in [OWNER, &member] {
        refused(&database.owner_address(), role);
    }
    let schemas = raw.texts("SELECT nspname::text FROM pg_namespace WHERE nspname = 'selene'").unwrap();
    assert_eq!(schemas, [""; 0], "nothing was made");

    migrate(&database.owner_address(), ROLE).unwrap();
    let before = rights_of_owner(&database);
    // A superuser migrates what others own.
    for role in [OWNER, &member] {
        refused(&database.superuser_address(), role);
    }
    for owns in ["TABLE selene.links", "FUNCTION selene.selene_append_only()"] {
        raw.run(&format!("ALTER {owns} OWNER TO {other}")).unwrap();
        refused(&database.superuser_address(), &other);
        raw.run(&format!("ALTER {owns} OWNER TO {OWNER}")).unwrap();
    }
    assert_eq!(rights_of_owner(&database), before);
    raw.run(&format!("DROP ROLE {member}; DROP ROLE {other}")).unwrap();
    PostgresStore::open(&database.address()).expect("the store is as it was");
}

#[test]
fn what_an_owner_lacks_on_its_own_tables_is_given_back() {
    let database = Database::empty();
    database.spend();
    let before = rights_of_owner(&database);
    for taken in ["ALL ON ALL TABLES IN SCHEMA selene", "INSERT ON selene.commit_lanes"] {
        database.raw().run(&format!("REVOKE {taken} FROM {OWNER}")).unwrap();
        assert_ne!(rights_of_owner(&database), before);
        migrate(&database.owner_address(), ROLE).unwrap_or_else(|error| panic!("{taken}: {error}"));
        assert_eq!(rights_of_owner(&database), before, "{taken}");
        PostgresStore::open(&database.address()).expect("the role has its rights, and no others");
    }
}

#[test]
fn what_everybody_may_do_too_much_is_taken_away() {
    let database = Database::empty();
    database.spend();
    for (given, shown) in [
        (
            "DELETE ON selene.audit_events TO PUBLIC",
            "audit_events: SELECT INSERT DELETE instead of SELECT INSERT",
        ),
        (
            "UPDATE (payload_min) ON selene.audit_events TO PUBLIC",
            "audit_events: SELECT INSERT UPDATE instead of SELECT INSERT",
        ),
        ("CREATE ON SCHEMA selene TO PUBLIC", "schema: USAGE CREATE instead of USAGE"),
        ("CREATE ON SCHEMA selene TO selene_test", "schema: USAGE CREATE instead of USAGE"),
    ] {
        database.raw().run(&format!("GRANT {given}")).unwrap();
        let Err(OpenError::Rights { differences }) = PostgresStore::open(&database.address()) else {
            panic!("{given}")
        };
        assert_eq!(differences, [shown]);
        migrate(&database.owner_address(), ROLE).unwrap();
        PostgresStore::open(&database.address()).unwrap_or_else(|error| panic!("{given}: {error}"));
    }
    // Whoever was let read goes on reading.
    database.raw().run("GRANT SELECT ON ALL TABLES IN SCHEMA selene TO PUBLIC").unwrap();
    migrate(&database.owner_address(), ROLE).unwrap();
    let may = database
        .raw()
        .texts("SELECT has_table_privilege('pg_monitor', 'selene.links', 'SELECT')::text")
        .unwrap();
    assert_eq!(may, ["true"]);
}

#[test]
fn a_dry_run_does_all_of_it_and_changes_nothing() {
    let database = Database::without_schema();
    let owner = database.owner_address();
    let tables =
        || database.raw().texts("SELECT tablename::text FROM pg_tables WHERE schemaname = 'selene'").unwrap();
    let tried = ["migrate", &owner, "--role", ROLE, "--dry-run"];
    run(&tried).ends_with(0).says("would go from schema version 0 to ");
    assert_eq!(tables(), [""; 0]);
    let newest = migrate(&owner, ROLE).unwrap().to;
    run(&tried).ends_with(0).says(&format!("has schema version {newest} already"));
    // As the build of the step before left it.
    database
        .raw()
        .run(&format!(
            "DROP TABLE selene.commit_keys; DELETE FROM selene.schema_versions WHERE version = {newest}"
        ))
        .unwrap();
    let before = (tables(), rights_of_owner(&database));
    let json = run(&[&tried[..], &["--format", "json"]].concat()).ends_with(0).json();
    assert_eq!((&json["from"], &json["to"]), (&(newest - 1).into(), &newest.into()));
    assert_eq!((tables(), rights_of_owner(&database)), before);
    run(&["migrate", &owner, "--role", ROLE])
        .ends_with(0)
        .says(&format!("from schema version {} to {newest}", newest - 1));
    PostgresStore::open(&database.address()).expect("the schema is whole");
    // What would not be done is refused as without `--dry-run`.
    database.raw().run("DROP TABLE selene.commit_keys").unwrap();
    database
        .raw()
        .run(&format!("DELETE FROM selene.schema_versions WHERE version >= {}", newest - 1))
        .unwrap();
    run(&tried).ends_with(3).says("already exists");
}

#[test]
fn a_migration_waits_as_long_as_it_is_said() {
    let database = Database::empty();
    let raw = database.raw();
    raw.run("BEGIN; SELECT version FROM selene.schema_versions FOR UPDATE").unwrap();
    run(&["migrate", &database.owner_address(), "--role", ROLE, "--wait", "0"])
        .ends_with(3)
        .says("keeps a table of the store locked")
        .says("--wait SECONDS");
    raw.run("ROLLBACK").unwrap();
    run(&["migrate", &database.owner_address(), "--role", ROLE, "--wait", "0"]).ends_with(0);
}

/// Tables that no store opens are not made.
#[test]
fn a_server_on_which_no_store_opens_gets_no_tables() {
    let database = Database::without_schema();
    let latin = format!("{}_latin", database.name());
    let raw = database.raw();
    raw.run(&format!("CREATE DATABASE {latin} OWNER {OWNER} ENCODING 'LATIN1' TEMPLATE template0")).unwrap();
    let owner = database.owner_address().replace(database.name(), &latin);
    run(&["migrate", &owner, "--role", ROLE]).ends_with(3).says("server_encoding = LATIN1");
    raw.run(&format!("DROP DATABASE {latin}")).unwrap();
    let alter = |change: &str| raw.run(&format!("ALTER DATABASE {} {change}", database.name())).unwrap();
    for (setting, value) in [("synchronous_commit", "off"), ("session_replication_role", "replica")] {
        alter(&format!("SET {setting} = {value}"));
        run(&["migrate", &database.owner_address(), "--role", ROLE])
            .ends_with(3)
            .says(&format!("{setting} = {value}"));
        alter(&format!("RESET {setting}"));
    }
    let schemas = raw.texts("SELECT nspname::text FROM pg_namespace WHERE nspname = 'selene'").unwrap();
    assert_eq!(schemas, [""; 0]);
    // What an owner's transactions begin with keeps no migration from its work.
    alter("SET default_transaction_read_only = on");
    alter("SET default_transaction_isolation = serializable");
    migrate(&database.owner_address(), ROLE).expect("the tables are made");
    PostgresStore::open(&database.address()).expect("the schema is whole");
}
