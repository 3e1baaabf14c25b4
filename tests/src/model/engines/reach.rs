//! Which answers the sequences of an engine have to reach: a sequence in which every call is refused proves nothing.

use std::collections::BTreeSet;

use selene_contracts::{CapabilitySpec, Effect, ReasonClass, engines};

use super::ALL;
use super::model::EngineModel;
use super::sequences::engine_script;
use crate::model::check::reached;
use crate::model::listed::{BY_HAND, WITHOUT_MODEL};

/// Checks that every engine is answered by a model, or stated to have none, and by one of the three only.
///
/// # Panics
/// An engine is not, or a list names one that there is not.
pub fn every_engine_has_a_model() {
    let drafted: Vec<&str> = ALL.iter().map(|model| model.engine).collect();
    let mut listed = [BY_HAND, &drafted, WITHOUT_MODEL].concat();
    listed.sort_unstable();
    let mut stated: Vec<&str> = engines::ALL.iter().map(|engine| engine.id).collect();
    stated.sort_unstable();
    assert_eq!(listed, stated, "an engine has a model by hand, a drafted one, or none");
}

/// Checks that the sequences of every engine whose model is drafted reach every answer that its contract knows.
///
/// # Panics
/// An answer is never given, and the model does not say why.
pub fn assert_engines_reached() {
    for model in ALL {
        let reached = reached(&engine_script(model));
        let excused: BTreeSet<&str> = model.never.iter().map(|(answer, _)| *answer).collect();
        let missing: Vec<String> = expected(model)
            .into_iter()
            .filter(|answer| !excused.contains(answer.as_str()) && !is_reached(&reached, answer))
            .collect();
        assert!(missing.is_empty(), "no sequence of {} reaches {missing:#?}", model.engine);
        let needless: Vec<&&str> = excused.iter().filter(|answer| is_reached(&reached, answer)).collect();
        assert!(
            needless.is_empty(),
            "{} reaches what its model says it never does: {needless:#?}",
            model.engine
        );
    }
}

/// `ANY CODE` is reached where some call is answered with the code.
fn is_reached(reached: &BTreeSet<String>, answer: &str) -> bool {
    match answer.strip_prefix("ANY ") {
        Some(code) => reached.iter().any(|answer| answer.split(' ').nth(1) == Some(code)),
        None => reached.contains(answer),
    }
}

/// `CALL ANSWER` for what each call may answer, and `ANY CODE` for each code of a refusal.
fn expected(model: &EngineModel) -> Vec<String> {
    let spec = model.spec();
    let calls = spec.capabilities.iter().flat_map(|capability| {
        answers(capability).into_iter().map(move |answer| format!("{} {answer}", capability.id))
    });
    let refusals =
        spec.reason_codes.iter().filter(|code| code.class() == ReasonClass::Refusal && !code.is_retired());
    calls.chain(refusals.map(|code| format!("ANY {code}"))).collect()
}

fn answers(capability: &CapabilitySpec) -> Vec<&'static str> {
    let refusals = capability.refusals;
    let mut answers = match capability.effect {
        Effect::Write if capability.dedupe.is_some() => vec!["APPLIED", "REPLAYED"],
        Effect::Write => vec!["APPLIED"],
        Effect::Read => vec!["SERVED"],
        Effect::Guard => vec![refusals.append_only.as_str(), refusals.not_found.as_str()],
    };
    answers.push(refusals.caller.as_str());
    if capability.simulation_gated {
        answers.push(refusals.simulation.as_str());
    }
    answers
}
