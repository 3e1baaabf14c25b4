//! `selene-store-server`, which `selene-store verify|heads|inspect|trail|export ADDRESS` runs: what an operator does with a database
//! on a PostgreSQL server.
//!
//! What lives here: command lines, exit codes. What must not: a driver, a statement, a rule; what a command reads is a function of the
//! library, and what it writes is written as by the commands on files.

#[path = "../../../../src/bin/selene-store/address.rs"]
mod address;
mod cli;
mod commands;
#[path = "../../../../src/bin/selene-store/ending.rs"]
mod ending;
#[allow(dead_code, reason = "the commands on files need more of it")]
#[path = "../../../../src/bin/selene-store/failure.rs"]
mod failure;
#[allow(dead_code, reason = "the commands on files need more of it")]
#[path = "../../../../src/bin/selene-store/heads_file/mod.rs"]
mod heads_file;
mod inspect;
#[allow(dead_code, reason = "the commands on files need more of it")]
#[path = "../../../../src/bin/selene-store/output.rs"]
mod output;
#[path = "../selene-store-copy/place.rs"]
mod place;
#[allow(dead_code, reason = "the commands on files need more of it")]
#[path = "../../../../src/bin/selene-store/progress.rs"]
mod progress;
mod refused;
#[path = "../../../../src/bin/selene-store/report.rs"]
mod report;
#[path = "../../../../src/bin/selene-store/commands/saved_heads.rs"]
mod saved_heads;
#[path = "../../../../src/bin/selene-store/commands/shown_contents.rs"]
mod shown_contents;
#[path = "../../../../src/bin/selene-store/commands/shown_export.rs"]
mod shown_export;
#[path = "../../../../src/bin/selene-store/commands/shown_trail.rs"]
mod shown_trail;

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
    };
    match done {
        Ok(ending) => ending.into(),
        Err(refused) => refused.report(),
    }
}
