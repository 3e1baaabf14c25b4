//! Every write of every engine made twice: by two threads at one moment, after a commit that failed, after the store was opened
//! again. Each is applied once, answered the second time as the first, and in the end the rows are those of a store where each
//! was made once.

use std::sync::Barrier;
use std::thread;

use selene_acceptance::{Backend, Harness, OpenStore};
use selene_contracts::StorageError;
use selene_storage::test_support::BrokenCommit;

use crate::dispatch::Written;
use crate::scene::{Call, Scene};

/// When a call is made again.
const LATER: u64 = 95_000;

/// What an answer gives as it is now when it is given again: the page of PH1.ONB names these fields of a start, and no others.
const GIVEN_AS_IT_STANDS: (&str, [&str; 4]) = (
    "PH1ONB_SESSION_START_DRAFT_ROW",
    ["status", "next_step", "missing_requirement_keys", "next_requirement_key"],
);

/// Makes the writes of the scene by `make`, and compares every row with those of a scene whose writes were made once.
fn leaves_the_same_rows<H: Harness>(
    harness: &H,
    mut make: impl FnMut(&mut OpenStore<H::Store>, &Call) -> Written,
) {
    let mut calls = Vec::new();
    let once = Scene::made(harness.open(), &mut |open, call| {
        let done = Call::applied(open, call);
        calls.push((call.clone(), done.clone()));
        done
    });
    let once = once.store().every_row().unwrap();
    let mut scene = Scene::made(harness.open(), &mut make);
    let rows = scene.store().every_row().unwrap();
    for (table, rows) in &rows {
        assert_eq!(rows, &once[table], "{table}");
    }
    assert_eq!(rows.len(), once.len());
    scene.reopen();
    for (call, first) in &calls {
        is_replayed(scene.store(), call, first);
    }
    assert_eq!(scene.store().every_row().unwrap(), once, "a replay leaves no trace");
    assert!(scene.store().verify_chains(&[]).unwrap().is_intact());
}

/// Makes a call again that was applied: it is answered as it was the first time, bit for bit.
pub fn is_replayed(store: &impl Backend, call: &Call, first: &Written) {
    let mut again = call.at(LATER).on(store).unwrap_or_else(|error| panic!("{}: {error}", call.id));
    let mut expected = Written { is_applied: false, is_identical: true, ..first.clone() };
    let (start, fields) = GIVEN_AS_IT_STANDS;
    for value in [&mut again.value, &mut expected.value] {
        if let Some(answer) = value.as_object_mut().filter(|_| call.id == start) {
            answer.retain(|name, _| !fields.contains(&name.as_str()));
        }
    }
    assert_eq!(again, expected, "{}", call.id);
}

/// Two threads make each write at one moment: it is applied for one of them and replayed for the other.
pub fn each_write_by_two_threads_at_one_moment_is_applied_once(harness: &impl Harness) {
    leaves_the_same_rows(harness, |open, call| {
        let (store, start) = (open.store(), Barrier::new(2));
        let make = || {
            start.wait();
            call.on(store).unwrap_or_else(|error| panic!("{}: {error}", call.id))
        };
        let (here, there) = thread::scope(|scope| {
            let there = scope.spawn(make);
            (make(), there.join().expect("it is answered"))
        });
        assert_ne!(here.is_applied, there.is_applied, "{}: applied for one of them", call.id);
        assert!(here.is_identical && there.is_identical, "{}", call.id);
        assert_eq!((&here.value, &here.event_id), (&there.value, &there.event_id), "{}", call.id);
        Written { is_applied: true, ..here }
    });
}

/// Each write meets a commit that fails, and is made again on the same handle, or on one that was opened after it. What fails of
/// one tenant is lost where it is durable of the other.
fn after_a_failure(harness: &impl Harness, is_reopened: bool) {
    leaves_the_same_rows(harness, |open, call| {
        let is_lost = (call.context.now.get() + call.context.turn_id.get()).is_multiple_of(2);
        open.store().break_next_commit(if is_lost { BrokenCommit::Lost } else { BrokenCommit::Durable });
        let unknown = call.on(open.store()).expect_err(call.id);
        assert!(matches!(unknown, StorageError::OutcomeUnknown { .. }), "{}: {unknown}", call.id);
        if is_reopened {
            open.reopen();
        }
        let done = call.on(open.store()).unwrap_or_else(|error| panic!("{}: {error}", call.id));
        assert_eq!(done.is_applied, is_lost, "{}", call.id);
        let first = Written { is_applied: true, ..done };
        is_replayed(open.store(), call, &first);
        first
    });
}

pub fn each_write_is_applied_once_after_a_commit_that_failed(harness: &impl Harness) {
    after_a_failure(harness, false);
}

pub fn each_write_is_applied_once_after_a_failure_and_a_new_start(lasting: &impl Harness) {
    after_a_failure(lasting, true);
}
