//! What the specs break that the main branch holds: against the point where this branch left it. A clone that does not know
//! that point says so.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::json;

use super::section::{Section, Verdict};
use super::subject::Subject;
use crate::commands::diff::report::{Report, shown};
use crate::commands::diff::{folder, json as diff_json, text};
use crate::commands::revision::{Revision, Uncompared, branch_point, git, specs_of};
use crate::commands::uses_colour_on_output;
use crate::diagnostics::Severity;
use crate::diagnostics::github::{self, Level};
use crate::diff::Class;
use crate::paths;

const TITLE: &str = "main branch";

/// The files of specs that differ, committed or not, and what that breaks.
pub fn section(subject: &Subject<'_>) -> Section {
    let specs = &subject.specs;
    let compared = branch_point(specs, subject.args.against.as_deref())
        .and_then(|base| Ok((changed(specs, &base)?, base)));
    match compared {
        Ok((files, base)) => differing(subject, &files, &base),
        Err(uncompared) => {
            let (verdict, level, reason) = match uncompared {
                Uncompared::Mistaken(reason) => (Verdict::Failed, Level::Error, reason),
                Uncompared::Missing(reason) => (Verdict::NotCompared, Level::Notice, reason),
            };
            Section {
                title: TITLE,
                verdict,
                annotations: github::note(level, "not compared with the main branch", &reason),
                data: json!({ "against": null, "reason": reason }),
                details: String::new(),
                summary: reason,
            }
        }
    }
}

/// What the differing files say.
fn differing(subject: &Subject<'_>, files: &[String], base: &Revision) -> Section {
    let short = base.short();
    let mut section = Section {
        title: TITLE,
        verdict: Verdict::Passed,
        summary: match files.len() {
            0 => format!("no file of specs differs from `{}` ({short})", base.name),
            count => format!("{count} files of specs differ from `{}` ({short})", base.name),
        },
        details: files.join("\n"),
        data: json!({ "against": base.name, "commit": base.commit, "files": files, "diff": null }),
        annotations: String::new(),
    };
    if files.is_empty() {
        return section;
    }
    match compared(subject, base) {
        Ok(report) => {
            let _ = write!(section.summary, ": {}", report.summary());
            let _ = write!(section.details, "\n\n{}", text::changes(&report, uses_colour_on_output()));
            section.data["diff"] = diff_json::object(&report);
            section.annotations = annotations(&report);
            if !report.is_clean() {
                section.verdict = Verdict::Failed;
            }
        }
        // Writing to a string cannot fail.
        Err(reason) => {
            let _ = write!(section.summary, "; what they mean is not compared: {reason}");
        }
    }
    section
}

/// The meaning of the difference, or why it is not known. What has an error may come to mean something else.
fn compared(subject: &Subject<'_>, base: &Revision) -> Result<Report, String> {
    if subject.run.diagnostics.has_errors() {
        return Err(format!("{} have an error", paths::display(&subject.specs)));
    }
    let old = specs_of(&subject.specs, base.short())?;
    Ok(Report::new(&base.name, old, folder(&subject.specs)?))
}

/// Every break that nothing acknowledges, and what proves less, at its new line.
fn annotations(report: &Report) -> String {
    let mut text = String::new();
    for (change, reason) in &report.changes {
        let severity = match change.kind.class {
            class if class.is_breaking() => Severity::Error,
            Class::WeakerProof => Severity::Warning,
            _ => continue,
        };
        let (None, Some(span)) = (reason, change.new) else { continue };
        let place = shown(span, &report.sources);
        let message =
            format!("{}\n{}\nto do: {}", change.sentence(), change.kind.class.title(), change.kind.to_do);
        text += &github::annotation(severity, place.path, place.position, change.kind.id, &message);
    }
    text + &github::diagnostics(&report.errors, &report.sources)
}

/// Files of a folder that differ from a commit, and those that git does not know yet; below the folder, sorted.
fn changed(folder: &Path, base: &Revision) -> Result<Vec<String>, Uncompared> {
    let known = ["diff", "--name-only", "-z", "--relative", &base.commit, "--", "."];
    let new = ["ls-files", "--others", "--exclude-standard", "-z", "--", "."];
    let mut files = Vec::new();
    for arguments in [&known[..], &new[..]] {
        let printed = git(folder, arguments).ok_or_else(|| {
            Uncompared::Missing(format!("git cannot compare with `{}` ({})", base.name, base.commit))
        })?;
        files.extend(printed.split('\0').filter(|file| !file.is_empty()).map(str::to_owned));
    }
    files.sort();
    Ok(files)
}
