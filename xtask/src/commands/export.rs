//! `cargo xtask export`: contracts as JSON Schema or OpenAPI, for callers in other languages.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use selene_codegen::naming::module_name;
use serde_json::Value;

use super::engines::chosen;
use super::{NO_WORKSPACE, exit_code, print, print_diagnostics, print_error};
use crate::cli::{ExportArgs, ExportFormat, released_beside, specs_or_default};
use crate::export::{self, Exported};
use crate::paths;
use crate::pipeline;

/// Runs the command.
#[must_use]
pub fn run(args: &ExportArgs) -> ExitCode {
    let Some(specs) = specs_or_default(args.specs.as_ref()) else {
        print_error(NO_WORKSPACE);
        return ExitCode::FAILURE;
    };
    let run = pipeline::run(&specs, &released_beside(&specs));
    print_diagnostics(&run.diagnostics, &run.sources);
    if run.diagnostics.has_errors() {
        return exit_code(false);
    }
    let (contracts, shared) = (&run.resolved.contracts, &run.resolved.shared);
    let written = chosen(contracts, &args.engine).and_then(|engines| {
        let exported = Exported { contracts, shared, engines: &engines };
        match &args.out {
            None => {
                print(&text(args.format, exported));
                Ok(())
            }
            Some(folder) => write(folder, args.format, exported),
        }
    });
    if let Err(problem) = &written {
        print_error(&format!("error: {problem}\n"));
    }
    exit_code(written.is_ok())
}

/// A document of each engine that stands alone.
fn write(folder: &Path, format: ExportFormat, exported: Exported<'_>) -> Result<(), String> {
    let problem = |path: &Path, error: &std::io::Error| {
        format!(
            "`{}` cannot be written: {}\nhelp: name another folder with --out",
            paths::display(path),
            error.kind()
        )
    };
    fs::create_dir_all(folder).map_err(|error| problem(folder, &error))?;
    let kind = match format {
        ExportFormat::JsonSchema => "schema",
        ExportFormat::Openapi => "openapi",
    };
    for engine in exported.engines {
        let path = folder.join(format!("{}.{kind}.json", module_name(engine)));
        let one = Exported { engines: &[engine], ..exported };
        fs::write(&path, text(format, one)).map_err(|error| problem(&path, &error))?;
        print(&format!("wrote {}\n", paths::display(&path)));
    }
    Ok(())
}

fn text(format: ExportFormat, exported: Exported<'_>) -> String {
    let document: Value = match format {
        ExportFormat::JsonSchema => export::json_schema(exported),
        ExportFormat::Openapi => export::openapi(exported),
    };
    format!("{document:#}\n")
}
