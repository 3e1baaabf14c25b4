//! However calls are grouped into commits, the same rows stand on the disk in the end; and calls that were
//! refused or replayed, and reads, might as well not have been made.
//!
//! The same random sequence is made once call by call, once as tickets that are handed over in groups, and once
//! without the calls that change nothing. Then every table of all three stores is compared, byte for byte.

use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::vec;
use proptest::strategy::{Strategy, Union, ValueTree as _};
use proptest::test_runner::TestRunner;
use selene_acceptance::model::{
    ENGINES, Run, Script, Sent, WITHOUT_MODEL, Wait, engine_script, mixed_writes, onboarding_script, run,
    submit,
};
use selene_acceptance::{Backend, Harness};
use selene_contracts::{TableSpec, engines};
use selene_storage::test_support::TableRows;

type Tables = BTreeMap<String, TableRows>;

fn tables(store: &impl Backend) -> Result<Tables, String> {
    store.every_row().map_err(|error| error.to_string())
}

/// Gives what was sent, and every table after it.
fn one_by_one(store: &impl Backend, script: &Script) -> Result<(Vec<Sent>, Tables), String> {
    let mut run = Run::new(store);
    let steps = script.steps();
    let sent = steps.iter().filter_map(|step| run.step(step).transpose()).collect::<Result<_, _>>()?;
    // The comparison with the model completes running campaigns, so the tables are taken before.
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

/// Hands calls over in groups of these sizes, and gives every table after the store was opened again: what was answered must
/// be durable.
fn in_groups<'a>(
    harness: &impl Harness,
    calls: impl Iterator<Item = &'a Sent>,
    sizes: &[usize],
) -> Result<Tables, String> {
    let mut open = harness.open();
    let mut sizes = sizes.iter().cycle();
    let (mut tickets, mut size) = (Vec::new(), sizes.next());
    for sent in calls {
        let is_full = size.is_some_and(|size| tickets.len() >= *size);
        if is_full {
            size = sizes.next();
        }
        if is_full || sent.step.goes_past_the_queue(harness.has_one_queue()) {
            settle(&mut tickets)?;
        }
        tickets.push((sent, submit(open.store(), &sent.step)));
    }
    settle(&mut tickets)?;
    open.reopen();
    tables(open.store())
}

fn same(other: &str, alone: &Tables, tables: &Tables) -> Result<(), String> {
    for (name, rows) in alone {
        if tables.get(name) != Some(rows) {
            return Err(format!("{name} differs\n  alone: {rows:?}\n  {other}: {:?}", tables.get(name)));
        }
    }
    Ok(())
}

fn same_rows(harness: &impl Harness, script: &Script, sizes: &[usize]) -> Result<(), String> {
    let (calls, alone) = one_by_one(harness.open().store(), script)?;
    let grouped = in_groups(harness, calls.iter(), sizes)?;
    same("grouped", &alone, &grouped)?;
    let needed = calls.iter().filter(|sent| sent.leaves_a_trace);
    let needed = in_groups(harness, needed, sizes)?;
    same("without the calls that change nothing", &alone, &needed)
}

/// Tries random sequences in random groups of 1 to 39 calls.
pub fn same_rows_in_any_grouping<S: Strategy<Value = Script>>(
    harness: &impl Harness,
    default: u32,
    scripts: impl Fn() -> S + Sync,
) {
    let cases = default.div_ceil(harness.part_of_sequences());
    run(cases, || (scripts(), vec(1_usize..40, 1..6)), |(script, sizes)| same_rows(harness, script, sizes));
}

/// Comparing empty tables proves nothing.
pub fn scripts_write_every_table(harness: &impl Harness) {
    let mut runner = TestRunner::deterministic();
    let mut empty: Option<BTreeSet<String>> = None;
    let engines = engines::ALL.iter().filter(|engine| WITHOUT_MODEL.contains(&engine.id));
    let foreign: BTreeSet<&str> =
        engines.flat_map(|engine| engine.tables).map(TableSpec::bare_name).collect();
    let drafted = ENGINES.iter().map(|model| engine_script(model).boxed());
    let scripts =
        Union::new([mixed_writes().boxed(), onboarding_script().boxed()].into_iter().chain(drafted));
    for _ in 0..400 {
        let script = scripts.new_tree(&mut runner).unwrap().current();
        let (_, tables) = one_by_one(harness.open().store(), &script).unwrap();
        let without = tables.into_iter().filter(|(_, table)| table.rows.is_empty()).map(|(name, _)| name);
        let without = without.filter(|name| !foreign.contains(name.as_str()));
        let without =
            without.filter(|name| empty.as_ref().is_none_or(|empty| empty.contains(name))).collect();
        if BTreeSet::is_empty(empty.insert(without)) {
            return;
        }
    }
    panic!("never written: {empty:?}");
}
