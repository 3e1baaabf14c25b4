//! `cargo xtask`: dispatches to one module per command.

use std::process::ExitCode;

use clap::Parser as _;
use xtask::cli::{Cli, Command};
use xtask::commands::{ddl, demo, lint, parse, regenerate};

fn main() -> ExitCode {
    match Cli::parse().command {
        Command::Regenerate(args) => regenerate::run(&args),
        Command::Parse(args) => parse::run(&args),
        Command::Lint(args) => lint::run(&args),
        Command::Ddl(args) => ddl::run(&args),
        Command::Demo(args) => demo::run(&args),
    }
}
