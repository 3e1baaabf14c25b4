//! What a person may type. What must not live here: doing it.

use std::ffi::OsString;

use clap::{CommandFactory as _, Parser, Subcommand};

use crate::commands::{
    backup, compact, export, heads, inspect, migrate, restore, trail, verify, verify_export,
};

/// Looks after the database file of a store: verifies, copies, migrates and shows it.
#[derive(Debug, Parser)]
#[command(
    name = "selene-store",
    version,
    arg_required_else_help = true,
    after_help = "\
`selene-store COMMAND --help` shows examples. An unknown COMMAND runs the program `selene-store-COMMAND`, if it lies beside this one
or in PATH.

Exit codes of every command: 0 done, and nothing is wrong; 1 done, and something is wrong with the store or the file, which is printed;
2 a wrong command line; 3 it could not be done, and nothing was changed. Where the output cannot be written, work that was done keeps its
code, and so do faults that were found; `heads` and `export` that were cut off end with 3."
)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

/// One file below `commands` for each.
#[derive(Debug, Subcommand)]
pub enum Command {
    Verify(verify::Args),
    Heads(heads::Args),
    Inspect(inspect::Args),
    Trail(trail::Args),
    Export(export::Args),
    VerifyExport(verify_export::Args),
    Backup(backup::Args),
    Restore(restore::Args),
    Migrate(migrate::Args),
    Compact(compact::Args),
    #[command(external_subcommand)]
    External(Vec<OsString>),
}

impl Command {
    /// Whether the command is about a database on a server.
    pub fn is_on_server(&self) -> bool {
        match self {
            Self::Verify(verify::Args { source, .. })
            | Self::Heads(heads::Args { source, .. })
            | Self::Inspect(inspect::Args { source, .. })
            | Self::Trail(trail::Args { source, .. })
            | Self::Export(export::Args { source, .. }) => source.is_on_server(),
            Self::Migrate(args) => args.is_on_server(),
            Self::VerifyExport(_)
            | Self::Backup(_)
            | Self::Restore(_)
            | Self::Compact(_)
            | Self::External(_) => false,
        }
    }
}

/// The error of an unknown command that has no program, with the nearest name.
pub fn refusal() -> clap::Error {
    let commands: Vec<clap::Command> = Cli::command().get_subcommands().cloned().collect();
    let known = clap::Command::new("selene-store").subcommands(commands);
    match known.try_get_matches_from(std::env::args_os()) {
        Err(error) => error,
        Ok(_) => Cli::command().error(clap::error::ErrorKind::InvalidSubcommand, "there is no such command"),
    }
}
