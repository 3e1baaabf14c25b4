//! `cargo xtask adopt`: drafts what pages of an engine need, for a person to correct.
//!
//! What lives here: opening the pages, the rounds, showing and writing. What must not: finding what is missing, or guessing;
//! [`adopt`](crate::adopt) does that.

mod draft;
mod given;
mod report;
mod rounds;

use std::path::Path;
use std::process::ExitCode;

use super::{NO_WORKSPACE, exit_code, print, print_diagnostics, print_error};
use crate::cli::{AdoptArgs, ReportFormat};
use crate::diagnostics::Diagnostics;
use crate::source::Sources;
use draft::{drafts_of, write};
use given::Given;

/// Runs the command.
#[must_use]
pub fn run(args: &AdoptArgs) -> ExitCode {
    let Some([specs, out]) = args.folders.resolve() else {
        print_error(NO_WORKSPACE);
        return ExitCode::FAILURE;
    };
    let Some(given) = opened(args, &specs) else { return ExitCode::FAILURE };
    let drafted = match rounds::run(&specs, &out, &given) {
        Ok(drafted) => drafted,
        Err(problem) => {
            print_error(&format!("error: {problem}\nnothing was written\n"));
            return ExitCode::FAILURE;
        }
    };
    let mut drafts = if drafted.is_broken { Vec::new() } else { drafts_of(&drafted.overlay, &given, &specs) };
    let accepted = drafts.iter_mut().filter(|draft| args.accept.contains(&draft.part)).collect();
    let written = write(accepted);
    let run = &drafted.run;
    match args.format {
        ReportFormat::Json => print(&format!("{:#}\n", report::as_json(&drafts, run))),
        ReportFormat::Text => {
            print(&report::as_text(&drafts));
            print_diagnostics(&run.diagnostics, &run.sources);
            print_error(&report::summary(&drafts, run, drafted.is_broken));
        }
    }
    if let Err(problem) = &written {
        print_error(&format!("error: {problem}\n"));
    }
    let is_done = drafts.iter().all(|draft| draft.is_written);
    exit_code(written.is_ok() && is_done && !run.diagnostics.has_errors())
}

/// The pages that are named; `None` where one has no place or cannot be opened, which was printed.
fn opened(args: &AdoptArgs, specs: &Path) -> Option<Vec<Given>> {
    let (mut sources, mut diagnostics) = (Sources::default(), Diagnostics::default());
    let found = given::open(&args.files, specs, &mut sources, &mut diagnostics);
    let mut is_whole = !diagnostics.has_errors();
    print_diagnostics(&diagnostics, &sources);
    let mut given = Vec::new();
    for page in found {
        match page {
            Ok(page) => given.push(page),
            Err(problem) => {
                print_error(&format!("error: {problem}\nhelp: {}\n", problem.help()));
                is_whole = false;
            }
        }
    }
    if !is_whole {
        print_error("nothing was written\n");
    }
    is_whole.then_some(given)
}
