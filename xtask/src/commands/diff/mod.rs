//! `cargo xtask diff`: what a change of the specs breaks.

pub(super) mod json;
mod load;
mod markdown;
pub(super) mod report;
pub(super) mod text;

use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

use super::revision::specs_of;
use super::{NO_WORKSPACE, exit_code, print, print_error, uses_colour_on_output};
use crate::cli::{DiffArgs, DiffFormat, specs_or_default};
use crate::diff::{Class, kinds};
use crate::paths;
use crate::read::Tree;
use report::Report;

/// What a command ends with that could not read what it was given.
const UNREADABLE: u8 = 2;

/// Runs the command.
#[must_use]
pub fn run(args: &DiffArgs) -> ExitCode {
    if args.list {
        print(&listed());
        return exit_code(true);
    }
    let Some(specs) = specs_or_default(args.specs.as_ref()) else {
        print_error(NO_WORKSPACE);
        return ExitCode::from(UNREADABLE);
    };
    let against = args.against.as_deref().unwrap_or_default();
    let report = match compared(&specs, against) {
        Ok(report) => report,
        Err(reason) => {
            print_error(&format!("error: {reason}\n"));
            return ExitCode::from(UNREADABLE);
        }
    };
    print(&match args.format {
        DiffFormat::Text => text::printed(&report, uses_colour_on_output()),
        DiffFormat::Json => format!("{:#}\n", json::object(&report)),
        DiffFormat::Markdown => markdown::printed(&report),
    });
    let is_denied = args.deny_weaker_proof && report.has_open(|class| class == Class::WeakerProof);
    exit_code(report.is_clean() && !is_denied)
}

/// The comparison of a folder of specs with a revision or another folder.
///
/// # Errors
///
/// Why one of them cannot be read, for people.
pub(super) fn compared(specs: &Path, against: &str) -> Result<Report, String> {
    let old = before(specs, against)?;
    Ok(Report::new(against, old, folder(specs)?))
}

/// The specs that are compared with: a folder, else a revision.
fn before(specs: &Path, against: &str) -> Result<Tree, String> {
    let given = Path::new(against);
    if !given.is_dir() {
        let tree = specs_of(specs, against)?;
        return if tree.files.is_empty() { Err(format!("`{}` holds no spec", tree.label)) } else { Ok(tree) };
    }
    let within = given.join("specs");
    folder(if within.is_dir() { &within } else { given })
}

/// The specs of a folder.
///
/// # Errors
///
/// Why they cannot be read, for people.
pub(super) fn folder(path: &Path) -> Result<Tree, String> {
    let shown = paths::display(path);
    let tree =
        Tree::of_folder(path).map_err(|error| format!("`{shown}` cannot be read: {}", error.kind()))?;
    if tree.files.is_empty() { Err(format!("`{shown}` holds no spec")) } else { Ok(tree) }
}

/// Every kind of change, one line each.
fn listed() -> String {
    let mut text = String::new();
    for kind in kinds::ALL {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{}  {:<12}  {}", kind.id, kind.class.as_str(), kind.purpose);
    }
    text
}
