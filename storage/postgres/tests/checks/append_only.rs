//! Ways by which SQL could rewrite a ledger row, tried by the owner of the tables and by somebody who may do everything: the triggers hold
//! alone.

use std::path::Path;

use selene_contracts::{TableSpec, TruthType, engines};
use selene_storage_postgres::OpenError;
use selene_storage_postgres::test_support::Raw;

use crate::make;
use crate::world::{FOLDERS, World};

/// Every way to rewrite a ledger, as one statement.
fn rewrites(ledger: &TableSpec) -> [String; 6] {
    let name = ledger.bare_name();
    let columns: Vec<&str> = ledger.columns.iter().map(|column| column.name).collect();
    let column = columns.iter().find(|column| !ledger.primary_key.contains(column)).unwrap();
    let (columns, key) = (columns.join(", "), ledger.primary_key.join(", "));
    [
        format!("UPDATE {name} SET {column} = {column}"),
        format!(
            "WITH changed AS (UPDATE {name} SET {column} = {column} RETURNING 1) SELECT count(*) FROM changed"
        ),
        format!("DELETE FROM {name}"),
        format!(
            "INSERT INTO {name} ({columns}) SELECT {columns} FROM {name}
             ON CONFLICT ({key}) DO UPDATE SET {column} = excluded.{column}"
        ),
        format!("TRUNCATE {name} CASCADE"),
        format!("TRUNCATE identities, {name} CASCADE"),
    ]
}

#[test]
fn no_statement_of_another_program_rewrites_a_ledger_row() {
    let world = World::new();
    let store = world.open();
    make::run(&store, &Path::new(FOLDERS).join("migrations/released/scenario.jsonl"));
    let before = store.every_row().unwrap();
    let ledgers = engines::ALL.iter().flat_map(|engine| engine.tables);
    // An engine that only writes a table does not say its columns.
    let is_ledger = |table: &&TableSpec| table.truth_type == TruthType::Ledger && !table.columns.is_empty();
    let ledgers: Vec<&TableSpec> = ledgers.filter(is_ledger).collect();
    assert!(ledgers.len() >= 9, "{}", ledgers.len());
    for address in world.addresses_of_others() {
        let raw = Raw::open(&address).unwrap();
        for ledger in &ledgers {
            assert!(!before[ledger.bare_name()].rows.is_empty(), "{} needs a row", ledger.name);
            for sql in rewrites(ledger) {
                let Err(OpenError::Sql(error)) = raw.run(&sql) else { panic!("{sql} went through") };
                let text =
                    error.as_db_error().map_or_else(|| error.to_string(), |text| text.message().to_owned());
                assert!(text.ends_with("is append-only"), "{sql}: {text}");
            }
        }
    }
    assert!(store.every_row().unwrap() == before);
}
