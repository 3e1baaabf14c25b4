//! `cargo xtask bless`: accepts pinned texts that an edit of the specs rightly changes.
//!
//! What lives here: which texts are pinned by which tests, as data, and the one way to accept them. Each test is asked for its
//! texts in a folder of its own (`SELENE_PINNED`), they are held against those in the workspace, and only `--accept` writes. What
//! must not: knowing what a text means.

mod staged;

use std::io::IsTerminal as _;
use std::path::Path;
use std::process::{Command, ExitCode};

use super::{NO_WORKSPACE_AT_ALL, exit_code, print, print_error};
use crate::cli::BlessArgs;
use crate::commands::difference::Difference;
use crate::paths;
use crate::pipeline;
use crate::write;

/// Texts that follow from specs and lie in one folder, all made by one test program.
pub struct Pin {
    /// The name on the command line.
    pub name: &'static str,
    /// What they are, in a few words.
    what: &'static str,
    /// The package of the test program.
    package: &'static str,
    /// The name of the test program: `expansion`.
    test: &'static str,
    /// The folder below the workspace.
    folder: &'static str,
    /// The extension of the texts.
    extension: &'static str,
    /// The extension of files in the same folder that the test program reads; it finds copies of them.
    reads: Option<&'static str>,
}

/// Every pinned text that an edit of `specs/` can rightly change.
pub const PINS: [Pin; 3] = [
    Pin {
        name: "outlines",
        what: "the Rust code of every engine in outline",
        package: "selene-acceptance",
        test: "expansion",
        folder: "tests/tests/snapshots",
        extension: "snap",
        reads: None,
    },
    Pin {
        name: "messages",
        what: "what the compiler says to code that breaks a contract",
        package: "selene-contracts",
        test: "ui",
        folder: "generated/tests/ui",
        extension: "stderr",
        reads: Some("rs"),
    },
    Pin {
        name: "codes",
        what: "the reason codes that every write takes",
        package: "selene-contracts",
        test: "reasons",
        folder: "generated/tests/pinned",
        extension: "txt",
        reads: None,
    },
];

/// Where a test program finds the folder that it has to write its texts to, instead of comparing them.
const STAGE: &str = "SELENE_PINNED";

/// Runs the command.
#[must_use]
pub fn run(args: &BlessArgs) -> ExitCode {
    let Some(root) = paths::workspace_root() else {
        print_error(NO_WORKSPACE_AT_ALL);
        return ExitCode::FAILURE;
    };
    let wanted =
        PINS.iter().filter(|pin| args.pins.is_empty() || args.pins.iter().any(|name| name == pin.name));
    if let Some(problem) = not_regenerated(root) {
        print_error(&format!("error: {problem}\nnothing was written\n"));
        return ExitCode::FAILURE;
    }
    let mut differences = Vec::new();
    for pin in wanted {
        if std::io::stderr().is_terminal() {
            print_error(&format!(
                "making {}: `cargo test --package {} --test {}`\n",
                pin.what, pin.package, pin.test
            ));
        }
        match made_by(pin, root) {
            Ok(found) => differences.extend(found),
            Err(problem) => {
                print_error(&format!("error: {problem}\nnothing was written\n"));
                return ExitCode::FAILURE;
            }
        }
    }
    for difference in &differences {
        print(&difference.to_string());
    }
    if differences.is_empty() {
        print("every pinned text is as the specs have it\n");
        return exit_code(true);
    }
    let count = match differences.len() {
        1 => "1 text".to_owned(),
        count => format!("{count} texts"),
    };
    if !args.accept {
        let differ = if differences.len() == 1 { "differs" } else { "differ" };
        print_error(&format!("{count} {differ}; to accept: cargo xtask bless --accept\n"));
        return exit_code(false);
    }
    for difference in &differences {
        if let Err(error) = difference.apply(root) {
            print_error(&format!("error: `{}` cannot be written: {}\n", difference.file, error.kind()));
            return exit_code(false);
        }
    }
    print(&format!("accepted {count}\n"));
    exit_code(true)
}

/// Why the pinned texts cannot follow from the specs yet: they are made of contracts, and those are of other specs.
fn not_regenerated(root: &Path) -> Option<&'static str> {
    let out = root.join("generated");
    let run = pipeline::run(&root.join("specs"), &out);
    if run.diagnostics.has_errors() {
        return Some("the specs have errors: `cargo xtask lint` shows them");
    }
    let changes = write::plan(&run.files, &run.record, &run.recorded, &out);
    (!changes.is_empty()).then_some("generated/ is not what the specs say: `cargo xtask regenerate` mends it")
}

/// What a test program makes now, held against what is pinned.
fn made_by(pin: &Pin, root: &Path) -> Result<Vec<Difference>, String> {
    let failed = |error: std::io::Error| format!("{} cannot be made: {}", pin.what, error.kind());
    let stage = tempfile::Builder::new().prefix("selene-bless-").tempdir().map_err(failed)?;
    staged::prepare(&root.join(pin.folder), &stage.path().join(pin.folder), pin.reads).map_err(failed)?;
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["test", "--quiet", "--package", pin.package, "--test", pin.test])
        .current_dir(root)
        .env(STAGE, stage.path())
        .env("INSTA_UPDATE", "always")
        .env("TRYBUILD", "overwrite")
        .output()
        .map_err(|error| format!("cargo cannot be started: {}", error.kind()))?;
    if !output.status.success() {
        let printed = [output.stdout, output.stderr].concat();
        let Pin { what, package, test, .. } = pin;
        return Err(format!(
            "{what} cannot be made, because `cargo test --package {package} --test {test}` fails:\n{}",
            String::from_utf8_lossy(&printed)
        ));
    }
    staged::differences(root, stage.path(), pin.folder, pin.extension).map_err(failed)
}
