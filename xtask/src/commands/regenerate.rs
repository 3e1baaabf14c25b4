//! `cargo xtask regenerate`: specs to contracts.

use std::path::PathBuf;
use std::process::ExitCode;

use serde_json::json;

use super::{NO_WORKSPACE, exit_code, print, print_diagnostics, print_error, report};
use crate::cli::{RegenerateArgs, ReportFormat};
use crate::diagnostics::json as diagnostics_json;
use crate::paths;
use crate::pipeline::{self, Run};
use crate::write::{self, Change, ChangeKind};

/// What to do with the differences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Write,
    Check,
    DryRun,
}

/// Runs the command.
#[must_use]
pub fn run(args: &RegenerateArgs) -> ExitCode {
    let Some([specs, out]) = folders(args) else {
        print_error(NO_WORKSPACE);
        return ExitCode::FAILURE;
    };
    let mode = match (args.check, args.dry_run) {
        (true, _) => Mode::Check,
        (_, true) => Mode::DryRun,
        _ => Mode::Write,
    };
    let run = pipeline::run(&specs, &out);
    let failed = run.diagnostics.has_errors();
    let changes = if failed { Vec::new() } else { write::plan(&run.files, &run.record, &run.recorded, &out) };
    let written = match mode {
        Mode::Write if !failed => write::apply(&changes, &out),
        _ => Ok(()),
    };
    let view = report::View { run: &run, changes: &changes, specs: &specs, out: &out };
    match args.format {
        ReportFormat::Json => print(&format!("{:#}\n", as_json(&view))),
        ReportFormat::Text => print_text(&view, mode),
    }
    if let Err(error) = &written {
        print_error(&format!("error: generated files cannot be written: {error}\n"));
    }
    // What stays would make the next check fail, so that this run has not done all it should.
    let mut staying = changes.iter().filter(|change| change.kind == ChangeKind::ExtraFolder).peekable();
    let is_clean = mode != Mode::Write || staying.peek().is_none();
    for folder in staying.filter(|_| mode == Mode::Write) {
        let shown = paths::display(&folder.place);
        print_error(&format!("error: `{shown}` is a folder and is not deleted; remove it by hand\n"));
    }
    exit_code(!failed && written.is_ok() && is_clean && (mode != Mode::Check || changes.is_empty()))
}

/// The specs and the output folder: as given, else those of the workspace.
fn folders(args: &RegenerateArgs) -> Option<[PathBuf; 2]> {
    let of_workspace = |given: &Option<PathBuf>, name: &str| {
        given.clone().or_else(|| Some(paths::workspace_root()?.join(name)))
    };
    Some([of_workspace(&args.specs, "specs")?, of_workspace(&args.out, "generated")?])
}

fn print_text(view: &report::View<'_>, mode: Mode) {
    print_diagnostics(&view.run.diagnostics, &view.run.sources);
    if view.run.diagnostics.has_errors() {
        print_error("nothing was written\n");
        return;
    }
    match mode {
        Mode::Write => print(&report::table(view)),
        Mode::DryRun => {
            print(&report::table(view));
            print(&report::differences(view));
        }
        Mode::Check if view.changes.is_empty() => {
            print(&format!("{} is what {} say\n", paths::display(view.out), paths::display(view.specs)));
        }
        Mode::Check => {
            print_error(&report::differences(view));
            print_error(&format!("to mend: {}\n", report::mending_command(view)));
        }
    }
}

fn as_json(view: &report::View<'_>) -> serde_json::Value {
    let Run { sources, diagnostics, .. } = view.run;
    let found: Vec<_> = diagnostics
        .sorted(sources)
        .into_iter()
        .map(|one| diagnostics_json::diagnostic(one, sources))
        .collect();
    let changes: Vec<_> = view.changes.iter().map(|change| change_object(view, change)).collect();
    json!({ "engines": report::engine_objects(view), "differences": changes, "diagnostics": found })
}

fn change_object(view: &report::View<'_>, change: &Change) -> serde_json::Value {
    json!({
        "file": paths::display(&view.out.join(&change.path)),
        "kind": change.kind.as_str(),
        "diff": report::short_diff(change),
        "caused_by": report::causes(view, change),
        "mend": report::mending_command(view),
    })
}
