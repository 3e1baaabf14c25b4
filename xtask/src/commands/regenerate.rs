//! `cargo xtask regenerate`: specs to contracts.

use std::path::Path;
use std::process::ExitCode;

use serde_json::json;

use super::unchanged::Question;
use super::{NO_WORKSPACE, exit_code, print, print_diagnostics, print_error, report};
use crate::cli::{FindingFormat, RegenerateArgs};
use crate::diagnostics::{github, json as diagnostics_json};
use crate::paths;
use crate::pipeline::{self, Run};
use crate::write::{self, ChangeKind};

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
    let Some([specs, out]) = args.folders.resolve() else {
        print_error(NO_WORKSPACE);
        return ExitCode::FAILURE;
    };
    let mode = match (args.check, args.dry_run) {
        (true, _) => Mode::Check,
        (_, true) => Mode::DryRun,
        _ => Mode::Write,
    };
    let question = question(args, mode, [&specs, &out]);
    if let Some(answer) = question.as_ref().and_then(Question::answer) {
        print(&answer);
        return ExitCode::SUCCESS;
    }
    let run = pipeline::run(&specs, &out);
    let failed = run.diagnostics.has_errors();
    let changes = if failed { Vec::new() } else { write::plan(&run.files, &run.record, &run.recorded, &out) };
    let written = match mode {
        Mode::Write if !failed => write::apply(&changes, &out),
        _ => Ok(()),
    };
    let view = report::View { run: &run, changes: &changes, specs: &specs, out: &out };
    match args.format {
        FindingFormat::Json => print(&format!("{:#}\n", as_json(&view))),
        FindingFormat::Text => print_text(&view, mode),
        FindingFormat::Github => {
            print(&github::diagnostics(&run.diagnostics, &run.sources));
            // What a run has just written is no fault.
            if mode != Mode::Write {
                print(&report::annotations(&view));
            }
        }
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
    if let Some(question) = question.filter(|_| changes.is_empty() && run.diagnostics.iter().next().is_none())
    {
        question.keep(&text(&view, mode));
    }
    exit_code(!failed && written.is_ok() && is_clean && (mode != Mode::Check || changes.is_empty()))
}

/// What a run is asked, where its answer may be known: for people, over the folders of the workspace.
fn question(args: &RegenerateArgs, mode: Mode, folders: [&Path; 2]) -> Option<Question> {
    let mode = match mode {
        Mode::Write => "write",
        Mode::Check => "check",
        Mode::DryRun => return None,
    };
    let is_usual = args.folders.specs.is_none() && args.folders.out.is_none();
    (is_usual && args.format == FindingFormat::Text).then(|| Question::new(mode, folders))?
}

fn print_text(view: &report::View<'_>, mode: Mode) {
    print_diagnostics(&view.run.diagnostics, &view.run.sources);
    if view.run.diagnostics.has_errors() {
        print_error("nothing was written\n");
        return;
    }
    match mode {
        Mode::Write => print(&text(view, mode)),
        Mode::DryRun => {
            print(&text(view, mode));
            print(&report::differences(view));
        }
        Mode::Check if view.changes.is_empty() => print(&text(view, mode)),
        Mode::Check => {
            print_error(&report::differences(view));
            print_error(&format!("to mend: {}\n", report::mending_command(view)));
        }
    }
}

/// What a run without findings prints where nothing differs, or where what differed was written.
fn text(view: &report::View<'_>, mode: Mode) -> String {
    match mode {
        Mode::Write | Mode::DryRun => report::table(view),
        Mode::Check => format!("{} is what {} say\n", paths::display(view.out), paths::display(view.specs)),
    }
}

fn as_json(view: &report::View<'_>) -> serde_json::Value {
    let Run { sources, diagnostics, .. } = view.run;
    let found: Vec<_> = diagnostics
        .sorted(sources)
        .into_iter()
        .map(|one| diagnostics_json::diagnostic(one, sources))
        .collect();
    json!({ "engines": report::engine_objects(view), "differences": report::difference_objects(view), "diagnostics": found })
}
