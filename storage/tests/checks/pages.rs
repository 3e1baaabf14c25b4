//! Pages and indices: an index that lacks rows gives other answers than the table, and a page that is gone takes rows with it.

use std::io::{Seek as _, SeekFrom, Write as _};

use selene_contracts::Disposition;
use selene_contracts::ph1_persona::Ph1PersonaRepo as _;
use selene_storage::SqliteStore;

use crate::common::{World, context, fill_ledgers, populate, profile};

/// Makes an index anew without a row in it, and gives it back the statement that it had.
fn empty(world: &World, index: &str) {
    let raw = world.raw();
    let sql = "SELECT sql FROM sqlite_schema WHERE name = ?1";
    let sql: String = raw.query_row(sql, [index], |row| row.get(0)).unwrap();
    let head = sql.split(" WHERE ").next().unwrap();
    raw.execute_batch(&format!("DROP INDEX {index}; {head} WHERE 1 = 2")).unwrap();
    raw.execute_batch(&format!(
        "PRAGMA writable_schema = ON;
         UPDATE sqlite_schema SET sql = '{}' WHERE name = '{index}'",
        sql.replace('\'', "''")
    ))
    .unwrap();
}

/// The indices of a table that a statement made.
fn indices(world: &World, table: &str) -> Vec<String> {
    let raw = world.raw();
    let mut names = raw
        .prepare(
            "SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = ?1 AND sql IS NOT NULL ORDER BY name",
        )
        .unwrap();
    names.query_map([table], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

#[test]
fn an_index_without_its_rows_is_named() {
    let mut tried = 0;
    for table in ["audit_events", "idempotency_records"] {
        let new = World::new();
        drop(new.open());
        for index in indices(&new, table) {
            let world = World::new();
            let store = world.open();
            populate(&store);
            let call = || (context(3), profile("t", "k"));
            let (context, input) = call();
            store.ph1persona_profile_commit_row(&context, input).unwrap();
            drop(store);
            empty(&world, &index);
            let report = world.open().verify(&[]).unwrap();
            assert!(report.pages.is_checked && !report.is_intact(), "{index}: {report:?}");
            assert!(
                report.pages.faults.iter().any(|fault| fault.what.contains(&index)),
                "{index}: {report:?}"
            );
            world.raw().execute_batch(&format!("REINDEX {index}")).unwrap();
            let store = world.open();
            assert!(store.verify(&[]).unwrap().is_intact(), "{index}");
            let (context, input) = call();
            let again = store.ph1persona_profile_commit_row(&context, input).unwrap();
            assert_eq!(again.disposition, Disposition::Replayed { identical: true }, "{index}");
            tried += 1;
        }
    }
    assert!(tried > 1, "{tried}");
}

#[test]
fn a_page_that_was_overwritten_is_a_fault_and_no_outage() {
    let world = World::new();
    populate(&world.open());
    let pages: Vec<u64> = {
        let raw = world.raw();
        raw.pragma_update(None, "journal_mode", "delete").unwrap();
        let sql = "SELECT rootpage FROM sqlite_schema WHERE name IN ('audit_events', 'devices', 'sessions')";
        let mut pages = raw.prepare(sql).unwrap();
        pages
            .query_map([], |row| row.get::<_, i64>(0))
            .unwrap()
            .map(|page| page.unwrap().cast_unsigned())
            .collect()
    };
    assert_eq!(pages.len(), 3);
    for page in pages {
        let copy = World::new();
        std::fs::copy(world.path(), copy.path()).unwrap();
        let mut file = std::fs::OpenOptions::new().write(true).open(copy.path()).unwrap();
        file.seek(SeekFrom::Start((page - 1) * 4_096)).unwrap();
        file.write_all(&[0xa5; 4_096]).unwrap();
        drop(file);
        let report = SqliteStore::open_read_only(copy.path()).unwrap().verify(&[]).unwrap();
        assert!(!report.pages.is_intact(), "page {page}: {report:?}");
        assert!(
            report.pages.faults.iter().any(|fault| fault.what.ends_with("the database is damaged")),
            "page {page}: a check that came to no end says so: {report:?}"
        );
    }
}

/// No hash goes over these, and no answer holds them; but behind the largest number SQLite would number rows by chance.
#[test]
fn a_number_of_a_row_that_no_append_gave_is_named() {
    for (table, column) in [
        ("audit_events", "ledger_position"),
        ("idempotency_records", "ledger_position"),
        ("wake_runtime_events", "wake_position"),
    ] {
        let world = World::new();
        let store = world.open();
        populate(&store);
        fill_ledgers(&store);
        assert!(store.verify(&[]).unwrap().pages.is_intact(), "{table}");
        drop(store);
        world.tamper(&format!(
            "UPDATE {table} SET {column} = 9223372036854775807 WHERE {column} = (SELECT max({column}) FROM {table})"
        ));
        let report = world.open().verify(&[]).unwrap();
        let found: Vec<&str> = report.pages.faults.iter().map(|fault| fault.what.as_str()).collect();
        let [found] = found[..] else { panic!("{table}: {report:?}") };
        assert!(found.starts_with(&format!("{table} has {column} 9223372036854775807")), "{found}");
    }
}
