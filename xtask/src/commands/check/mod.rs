//! `cargo xtask check`: everything that must hold of specs and contracts before a commit, on one page.
//!
//! What lives here: the list of sections and the one run of the phases that they share; `page` prints them. What must not:
//! deciding what holds. That stays with the command whose findings a section shows.
//!
//! A further section is a file that gives a `Section`, and its entry in `PARTS`.

mod contracts;
mod coverage;
mod main_branch;
mod page;
mod section;
mod specs;
mod subject;

use std::process::ExitCode;

use super::{NO_WORKSPACE, exit_code, print, print_error};
use crate::cli::CheckArgs;
use crate::{pipeline, write};
use section::{Section, Verdict};
use subject::Subject;

/// A part of the page.
type Part = fn(&Subject<'_>) -> Section;

/// The parts in the order of the page.
const PARTS: [Part; 4] = [specs::section, contracts::section, main_branch::section, coverage::section];

/// Runs the command.
#[must_use]
pub fn run(args: &CheckArgs) -> ExitCode {
    let Some([specs, out]) = args.folders.resolve() else {
        print_error(NO_WORKSPACE);
        return ExitCode::FAILURE;
    };
    let run = pipeline::run_with_rules(&specs, &out, &|_| true);
    let failed = run.diagnostics.has_errors();
    let changes = if failed { Vec::new() } else { write::plan(&run.files, &run.record, &run.recorded, &out) };
    let subject = Subject { run, changes, specs, out, args };
    let sections: Vec<Section> = PARTS.iter().map(|part| part(&subject)).collect();
    print(&page::printed(&sections, args.format));
    exit_code(sections.iter().all(|section| section.verdict != Verdict::Failed))
}
