//! A store that went to a server and back is the same store, and everything that was ever asked of it is answered as before.

use std::ops::ControlFlow;

use selene_contracts::Disposition;
use selene_contracts::shared::AuditEventRecord;
use selene_storage::test_support::Cell;
use selene_storage::{ChainError, CheckStage, ExportQuery, SqliteStore, TrailQuery};
use selene_storage_postgres::PostgresStore;

use crate::calls::Call;
use crate::database::Database;
use crate::program::copy;
use crate::scene::{Scene, VERSIONS, rows_of_file, rows_of_server};

/// Columns in which a file numbers its rows; a server leaves them empty in rows of its own.
const NUMBERS: [&str; 2] = ["ledger_position", "wake_position"];

#[test]
fn every_row_head_and_answer_arrives_on_a_server_and_back() {
    for version in VERSIONS {
        let (scene, server, back) = (Scene::migrated(version), Database::empty(), "back.db");
        let before = rows_of_file(&scene.path());
        assert!(before.values().all(|rows| !rows.is_empty()), "the file has rows in every table");
        let answers = scene.answers(&scene.open());

        copy(scene.path(), server.owner_address(), &[]).ends_with(0).says("copy of").says("complete");
        let store = PostgresStore::open(&server.address()).unwrap();
        assert!(rows_of_server(&server.address()) == before, "version {version}: other rows on the server");
        assert_eq!(store.chain_heads().unwrap(), scene.heads);
        let mut stages = Vec::new();
        let report = store.verify_watched(&scene.heads, |progress| stages.push(progress.stage)).unwrap();
        assert!(report.is_intact(), "version {version}: {report:?}");
        stages.dedup();
        assert_eq!(stages, [CheckStage::Pages, CheckStage::Chains, CheckStage::Rows, CheckStage::Folds]);
        assert_eq!(scene.answers(&store), answers, "version {version}");
        assert_eq!(store.chain_heads().unwrap(), scene.heads, "a replay leaves nothing");
        let (mut of_file, mut of_server) = (Vec::new(), Vec::new());
        scene.open().export(&ExportQuery::default(), &mut of_file).unwrap();
        store.export(&ExportQuery::default(), &mut of_server).unwrap();
        assert!(of_file == of_server, "version {version}: another export");
        let shown = trail(|query, visit| scene.open().visit_trail(query, visit));
        let of_server = trail(|query, visit| store.visit_trail(query, visit));
        assert!(of_server == shown, "version {version}: another trail");

        let back = scene.at(back);
        copy(server.address(), &back, &[]).ends_with(0).says("back.db: copy of database selene_test_");
        assert!(rows_of_file(&back) == before, "version {version}: other rows in the file that came back");
        let store = SqliteStore::open(&back).unwrap();
        assert_eq!(store.chain_heads().unwrap(), scene.heads);
        assert!(store.verify(&scene.heads).unwrap().is_intact());
        assert_eq!(scene.answers(&store), answers, "version {version}");
        let of_copy = trail(|query, visit| store.visit_trail(query, visit));
        assert!(of_copy == shown, "version {version}: another trail in the file that came back");
    }
}

/// Takes an event of a trail.
type Visit<'a> = &'a mut dyn FnMut(AuditEventRecord) -> ControlFlow<()>;

/// Every event of a store, in the order of its trail.
fn trail(visit: impl Fn(&TrailQuery, Visit<'_>) -> Result<(), ChainError>) -> Vec<AuditEventRecord> {
    let mut events = Vec::new();
    let shown = visit(&TrailQuery::default(), &mut |event| {
        events.push(event);
        ControlFlow::Continue(())
    });
    shown.unwrap();
    let place = |event: &AuditEventRecord| (event.tenant_id.clone(), event.chain_sequence);
    assert!(events.is_sorted_by_key(place), "a trail goes by chain and sequence");
    events
}

#[test]
fn what_a_server_wrote_itself_comes_back_with_it() {
    for version in VERSIONS {
        let (scene, server, back) = (Scene::migrated(version), Database::empty(), "back.db");
        copy(scene.path(), server.owner_address(), &[]).ends_with(0);
        let store = PostgresStore::open(&server.address()).unwrap();
        let people: Vec<Call> = (0..20).map(|number| scene.person(&format!("new {number}"))).collect();
        let made: Vec<_> = people.iter().map(|call| call.make(&store).unwrap()).collect();
        assert!(made.iter().all(|made| made.disposition == Disposition::Applied));
        let (heads, on_server) = (store.chain_heads().unwrap(), rows_of_server(&server.address()));
        let shown = trail(|query, visit| store.visit_trail(query, visit));

        let back = scene.at(back);
        copy(server.address(), &back, &[]).ends_with(0);
        let file = SqliteStore::open(&back).unwrap();
        assert_eq!(file.chain_heads().unwrap(), heads);
        let report = file.verify(&heads).unwrap();
        assert!(report.is_intact(), "version {version}: {report:?}");
        let of_file = trail(|query, visit| file.visit_trail(query, visit));
        assert!(of_file == shown, "version {version}: another trail");
        let mut in_file = rows_of_file(&back);
        // Rows that the server wrote have numbers now, behind all others.
        let (mut expected, mut numbered) = (on_server, 0);
        for rows in in_file.values_mut().chain(expected.values_mut()) {
            let has_none = |row: &&mut _| NUMBERS.iter().any(|name| number(row, name) == Some(&Cell::Null));
            numbered += rows.iter_mut().filter(has_none).count();
            for row in rows.iter_mut() {
                row.retain(|column, _| !NUMBERS.contains(&column.as_str()));
            }
            rows.sort();
        }
        assert_eq!(numbered, 40, "an event and a record for each person");
        assert!(in_file == expected, "version {version}: other rows in the file");
        for (call, made) in people.iter().zip(&made) {
            let again = call.make(&file).unwrap();
            assert_eq!(again.disposition, Disposition::Replayed { identical: true });
            assert_eq!(again.answer, made.answer);
        }
        let next = scene.person("the next one").make(&file).unwrap();
        assert_eq!(next.disposition, Disposition::Applied);
        assert!(file.verify(&heads).unwrap().is_intact());
    }
}

fn number<'a>(row: &'a std::collections::BTreeMap<String, Cell>, name: &str) -> Option<&'a Cell> {
    row.get(name)
}

#[test]
fn the_tables_are_made_where_a_role_is_named() {
    let (scene, server) = (Scene::migrated(6), Database::without_schema());
    copy(scene.path(), server.owner_address(), &[])
        .ends_with(3)
        .says("there are no tables yet")
        .says("--role ROLE");
    copy(scene.path(), server.owner_address(), &["--role", crate::server::ROLE]).ends_with(0);
    let store = PostgresStore::open(&server.address()).unwrap();
    assert!(store.verify(&scene.heads).unwrap().is_intact());
}

#[test]
fn an_empty_store_is_copied_too() {
    let (server, folder) = (Database::empty(), tempfile::tempdir().unwrap());
    let (first, second) = (folder.path().join("first.db"), folder.path().join("second.db"));
    drop(SqliteStore::open(&first).unwrap());
    copy(&first, server.owner_address(), &[]).ends_with(0).says("0 of 0 tables");
    copy(server.address(), &second, &[]).ends_with(0);
    assert_eq!(SqliteStore::open(&second).unwrap().verify(&[]).unwrap().chains.events, 0);
}

#[test]
fn the_report_as_json_has_what_was_copied() {
    let (scene, server) = (Scene::migrated(6), Database::empty());
    let report = copy(scene.path(), server.owner_address(), &["--format", "json"]).ends_with(0).json();
    assert_eq!((&report["is_complete"], &report["is_continued"]), (&true.into(), &false.into()));
    let rows: usize = rows_of_file(&scene.path()).values().map(Vec::len).sum();
    assert_eq!((&report["rows"], &report["rows_from_before"]), (&rows.into(), &0.into()));
    let events: u64 = scene.heads.iter().map(|head| head.sequence).sum();
    assert_eq!(report["checks"]["chains"]["events"], events);
    assert_eq!(report["to"], format!("database {}", server.name()));
    let of_events =
        report["tables"].as_array().unwrap().iter().find(|table| table["table"] == "audit_events");
    assert_eq!(of_events.unwrap()["rows"], events);
}

#[cfg(target_os = "linux")]
#[test]
fn a_copy_that_is_there_ends_with_0_though_its_result_cannot_be_written() {
    for is_full in [false, true] {
        let (scene, server) = (Scene::migrated(6), Database::empty());
        let mut copy =
            crate::program::command(&[scene.path().into_os_string(), server.owner_address().into()]);
        if is_full {
            copy.stdout(std::fs::File::options().write(true).open("/dev/full").unwrap());
        } else {
            let (reader, writer) = std::io::pipe().unwrap();
            drop(reader);
            copy.stdout(writer);
        }
        let run = crate::program::Run::of(&copy.output().unwrap()).ends_with(0);
        assert_eq!(run.err.contains("the result could not be written"), is_full, "{}", run.err);
        let store = PostgresStore::open(&server.address()).unwrap();
        assert!(store.verify(&scene.heads).unwrap().is_intact());
    }
}
