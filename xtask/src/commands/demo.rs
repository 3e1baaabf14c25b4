//! `cargo xtask demo`: starts the demo of the crate whose database it is to run on. It is a program of its own, because this one links
//! neither C code nor a client of a server.

#[path = "../../../storage/src/command/address.rs"]
mod address;

use std::path::Path;
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
    let is_address = args.db.as_deref().and_then(Path::to_str).is_some_and(address::is_address);
    if args.owner.is_some() && !is_address {
        print_error(
            "error: a file has no owner: --owner goes with the address of a database, as --db postgres://…\n",
        );
        return ExitCode::from(2);
    }
    let (package, example) =
        if is_address { ("selene-storage-postgres", "postgres_demo") } else { ("selene-storage", "demo") };
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["run", "--quiet", "--package", package, "--example", example, "--manifest-path"]);
    command.arg(root.join("Cargo.toml")).arg("--");
    if let Some(db) = &args.db {
        command.arg("--db").arg(db);
    }
    if let Some(owner) = &args.owner {
        command.arg("--owner").arg(owner);
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
