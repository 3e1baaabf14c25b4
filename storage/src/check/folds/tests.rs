//! Which tables the check covers, and which it names.

use selene_contracts::{TableSpec, TruthType};

use super::*;

#[test]
fn every_table_of_today_is_covered() {
    let store = SqliteStore::open_in_memory().unwrap();
    let report = store.verify_folds().unwrap();
    assert_eq!(report.not_covered, Vec::<String>::new());
    let stated: BTreeSet<String> = stated_tables(engines::ALL).collect();
    assert!(stated.iter().all(|table| report.covered.contains(table.as_str())), "{stated:?}");
}

#[test]
fn a_table_that_nothing_is_held_against_is_named() {
    static TABLES: [TableSpec; 1] = [TableSpec {
        name: "app.notes",
        truth_type: TruthType::Current,
        primary_key: &["note_id"],
        columns: &[],
        unique_keys: &[],
        invariants: &[],
    }];
    static ENGINE: EngineSpec = EngineSpec {
        id: "PH9.NEW",
        purpose: "An engine that nobody wrote a check for.",
        capabilities: &[],
        reason_codes: &[],
        tables: &TABLES,
        acceptance_tests: &[],
    };
    assert_eq!(stated_tables(&[&ENGINE]).collect::<Vec<_>>(), ["notes"]);
    let connection = Connection::open_in_memory().unwrap();
    connection.execute_batch("CREATE TABLE stray (x INTEGER) STRICT").unwrap();
    let mut report = FoldReport::default();
    report.cover("links");
    report.name_uncovered(&connection).unwrap();
    assert!(report.not_covered.contains(&"stray".to_owned()), "{:?}", report.not_covered);
    assert!(report.not_covered.contains(&"identities".to_owned()));
    assert!(!report.not_covered.contains(&"links".to_owned()));
}
