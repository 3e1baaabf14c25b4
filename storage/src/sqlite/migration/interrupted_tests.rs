//! Migrations that end in the middle, on a released file: a disk that gets full, a process that dies. The file is then what it
//! was, and is migrated as soon as nothing is in the way.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use rusqlite::types::Value;
use rusqlite::{Connection, ErrorCode};
use tempfile::TempDir;

use crate::sqlite::open_error::OpenError;
use crate::sqlite::schema;

/// How SQLite can take a transaction back: by a log, as stores do, and by a journal.
const JOURNALS: [&str; 2] = ["wal", "delete"];
/// The version of the released file.
const RELEASED: i32 = 5;

/// A copy of a released file in a folder of its own.
fn released() -> (TempDir, PathBuf) {
    let package =
        PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo names the package's folder"));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let source = package.join(format!("tests/migrations/released/v{RELEASED}/store.db"));
    std::fs::write(&path, std::fs::read(source).unwrap()).unwrap();
    (folder, path)
}

fn open(path: &Path, journal: &str) -> Connection {
    let connection = Connection::open(path).unwrap();
    connection.pragma_update(None, "journal_mode", journal).unwrap();
    connection
}

/// The version, the schema and every row.
fn contents(connection: &Connection) -> (i32, BTreeMap<String, Vec<Vec<Value>>>) {
    let version = connection.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    let names = "SELECT 'sqlite_schema' UNION ALL SELECT name FROM sqlite_schema WHERE type = 'table'";
    let mut names = connection.prepare(names).unwrap();
    let names: Vec<String> = names.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let rows = |name: &str| {
        let mut rows = connection.prepare(&format!("SELECT * FROM {name}")).unwrap();
        let width = rows.column_count();
        rows.query_map([], |row| (0..width).map(|column| row.get(column)).collect())
            .unwrap()
            .map(Result::unwrap)
            .collect()
    };
    (version, names.into_iter().map(|name| (name.clone(), rows(&name))).collect())
}

#[test]
fn a_disk_that_gets_full_leaves_the_file_as_it_was() {
    for journal in JOURNALS {
        let (_folder, path) = released();
        let before = contents(&open(&path, journal));
        assert_eq!(before.0, RELEASED);
        let mut failures = 0;
        for spare_pages in 0.. {
            let mut connection = open(&path, journal);
            let pages: u32 = connection.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
            let most = format!("PRAGMA max_page_count = {}", pages + spare_pages);
            connection.query_row(&most, [], |row| row.get::<_, u32>(0)).unwrap();
            let Err(error) = schema::migrate(&mut connection) else { break };
            let OpenError::Sqlite { source, .. } = &error else { panic!("{error}") };
            let code = source.downcast_ref::<rusqlite::Error>().and_then(rusqlite::Error::sqlite_error_code);
            assert_eq!(code, Some(ErrorCode::DiskFull), "{error}");
            assert_eq!(contents(&connection), before, "{spare_pages} pages to spare");
            drop(connection);
            assert_eq!(contents(&open(&path, journal)), before, "{spare_pages} pages to spare");
            failures += 1;
        }
        assert!(failures >= 5, "{journal}: the disk was full {failures} times");
        let (version, tables) = contents(&open(&path, journal));
        assert_eq!(version, schema::NEWEST);
        for (name, rows) in before.1.iter().filter(|(name, _)| *name != "sqlite_schema") {
            assert_eq!(tables[name].len(), rows.len(), "{name}");
        }
    }
}

/// What a process that dies leaves: the file and what SQLite keeps beside it, as they are at that moment.
fn copy_as_it_is(path: &Path, folder: &Path) {
    std::fs::create_dir(folder).unwrap();
    for beside in ["", "-wal", "-journal"] {
        let mut from = path.as_os_str().to_owned();
        from.push(beside);
        if let Ok(bytes) = std::fs::read(&from) {
            std::fs::write(folder.join(format!("store.db{beside}")), bytes).unwrap();
        }
    }
}

#[test]
fn a_process_that_dies_leaves_the_file_as_it_was() {
    /// Steps of SQLite's machine between two deaths.
    const STEPS: i32 = 1_500;
    for journal in JOURNALS {
        let (folder, path) = released();
        let mut connection = open(&path, journal);
        let before = contents(&connection);
        // With a small cache, pages reach the disk before the commit, and there is something to take back.
        connection.pragma_update(None, "cache_size", 4).unwrap();
        let deaths = Arc::new(AtomicU32::new(0));
        let (counted, source, copies) = (Arc::clone(&deaths), path.clone(), folder.path().to_owned());
        let die = move || {
            let death = counted.fetch_add(1, Ordering::Relaxed);
            copy_as_it_is(&source, &copies.join(death.to_string()));
            false
        };
        connection.progress_handler(STEPS, Some(die)).unwrap();
        schema::migrate(&mut connection).unwrap();
        connection.progress_handler(0, None::<fn() -> bool>).unwrap();
        let deaths = deaths.load(Ordering::Relaxed);
        assert!(deaths >= 10, "{journal}: it died {deaths} times");
        let after = contents(&connection);
        let mut half_written = 0;
        for death in 0..deaths {
            let left = folder.path().join(death.to_string());
            let beside = |name: &str| std::fs::metadata(left.join(name)).map_or(0, |file| file.len());
            half_written += u32::from(beside("store.db-wal") + beside("store.db-journal") > 0);
            let mut left = Connection::open(left.join("store.db")).unwrap();
            let found = contents(&left);
            assert!(found == before || found == after, "{journal}, death {death}: neither before nor after");
            if death == deaths - 1 {
                schema::migrate(&mut left).unwrap();
                assert_eq!(contents(&left), after);
            }
        }
        assert!(half_written >= 5, "{journal}: {half_written} of {deaths} died while they wrote");
    }
}
