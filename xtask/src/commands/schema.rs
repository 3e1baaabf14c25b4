//! `cargo xtask schema`: writes the JSON Schemas that editors check the YAML files of specs with.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::{NO_WORKSPACE, exit_code, print, print_error};
use crate::cli::{SchemaArgs, out_or_default};
use crate::editors::{ALL, Schema};
use crate::paths;
use crate::write::replace;
use crate::written::CONTRACTS;

/// Runs the command.
#[must_use]
pub fn run(args: &SchemaArgs) -> ExitCode {
    let Some(out) = out_or_default(args.out.as_ref()) else {
        print_error(NO_WORKSPACE);
        return ExitCode::FAILURE;
    };
    let stale = stale(&out);
    if stale.is_empty() {
        print("every schema is what the readers take\n");
        return exit_code(true);
    }
    for (schema, path) in stale {
        let shown = paths::display(&path);
        if args.check {
            print_error(&format!("stale: {shown}\nto mend: cargo xtask schema\n"));
        } else if let Err(error) = replace(&path, &schema.text(), &out.join(CONTRACTS)) {
            print_error(&format!("error: `{shown}` cannot be written: {}\n", error.kind()));
            return exit_code(false);
        } else {
            print(&format!("wrote {shown}\n"));
        }
    }
    exit_code(!args.check)
}

/// The schemas whose files below an output folder are missing or different, with those files.
#[must_use]
pub fn stale(out: &Path) -> Vec<(&'static Schema, PathBuf)> {
    let with_paths = ALL.iter().map(|schema| (schema, out.join(schema.path)));
    with_paths
        .filter(|(schema, path)| fs::read(path).ok().as_deref() != Some(schema.text().as_bytes()))
        .collect()
}
