//! `cargo xtask watch`: runs a command again whenever the specs have changed.
//!
//! The bytes of the files are looked at in an interval. A specs folder has some dozens of small files, so that a look costs a
//! few milliseconds; messages of the operating system would come in other ways on each of them, be lost on network folders, and
//! come for files that were saved without a change.

mod changes;

use std::process::ExitCode;
use std::time::Duration;

use super::{NO_WORKSPACE, lint, print_error, regenerate};
use crate::cli::{FindingFormat, LintArgs, RegenerateArgs, WatchArgs, Watched};
use crate::paths;
use changes::{Changes, digest_of};

/// Runs the command; it ends only where the folder does not exist.
#[must_use]
pub fn run(args: &WatchArgs) -> ExitCode {
    let Some([specs, _]) = args.folders.resolve() else {
        print_error(NO_WORKSPACE);
        return ExitCode::FAILURE;
    };
    let shown = paths::display(&specs);
    if !specs.is_dir() {
        print_error(&format!("error: `{shown}` is not a folder\nhelp: name the folder with `--specs DIR`\n"));
        return ExitCode::FAILURE;
    }
    let interval = Duration::from_millis(args.interval_ms);
    let mut changes = Changes::default();
    loop {
        if changes.settled(digest_of(&specs)) {
            run_once(args);
            print_error(&format!("watching {shown}; Ctrl-C ends it\n"));
        }
        std::thread::sleep(interval);
    }
}

/// Runs what is asked for. Its exit code counts for nobody here: what it found is printed.
fn run_once(args: &WatchArgs) {
    let (folders, format) = (args.folders.clone(), FindingFormat::Text);
    let _ = match args.command {
        Watched::Lint => {
            let (rule, explain, list, deny_warnings) = (None, None, false, false);
            lint::run(&LintArgs { rule, explain, list, deny_warnings, format, folders })
        }
        Watched::Regenerate => {
            regenerate::run(&RegenerateArgs { check: false, dry_run: false, folders, format })
        }
    };
}
