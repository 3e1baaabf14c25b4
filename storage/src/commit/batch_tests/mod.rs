//! Which transactions a batch takes, however they end.

mod scripted;

use scripted::{batches, step};

use crate::commit::driver::CommitEnd;
use crate::commit::operation::Verdict;
use crate::failure::{Failure, Trouble};

/// What is done for two operations whose commits end in these ways.
fn of_two(ends: impl IntoIterator<Item = CommitEnd>) -> String {
    let (mut batches, log) = batches::<false>(ends);
    batches.run(&mut vec![step("a", &log, []), step("b", &log, [])], &mut |_| false);
    log.shown()
}

/// What is done for one operation whose runs and commits end in these ways.
fn of_one(verdicts: impl IntoIterator<Item = Verdict>, ends: impl IntoIterator<Item = CommitEnd>) -> String {
    let (mut batches, log) = batches::<false>(ends);
    batches.run(&mut vec![step("a", &log, verdicts)], &mut |_| false);
    log.shown()
}

const TOGETHER: &str = "begin, a, b, commit 2";
const WITH_SAVEPOINTS: &str = "begin, a, mark, release, b, mark, release, commit 2";

#[test]
fn a_batch_is_one_transaction() {
    assert_eq!(of_two([]), TOGETHER);
}

#[test]
fn what_arrives_while_the_transaction_is_open_joins_it() {
    let (mut batches, log) = batches::<false>([]);
    let mut arriving = vec![step("b", &log, [])];
    batches.run(&mut vec![step("a", &log, [])], &mut |batch| {
        let is_any = !arriving.is_empty();
        batch.append(&mut arriving);
        is_any
    });
    assert_eq!(log.shown(), TOGETHER);
}

#[test]
fn a_batch_that_was_rolled_back_or_refused_runs_again_with_savepoints() {
    for end in [CommitEnd::RolledBack, CommitEnd::Refused] {
        assert_eq!(of_two([end]), format!("{TOGETHER}, {WITH_SAVEPOINTS}"));
    }
}

#[test]
fn operations_run_alone_where_savepoints_did_not_help() {
    for end in [CommitEnd::RolledBack, CommitEnd::Refused] {
        let alone = "begin, a, commit 1, begin, b, commit 1";
        let expected = format!("{TOGETHER}, {WITH_SAVEPOINTS}, {alone}");
        assert_eq!(of_two([end.clone(), end]), expected);
    }
}

#[test]
fn one_operation_that_is_rolled_back_fails_and_is_not_repeated() {
    let failed = "begin, a, commit 1, a fails: the transaction was rolled back";
    assert_eq!(of_one([], [CommitEnd::RolledBack]), failed);
}

#[test]
fn one_operation_with_a_refused_row_runs_again_with_nothing_kept_back() {
    let again = "begin, a, commit 1, begin, a, mark, release, commit 1";
    assert_eq!(of_one([], [CommitEnd::Refused]), again);
    let failed = format!("{again}, a fails: the transaction was rolled back");
    assert_eq!(of_one([], [CommitEnd::Refused, CommitEnd::Refused]), failed);
}

#[test]
fn a_batch_with_another_writer_in_the_way_runs_again_as_it_was() {
    assert_eq!(of_two([CommitEnd::Conflict]), format!("{TOGETHER}, {TOGETHER}"));
    let again = "begin, a, roll back, begin, a, commit 1";
    assert_eq!(of_one([Verdict::Again], []), again);
}

#[test]
fn other_writers_may_be_in_the_way_a_bounded_number_of_times() {
    let shown = of_one([], std::iter::repeat_n(CommitEnd::Conflict, 100));
    let failed = ", a fails: other writers were in the way each time; try again";
    assert_eq!(shown, ["begin, a, commit 1"; 9].join(", ") + failed);
}

#[test]
fn one_operation_that_takes_back_what_it_wrote_keeps_its_own_answer() {
    assert_eq!(of_one([Verdict::Undo], []), "begin, a, roll back");
}

#[test]
fn an_operation_that_fails_costs_the_others_of_its_batch_nothing() {
    let (mut batches, log) = batches::<false>([]);
    batches.run(&mut vec![step("a", &log, []), step("b", &log, [Verdict::Undo; 2])], &mut |_| false);
    let again = "begin, a, mark, release, b, mark, undo, commit 2";
    assert_eq!(log.shown(), format!("begin, a, b, roll back, {again}"));
}

#[test]
fn what_the_database_says_of_a_commit_reaches_every_operation() {
    for end in [CommitEnd::NotCommitted("full".to_owned()), CommitEnd::Unknown("full".to_owned())] {
        assert_eq!(of_two([end]), format!("{TOGETHER}, a fails: full, b fails: full"));
    }
}

#[test]
fn no_transaction_is_begun_once_the_time_of_the_batch_is_over() {
    let late = "fails: the database took too long; try again";
    for end in [CommitEnd::Conflict, CommitEnd::RolledBack, CommitEnd::Refused] {
        let (mut batches, log) = batches::<false>([end]);
        batches.driver.late_after = 1;
        batches.run(&mut vec![step("a", &log, []), step("b", &log, [])], &mut |_| false);
        assert_eq!(log.shown(), format!("{TOGETHER}, a {late}, b {late}"));
    }
    // It may be over while operations run alone.
    let (mut batches, log) = batches::<false>([CommitEnd::RolledBack, CommitEnd::RolledBack]);
    batches.driver.late_after = 3;
    batches.run(&mut vec![step("a", &log, []), step("b", &log, [])], &mut |_| false);
    let expected = format!("{TOGETHER}, {WITH_SAVEPOINTS}, begin, a, commit 1, b {late}");
    assert_eq!(log.shown(), expected);
}

#[test]
fn operations_that_waited_too_long_are_answered_without_a_transaction() {
    let (mut batches, log) = batches::<true>([]);
    let mut more = vec![step("b", &log, [])];
    batches.run(&mut vec![step("a", &log, [])], &mut |batch| {
        let has_more = !more.is_empty();
        batch.append(&mut more);
        has_more
    });
    let late = "fails: the call waited too long for calls before it; try again";
    assert_eq!(log.shown(), format!("a {late}, a is answered, b {late}, b is answered"));
}

#[test]
fn reads_are_noted_ahead_for_a_batch_and_not_where_each_has_a_savepoint() {
    let (mut batches, log) = batches::<false>([CommitEnd::RolledBack]);
    batches.driver.looks_ahead = true;
    batches.run(&mut vec![step("a", &log, []), step("b", &log, [])], &mut |_| false);
    assert_eq!(log.shown(), format!("look, a, look, b, {TOGETHER}, {WITH_SAVEPOINTS}"));
}

#[test]
fn a_second_look_is_taken_in_the_transaction_where_it_is_worth_it() {
    let trouble = |trouble| Err(Failure::Database { trouble, detail: "broken".to_owned() });
    let looks = "look, a, begin, look, a, read ahead";
    let cases = [
        (Ok(()), format!("{looks}, a, commit 1")),
        // In the way: again as it was. Else with a savepoint, and without looking ahead.
        (trouble(Trouble::Conflict), format!("{looks}, roll back, look, a, begin, a, commit 1")),
        (trouble(Trouble::Other), format!("{looks}, roll back, begin, a, mark, release, commit 1")),
    ];
    for (end, expected) in cases {
        let (mut batches, log) = batches::<false>([]);
        batches.driver.looks_ahead = true;
        batches.driver.second_looks.push_back(end);
        batches.run(&mut vec![step("a", &log, [])], &mut |_| false);
        assert_eq!(log.shown(), expected);
    }
}
