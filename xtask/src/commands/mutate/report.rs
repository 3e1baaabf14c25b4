//! The report on mutants, for people and for tools.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};

use super::kept::Reason;
use super::stages::Verdict;

/// A mutant and what became of it.
pub(super) struct Outcome {
    pub(super) id: String,
    pub(super) operator: &'static str,
    /// The line of the specs: `specs/ecm/PH1_W.md:12`.
    pub(super) place: String,
    pub(super) verdict: Verdict,
    pub(super) reason: Option<String>,
}

impl Outcome {
    /// Whether a test or a reason is missing.
    pub(super) fn is_open(&self) -> bool {
        self.verdict == Verdict::Open && self.reason.is_none()
    }
}

/// Reasons that are of no use: of mutants that do not exist, or that a test notices. Those of mutants that were not run are left.
pub(super) fn useless<'a>(reasons: &'a [Reason], outcomes: &[Outcome], known: &[String]) -> Vec<&'a Reason> {
    let noticed =
        |id: &str| outcomes.iter().any(|outcome| outcome.id == id && outcome.verdict != Verdict::Open);
    let is_useless = |reason: &&Reason| !known.contains(&reason.mutant) || noticed(&reason.mutant);
    reasons.iter().filter(is_useless).collect()
}

/// One line for each operator, the sum, and every open mutant with its place.
pub(super) fn text(outcomes: &[Outcome]) -> String {
    let mut table = comfy_table::Table::new();
    table.load_style(comfy_table::presets::UTF8_FULL_CONDENSED);
    table.set_header(["operator", "mutants", "compiler", "tests", "reason", "open"]);
    let mut operators: BTreeMap<&str, Vec<&Outcome>> = BTreeMap::new();
    for outcome in outcomes {
        operators.entry(outcome.operator).or_default().push(outcome);
    }
    for (operator, outcomes) in &operators {
        table.add_row(row(operator, outcomes));
    }
    table.add_row(row("all", &outcomes.iter().collect::<Vec<_>>()));
    let mut text = format!("{table}\n");
    for outcome in outcomes.iter().filter(|outcome| outcome.is_open()) {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "open: {}\n    {}", outcome.id, outcome.place);
    }
    text
}

fn row(name: &str, outcomes: &[&Outcome]) -> Vec<String> {
    let count =
        |is: &dyn Fn(&Outcome) -> bool| outcomes.iter().filter(|outcome| is(outcome)).count().to_string();
    vec![
        name.to_owned(),
        outcomes.len().to_string(),
        count(&|outcome| matches!(outcome.verdict, Verdict::Compiler { .. })),
        count(&|outcome| matches!(outcome.verdict, Verdict::Noticed { .. })),
        count(&|outcome| outcome.verdict == Verdict::Open && outcome.reason.is_some()),
        count(&Outcome::is_open),
    ]
}

/// Mutants that nobody tried, for tools: id, operator and place of each.
pub(super) fn listed<'a>(mutants: impl Iterator<Item = (String, &'a str, String)>) -> Value {
    let entry = |(id, operator, place)| json!({ "id": id, "operator": operator, "place": place });
    json!({ "mutants": mutants.map(entry).collect::<Vec<Value>>() })
}

/// An object with every mutant.
pub(super) fn json(outcomes: &[Outcome]) -> Value {
    let mutants: Vec<Value> = outcomes
        .iter()
        .map(|outcome| {
            json!({
                "id": outcome.id,
                "operator": outcome.operator,
                "place": outcome.place,
                "outcome": outcome.verdict,
                "reason": outcome.reason,
            })
        })
        .collect();
    json!({ "mutants": mutants, "open": outcomes.iter().filter(|outcome| outcome.is_open()).count() })
}
