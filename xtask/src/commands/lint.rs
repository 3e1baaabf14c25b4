//! `cargo xtask lint`: what pages, lexicon and register say against each other.

use std::fmt::Write as _;
use std::process::ExitCode;

use serde_json::json;

use super::{NO_WORKSPACE, exit_code, print, print_error};
use crate::cli::{FindingFormat, LintArgs};
use crate::diagnostics::{Code, Diagnostics, Severity, codes, github, json as diagnostics_json, render};
use crate::lint::{Finder, Rule, list};
use crate::pipeline;
use crate::source::Sources;

/// Runs the command.
#[must_use]
pub fn run(args: &LintArgs) -> ExitCode {
    if args.list {
        print(&listed());
        return exit_code(true);
    }
    if let Some(id) = args.explain {
        print(&explained(id));
        return exit_code(true);
    }
    let Some([specs, out]) = args.folders.resolve() else {
        print_error(NO_WORKSPACE);
        return ExitCode::FAILURE;
    };
    let is_wanted = |rule: &Rule| args.rule.is_none_or(|id| rule.code.id == id);
    let run = pipeline::run_rules(&specs, &out, &is_wanted);
    let mut found = Diagnostics::default();
    // Whatever keeps a page from being read may hide what the rule would find in it.
    let is_rule = |code: &Code| list::find(code.id).is_some();
    found.absorb(run.diagnostics, |one| {
        let is_in_the_way = one.code.severity == Severity::Error && !is_rule(one.code);
        args.rule.is_none_or(|id| one.code.id == id || is_in_the_way)
    });
    print(&match args.format {
        FindingFormat::Text => as_text(&found, &run.sources, args.rule),
        FindingFormat::Json => format!("{:#}\n", as_json(&found, &run.sources)),
        FindingFormat::Github => github::diagnostics(&found, &run.sources),
    });
    let warnings = found.count(Severity::Warning);
    let is_denied = args.deny_warnings && warnings > 0;
    exit_code(!found.has_errors() && !is_denied)
}

fn as_text(found: &Diagnostics, sources: &Sources, rule: Option<&str>) -> String {
    let text = render::to_text(found, sources, uses_colour());
    if !text.is_empty() {
        return text;
    }
    match rule {
        Some(id) => format!("`{id}` finds nothing\n"),
        None => format!("{} rules find nothing\n", list::all().count()),
    }
}

/// Whether findings are printed in colour: they go to standard output here.
fn uses_colour() -> bool {
    anstream::AutoStream::choice(&std::io::stdout()) != anstream::ColorChoice::Never
}

fn as_json(found: &Diagnostics, sources: &Sources) -> serde_json::Value {
    let diagnostics = found.sorted(sources).into_iter();
    json!({
        "errors": found.count(Severity::Error),
        "warnings": found.count(Severity::Warning),
        "diagnostics": diagnostics.map(|one| diagnostics_json::diagnostic(one, sources)).collect::<Vec<_>>(),
    })
}

/// Every rule, one line each.
fn listed() -> String {
    let mut text = String::new();
    let of_silences = list::OF_SILENCES.iter().map(|(code, _)| *code);
    for code in list::all().map(|rule| rule.code).chain(of_silences) {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{}  {:<7}  {}", code.id, code.severity.as_str(), code.purpose);
    }
    text
}

/// What a code is for; of a rule also why, who looks, and which fixture breaks it.
pub(super) fn explained(id: &str) -> String {
    let Some(code) = codes::ALL.iter().find(|code| code.id == id) else { return String::new() };
    let mut text = format!("{} ({})\n\n{}\n", code.id, code.severity.as_str(), code.purpose);
    let mut add = |words: &str| {
        let _ = write!(text, "\n{words}\n");
    };
    if let Some(rule) = list::find(id) {
        add(rule.explain);
        add(&match rule.finder {
            Finder::Lint(_) => format!(
                "To silence it, with a reason, right above one of the lines that a finding names:\n  <!-- lint: allow {id} because … -->\n  # lint: allow {id} because …"
            ),
            Finder::Phase(phase) => {
                format!(
                    "It is found by the phase `{phase}` and cannot be silenced: no contract could be made."
                )
            }
        });
        add(&format!("Broken on purpose in xtask/tests/fixtures/{}", rule.fixture));
    } else if let Some((_, words)) = list::OF_SILENCES.iter().find(|(code, _)| code.id == id) {
        add(words);
    }
    text
}
