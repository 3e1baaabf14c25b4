//! What a run did, for people: a table of engines, and every difference with its cause and its cure.

use std::fmt::Write as _;
use std::path::Path;

use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{Cell, CellAlignment, Table};
use selene_codegen::contract::{Contract, SpecKind};
use selene_codegen::naming::module_name;
use serde_json::{Value, json};
use similar::{ChangeTag, TextDiff};

use crate::diagnostics::{Severity, github};
use crate::paths;
use crate::pipeline::Run;
use crate::source::Position;
use crate::write::{self, Change, ChangeKind};
use crate::written::SOURCES_FILE;

/// The most lines of a diff that are shown for one file.
const DIFF_LINES: usize = 30;

/// A run together with the folders that it was about.
pub struct View<'a> {
    /// What the phases gave.
    pub run: &'a Run,
    /// Files that differ from what the run would write.
    pub changes: &'a [Change],
    /// The folder of the specs: `specs`.
    pub specs: &'a Path,
    /// The folder of the contracts: `generated`.
    pub out: &'a Path,
}

/// One row per engine, and a line that counts what changed.
#[must_use]
pub fn table(view: &View<'_>) -> String {
    let mut table = Table::new();
    table.load_style(UTF8_FULL_CONDENSED);
    table.set_header([
        "engine",
        "capabilities",
        "tables",
        "reason codes",
        "acceptance tests",
        "missing half",
        "changed",
    ]);
    for contract in &view.run.resolved.contracts {
        let count = |count: usize| Cell::new(count).set_alignment(CellAlignment::Right);
        table.add_row([
            Cell::new(&contract.engine.id),
            Cell::new(capabilities(contract)).set_alignment(CellAlignment::Right),
            count(contract.tables.len()),
            count(contract.reason_codes.len()),
            count(contract.acceptance_tests.len()),
            Cell::new(missing_half(contract)),
            Cell::new(what_changed(view, contract)),
        ]);
    }
    let mut text = table.trim_fmt();
    text.push('\n');
    let others: Vec<String> = view
        .changes
        .iter()
        .filter(|change| !is_contract_of_a_spec(view, change))
        .map(|change| format!("{} ({})", paths::display(&view.out.join(&change.path)), verb(change)))
        .collect();
    if !others.is_empty() {
        let _ = writeln!(text, "also: {}", others.join(", "));
    }
    if view.changes.is_empty() {
        text.push_str("nothing changed\n");
    }
    text
}

fn is_contract_of_a_spec(view: &View<'_>, change: &Change) -> bool {
    view.run.resolved.contracts.iter().any(|contract| change.path == contract_path(contract))
}

fn contract_path(contract: &Contract) -> String {
    format!("contracts/{}.yaml", module_name(&contract.engine.id))
}

fn missing_half(contract: &Contract) -> String {
    let names = contract.engine.missing.iter().map(|kind| match kind {
        SpecKind::Ecm => "ECM",
        SpecKind::DbWiring => "DB wiring",
    });
    names.collect::<Vec<_>>().join(", ")
}

fn what_changed(view: &View<'_>, contract: &Contract) -> String {
    let path = contract_path(contract);
    view.changes.iter().find(|change| change.path == path).map_or_else(|| "no".to_owned(), verb)
}

fn verb(change: &Change) -> String {
    let new = change.new.as_deref().unwrap_or_default();
    let diff = TextDiff::from_lines(change.old.as_str(), new);
    let count = |tag| diff.iter_all_changes().filter(|line| line.tag() == tag).count();
    match change.kind {
        ChangeKind::Missing => format!("new, {} lines", count(ChangeTag::Insert)),
        ChangeKind::Extra => "deleted".to_owned(),
        ChangeKind::ExtraFolder => "a folder, not deleted".to_owned(),
        ChangeKind::Stale => format!("+{} -{} lines", count(ChangeTag::Insert), count(ChangeTag::Delete)),
        ChangeKind::HandEdited => {
            format!("hand-edited, +{} -{} lines", count(ChangeTag::Insert), count(ChangeTag::Delete))
        }
    }
}

/// How many capabilities are served, and how many are planned beside them.
fn capabilities(contract: &Contract) -> String {
    let planned = contract.capabilities.iter().filter(|capability| capability.planned).count();
    let served = contract.served().count();
    if planned == 0 { served.to_string() } else { format!("{served} and {planned} planned") }
}

/// The same rows for tools.
#[must_use]
pub fn engine_objects(view: &View<'_>) -> Vec<Value> {
    let contracts = view.run.resolved.contracts.iter();
    contracts
        .map(|contract| {
            json!({
                "engine": contract.engine.id,
                "capabilities": contract.served().count(),
                "planned_capabilities": contract.capabilities.iter().filter(|one| one.planned).count(),
                "tables": contract.tables.len(),
                "reason_codes": contract.reason_codes.len(),
                "acceptance_tests": contract.acceptance_tests.len(),
                "missing": contract.engine.missing.iter().map(|kind| kind.as_str()).collect::<Vec<_>>(),
                "changed": view.changes.iter().any(|change| change.path == contract_path(contract)),
            })
        })
        .collect()
}

/// Every difference for tools.
#[must_use]
pub fn difference_objects(view: &View<'_>) -> Vec<Value> {
    let object = |change: &Change| {
        json!({
            "file": paths::display(&view.out.join(&change.path)),
            "kind": change.kind.as_str(),
            "diff": short_diff(change),
            "caused_by": causes(view, change),
            "mend": mending_command(view),
        })
    };
    view.changes.iter().map(object).collect()
}

/// Every difference as a workflow command, at the first line that differs.
#[must_use]
pub fn annotations(view: &View<'_>) -> String {
    let annotation = |change: &Change| {
        let mut message = format!("the file is {}", change.kind.as_str());
        for cause in causes(view, change) {
            let _ = write!(message, "\ncaused by {cause}");
        }
        let _ = write!(message, "\nto mend: {}", mending_command(view));
        let path = paths::display(&view.out.join(&change.path));
        github::annotation(Severity::Error, &path, first_difference(change), change.kind.as_str(), &message)
    };
    view.changes.iter().map(annotation).collect()
}

/// The line of the file as it lies there that is not as it should be.
fn first_difference(change: &Change) -> Position {
    let new = change.new.as_deref().unwrap_or_default();
    let alike = change.old.lines().zip(new.lines()).take_while(|(old, new)| old == new).count();
    // What is missing at the end is shown at the last line.
    Position { line: (alike + 1).min(change.old.lines().count().max(1)), column: 1 }
}

/// Every difference: file, kind, cause, diff.
#[must_use]
pub fn differences(view: &View<'_>) -> String {
    let mut text = String::new();
    for change in view.changes {
        let path = paths::display(&view.out.join(&change.path));
        let _ = writeln!(text, "{:<11} {path}", change.kind.as_str());
        for cause in causes(view, change) {
            let _ = writeln!(text, "            caused by {cause}");
        }
        for line in short_diff(change).lines() {
            let _ = writeln!(text, "    {line}");
        }
        text.push('\n');
    }
    text
}

/// The spec lines behind a difference, in words.
#[must_use]
pub fn causes(view: &View<'_>, change: &Change) -> Vec<String> {
    if change.path == SOURCES_FILE {
        return vec!["any change above, or a reason code of an engine without a contract".to_owned()];
    }
    let specs = paths::display(view.specs);
    let found = write::origins(change, &view.run.resolved.provenance, &view.run.sources);
    let mut causes: Vec<String> =
        found.into_iter().map(|(place, item)| format!("{specs}/{place} ({item})")).collect();
    match change.kind {
        ChangeKind::HandEdited => {
            causes.insert(0, "an edit of the generated file itself, of what comes from:".to_owned());
        }
        ChangeKind::Extra => {
            causes.truncate(1);
            let is_left_over = change.path.contains(write::TEMPORARY);
            let left_over = "a run that was ended before it had written this file".to_owned();
            let orphan = format!("no spec in {specs} that gives this file any more");
            causes.insert(0, if is_left_over { left_over } else { orphan });
        }
        ChangeKind::ExtraFolder => {
            causes.insert(0, "a folder that no run makes or deletes; remove it by hand".to_owned());
        }
        ChangeKind::Missing => causes.truncate(1),
        ChangeKind::Stale => {}
    }
    if causes.is_empty() {
        causes.push(format!("the set of engines in {specs}"));
    }
    causes
}

/// A unified diff from the file as it is to the file to be, cut where it grows long.
#[must_use]
pub fn short_diff(change: &Change) -> String {
    let new = change.new.as_deref().unwrap_or_default();
    let diff = TextDiff::from_lines(change.old.as_str(), new);
    let text = diff.unified_diff().context_radius(2).to_string();
    let lines: Vec<&str> = text.lines().collect();
    if lines.len() <= DIFF_LINES {
        return text;
    }
    format!("{}\n… {} more lines\n", lines[..DIFF_LINES].join("\n"), lines.len() - DIFF_LINES)
}

/// The command that removes every difference, as the user would type it.
#[must_use]
pub fn mending_command(view: &View<'_>) -> String {
    let root = paths::workspace_root();
    let mut command = "cargo xtask regenerate".to_owned();
    for (flag, folder, usual) in [("--specs", view.specs, "specs"), ("--out", view.out, "generated")] {
        if root.is_none_or(|root| folder != root.join(usual)) {
            let _ = write!(command, " {flag} {}", paths::display(folder));
        }
    }
    command
}
