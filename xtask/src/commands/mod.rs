//! One module per command, and how they print.

pub mod bless;
pub mod check;
pub mod ddl;
pub mod demo;
pub mod lint;
pub mod parse;
pub mod regenerate;
pub mod report;
pub mod schema;
pub mod watch;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use crate::diagnostics::{Diagnostics, render};
use crate::paths;
use crate::source::Sources;

/// What a command says that needs the workspace and is run outside of any.
const NO_WORKSPACE: &str = "error: neither this folder nor one above it holds `Cargo.toml` and `specs/`\n\
     help: run it inside a checkout, or name both folders with `--specs DIR --out DIR`\n";

/// What a command says that acts on a whole workspace and is run outside of any.
const NO_WORKSPACE_AT_ALL: &str = "error: neither this folder nor one above it holds `Cargo.toml` and `specs/`\n\
     help: run it inside a checkout\n";

/// The specs and the output folder: as given, else those of the workspace.
fn folders(specs: Option<&PathBuf>, out: Option<&PathBuf>) -> Option<[PathBuf; 2]> {
    let of_workspace = |given: Option<&PathBuf>, name: &str| {
        given.cloned().or_else(|| Some(paths::workspace_root()?.join(name)))
    };
    Some([of_workspace(specs, "specs")?, of_workspace(out, "generated")?])
}

/// Success, or the exit code 1.
fn exit_code(success: bool) -> ExitCode {
    if success { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Prints to standard output. A reader that has gone away is no error of ours.
fn print(text: &str) {
    let _ = anstream::stdout().write_all(text.as_bytes());
}

/// Prints to standard error.
fn print_error(text: &str) {
    let _ = anstream::stderr().write_all(text.as_bytes());
}

/// Prints findings to standard error, in colour only on a terminal.
fn print_diagnostics(diagnostics: &Diagnostics, sources: &Sources) {
    print_error(&render::to_text(diagnostics, sources, uses_colour()));
}

/// Whether findings are printed in colour.
fn uses_colour() -> bool {
    anstream::AutoStream::choice(&std::io::stderr()) != anstream::ColorChoice::Never
}

/// Whether what goes to standard output is printed in colour.
fn uses_colour_on_output() -> bool {
    anstream::AutoStream::choice(&std::io::stdout()) != anstream::ColorChoice::Never
}
