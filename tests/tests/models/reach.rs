//! Every capability of every engine is called by a random sequence, or asked at the end of each.

use std::collections::BTreeSet;
use std::thread;

use proptest::strategy::{Strategy as _, Union, ValueTree as _};
use proptest::test_runner::TestRunner;
use selene_acceptance::model::{
    ENGINES, Run, Script, WITHOUT_MODEL, engine_script, mixed_writes, onboarding_script, voice_script,
    wake_script,
};
use selene_acceptance::{Harness as _, InMemory, saw};
use selene_contracts::engines;

/// How many sequences are made at most.
const SEQUENCES: usize = 300;

/// Capabilities that no sequence calls between its other calls: what they give is compared when a sequence has ended.
const AT_THE_END: &[&str] = &[
    "PH1F_APPEND_ONLY_GUARDS",
    "PH1F_READ_CONVERSATION_ROWS",
    "PH1F_READ_DEVICE_ROW",
    "PH1F_READ_IDENTITY_ROW",
    "PH1F_READ_MEMORY_CURRENT_ROWS",
    "PH1F_READ_MEMORY_LEDGER_ROWS",
    "PH1F_READ_SESSION_ROW",
    "PH1J_APPEND_ONLY_GUARD",
    "PH1J_READ_CORRELATION_ROWS",
    "PH1J_READ_ROWS",
    "PH1J_READ_TENANT_ROWS",
    "PH1PERSONA_READ_AUDIT_ROWS",
    "PH1WRITE_READ_AUDIT_ROWS",
];

/// The capabilities that stores of the running test were asked for.
fn called() -> BTreeSet<String> {
    let mut called = BTreeSet::new();
    saw(|seen| {
        called.extend(seen.calls.keys().cloned());
        called.extend(seen.codes.values().flatten().cloned());
        false
    });
    called
}

/// The capabilities of the engines that have a model.
fn stated() -> BTreeSet<String> {
    let engines = engines::ALL.iter().filter(|engine| !WITHOUT_MODEL.contains(&engine.id));
    engines.flat_map(|engine| engine.capabilities).map(|spec| spec.id.to_owned()).collect()
}

/// Makes sequences until they called all of these, each with what is asked at its end where that `is_finished`.
fn call(all: &BTreeSet<String>, made: &[Script], is_finished: bool) {
    for script in made {
        let open = InMemory.open();
        let mut run = Run::new(open.store());
        let steps = script.steps();
        let mut answers = steps.iter().map(|step| run.step(step).map(drop));
        let made = answers.try_for_each(std::convert::identity);
        let ended = made.and_then(|()| if is_finished { run.finish() } else { Ok(()) });
        ended.unwrap_or_else(|difference| panic!("{script:?}\n{difference}"));
        if called() == *all {
            return;
        }
    }
    let called = called();
    let missing: Vec<&String> = all.difference(&called).collect();
    let more: Vec<&String> = called.difference(all).collect();
    panic!("never called: {missing:?}; called, and not expected: {more:?}");
}

fn look() {
    let drafted = ENGINES.iter().map(|model| engine_script(model).boxed());
    let by_hand =
        [wake_script().boxed(), voice_script().boxed(), onboarding_script().boxed(), mixed_writes().boxed()];
    let scripts = Union::new(by_hand.into_iter().chain(drafted));
    let mut runner = TestRunner::deterministic();
    let made: Vec<Script> = (0..SEQUENCES)
        .map(|_| scripts.new_tree(&mut runner).expect("a sequence is made").current())
        .collect();
    let at_the_end: BTreeSet<String> = AT_THE_END.iter().map(|id| (*id).to_owned()).collect();
    call(&stated().difference(&at_the_end).cloned().collect(), &made, false);
    call(&stated(), &made, true);
}

/// Where one test runs after the other, they run on the main thread, whose calls are recorded for no test.
pub fn every_capability_is_called_by_a_sequence_or_asked_at_its_end() {
    let name = thread::current().name().filter(|name| *name != "main").map(str::to_owned);
    let name =
        name.unwrap_or_else(|| "every_capability_is_called_by_a_sequence_or_asked_at_its_end".to_owned());
    let looked = thread::Builder::new().name(name).spawn(look).expect("a thread starts").join();
    assert!(looked.is_ok(), "see above");
}
