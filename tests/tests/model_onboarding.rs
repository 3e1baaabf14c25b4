//! PH1.LINK, PH1.POSITION, PH2.ACCESS and PH1.ONB against the reference model: random journeys of several
//! people and tenants, every answer, every table, every event.
//!
//! `PROPTEST_CASES=5000` runs more sequences than the default.

use proptest::test_runner::{Config, TestCaseError, TestRunner};
use selene_acceptance::model::{Run, Script, cases, onboarding_script, reached};
use selene_storage::SqliteStore;

fn hold(script: &Script) -> Result<(), String> {
    let store = SqliteStore::open_in_memory().map_err(|error| error.to_string())?;
    let mut run = Run::new(&store);
    for step in &script.steps() {
        run.step(step)?;
    }
    run.finish()
}

#[test]
fn store_and_model_agree_on_every_call() {
    let config = Config { cases: cases(300), failure_persistence: None, ..Config::default() };
    let checked = TestRunner::new(config)
        .run(&onboarding_script(), |script| hold(&script).map_err(TestCaseError::fail));
    if let Err(difference) = checked {
        panic!("{difference}");
    }
}

/// A sequence that never gets anywhere agrees on nothing: every answer that the specs know is among them.
#[test]
fn sequences_reach_every_answer() {
    let reached = reached(&onboarding_script(), 500);
    let missing: Vec<&str> = ANSWERS
        .lines()
        .map(str::trim)
        .filter(|answer| !answer.is_empty() && !reached.contains(*answer))
        .collect();
    assert!(missing.is_empty(), "{missing:#?}");
}

const ANSWERS: &str = "
    OnbComplete APPLIED COMPLETE
";
