//! What a statement reads of tables whose rows may change is locked on PostgreSQL while a transaction writes, or has a reason here. The manual
//! lists it. And an answer that was read ahead is made of the rows that the store takes it for.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use selene_acceptance::place;
use selene_storage::backend::{current_tables, ledgers};
use selene_storage_postgres::test_support::{locking, reached};

use crate::statements;

/// Where statements stand that no transaction that writes runs: checks, exports and copies in a snapshot, SQLite's own, and those that
/// walk a table for the checks.
const NEVER_WRITING: [&str; 7] =
    ["check/", "audit/", "sqlite/", "pages of ", "groups of ", "all and one of ", "copies of "];

/// A table that may change and is read unlocked: where, a part of the statement, the table, and what keeps the answer true.
const UNLOCKED: &[(&str, &str, &str, &str)] = &[
    (
        "rows/onboarding.rs",
        "LEFT JOIN access_instances",
        "access_instances",
        "the session refers to the row, and its person never changes",
    ),
    (
        "rows/onboarding.rs",
        "LEFT JOIN devices",
        "devices",
        "the session refers to the row, and its owner never changes",
    ),
    (
        "rows/standing.rs",
        "LEFT JOIN identities",
        "identities",
        "the device refers to the row, and no call changes a home",
    ),
    (
        "rows/ph1_w/runtime.rs",
        "LEFT JOIN identities",
        "identities",
        "the device refers to the row, and no call changes a home",
    ),
    ("rows/ph1_onb/campaigns.rs", "SELECT count(*)", "identities", "the lane of the tenant"),
    ("rows/ph1_onb/campaigns.rs", "INSERT INTO", "identities", "the lane of the tenant"),
    ("rows/ph1_onb/campaigns.rs", "SELECT count(*)", "access_instances", "the lane of the tenant"),
    (
        "rows/ph1_onb/campaigns.rs",
        "SELECT count(*)",
        "onboarding_backfill_targets",
        "the lane of the campaign's tenant",
    ),
    (
        "rows/ph1_onb/campaigns.rs",
        "open_target",
        "onboarding_backfill_targets",
        "the lane of the campaign's tenant",
    ),
];

/// The tables that may change which a statement reads, each as often as it does.
fn read(sql: &str) -> Vec<&str> {
    named(sql).into_iter().filter(|table| current_tables().contains(table)).collect()
}

/// What a statement reads from, tables or what stands for one, each as often as it does.
fn named(sql: &str) -> Vec<&str> {
    let words: Vec<&str> =
        sql.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|word| !word.is_empty()).collect();
    let pairs = words.windows(2).enumerate();
    pairs
        // What is deleted is no read; nothing current is.
        .filter(|(place, pair)| {
            pair[0] == "JOIN"
                || pair[0] == "FROM" && (*place == 0 || !["DELETE", "DISTINCT"].contains(&words[place - 1]))
        })
        .map(|(_, pair)| pair[1])
        .collect()
}

/// Those of them that it does not lock.
fn unlocked(sql: &'static str) -> Vec<String> {
    let text = locking(sql);
    let locks = text.strip_prefix(sql).unwrap_or_default().replace(" FOR NO KEY UPDATE OF ", "");
    let mut left: Vec<String> = read(sql).into_iter().map(str::to_owned).collect();
    for name in locks.split(", ").filter(|name| !name.is_empty()) {
        let table = current_tables()
            .iter()
            .find(|table| **table == name || sql.contains(&format!("{table} AS {name}")))
            .unwrap_or_else(|| panic!("{name} is locked and not read: {sql}"));
        let place = left.iter().position(|read| read == table).expect("what is locked is read");
        left.remove(place);
    }
    left
}

#[test]
fn what_may_change_is_locked_as_it_is_read_or_has_a_reason() {
    let (mut used, mut wrong, mut locked) = (BTreeSet::new(), Vec::new(), 0);
    for (sql, place) in statements::all() {
        if NEVER_WRITING.iter().any(|start| place.starts_with(start)) {
            continue;
        }
        let sql: &'static str = sql.leak();
        let left = unlocked(sql);
        locked += read(sql).len() - left.len();
        for table in left {
            let reason = UNLOCKED
                .iter()
                .position(|(at, part, of, _)| place.starts_with(at) && sql.contains(part) && table == *of);
            match reason {
                Some(reason) => drop(used.insert(reason)),
                None => wrong.push((place.clone(), table, sql)),
            }
        }
    }
    assert!(locked > 20, "{locked} reads are locked");
    assert!(wrong.is_empty(), "read unlocked, without a reason: {wrong:#?}");
    let unused: Vec<_> =
        (0..UNLOCKED.len()).filter(|place| !used.contains(place)).map(|place| UNLOCKED[place]).collect();
    assert!(unused.is_empty(), "no statement needs these reasons: {unused:#?}");
}

/// An answer that was read ahead holds until a row of one of its tables is written, or one with the value of its condition: a table that
/// is not known to be read, or a value of another column, would keep an old answer.
#[test]
fn an_answer_that_is_read_ahead_is_made_of_every_table_that_its_statement_reads() {
    let (mut by_value, mut whole) = (0, 0);
    for (sql, place) in statements::all() {
        if !sql.starts_with("SELECT") || NEVER_WRITING.iter().any(|start| place.starts_with(start)) {
            continue;
        }
        let reached = reached(&sql);
        for table in named(&sql) {
            if !current_tables().contains(table) && !ledgers().contains(table) {
                continue;
            }
            // The record of an event is added with it, so that the event says whether the answer holds.
            let by_event = |(table, equal): &(String, Option<_>)| table == "audit_events" && equal.is_some();
            let is_known = reached.iter().any(|(known, _)| known == table)
                || table == "idempotency_records" && reached.iter().any(by_event);
            assert!(is_known, "{place}: {table} is read, not {reached:?}: {sql}");
        }
        for (table, equal) in &reached {
            let Some((column, parameter)) = equal else {
                whole += 1;
                continue;
            };
            by_value += 1;
            assert!(
                sql.contains(&format!("{column} = ${}", parameter + 1)),
                "{place}: {table}.{column}: {sql}"
            );
            let is_sure = ![" OR ", " NOT ", " CASE ", " UNION "].iter().any(|word| sql.contains(word));
            assert!(is_sure, "{place}: a condition of {table} that some rows need not keep: {sql}");
        }
    }
    assert!(by_value > 40, "{by_value} answers hang on a value, {whole} on a table");
}

/// What the manual lists of a table: the two columns between its name and its tests.
fn listed_of(locked: bool, places: &BTreeSet<String>) -> String {
    let places: Vec<String> = places.iter().map(|place| format!("`{place}`")).collect();
    let places = if places.is_empty() { "–".to_owned() } else { places.join(", ") };
    format!("{} | {places}", if locked { "yes" } else { "no" })
}

/// The names of the tests that let two writers meet, each in an order.
fn interleavings() -> BTreeSet<String> {
    let folder = place::workspace().join("tests/tests/postgres");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files = files.filter(|path| path.to_string_lossy().contains("/interleaved"));
    let texts: Vec<String> = files.map(|path| fs::read_to_string(path).unwrap()).collect();
    let functions = texts.iter().flat_map(|text| text.split("#[test]\nfn ").skip(1));
    functions.filter_map(|rest| rest.split('(').next().map(str::to_owned)).collect()
}

#[test]
fn the_manual_lists_what_rules_read_and_a_test_for_each_table() {
    let mut reads: BTreeMap<String, (bool, BTreeSet<String>)> = BTreeMap::new();
    for (sql, place) in statements::all() {
        if NEVER_WRITING.iter().any(|start| place.starts_with(start)) {
            continue;
        }
        let sql: &'static str = sql.leak();
        let left = unlocked(sql);
        for table in read(sql) {
            let (is_locked, places) = reads.entry(table.to_owned()).or_default();
            if left.iter().any(|unlocked| unlocked == table) {
                places.insert(place.clone());
            } else {
                *is_locked = true;
            }
        }
    }
    let manual = fs::read_to_string(place::workspace().join("docs/POSTGRES.md")).unwrap();
    let (_, list) =
        manual.split_once("| forced interleavings |\n|---|---|---|---|\n").expect("the list is there");
    let list = list.split("\n\n").next().unwrap_or_default();
    let known = interleavings();
    let mut listed = BTreeMap::new();
    for line in list.lines() {
        let columns: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [table, locked, places, tests] = columns[..] else { panic!("{line}") };
        let mut tests = tests.split(", ").map(|test| test.trim_matches('`'));
        assert!(tests.all(|test| known.contains(test)), "{table}: no such test: {line}");
        listed.insert(table.trim_matches('`').to_owned(), format!("{locked} | {places}"));
    }
    let reads: BTreeMap<String, String> = reads
        .iter()
        .map(|(table, (is_locked, places))| (table.clone(), listed_of(*is_locked, places)))
        .collect();
    assert_eq!(listed, reads);
}

#[test]
fn a_form_that_takes_no_lock_is_found() {
    assert_eq!(unlocked("SELECT status FROM identities WHERE user_id = $1"), [""; 0]);
    for (sql, left) in [
        ("SELECT count(*) FROM identities WHERE tenant_id = $1", "identities"),
        ("SELECT 1 FROM memory_ledger WHERE EXISTS (SELECT 1 FROM devices WHERE device_id = $1)", "devices"),
        ("WITH a AS (SELECT status FROM identities) SELECT status FROM a", "identities"),
        ("INSERT INTO memory_ledger (user_id) SELECT user_id FROM identities", "identities"),
        (
            "SELECT a.user_id FROM devices AS a LEFT JOIN identities AS b ON b.user_id = a.user_id",
            "identities",
        ),
    ] {
        assert_eq!(unlocked(sql), [left], "{sql}");
    }
}
