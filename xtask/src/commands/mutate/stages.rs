//! What has to notice a mutant: tests, from the quickest to the slowest.

use std::collections::BTreeSet;
use std::fmt::{self, Formatter};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde::{Deserialize, Serialize};

/// Some tests that are built and run together.
pub(super) struct Stage {
    /// Its name in the report.
    pub(super) name: &'static str,
    arguments: &'static [&'static str],
    /// The only test of these programs that is asked.
    only: Option<&'static str>,
}

impl Stage {
    const fn new(name: &'static str, arguments: &'static [&'static str]) -> Self {
        Self { name, arguments, only: None }
    }
}

/// The stages in their order. Tests that compare pinned texts drawn from contracts are in none of them, and neither are those that try the
/// comparison of contracts and schema itself.
pub(super) const STAGES: [Stage; 9] = [
    Stage::new(
        "contracts",
        &[
            "--package=selene-contracts",
            "--lib",
            "--test=bounds",
            "--test=dedupe",
            "--test=promises",
            "--test=spelling",
        ],
    ),
    Stage::new("rules", &["--package=selene-storage", "--lib"]),
    Stage::new("every call", &["--package=selene-acceptance", "--test=every_call"]),
    Stage::new("acceptance", &["--package=selene-acceptance", "--test=acceptance"]),
    Stage::new("tables", &["--package=selene-acceptance", "--test=tables"]),
    Stage {
        only: Some("contracts_and_schema_agree"),
        ..Stage::new("conformance", &["--package=selene-acceptance", "--test=conformance"])
    },
    Stage::new("calls and checks", &["--package=selene-storage", "--test=calls", "--test=checks"]),
    Stage::new("migrations", &["--package=selene-storage", "--test=migrations"]),
    Stage::new("models", &["--package=selene-acceptance", "--test=models"]),
];

/// What became of a mutant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub(super) enum Verdict {
    /// The compiler refuses the mutant.
    Compiler {
        /// The first error of the compiler.
        error: String,
    },
    /// A test failed because of the mutant.
    Noticed {
        /// The name of its stage.
        stage: String,
        /// The first test that failed.
        test: String,
    },
    /// Every stage passed: no test notices the mutant.
    Open,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Compiler { error } => write!(f, "noticed by the compiler: {error}"),
            Self::Noticed { stage, test } => write!(f, "noticed by {stage}: {test}"),
            Self::Open => f.write_str("open"),
        }
    }
}

impl Verdict {
    /// The stage whose test noticed it.
    pub(super) fn stage(&self) -> Option<&str> {
        match self {
            Self::Noticed { stage, .. } => Some(stage),
            Self::Compiler { .. } | Self::Open => None,
        }
    }
}

/// Tests of what is written by hand of each capability, type, code and class of refusals; a stage of its own, because many mutants share
/// one build of it.
pub(super) const PROMISES: Stage = Stage::new("promises", &["--package=selene-contracts", "--test=promises"]);

/// Tests that read contracts while they run, so that nothing is built for a mutant.
pub(super) const SCHEMA: Stage = Stage::new("schema", &["--package=selene-acceptance", "--test=conformance"]);

/// Runs the stages in a copy until one fails.
pub(super) fn run(copy: &Path) -> io::Result<Verdict> {
    for stage in &STAGES {
        let ran = run_one(copy, stage)?;
        if ran.verdict != Verdict::Open {
            return Ok(ran.verdict);
        }
    }
    Ok(Verdict::Open)
}

/// What came of one stage.
pub(super) struct Ran {
    pub(super) verdict: Verdict,
    /// Where something failed: what a test calls `broken`, the place of a difference between contracts and schema, or the test
    /// itself where it names neither.
    pub(super) failed: Vec<String>,
}

/// Runs all tests of one stage in a copy.
pub(super) fn run_one(copy: &Path, stage: &Stage) -> io::Result<Ran> {
    let output = cargo(copy, stage).args(["--", "--format=pretty"]).args(stage.only).output()?;
    Ok(read(stage, &output))
}

/// Runs one test of a program that is built, with the contracts as they are now.
pub(super) fn run_built(copy: &Path, stage: &Stage, program: &Path, test: &str) -> io::Result<Ran> {
    let mut command = Command::new(program);
    command.args(["--exact", test, "--format=pretty"]).env("CARGO_MANIFEST_DIR", copy.join("tests"));
    let output = command.current_dir(copy.join("tests")).env("RUST_BACKTRACE", "0").output()?;
    Ok(read(stage, &output))
}

/// Builds the program of a stage, and says where it lies.
pub(super) fn build(copy: &Path, stage: &Stage) -> io::Result<PathBuf> {
    let output = cargo(copy, stage).args(["--no-run", "--message-format=json"]).output()?;
    let messages = output.stdout.split(|byte| *byte == b'\n');
    let of_message = |line: &[u8]| {
        let message: serde_json::Value = serde_json::from_slice(line).ok()?;
        message["executable"].as_str().map(PathBuf::from)
    };
    let program = messages.filter_map(of_message).next_back();
    program.ok_or_else(|| io::Error::other(String::from_utf8_lossy(&output.stderr).trim().to_owned()))
}

fn read(stage: &Stage, output: &Output) -> Ran {
    if output.status.success() {
        return Ran { verdict: Verdict::Open, failed: Vec::new() };
    }
    let printed = [&output.stdout[..], &output.stderr].concat();
    let printed = String::from_utf8_lossy(&printed);
    Ran { verdict: verdict(stage, &printed), failed: places(&printed) }
}

/// Every place that failures name, in the order of what was printed; then the tests that name none.
fn places(printed: &str) -> Vec<String> {
    let (mut places, mut explained) = (Vec::new(), BTreeSet::new());
    let mut test = "";
    for line in printed.lines() {
        if let Some(name) = line.strip_prefix("---- ").and_then(|line| line.strip_suffix(" stdout ----")) {
            test = name;
        }
        if let Some(place) = place(line) {
            places.push(place.to_owned());
            explained.insert(test);
        }
    }
    places.extend(failed(printed).filter(|test| !explained.contains(test)).map(str::to_owned));
    places
}

/// The place that a line names: `broken: PLACE: …`, or a difference between contracts and schema.
fn place(line: &str) -> Option<&str> {
    if let Some(broken) = line.strip_prefix("broken: ") {
        return broken.split_once(": ").map(|(place, _)| place);
    }
    let lacks =
        line.split_once(": the schema lacks the ").or_else(|| line.split_once(": no contract has the "));
    lacks?.1.split('`').nth(1)
}

fn failed(printed: &str) -> impl Iterator<Item = &str> {
    printed.lines().filter_map(|line| line.strip_prefix("test ")?.strip_suffix(" ... FAILED"))
}

fn cargo(copy: &Path, stage: &Stage) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command
        .args(["test", "--locked", "--quiet"])
        .args(stage.arguments)
        .current_dir(copy)
        .env("CARGO_TARGET_DIR", copy.join("target"))
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .env("CARGO_PROFILE_TEST_DEBUG", "0")
        .env("CARGO_INCREMENTAL", "1")
        .env("RUST_BACKTRACE", "0")
        // The package that this program itself runs in.
        .env_remove("CARGO_MANIFEST_DIR");
    command
}

/// What failed, read from what cargo printed.
fn verdict(stage: &Stage, printed: &str) -> Verdict {
    if let Some(test) = failed(printed).next() {
        return Verdict::Noticed { stage: stage.name.to_owned(), test: test.to_owned() };
    }
    let error =
        printed.lines().find(|line| line.starts_with("error")).unwrap_or("cargo failed without a word");
    Verdict::Compiler { error: error.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_failed_test_is_named() {
        let printed = "test a::b ... ok\ntest a::c ... FAILED\ntest a::d ... FAILED\nerror: test failed\n";
        let expected = Verdict::Noticed { stage: "contracts".to_owned(), test: "a::c".to_owned() };
        assert_eq!(verdict(&STAGES[0], printed), expected);
    }

    #[test]
    fn code_that_does_not_compile_is_noticed_by_the_compiler() {
        let printed = "warning: unused\nerror[E0308]: mismatched types\nerror: could not compile\n";
        let expected = Verdict::Compiler { error: "error[E0308]: mismatched types".to_owned() };
        assert_eq!(verdict(&STAGES[0], printed), expected);
    }

    #[test]
    fn a_failure_names_its_place_or_else_its_test() {
        let printed = "test a::input ... FAILED\ntest a::key ... FAILED\n\n---- a::input stdout ----\nbroken: a::input::b: 7\n\
                       broken: a::input::c: 8: 9\n\n---- a::key stdout ----\npanicked\n";
        assert_eq!(places(printed), ["a::input::b", "a::input::c", "a::key"]);
        let printed = "test agree ... FAILED\n---- agree stdout ----\n2 differences:\n\
                       specs/x.md:1: the schema lacks the bound of `t.c`: 7 is taken\nspecs/x.md:2: no contract has the table of `u`: \n";
        assert_eq!(places(printed), ["t.c", "u"]);
    }
}
