//! `cargo xtask`: dispatches to one module per command.

use std::process::ExitCode;

use clap::Parser as _;
use xtask::cli::{Cli, Command};
use xtask::commands::{
    adopt, bless, book, check, coverage, ddl, demo, diff, explain, export, lint, mutate, parse, regenerate,
    scaffold, schema, watch,
};

fn main() -> ExitCode {
    match Cli::parse().command {
        Command::Regenerate(args) => regenerate::run(&args),
        Command::Parse(args) => parse::run(&args),
        Command::Lint(args) => lint::run(&args),
        Command::Diff(args) => diff::run(&args),
        Command::Mutate(args) => mutate::run(&args),
        Command::Adopt(args) => adopt::run(&args),
        Command::Coverage(args) => coverage::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Export(args) => export::run(&args),
        Command::Bless(args) => bless::run(&args),
        Command::Book(args) => book::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Scaffold(args) => scaffold::run(&args),
        Command::Schema(args) => schema::run(&args),
        Command::Watch(args) => watch::run(&args),
        Command::Ddl(args) => ddl::run(&args),
        Command::Demo(args) => demo::run(&args),
    }
}
