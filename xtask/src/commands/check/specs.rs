//! What `lint` finds.

use serde_json::json;

use super::section::{Section, Verdict};
use super::subject::Subject;
use crate::commands::uses_colour_on_output;
use crate::diagnostics::{Severity, github, json as diagnostics_json, render};

/// Whether the specs have no errors, and with `--deny-warnings` no warnings.
pub fn section(subject: &Subject<'_>) -> Section {
    let (found, sources) = (&subject.run.diagnostics, &subject.run.sources);
    let (errors, warnings) = (found.count(Severity::Error), found.count(Severity::Warning));
    let is_denied = subject.args.deny_warnings && warnings > 0;
    let objects = found.sorted(sources).into_iter().map(|one| diagnostics_json::diagnostic(one, sources));
    let engines = subject.run.resolved.contracts.len();
    Section {
        title: "specs",
        verdict: if errors > 0 || is_denied { Verdict::Failed } else { Verdict::Passed },
        summary: format!("{engines} engines, {errors} errors, {warnings} warnings"),
        details: render::to_text(found, sources, uses_colour_on_output()),
        data: json!({ "errors": errors, "warnings": warnings, "diagnostics": objects.collect::<Vec<_>>() }),
        annotations: github::diagnostics(found, sources),
    }
}
