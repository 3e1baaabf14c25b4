//! `selene-store-copy`, which `selene-store copy` runs: moves a store from a file to a server, or back.
//!
//! What lives here: the command line, output for people and for tools, exit codes. What must not: a driver, a statement, a rule; what is
//! done is a function of the library.

mod cli;
mod copying;
mod failure;
mod place;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    match copying::run(&cli::Args::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        // Something is wrong, which was reported.
        Ok(false) => ExitCode::from(1),
        Err(failure) => failure.report(),
    }
}
