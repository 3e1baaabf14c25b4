//! A refused call leaves no trace: before and after it every row of every table is the same, byte for byte. So it is after a replay, and
//! after a read that is not audited.

use std::collections::BTreeSet;

use proptest::strategy::{Strategy, ValueTree as _};
use proptest::test_runner::TestRunner;
use selene_acceptance::model::{Answer, Model, Run, Script};
use selene_acceptance::{Backend as _, Harness};

/// How many sequences are looked at for refusals; as many as the tests of the answers look at.
const LOOKED_AT: usize = 1_000;

/// The refusals in a list of answers, each with its call.
fn refusals(answers: &str) -> BTreeSet<String> {
    let answers = answers.lines().map(str::trim).filter(|answer| !answer.is_empty());
    let is_refusal = |answer: &&str| {
        let (_, word) = answer.split_once(' ').expect("a call and its answer");
        let is_code = word.contains('_') && !word.contains(' ');
        is_code && word != "REPLAYED_DIFFERENT"
    };
    answers.filter(is_refusal).map(str::to_owned).collect()
}

/// The refusals that a sequence leads to, as the model says.
fn foretold(script: &Script) -> BTreeSet<String> {
    let mut model = Model::new();
    let answers = script.steps().into_iter().map(|step| (step.call.name(), model.answer(&step)));
    let refused = answers.filter(|(_, answer)| matches!(answer, Answer::Refused(_)));
    refused.map(|(call, answer)| format!("{call} {}", answer.word())).collect()
}

/// Makes the calls of a sequence, compares all rows around each that should leave none, and gives the refusals.
fn compared(harness: &impl Harness, script: &Script) -> BTreeSet<String> {
    let open = harness.open();
    let mut run = Run::new(open.store());
    let mut rows = open.store().every_row().expect("the rows are read");
    let mut refused = BTreeSet::new();
    for step in script.steps() {
        let sent = run.step(&step).unwrap_or_else(|difference| panic!("{difference}"));
        let now = open.store().every_row().expect("the rows are read");
        let Some(sent) = sent.filter(|sent| !sent.leaves_a_trace) else {
            rows = now;
            continue;
        };
        assert_eq!(now, rows, "{step:?} is answered {:?}", sent.answer);
        if matches!(sent.answer, Answer::Refused(_)) {
            refused.insert(format!("{} {}", step.call.name(), sent.answer.word()));
        }
    }
    refused
}

/// Tries every refusal of a list of answers.
pub fn every_refusal_leaves_no_trace(
    harness: &impl Harness,
    scripts: &impl Strategy<Value = Script>,
    answers: &str,
) {
    let mut runner = TestRunner::deterministic();
    let mut wanted = refusals(answers);
    assert!(wanted.len() > 5, "{wanted:?}");
    for _ in 0..LOOKED_AT {
        if wanted.is_empty() {
            return;
        }
        let script = scripts.new_tree(&mut runner).expect("a sequence is made").current();
        if !foretold(&script).is_disjoint(&wanted) {
            let refused = compared(harness, &script);
            wanted.retain(|refusal| !refused.contains(refusal));
        }
    }
    assert!(wanted.is_empty(), "never refused: {wanted:#?}");
}
