//! As many random calls over all engines as are asked for: store and model agree on each, and on every row and event behind each sequence.
//! `SELENE_CALLS=1000000` asks for a million.

use proptest::strategy::{Strategy as _, Union, ValueTree as _};
use proptest::test_runner::TestRunner;
use selene_acceptance::Harness;
use selene_acceptance::model::{
    ENGINES, engine_script, hold, mixed_writes, onboarding_script, voice_script, wake_script,
};

/// How many calls are made where nobody says.
const SAMPLE: usize = 20_000;

/// Makes sequences of every kind, until so many calls are made. They are the same in every run.
pub fn store_and_model_agree_on_so_many_calls(harness: &impl Harness) {
    let asked = std::env::var("SELENE_CALLS").ok().map(|text| text.parse().expect("a number of calls"));
    let part = usize::try_from(harness.part_of_sequences()).expect("a small number");
    let asked: usize = asked.unwrap_or(SAMPLE).div_ceil(part);
    let drafted = ENGINES.iter().map(|model| engine_script(model).boxed());
    let by_hand =
        [wake_script().boxed(), voice_script().boxed(), onboarding_script().boxed(), mixed_writes().boxed()];
    let scripts = Union::new(by_hand.into_iter().chain(drafted));
    let (mut runner, mut made, mut sequences) = (TestRunner::deterministic(), 0, 0);
    while made < asked {
        let script = scripts.new_tree(&mut runner).expect("a sequence is made").current();
        hold(harness, &script).unwrap_or_else(|difference| panic!("{script:?}\n{difference}"));
        made += script.steps().len();
        sequences += 1;
    }
    println!("{made} calls in {sequences} sequences");
}
