//! Every statement of the store is fast on a large table: no lookup walks one.
//!
//! The statements are taken from the sources and the contracts, so a new one is checked without a word here; SQLite says
//! how it would run each. A lookup, that is a statement with a parameter, may only search by an index; what it found it may
//! sort. A statement without one reads a whole table, and may walk it, but in an order that an index has.

mod lists;
#[cfg(feature = "postgres")]
mod locks;
mod plan;
mod portable;
mod sources;
mod statements;

use std::collections::BTreeSet;

use plan::{Fault, Planner};
use rusqlite::Connection;
use selene_storage::SqliteStore;

/// Comparisons that only filter, because the index leads to few rows already: where they stand, and why the rows are few.
const FILTERED: [(&str, &str); 3] = [
    // The events and turns of one correlation chain are few; most of them are what the reader asked for.
    ("WHERE correlation_id = $1 AND ", "engine"),
    ("WHERE correlation_id = $1 AND ", "coalesce(tenant_id, '')"),
    ("WHERE correlation_id = $1 AND ", "user_id"),
];

/// On the schema of a new store. It needs no rows: SQLite plans without looking at them, as long as nobody asks it to
/// count them with `ANALYZE`, which the store never does.
/// Plans are those of SQLite alone: a store makes the file, and its planner is asked. PostgreSQL's follow from statistics of its rows.
fn planner() -> Planner {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("store.db");
    drop(SqliteStore::open(&path).expect("a new store opens"));
    Planner::new(folder, Connection::open(&path).expect("a connection"))
}

#[test]
fn no_lookup_walks_a_table_and_no_table_is_sorted() {
    let planner = planner();
    let mut used: BTreeSet<&(&str, &str)> = BTreeSet::new();
    let mut wrong = Vec::new();
    for (sql, place) in &statements::all() {
        let Some(mut fault) = planner.fault(sql) else { continue };
        if let Fault::Unsearched(columns) = &mut fault {
            columns.retain(|column| {
                let known = FILTERED.iter().find(|(part, filtered)| sql.contains(part) && column == filtered);
                used.extend(known);
                known.is_none()
            });
            if columns.is_empty() {
                continue;
            }
        }
        wrong.push(format!("{place}: {sql}\n{fault:?}\n{:#?}", planner.plan(sql)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    let unused: Vec<_> = FILTERED.iter().filter(|filtered| !used.contains(*filtered)).collect();
    assert!(unused.is_empty(), "no statement filters by {unused:?} any more");
}

/// Indices that a spec requires and no statement of ours needs, though SQLite may take one of them for another of equal use.
const FOR_OTHERS: [&str; 2] = ["audit_events_by_tenant", "audit_events_by_turn"];

#[test]
fn every_index_serves_a_statement() {
    let planner = planner();
    let plans: Vec<String> = statements::all()
        .keys()
        .flat_map(|sql| planner.plan(sql))
        .map(|step| format!("{} ", step.detail))
        .collect();
    let indices = planner.indices();
    let is_idle = |index: &&str| !plans.iter().any(|plan| plan.contains(&format!(" {index} ")));
    let idle: Vec<&str> = indices.iter().map(String::as_str).filter(is_idle).collect();
    let needless: Vec<&str> = idle.into_iter().filter(|index| !FOR_OTHERS.contains(index)).collect();
    assert!(needless.is_empty(), "SQLite does not use {needless:?}");
    for index in FOR_OTHERS {
        assert!(indices.iter().any(|made| made == index), "there is no index {index} any more");
    }
}

#[test]
fn walks_and_searches_are_distinguished() {
    let planner = planner();
    for sql in [
        "SELECT 1 FROM devices WHERE device_id = ?1",
        "SELECT 1 FROM devices WHERE device_id = $1",
        "SELECT max(session_id) FROM sessions",
        "SELECT max(chain_sequence) FROM wake_runtime_events WHERE chain_id = ?1",
        "SELECT * FROM sessions WHERE session_id = ?1",
    ] {
        assert_eq!(planner.fault(sql), None, "{sql}");
    }
    let unsearched =
        |columns: &[&str]| Fault::Unsearched(columns.iter().copied().map(str::to_owned).collect());
    assert_eq!(
        planner.fault("SELECT 1 FROM audit_events WHERE chain_id = ?1 AND hash = ?2"),
        Some(unsearched(&["hash"]))
    );
    assert_eq!(
        planner.fault("SELECT 1 FROM audit_events WHERE chain_id = $1 AND hash IS NOT DISTINCT FROM $2"),
        Some(unsearched(&["hash"]))
    );
    for (sql, expected) in [
        ("SELECT 1 FROM wake_runtime_events WHERE accepted = ?1", "a lookup walks a table"),
        ("SELECT 1 FROM wake_runtime_events WHERE accepted = $1", "a lookup walks a table"),
        ("SELECT 1 FROM devices WHERE user_id = :user_id", "a lookup walks a table"),
        ("SELECT * FROM wake_runtime_events ORDER BY created_at", "a whole table is sorted"),
        (
            "SELECT 1 FROM devices WHERE EXISTS (SELECT 1 FROM sessions WHERE sessions.device_id = devices.device_id)",
            "2 tables are walked",
        ),
        (
            "SELECT (SELECT count(*) FROM sessions WHERE closed_at <> last_seen_at) FROM devices",
            "a table is walked for every row of another one",
        ),
        (
            "SELECT 1 FROM links CROSS JOIN identities ON links.inviter_user_id <> identities.user_id",
            "2 tables are walked",
        ),
    ] {
        match planner.fault(sql) {
            Some(Fault::Slow(what)) => assert!(what.starts_with(expected), "{sql}: {what}"),
            other => panic!("{sql}: {other:?}"),
        }
    }
}
