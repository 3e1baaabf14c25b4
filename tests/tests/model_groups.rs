//! However calls are grouped into commits, the same rows stand on the disk in the end; and calls that were
//! refused or replayed, and reads, might as well not have been made.
//!
//! The same random sequence is made once call by call, once as tickets that are handed over in groups, and once
//! without the calls that leave no trace. Then every table of all three files is compared, byte for byte.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use proptest::collection::vec;
use proptest::strategy::{Strategy, ValueTree as _};
use proptest::test_runner::TestRunner;
use selene_acceptance::model::{Run, Script, Sent, Wait, mixed_writes, onboarding_script, run, submit};
use selene_storage::SqliteStore;
use selene_storage::test_support::TableRows;

type Tables = BTreeMap<String, TableRows>;

fn open(path: &Path) -> Result<SqliteStore, String> {
    SqliteStore::open(path).map_err(|error| error.to_string())
}

fn tables(store: &SqliteStore) -> Result<Tables, String> {
    store.every_row().map_err(|error| error.to_string())
}

/// Gives what was sent, and what stands there then.
fn one_by_one(store: &SqliteStore, script: &Script) -> Result<(Vec<Sent>, Tables), String> {
    let mut run = Run::new(store);
    let steps = script.steps();
    let sent = steps.iter().filter_map(|step| run.step(step).transpose()).collect::<Result<_, _>>()?;
    // The comparison with the model brings campaigns to their end, so the tables are taken before.
    let tables = tables(store)?;
    run.finish()?;
    Ok((sent, tables))
}

/// Waits for the answers that are still out.
fn settle(tickets: &mut Vec<(&Sent, Wait)>) -> Result<(), String> {
    for (sent, wait) in tickets.drain(..) {
        let answer = wait();
        if answer != sent.answer {
            return Err(format!("{:?}\n  alone: {:?}\n  in a group: {answer:?}", sent.step, sent.answer));
        }
    }
    Ok(())
}

fn in_groups<'a>(
    path: &Path,
    calls: impl Iterator<Item = &'a Sent>,
    sizes: &[usize],
) -> Result<Tables, String> {
    let store = open(path)?;
    let mut sizes = sizes.iter().cycle();
    let (mut tickets, mut size) = (Vec::new(), sizes.next());
    for sent in calls {
        let is_full = size.is_some_and(|size| tickets.len() >= *size);
        if is_full {
            size = sizes.next();
        }
        if is_full || sent.step.goes_past_the_queue() {
            settle(&mut tickets)?;
        }
        tickets.push((sent, submit(&store, &sent.step)));
    }
    settle(&mut tickets)?;
    // What is told is what lies on the disk.
    drop(store);
    tables(&open(path)?)
}

fn same(other: &str, alone: &Tables, tables: &Tables) -> Result<(), String> {
    for (name, rows) in alone {
        if tables.get(name) != Some(rows) {
            return Err(format!("{name} differs\n  alone: {rows:?}\n  {other}: {:?}", tables.get(name)));
        }
    }
    Ok(())
}

fn same_rows(script: &Script, sizes: &[usize]) -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let (calls, alone) = one_by_one(&open(&folder.path().join("alone.db"))?, script)?;
    let grouped = in_groups(&folder.path().join("grouped.db"), calls.iter(), sizes)?;
    same("grouped", &alone, &grouped)?;
    let needed = calls.iter().filter(|sent| sent.leaves_a_trace);
    let needed = in_groups(&folder.path().join("needed.db"), needed, sizes)?;
    same("without the calls that leave no trace", &alone, &needed)
}

fn same_rows_in_any_grouping<S: Strategy<Value = Script>>(default: u32, scripts: impl Fn() -> S + Sync) {
    run(default, || (scripts(), vec(1_usize..40, 1..6)), |(script, sizes)| same_rows(script, sizes));
}

#[test]
fn every_grouping_of_enrollments_leaves_the_same_rows() {
    same_rows_in_any_grouping(150, mixed_writes);
}

#[test]
fn every_grouping_of_journeys_leaves_the_same_rows() {
    same_rows_in_any_grouping(100, onboarding_script);
}

/// Comparing empty tables proves nothing.
#[test]
fn scripts_of_the_grouping_tests_write_every_table() {
    let mut runner = TestRunner::deterministic();
    let mut empty: Option<BTreeSet<String>> = None;
    let scripts = mixed_writes().boxed().prop_union(onboarding_script().boxed());
    for _ in 0..400 {
        let script = scripts.new_tree(&mut runner).unwrap().current();
        let (_, tables) = one_by_one(&SqliteStore::open_in_memory().unwrap(), &script).unwrap();
        let without = tables.into_iter().filter(|(_, table)| table.rows.is_empty()).map(|(name, _)| name);
        let without =
            without.filter(|name| empty.as_ref().is_none_or(|empty| empty.contains(name))).collect();
        if BTreeSet::is_empty(empty.insert(without)) {
            return;
        }
    }
    panic!("never written: {empty:?}");
}
