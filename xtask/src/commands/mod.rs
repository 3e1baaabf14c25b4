//! One module per command, and how they print.

pub mod adopt;
pub mod bless;
pub mod book;
pub mod check;
pub mod coverage;
pub mod ddl;
pub mod demo;
pub mod diff;
mod difference;
mod engines;
pub mod explain;
pub mod export;
pub mod lint;
pub mod mutate;
pub mod parse;
pub mod regenerate;
pub mod report;
mod revision;
pub mod scaffold;
pub mod schema;
mod unchanged;
pub mod watch;

use std::io::Write;
use std::process::ExitCode;

use crate::diagnostics::{Diagnostics, render};
use crate::source::Sources;

/// What a command says that needs the workspace and is run outside of any.
const NO_WORKSPACE: &str = "error: neither this folder nor one above it holds `Cargo.toml` and `specs/`\n\
     help: run it inside a checkout, or name both folders with `--specs DIR --out DIR`\n";

/// What a command says that acts on a whole workspace and is run outside of any.
const NO_WORKSPACE_AT_ALL: &str = "error: neither this folder nor one above it holds `Cargo.toml` and `specs/`\n\
     help: run it inside a checkout\n";

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
