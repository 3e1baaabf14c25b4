//! `cargo xtask mutate`: whether a test notices each constraint of the specs.
//!
//! What lives here: which mutants are run, in which copy, and how they are reported. What must not: how a contract is changed.

mod copy;
mod kept;
mod report;
mod rounds;
mod stages;
mod trial;

use std::path::Path;
use std::process::ExitCode;

use sha2::{Digest as _, Sha256};

use super::engines::chosen;
use super::{NO_WORKSPACE_AT_ALL, exit_code, print, print_diagnostics, print_error};
use crate::cli::{MutateArgs, ReportFormat};
use crate::diagnostics::guess_or;
use crate::mutate::{Mutant, mutants, operators};
use crate::paths;
use crate::paths::SHARED;
use crate::pipeline::{self, Run};
use copy::{Copy, Digests};
use kept::{REASONS, Reason, Verdicts};
use report::Outcome;
use stages::Verdict;
use trial::Trial;

/// Runs the command.
#[must_use]
pub fn run(args: &MutateArgs) -> ExitCode {
    if args.shows_operators {
        let line =
            |operator: &crate::mutate::Operator| format!("{:<26} {}\n", operator.name, operator.purpose);
        print(&operators().iter().map(line).collect::<String>());
        return ExitCode::SUCCESS;
    }
    let Some(root) = paths::workspace_root() else {
        print_error(NO_WORKSPACE_AT_ALL);
        return ExitCode::FAILURE;
    };
    let run = pipeline::run(&root.join("specs"), &root.join("generated"));
    print_diagnostics(&run.diagnostics, &run.sources);
    if run.diagnostics.has_errors() {
        return ExitCode::FAILURE;
    }
    let all = mutants(&run.resolved);
    let known: Vec<String> = all.iter().map(Mutant::id).collect();
    let wanted = match wanted(all, args, &run) {
        Ok(wanted) => wanted,
        Err(problem) => return failed(&problem),
    };
    if args.list {
        print_list(&wanted, &run, args.format);
        return ExitCode::SUCCESS;
    }
    let reasons = match kept::reasons(root) {
        Ok(reasons) => reasons,
        Err(problem) => return failed(&problem),
    };
    match try_all(root, &wanted, args.fresh, &run, &reasons) {
        Ok(outcomes) => print_report(&outcomes, &reasons, &known, args.format),
        Err(problem) => failed(&problem),
    }
}

fn failed(problem: &str) -> ExitCode {
    print_error(&format!("error: {problem}\n"));
    ExitCode::FAILURE
}

/// The mutants that were asked for.
fn wanted(all: Vec<Mutant>, args: &MutateArgs, run: &Run) -> Result<Vec<Mutant>, String> {
    let (shared, engines): (Vec<String>, Vec<String>) =
        args.engines.iter().cloned().partition(|name| name.eq_ignore_ascii_case(SHARED));
    let mut names = if args.engines.is_empty() || !engines.is_empty() {
        chosen(&run.resolved.contracts, &engines)?
    } else {
        Vec::new()
    };
    if args.engines.is_empty() || !shared.is_empty() {
        names.push(SHARED);
    }
    let known: Vec<&str> = operators().iter().map(|operator| operator.name).collect();
    if let Some(name) = args.operators.iter().find(|name| !known.contains(&name.as_str())) {
        let help =
            guess_or(name, known.iter().copied(), "`cargo xtask mutate --operators` prints all of them");
        return Err(format!("there is no operator `{name}`\nhelp: {help}"));
    }
    let is_wanted = |mutant: &Mutant| {
        names.contains(&mutant.engine())
            && (args.operators.is_empty() || args.operators.iter().any(|name| name == mutant.operator()))
    };
    let mut wanted: Vec<Mutant> = all.into_iter().filter(is_wanted).collect();
    if let Some(count) = args.sample {
        // The order of hashes is as good as chance, and the same every time.
        wanted.sort_by_cached_key(|mutant| Sha256::digest(mutant.id()).to_vec());
        wanted.truncate(count);
        wanted.sort_by_cached_key(Mutant::id);
    }
    Ok(wanted)
}

/// Prints mutants that nobody tries, each with its line of the specs.
fn print_list(wanted: &[Mutant], run: &Run, format: ReportFormat) {
    let line = |mutant: &Mutant| format!("{}\n    {}\n", mutant.id(), place(mutant, run));
    let listed = wanted.iter().map(|mutant| (mutant.id(), mutant.operator(), place(mutant, run)));
    print(&match format {
        ReportFormat::Text => wanted.iter().map(line).collect::<String>(),
        ReportFormat::Json => format!("{:#}\n", report::listed(listed)),
    });
}

/// The line of the specs that states what a mutant changes.
fn place(mutant: &Mutant, run: &Run) -> String {
    let span = run.resolved.provenance.find(&mutant.file(), mutant.item());
    span.map_or_else(String::new, |span| {
        format!("{}:{}", run.sources.get(span.file).relative, run.sources.line(span))
    })
}

/// Tries mutants, and says what became of each.
fn try_all(
    root: &Path,
    wanted: &[Mutant],
    fresh: bool,
    run: &Run,
    reasons: &[Reason],
) -> Result<Vec<Outcome>, String> {
    let _held = copy::hold(root)?;
    let copy =
        Copy::of(root).map_err(|error| format!("the copy below target/mutate cannot be made: {error}"))?;
    let Digests { promises, schema, all } = copy.digests.clone();
    let verdicts = Verdicts::load(root, [promises, schema, all], fresh);
    let mut trial = Trial { copy, verdicts, run, progress: (0, 0), is_sound: false };
    trial.try_all(wanted)?;
    let outcome = |mutant: &Mutant| {
        let (id, operator, place) = (mutant.id(), mutant.operator(), place(mutant, run));
        let verdict = trial.verdicts.get(&id).cloned().unwrap_or(Verdict::Open);
        let reason = reasons.iter().find(|entry| entry.mutant == id).map(|entry| entry.reason.clone());
        Outcome { id, operator, place, verdict, reason }
    };
    Ok(wanted.iter().map(outcome).collect())
}

/// Prints the report, and what has to be mended.
fn print_report(
    outcomes: &[Outcome],
    reasons: &[Reason],
    known: &[String],
    format: ReportFormat,
) -> ExitCode {
    print(&match format {
        ReportFormat::Text => report::text(outcomes),
        ReportFormat::Json => format!("{:#}\n", report::json(outcomes)),
    });
    let useless = report::useless(reasons, outcomes, known);
    for reason in &useless {
        print_error(&format!(
            "error: `{REASONS}` gives a reason for `{}`, which {}\nhelp: delete the entry\n",
            reason.mutant,
            if known.contains(&reason.mutant) { "a test notices" } else { "is no mutant" }
        ));
    }
    exit_code(useless.is_empty() && !outcomes.iter().any(Outcome::is_open))
}
