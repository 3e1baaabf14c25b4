//! What `regenerate --check` reports.

use serde_json::json;

use super::section::{Section, Verdict};
use super::subject::Subject;
use crate::commands::report::{self, View};
use crate::paths;

/// Whether the output folder is what the specs say.
pub fn section(subject: &Subject<'_>) -> Section {
    let Subject { run, changes, specs, out, .. } = subject;
    let [shown_specs, shown_out] = [paths::display(specs), paths::display(out)];
    let title = "contracts";
    if run.diagnostics.has_errors() {
        return Section {
            title,
            verdict: Verdict::NotCompared,
            summary: format!("{shown_specs} have an error, so that nothing can be made of them"),
            details: String::new(),
            data: json!({ "differences": null }),
            annotations: String::new(),
        };
    }
    let view = View { run, changes, specs, out };
    let is_same = changes.is_empty();
    let summary = if is_same {
        format!("{shown_out} is what {shown_specs} say")
    } else {
        format!("{} files differ; to mend: {}", changes.len(), report::mending_command(&view))
    };
    Section {
        title,
        verdict: if is_same { Verdict::Passed } else { Verdict::Failed },
        summary,
        details: report::differences(&view),
        data: json!({ "differences": report::difference_objects(&view) }),
        annotations: report::annotations(&view),
    }
}
