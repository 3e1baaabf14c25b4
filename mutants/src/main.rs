//! Tries all mutants of the store that cargo-mutants lists, with one build.
//!
//! cargo-mutants compiles the tests anew for each mutant. Here every mutant stands in one build beside the code that it replaces, and an
//! environment variable switches one of them on. Each test first runs once and notes which mutants it reaches; then each mutant is
//! tried with the tests that reach it, the quickest first, until one fails. docs/PROOF.md has the command and the figures.

mod compile;
mod listed;
mod places;
mod report;
mod rewrite;
mod trial;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;

use compile::{Copy, Program};
use report::Report;
use trial::Test;

/// Tries all mutants that cargo-mutants lists with one build of the tests.
#[derive(Parser)]
#[command(name = "selene-mutants")]
struct Arguments {
    /// A copy of the workspace. Its sources are rewritten, so it is of no use for anything else afterwards.
    #[arg(long)]
    tree: PathBuf,
    /// Where to write what became of each mutant, a line of JSON for each. Mutants that a former run noticed or left out are not
    /// tried again.
    #[arg(long)]
    report: PathBuf,
    /// The package that has the mutants.
    #[arg(long, default_value = "selene-storage")]
    package: String,
    /// The folder of that package in the tree.
    #[arg(long, default_value = "storage")]
    folder: String,
    /// Files with mutants, as cargo-mutants takes them.
    #[arg(long = "file")]
    files: Vec<String>,
    /// Files without, as cargo-mutants takes them.
    #[arg(long = "exclude")]
    excluded: Vec<String>,
    /// An argument for every build, such as `--all-features`.
    #[arg(long = "cargo", allow_hyphen_values = true)]
    cargo: Vec<String>,
    /// An argument that chooses tests, such as `--test=calls` or `--lib`.
    #[arg(long = "tests", allow_hyphen_values = true)]
    tests: Vec<String>,
    /// Tests with this in their name are not run.
    #[arg(long = "skip")]
    skipped: Vec<String>,
    /// How many programs of tests run at a time.
    #[arg(long, default_value_t = 2)]
    at_once: usize,
    /// Tests that take longer than so many seconds without a mutant are not asked.
    #[arg(long, default_value_t = 60)]
    longest: u64,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), String> {
    let files = arguments.files.iter().flat_map(|file| ["--file".to_owned(), file.clone()]);
    let excluded = arguments.excluded.iter().flat_map(|file| ["--exclude".to_owned(), file.clone()]);
    let filters: Vec<String> = files.chain(excluded).collect();
    let mutants = listed::ask(&arguments.tree, &arguments.package, &filters)?;
    eprintln!("{} mutants", mutants.len());

    let (mut report, mut left_out) = Report::open(&arguments.report, &mutants)?;
    let copy = Copy::open(&arguments.tree, &arguments.package, &arguments.folder, &mutants)?;
    let compiled = copy.compile(&arguments.cargo, &mutants, &mut left_out);
    for (number, reason) in &left_out {
        report.leave_out(*number, reason)?;
    }
    compiled?;
    let programs = copy.programs(&arguments.cargo, &arguments.tests)?;
    let tests = record(arguments, &programs)?;

    let open: Vec<usize> = (0..mutants.len()).filter(|number| report.is_open(*number)).collect();
    eprintln!("{} mutants to try with {} tests", open.len(), tests.len());
    let report = std::sync::Mutex::new(report);
    let ends = trial::at_once(&open, arguments.at_once, |_, number| {
        let verdict = trial::try_mutant(*number, &tests);
        report.lock().expect("no thread panics with it").note(*number, &verdict)
    });
    ends.into_iter().collect::<Result<(), String>>()?;
    print!("{}", report.into_inner().expect("no thread panics with it").summary());
    Ok(())
}

/// Runs every test once without a mutant.
fn record<'a>(arguments: &Arguments, programs: &'a [Program]) -> Result<Vec<Test<'a>>, String> {
    let mut names = Vec::new();
    for program in programs {
        let listed = trial::names(program, &arguments.skipped)?;
        names.extend(listed.into_iter().map(|name| (program, name)));
    }
    eprintln!("{} tests", names.len());
    let at_most = Duration::from_secs(arguments.longest);
    let recorded = trial::at_once(&names, arguments.at_once, |thread, (program, name)| {
        let file = std::env::temp_dir().join(format!("selene-mutants-{}-{thread}", std::process::id()));
        let test = trial::record(program, name, &file, at_most);
        let _ = std::fs::remove_file(&file);
        if test.is_none() {
            eprintln!(
                "not asked, since it fails or takes too long without a mutant: {} {name}",
                program.name
            );
        }
        test
    });
    Ok(recorded.into_iter().flatten().collect())
}
