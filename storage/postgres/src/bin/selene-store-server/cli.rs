//! What a person may type. What must not live here: doing it.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Parser, Subcommand};

use crate::output::Format;
use crate::saved_heads::SavedHeadsArgs;

/// Looks after the database of a store on a PostgreSQL server: verifies it, and gives its heads.
#[derive(Debug, Parser)]
#[command(
    name = "selene-store-server",
    bin_name = "selene-store",
    version,
    arg_required_else_help = true,
    after_help = "\
`selene-store verify ADDRESS` and `selene-store heads ADDRESS` run this program; all other commands are about files.

Exit codes of every command: 0 done, and nothing is wrong; 1 done, and something is wrong with the store, which is printed; 2 a wrong command
line; 3 it could not be done, and nothing was changed."
)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    Verify(VerifyArgs),
    Heads(HeadsArgs),
}

/// A database that a command reads.
#[derive(Debug, clap::Args)]
pub struct Source {
    /// The address of the database, as the role of the stores: a URL, or words as `host=… dbname=… user=…`
    pub address: OsString,
    /// Seconds to wait for another program that has something locked
    #[arg(long, value_name = "SECONDS", default_value_t = 5)]
    pub wait: u32,
}

/// Checks the chains of events, every row against the event that wrote it, and current rows against their ledgers
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  selene-store verify postgres://selene@db.example.org/selene?sslmode=verify-full
  selene-store verify 'host=/run/postgresql dbname=selene user=selene' --heads heads.jsonl      also whether newest events are gone
  selene-store verify 'host=/run/postgresql dbname=selene user=selene' --heads heads.jsonl --public-key public.pem

All of it is seen in one state, while others write, over one connection that only reads; it takes as long as it needs. The database is read as
the role of the stores, and must be one that a store would open. A password that is not in the address is taken from PGPASSWORD. Each
check lists the first 1,000 faults.

Exit codes: 0 nothing is wrong; 1 something is wrong, and it is listed; 2 a wrong command line; 3 it could not be done: no such database, no
store, another schema version, wrong rights, heads that cannot be read or were not signed by the key.")]
pub struct VerifyArgs {
    #[command(flatten)]
    pub source: Source,
    #[command(flatten)]
    pub saved: SavedHeadsArgs,
    /// For whom the result is written
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// Writes the newest event of every chain to the standard output, to be kept where whoever can write the server cannot
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
That the newest events of a chain are gone, as after a failover that lost them, a chain can show only against a head that was saved before. So
keep heads regularly, outside of the server.

Examples:
  selene-store heads 'host=/run/postgresql dbname=selene user=selene' > heads.jsonl
  selene-store heads postgres://selene@db.example.org/selene?sslmode=verify-full --sign key.pem > heads.jsonl
  selene-store verify 'host=/run/postgresql dbname=selene user=selene' --heads heads.jsonl --public-key public.pem     later

The heads have the form of those of a file. Nothing is checked: run `selene-store verify` before the first time.

Exit codes: 0 written; 2 a wrong command line; 3 it could not be done, nothing was written.")]
pub struct HeadsArgs {
    #[command(flatten)]
    pub source: Source,
    /// Sign the heads with this private Ed25519 key (PKCS#8, PEM)
    #[arg(long, value_name = "KEYFILE")]
    pub sign: Option<PathBuf>,
}
