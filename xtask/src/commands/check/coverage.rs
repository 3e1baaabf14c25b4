//! What is proven, as `coverage` reports it. Before the tests have run, that is nobody's fault.

use serde_json::{Value, json};

use super::section::{Section, Verdict};
use super::subject::Subject;
use crate::commands::coverage::MAKES_RECORDS;
use crate::coverage::report::{Report, Row, State};
use crate::diagnostics::github::{self, Level};

/// What the last run of the tests saw. It fails where something is not written, or an acceptance test fails.
pub fn section(subject: &Subject<'_>) -> Section {
    let not_compared = |reason: String| titled(Verdict::NotCompared, reason, &[], json!(null));
    let Some(workspace) = subject.specs.parent().filter(|_| !subject.run.diagnostics.has_errors()) else {
        return not_compared("the specs have an error, so that nothing can be held against them".to_owned());
    };
    match Report::of(&subject.run, workspace) {
        Ok(report) if report.records == 0 => {
            not_compared(format!("no test has left a record; `{MAKES_RECORDS}` makes them"))
        }
        Ok(report) => of_report(&report),
        Err(error) => {
            let summary = format!("{error}; delete it, and run `{MAKES_RECORDS}`");
            titled(Verdict::Failed, summary, &[], json!(null))
        }
    }
}

fn of_report(report: &Report) -> Section {
    let count = |state| report.rows.iter().filter(|row| row.state == state).count();
    let is_broken = |row: &&Row| matches!(row.state, State::Missing | State::Skeleton | State::Failed);
    let broken = report.rows.iter().filter(is_broken);
    let lines: Vec<String> = broken.map(Row::sentence).chain(report.problems.iter().cloned()).collect();
    let stale = count(State::Stale);
    let verdict = match (lines.is_empty(), stale) {
        (true, 0) => Verdict::Passed,
        (true, _) => Verdict::NotCompared,
        (false, _) => Verdict::Failed,
    };
    let states = State::ALL.into_iter().map(|state| (state, count(state))).filter(|(_, count)| *count > 0);
    let numbers: Vec<String> = states.map(|(state, count)| format!("{count} {}", state.as_str())).collect();
    let mends = if stale > 0 { format!("; `{MAKES_RECORDS}` renews the stale") } else { String::new() };
    let data = json!({ "problems": lines, "stale": stale, "tested": count(State::Tested) });
    titled(verdict, format!("{}{mends}", numbers.join(", ")), &lines, data)
}

fn titled(verdict: Verdict, summary: String, lines: &[String], data: Value) -> Section {
    Section {
        title: "coverage",
        verdict,
        summary,
        details: lines.join("\n"),
        data,
        annotations: lines.iter().map(|line| github::note(Level::Error, "not proven", line)).collect(),
    }
}
