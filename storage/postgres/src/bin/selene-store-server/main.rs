//! `selene-store-server`, which `selene-store verify|heads|inspect|trail|export|migrate ADDRESS` runs: what an operator does with a database
//! on a PostgreSQL server.
//!
//! What lives here: command lines, exit codes. What must not: a driver, a statement, a rule; what a command reads is a function of the
//! library, and what it writes is written as by the commands on files.

mod cli;
mod commands;
mod inspect;
mod migrate;
#[path = "../selene-store-copy/place.rs"]
mod place;
mod refused;

use std::process::ExitCode;

use clap::Parser as _;
use cli::{Cli, Command};

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Verify(args) => commands::verify(&args),
        Command::Heads(args) => commands::heads(&args),
        Command::Inspect(args) => inspect::run(&args),
        Command::Trail(args) => commands::trail(&args),
        Command::Export(args) => commands::export(&args),
        Command::Migrate(args) => migrate::run(&args),
    };
    match done {
        Ok(ending) => ending.into(),
        Err(refused) => refused.report(),
    }
}
