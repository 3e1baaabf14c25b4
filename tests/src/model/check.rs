//! What the tests of every engine do with their random sequences: compare them with the model, and check which
//! answers they reach.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use proptest::strategy::{Strategy, ValueTree as _};
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestRunner};

use super::calls::Script;
use super::compare::Run;
use super::reference::Model;
use crate::harness::Harness;

/// Into how many parts the inputs of a check are split; each has its own seed. A number of this file, not of the
/// machine, so that every machine tries the same inputs.
const PARTS: u32 = 8;

/// How many sequences are looked at for the answers that they reach. They are always the same.
const LOOKED_AT: usize = 1_000;

/// Makes every call of a sequence on a new store and on the model; compares every answer, and in the end every
/// table and every event.
///
/// # Errors
/// The first difference.
pub fn hold(harness: &impl Harness, script: &Script) -> Result<(), String> {
    let open = harness.open();
    let mut run = Run::new(open.store());
    for step in &script.steps() {
        run.step(step)?;
    }
    run.finish()
}

/// Checks random inputs, `PROPTEST_CASES` of them, else `default`, on every core. They are the same in every run, so
/// that a red test is about the change at hand; `PROPTEST_RNG_SEED` tries others.
///
/// # Panics
/// An input fails; the message shows the smallest that still does.
pub fn run<S: Strategy>(
    default: u32,
    inputs: impl Fn() -> S + Sync,
    check: impl Fn(&S::Value) -> Result<(), String> + Sync,
) {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(default);
    let check_part = |part: u32| {
        let mut config =
            Config { cases: cases.div_ceil(PARTS), failure_persistence: None, ..Config::default() };
        config.rng_seed = match config.rng_seed {
            RngSeed::Fixed(seed) => {
                RngSeed::Fixed(seed.wrapping_mul(u64::from(PARTS)).wrapping_add(u64::from(part)))
            }
            RngSeed::Random => RngSeed::Fixed(u64::from(part)),
        };
        let checked =
            TestRunner::new(config).run(&inputs(), |input| check(&input).map_err(TestCaseError::fail));
        checked.map_err(|difference| difference.to_string())
    };
    let next_part = AtomicU32::new(0);
    let worker = || -> Result<(), String> {
        while let Some(part) = Some(next_part.fetch_add(1, Ordering::Relaxed)).filter(|part| *part < PARTS) {
            check_part(part)?;
        }
        Ok(())
    };
    let cores = thread::available_parallelism().map_or(1, |cores| cores.get().min(PARTS as usize));
    let differences: Vec<String> = thread::scope(|scope| {
        // A worker goes by the name of the test, under which its stores record what they see.
        let test = thread::current().name().unwrap_or_default().to_owned();
        let named = || thread::Builder::new().name(test.clone());
        let workers: Vec<_> =
            (0..cores).map(|_| named().spawn_scoped(scope, worker).expect("a thread starts")).collect();
        let results =
            workers.into_iter().map(|worker| worker.join().expect("a failing check does not panic"));
        results.filter_map(Result::err).collect()
    });
    if let Some(difference) = differences.first() {
        panic!("{difference}");
    }
}

/// Checks that store and model agree on random sequences.
///
/// # Panics
/// They do not; the message shows the shortest sequence on which they differ.
pub fn agree<S: Strategy<Value = Script>>(
    harness: &impl Harness,
    default: u32,
    scripts: impl Fn() -> S + Sync,
) {
    run(default.div_ceil(harness.part_of_sequences()), scripts, |script| hold(harness, script));
}

/// Checks that the sequences reach every answer: that each line of `answers` is among what the model answers.
///
/// # Panics
/// A line is never answered; the message lists all that are not.
pub fn assert_reached(scripts: &impl Strategy<Value = Script>, answers: &str) {
    let reached = reached(scripts);
    let answers = answers.lines().map(str::trim).filter(|answer| !answer.is_empty());
    let missing: Vec<&str> = answers.filter(|answer| !reached.contains(*answer)).collect();
    assert!(missing.is_empty(), "{missing:#?}");
}

/// Every answer that the model gives, as `WakeStart W_SCOPE_VIOLATION`, and what stands in its tables in the
/// end, as `WakeBinding REPLACED` and `Journey COMPLETE with 2 gates`.
pub(super) fn reached(scripts: &impl Strategy<Value = Script>) -> BTreeSet<String> {
    let mut runner = TestRunner::deterministic();
    let mut reached = BTreeSet::new();
    for _ in 0..LOOKED_AT {
        let script = scripts.new_tree(&mut runner).expect("a sequence is made").current();
        let mut model = Model::new();
        for step in script.steps() {
            let answer = model.answer(&step);
            reached.insert(format!("{} {}", step.call.name(), answer.word()));
        }
        if model.tables.wake_bindings.iter().any(|row| !row.active) {
            reached.insert("WakeBinding REPLACED".to_owned());
        }
        reached.extend(model.tables.hiring.journeys());
    }
    reached
}
