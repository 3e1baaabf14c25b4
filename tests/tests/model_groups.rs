//! However calls are grouped into commits, the same rows stand on the disk in the end.
//!
//! The same random sequence is made once call by call, and once as tickets that are handed over in groups.
//! Then every table of both files is read by a plain connection, and compared byte for byte.

use std::path::Path;

use proptest::collection::vec;
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;
use rusqlite::Connection;
use rusqlite::types::Value;
use selene_acceptance::model::{Run, Script, Sent, mixed_writes, run, submit};
use selene_storage::SqliteStore;

type Rows = Vec<Vec<Value>>;

/// Every row of every table, as SQLite gives them, in the order of the primary key.
fn dump(path: &Path) -> Vec<(String, Rows)> {
    let connection = Connection::open(path).unwrap();
    let names = |sql: &str| -> Vec<String> {
        let mut statement = connection.prepare(sql).unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
    };
    let tables = names("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name");
    let rows = tables.iter().map(|table| {
        let key = format!("SELECT name FROM pragma_table_info('{table}') WHERE pk > 0 ORDER BY pk");
        let key = names(&key);
        assert!(!key.is_empty(), "{table} has a primary key");
        let mut statement =
            connection.prepare(&format!("SELECT * FROM {table} ORDER BY {}", key.join(", "))).unwrap();
        let columns = statement.column_count();
        let rows = statement.query_map([], |row| (0..columns).map(|column| row.get(column)).collect());
        (table.clone(), rows.unwrap().collect::<Result<_, _>>().unwrap())
    });
    rows.collect()
}

fn one_by_one(path: &Path, script: &Script) -> Result<Vec<Sent>, String> {
    let store = SqliteStore::open(path).map_err(|error| error.to_string())?;
    let mut run = Run::new(&store);
    let sent =
        script.steps().iter().filter_map(|step| run.step(step).transpose()).collect::<Result<_, _>>()?;
    run.finish()?;
    Ok(sent)
}

fn in_groups(path: &Path, calls: &[Sent], sizes: &[usize]) -> Result<(), String> {
    let store = SqliteStore::open(path).map_err(|error| error.to_string())?;
    let mut rest = calls;
    for size in sizes.iter().cycle() {
        if rest.is_empty() {
            break;
        }
        let (group, later) = rest.split_at((*size).min(rest.len()));
        rest = later;
        let tickets: Vec<_> = group.iter().map(|sent| submit(&store, &sent.step)).collect();
        for (sent, wait) in group.iter().zip(tickets) {
            let answer = wait();
            if answer != sent.answer {
                return Err(format!("{:?}\n  alone: {:?}\n  in a group: {answer:?}", sent.step, sent.answer));
            }
        }
    }
    Ok(())
}

fn same_rows(script: &Script, sizes: &[usize]) -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let (alone, grouped) = (folder.path().join("alone.db"), folder.path().join("grouped.db"));
    let calls = one_by_one(&alone, script)?;
    in_groups(&grouped, &calls, sizes)?;
    for (alone, grouped) in dump(&alone).into_iter().zip(dump(&grouped)) {
        if alone != grouped {
            return Err(format!("{} differs\n  alone: {:?}\n  grouped: {:?}", alone.0, alone.1, grouped.1));
        }
    }
    Ok(())
}

#[test]
fn every_grouping_of_calls_leaves_the_same_rows() {
    let scripts = (mixed_writes(), vec(1_usize..40, 1..6));
    run(150, &scripts, |(script, sizes)| same_rows(script, sizes));
}

/// Comparing empty tables proves nothing.
#[test]
fn scripts_of_the_grouping_test_write_every_table() {
    // No call of the model writes memory, conversations, or what onboardings and campaigns lean on.
    let never = [
        "access_instances",
        "conversation_ledger",
        "memory_current",
        "memory_ledger",
        "onboarding_backfill_campaigns",
        "onboarding_backfill_targets",
        "position_events",
        "positions",
        "requirement_schema_events",
        "requirement_schemas",
        "tenant_companies",
    ];
    let mut empty = Vec::new();
    let mut runner = TestRunner::deterministic();
    for script in 0..200 {
        let calls = mixed_writes().new_tree(&mut runner).unwrap().current();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("one.db");
        one_by_one(&path, &calls).unwrap();
        let without = dump(&path).into_iter().filter(|(_, rows)| rows.is_empty()).map(|(table, _)| table);
        let without: Vec<String> = without.filter(|table| script == 0 || empty.contains(table)).collect();
        empty = without;
        if empty == never {
            return;
        }
    }
    panic!("never written: {empty:?}");
}
