//! `cargo xtask book`: the contracts as a static site, and a look at it.

mod changes;
mod folder;
mod serve;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::{NO_WORKSPACE, exit_code, print, print_diagnostics, print_error};
use crate::book::{self, File, Subject, read_machines};
use crate::cli::{BookArgs, released_beside, specs_or_default};
use crate::coverage::report::Report;
use crate::diagnostics::Severity;
use crate::lint::Rule;
use crate::paths;
use crate::pipeline;
use crate::read::Overlay;

/// Where the site lies by default.
const DEFAULT: &str = "target/book";

/// Runs the command.
#[must_use]
pub fn run(args: &BookArgs) -> ExitCode {
    let Some(specs) = specs_or_default(args.specs.as_ref()) else {
        print_error(NO_WORKSPACE);
        return ExitCode::FAILURE;
    };
    match written(args, &specs) {
        Ok(None) => exit_code(false),
        Ok(Some(folder)) => {
            print(&format!("wrote {}\n", paths::display(&folder.join("index.html"))));
            if args.open { opened(&folder, args.port) } else { exit_code(true) }
        }
        Err(problem) => {
            print_error(&format!("error: {problem}\n"));
            exit_code(false)
        }
    }
}

/// Writes the site and gives its folder; nothing where the specs have an error.
fn written(args: &BookArgs, specs: &Path) -> Result<Option<PathBuf>, String> {
    let is_wanted = |rule: &Rule| rule.code.severity == Severity::Error;
    let (run, parsed) = pipeline::run_over(specs, &Overlay::default(), &released_beside(specs), &is_wanted);
    print_diagnostics(&run.diagnostics, &run.sources);
    if run.diagnostics.has_errors() {
        return Ok(None);
    }
    let workspace = paths::workspace_root();
    // What tests saw, and which rules run, is known of the workspace's own specs alone.
    let own = workspace.filter(|_| args.specs.is_none());
    let report =
        own.map(|workspace| Report::of(&run, workspace)).transpose().map_err(|error| error.to_string())?;
    let machines = own.map(read_machines).transpose()?.unwrap_or_default();
    let changes = args.diff.as_deref().map(|against| changes::against(specs, against)).transpose()?;
    let subject = Subject {
        run: &run,
        parsed: &parsed,
        report: report.as_ref(),
        machines: &machines,
        changes: changes.as_ref(),
    };
    let files: Vec<File> = book::site(subject);
    let folder = match (&args.out, workspace) {
        (Some(folder), _) => folder.clone(),
        (None, Some(workspace)) => workspace.join(DEFAULT),
        (None, None) => {
            return Err("there is no workspace to write into\nhelp: name a folder with --out".to_owned());
        }
    };
    folder::write(&folder, &files)?;
    Ok(Some(folder))
}

/// Serves the site until somebody ends the program.
fn opened(folder: &Path, port: u16) -> ExitCode {
    let server = match serve::Server::bind(folder, port) {
        Ok(server) => server,
        Err(error) => {
            print_error(&format!(
                "error: port {port} of 127.0.0.1 cannot be served: {error}\nhelp: name another one with --port\n"
            ));
            return exit_code(false);
        }
    };
    let address = server.address();
    print(&format!("serving {address} (Ctrl-C ends it)\n"));
    serve::open_browser(&address);
    server.run();
    exit_code(true)
}
