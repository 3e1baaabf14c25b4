//! What has to notice a mutant: tests, from the quickest to the slowest.

use std::io;
use std::path::Path;
use std::process::Command;

use serde::{Deserialize, Serialize};

/// Some tests that are built and run together.
pub(super) struct Stage {
    /// Its name in the report.
    pub(super) name: &'static str,
    arguments: &'static [&'static str],
}

/// The stages in their order. Tests that compare pinned texts drawn from contracts are in none of them.
pub(super) const STAGES: [Stage; 9] = [
    Stage {
        name: "contracts",
        arguments: &[
            "--package=selene-contracts",
            "--lib",
            "--test=bounds",
            "--test=dedupe",
            "--test=spelling",
        ],
    },
    Stage { name: "rules", arguments: &["--package=selene-storage", "--lib"] },
    Stage { name: "every call", arguments: &["--package=selene-acceptance", "--test=every_call"] },
    Stage { name: "acceptance", arguments: &["--package=selene-acceptance", "--test=acceptance"] },
    Stage { name: "tables", arguments: &["--package=selene-acceptance", "--test=tables"] },
    Stage { name: "conformance", arguments: &["--package=selene-acceptance", "--test=conformance"] },
    Stage {
        name: "calls and checks",
        arguments: &["--package=selene-storage", "--test=calls", "--test=checks"],
    },
    Stage { name: "migrations", arguments: &["--package=selene-storage", "--test=migrations"] },
    Stage { name: "models", arguments: &["--package=selene-acceptance", "--test=models"] },
];

/// What became of a mutant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub(super) enum Verdict {
    /// It compiles nowhere.
    Compiler {
        /// The first error.
        error: String,
    },
    /// A test failed.
    Noticed {
        /// The name of its stage.
        stage: String,
        /// The first test that failed.
        test: String,
    },
    /// Every stage passed.
    Open,
}

/// Runs the stages in a copy until one fails.
pub(super) fn run(copy: &Path) -> io::Result<Verdict> {
    for stage in &STAGES {
        let output = cargo(copy, stage).output()?;
        if !output.status.success() {
            let printed = [output.stdout, output.stderr].concat();
            return Ok(verdict(stage, &String::from_utf8_lossy(&printed)));
        }
    }
    Ok(Verdict::Open)
}

fn cargo(copy: &Path, stage: &Stage) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command
        .args(["test", "--locked", "--quiet"])
        .args(stage.arguments)
        .args(["--", "--format=pretty"])
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
    let failed = |line: &str| Some(line.strip_prefix("test ")?.strip_suffix(" ... FAILED")?.to_owned());
    if let Some(test) = printed.lines().find_map(failed) {
        return Verdict::Noticed { stage: stage.name.to_owned(), test };
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
}
