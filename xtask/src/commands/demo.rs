//! `cargo xtask demo`: starts the demo of the storage crate. It is a program of its own, because this one links no C code.

use std::process::{Command, ExitCode};

use super::{NO_WORKSPACE, print_error};
use crate::cli::DemoArgs;
use crate::paths;

/// Runs the command.
#[must_use]
pub fn run(args: &DemoArgs) -> ExitCode {
    let Some(root) = paths::workspace_root() else {
        print_error(NO_WORKSPACE);
        return ExitCode::FAILURE;
    };
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["run", "--quiet", "--package", "selene-storage", "--example", "demo", "--manifest-path"]);
    command.arg(root.join("Cargo.toml")).arg("--");
    if let Some(db) = &args.db {
        command.arg("--db").arg(db);
    }
    match command.status() {
        Ok(status) => {
            // A program that was killed has no code of its own.
            let code = status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1);
            ExitCode::from(code)
        }
        Err(error) => {
            print_error(&format!("error: cargo cannot be started: {}\n", error.kind()));
            ExitCode::FAILURE
        }
    }
}
