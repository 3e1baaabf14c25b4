//! The mutants that cargo-mutants lists.

use std::path::Path;
use std::process::Command;

use serde::Deserialize;

/// A place in a file, lines and columns from 1, columns in characters.
#[derive(Deserialize, Clone, Copy)]
pub struct Place {
    pub line: usize,
    pub column: usize,
}

#[derive(Deserialize)]
pub struct Span {
    pub start: Place,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq, Debug)]
pub enum Genre {
    FnValue,
    BinaryOperator,
    UnaryOperator,
    MatchArm,
    MatchArmGuard,
    StructField,
}

/// A mutant; its number is its place in the list.
#[derive(Deserialize)]
pub struct Mutant {
    pub name: String,
    pub file: String,
    pub genre: Genre,
    pub replacement: String,
    pub span: Span,
}

/// Asks cargo-mutants for its list; `filters` are arguments that choose files.
///
/// # Errors
/// The program is missing, fails, or its list has another form.
pub fn ask(tree: &Path, package: &str, filters: &[String]) -> Result<Vec<Mutant>, String> {
    let output = Command::new("cargo")
        .args(["mutants", "--list", "--json", "--package", package])
        .args(filters)
        .current_dir(tree)
        .output()
        .map_err(|error| format!("cargo mutants: {error}"))?;
    if !output.status.success() {
        return Err(format!("cargo mutants --list: {}", String::from_utf8_lossy(&output.stderr)));
    }
    serde_json::from_slice(&output.stdout).map_err(|error| format!("the list of cargo-mutants: {error}"))
}
