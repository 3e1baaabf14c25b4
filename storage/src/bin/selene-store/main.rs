//! `selene-store`: what an operator does with the file of a store, without writing Rust.
//!
//! What lives here: command lines, and what each command asks of the library. What must not: a driver, a statement, a rule; what
//! programs for operators share is in `selene_storage::command`.

mod cli;
mod commands;
mod external;

use std::process::ExitCode;

use clap::Parser as _;
use cli::{Cli, Command};

fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = match cli.command {
        command if command.is_on_server() => external::on_server(),
        Command::Verify(args) => commands::verify::run(&args),
        Command::Heads(args) => commands::heads::run(&args),
        Command::Inspect(args) => commands::inspect::run(&args),
        Command::Trail(args) => commands::trail::run(&args),
        Command::Export(args) => commands::export::run(&args),
        Command::VerifyExport(args) => commands::verify_export::run(&args),
        Command::Backup(args) => commands::backup::run(&args),
        Command::Restore(args) => commands::restore::run(&args),
        Command::Migrate(args) => commands::migrate::run(&args),
        Command::Compact(args) => commands::compact::run(&args),
        Command::External(words) => external::run(&words, cli::refusal),
    };
    match done {
        Ok(ending) => ending.into(),
        Err(failure) => failure.report(),
    }
}
