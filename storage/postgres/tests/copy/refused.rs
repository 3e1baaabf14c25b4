//! Places that are not copied from or to, each with what to do instead, and stores in which something is wrong.

use selene_storage::SqliteStore;
use selene_storage_postgres::copy::{CopyError, CopyOptions, CopyProgress, to_file, to_server};
use selene_storage_postgres::{OpenError, PostgresStore};

use crate::database::Database;
use crate::ended_early::end_here;
use crate::program::{copy, run, run_with_files};
use crate::scene::{Scene, rows_of_file, rows_of_server, target};

#[test]
fn help_teaches_examples_and_exit_codes() {
    let help = run(&["--help"]).ends_with(0).out;
    for part in ["Usage: selene-store copy ", "Examples:\n  selene-store copy ", "Exit codes: 0 "] {
        assert!(help.contains(part), "{part:?} is not in {help}");
    }
    run(&[""; 0]).ends_with(2);
    run(&["selene.db"]).ends_with(2).says("<TO>");
}

#[test]
fn other_pairs_of_places_are_refused() {
    copy("a.db", "b.db", &[]).ends_with(2).says("`selene-store backup a.db b.db`");
    copy("a.db", "a.db", &[]).ends_with(2).says("both files");
    let run = copy("postgres://u:secret@h/a", "host=h dbname=b user=u", &[]).ends_with(2).says("pg_dump");
    assert!(!run.err.contains("secret"));
    copy("host=h dbname=b user=u", "b.db", &["--role", "selene"]).ends_with(2).says("leave --role out");
    copy("a.db", "host='", &[]).ends_with(3).says("No such file");
    copy("dbname=a user=u", "b.db", &[]).ends_with(3).says("names no host").says("PGHOST");
}

#[test]
fn a_system_that_gives_no_connection_is_named() {
    let server = target();
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("a.db");
    let printed: Vec<String> = (4..10)
        .map(|files| {
            let run = run_with_files(files, &[server.address().as_ref(), to.as_os_str()]);
            assert_ne!(run.code, Some(0), "{files} files are enough");
            assert!(!run.err.contains("panicked"), "{files} files: {}", run.err);
            run.err
        })
        .collect();
    let is_named =
        printed.iter().any(|printed| printed.contains("the system gives this process no further connection"));
    assert!(is_named, "{printed:#?}");
}

#[test]
fn a_database_with_rows_is_never_copied_over() {
    let (scene, server) = (Scene::migrated(6), target());
    let store = PostgresStore::open(&server.address()).unwrap();
    scene.person("somebody").make(&store).unwrap();
    let before = rows_of_server(&server.address());
    copy(scene.path(), server.owner_address(), &[])
        .ends_with(3)
        .says("the database is not empty: identities has rows")
        .says("help: name a database without rows");
    assert!(rows_of_server(&server.address()) == before, "nothing of it is changed, and it opens");
    // A copy that is finished is a store like any other.
    let other = target();
    copy(scene.path(), other.owner_address(), &[]).ends_with(0);
    copy(scene.path(), other.owner_address(), &[]).ends_with(3).says("the database is not empty");
}

#[test]
fn a_file_is_never_written_over() {
    let (scene, server) = (Scene::migrated(6), target());
    copy(scene.path(), server.owner_address(), &[]).ends_with(0);
    copy(server.address(), scene.path(), &[])
        .ends_with(3)
        .says("selene.db exists")
        .says("help: name a new file");
    let new = scene.at("new.db");
    std::fs::write(scene.at("new.db-wal"), "").unwrap();
    copy(server.address(), &new, &[]).ends_with(3).says("new.db-wal exists");
    std::fs::remove_file(scene.at("new.db-wal")).unwrap();
    // What another command left under that name is in nobody's way.
    std::fs::write(scene.at("new.db.partial"), "half of a file").unwrap();
    copy(server.address(), &new, &[]).ends_with(0);
    assert!(rows_of_file(&new) == rows_of_file(&scene.path()));
}

#[test]
fn an_unfinished_copy_of_another_source_is_not_gone_on_with() {
    let (first, second, server) = (Scene::migrated(5), Scene::migrated(6), target());
    let stop = |_| end_here();
    let (owner, options) = (server.owner_address(), CopyOptions::default());
    let ended =
        |copy: &dyn Fn()| assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(copy)).is_err());
    ended(&|| drop(to_server(&first.path(), &owner, &options, stop)));
    copy(second.path(), &owner, &[])
        .ends_with(3)
        .says("this copy was begun from another source, or the source was written to since")
        .says("DROP SCHEMA selene CASCADE");
    copy(first.path(), &owner, &[]).ends_with(0);

    let (other, back) = (target(), first.at("back.db"));
    copy(second.path(), other.owner_address(), &[]).ends_with(0);
    ended(&|| drop(to_file(&server.address(), &back, &options, stop)));
    copy(other.address(), &back, &[]).ends_with(3).says("begun from another source").says("delete ");
    copy(server.address(), &back, &[]).ends_with(0);
    assert!(rows_of_file(&back) == rows_of_file(&first.path()));
}

#[test]
fn a_source_that_is_written_to_meanwhile_is_not_left_behind() {
    let (scene, server) = (Scene::migrated(6), target());
    let store = scene.open();
    let (owner, options) = (server.owner_address(), CopyOptions::default());
    let mut is_written = false;
    let moved = to_server(&scene.path(), &owner, &options, |_| {
        if !std::mem::replace(&mut is_written, true) {
            scene.person("late").make(&store).unwrap();
        }
    });
    assert!(matches!(moved, Err(CopyError::SourceMoved)), "{moved:?}");
    assert!(matches!(PostgresStore::open(&server.address()), Err(OpenError::UnfinishedCopy)));
    copy(scene.path(), &owner, &[]).ends_with(3).says("the source was written to since");

    let (source, back) = (target(), scene.at("back.db"));
    copy(scene.path(), source.owner_address(), &[]).ends_with(0);
    let store = PostgresStore::open(&source.address()).unwrap();
    is_written = false;
    let moved = to_file(&source.address(), &back, &options, |_| {
        if !std::mem::replace(&mut is_written, true) {
            scene.person("later").make(&store).unwrap();
        }
    });
    assert!(matches!(moved, Err(CopyError::SourceMoved)) && !back.exists(), "{moved:?}");
}

#[test]
fn schemas_of_other_builds_and_roles_without_rights_are_refused() {
    let (old, scene, server) = (Scene::released(5), Scene::migrated(6), target());
    let owner = server.owner_address();
    copy(old.path(), &owner, &[])
        .ends_with(3)
        .says("help: bring it to this version with `selene-store migrate ");
    let newer = Scene::migrated(6);
    rusqlite::Connection::open(newer.path()).unwrap().pragma_update(None, "user_version", 99).unwrap();
    copy(newer.path(), &owner, &[]).ends_with(3).says("schema version 99").says("install the build");
    copy(scene.at("absent.db"), &owner, &[]).ends_with(3).says("No such file").says("name the database file");
    // The roles the other way round.
    copy(scene.path(), server.address(), &[]).ends_with(3).says("as the owner of its tables");
    copy(&owner, scene.at("new.db"), &[]).ends_with(3).says("the role of the stores");
    copy(server.superuser_address(), scene.at("new.db"), &[]).ends_with(3).says("superuser");

    server.spend();
    let raw = server.raw();
    raw.run("CREATE TABLE selene.theirs (a bigint)").unwrap();
    copy(scene.path(), &owner, &[]).ends_with(3).says("unknown: relation theirs r");
    raw.run("DROP TABLE selene.theirs; INSERT INTO selene.schema_versions (version) VALUES (99)").unwrap();
    copy(scene.path(), &owner, &[]).ends_with(3).says("schema version 99");
    copy(server.address(), scene.at("new.db"), &[]).ends_with(3).says("schema version 99");
    assert!(!scene.at("new.db").exists() && !scene.at("new.db.partial").exists());
}

#[test]
fn what_would_hold_no_store_is_refused_before_anything_is_made_there() {
    let (scene, server) = (Scene::migrated(6), Database::without_schema());
    let schemas =
        || server.raw().texts("SELECT nspname::text FROM pg_namespace WHERE nspname = 'selene'").unwrap();
    copy(scene.path(), server.owner_address(), &["--role", "selene_test_owner"])
        .ends_with(3)
        .says("the role selene_test_owner owns the tables of the store")
        .says("help: nothing was changed");
    let alter = |change: &str| {
        server.raw().run(&format!("ALTER DATABASE {} {change}", server.name())).unwrap();
    };
    alter("SET synchronous_commit = off");
    copy(scene.path(), server.owner_address(), &["--role", "selene_test"])
        .ends_with(3)
        .says("synchronous_commit");
    assert_eq!(schemas(), [""; 0]);
    alter("RESET synchronous_commit");
    copy(scene.path(), server.owner_address(), &["--role", "selene_test"]).ends_with(0);
}

#[test]
fn faults_of_the_source_are_found_on_arrival_and_no_store_is_made() {
    let (scene, server) = (Scene::migrated(6), target());
    scene.tamper("UPDATE identities SET speaker_id = 'somebody else'");
    let run = copy(scene.path(), server.owner_address(), &[]).ends_with(1);
    let run = run.says("NOT COMPLETE").says("identities").says("so it has these faults as well");
    assert!(!run.out.contains("somebody else"), "no value of a row is shown: {}", run.out);
    assert!(matches!(PostgresStore::open(&server.address()), Err(OpenError::UnfinishedCopy)));
    let report = copy(scene.path(), server.owner_address(), &["--format", "json"]).ends_with(1).json();
    assert_eq!((&report["is_complete"], &report["is_continued"]), (&false.into(), &true.into()));
    assert_eq!(report["differing_tables"].as_array().unwrap().len(), 0);
}

#[test]
fn rows_that_somebody_changed_in_an_unfinished_target_are_found() {
    let (scene, server) = (Scene::migrated(5), target());
    let (owner, options) = (server.owner_address(), CopyOptions::default());
    let ended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        to_server(&scene.path(), &owner, &options, |at| {
            if !matches!(at, CopyProgress::Rows(_)) {
                end_here();
            }
        })
    }));
    assert!(ended.is_err());
    // Nothing seals this row: it is from before events did.
    let changed = "UPDATE selene.devices SET device_type = 'other' WHERE device_id = (SELECT min(device_id) FROM selene.devices)";
    assert_eq!(server.raw().execute(changed).unwrap(), 1);
    copy(scene.path(), &owner, &[]).ends_with(1).says("devices: its rows are not those of ");
    server.raw().run("SET session_replication_role = replica; DELETE FROM selene.wake_runtime_events; SET session_replication_role = origin").unwrap();
    copy(scene.path(), &owner, &[]).ends_with(1);
    server.raw().run("SET session_replication_role = replica; INSERT INTO selene.identities (user_id, created_at, status) VALUES ('zz', 1, 'ACTIVE'); SET session_replication_role = origin").unwrap();
    copy(scene.path(), &owner, &[])
        .ends_with(3)
        .says("identities has more rows in the target than in the source");
}

#[test]
fn a_text_that_no_server_stores_is_named_without_its_value() {
    let (scene, server) = (Scene::migrated(5), target());
    scene.tamper("UPDATE identities SET speaker_id = 'secret' || char(0) || 'x' WHERE user_id = (SELECT max(user_id) FROM identities)");
    let run = copy(scene.path(), server.owner_address(), &[]).ends_with(3);
    let run =
        run.says("identities.speaker_id holds a value that the target does not store: a text with U+0000");
    assert!(!run.err.contains("secret"), "{}", run.err);
    assert!(SqliteStore::open(scene.path()).is_ok());
}
