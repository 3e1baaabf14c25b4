//! Arguments of `book`. What must not live here: doing it.

use std::path::PathBuf;

use clap::Args;

/// What `book --help` teaches.
pub(super) const HELP: &str = "\
Examples:
  cargo xtask book                       writes target/book; open target/book/index.html in a browser
  cargo xtask book --open                writes it, serves it on 127.0.0.1 until Ctrl-C, and opens a browser if one is known
  cargo xtask book --out site            another folder
  cargo xtask book --diff main           with a page of what changed since main, as `diff` reports it
  cargo test -p selene-acceptance && cargo xtask book     with what the tests saw, as `coverage` takes it

Pages for engines, capabilities, tables, reason codes, types, state machines, acceptance tests and the specs line by line; every item
leads to its line and every line to its items. Search by typing `/`. It needs no server, no network and, for reading, no script.
State machines are read from storage/machines.json, which a test of the store writes from its rules and holds equal to them.
Files that an earlier book left in the folder are deleted; a folder that holds something else is not touched.

Exit codes: 0 success; 1 an error in the specs, a folder that cannot be written, or no such revision; 2 a wrong command line.";

/// Arguments of `book`.
#[derive(Debug, Args)]
pub struct BookArgs {
    /// The folder that the site is written to [default: target/book of the workspace]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Serve it on this machine alone, print the address, and open a browser if one is known.
    #[arg(long)]
    pub open: bool,
    /// The port to serve on; 0 takes a free one.
    #[arg(long, value_name = "PORT", default_value_t = 0, requires = "open")]
    pub port: u16,
    /// Add a page with what changed since a revision, or a folder with specs.
    #[arg(long, value_name = "REV|DIR")]
    pub diff: Option<String>,
    /// The folder with ecm/, db_wiring/, lexicon.yaml and reason_codes.yaml [default: specs/ of the workspace]
    #[arg(long, value_name = "DIR")]
    pub specs: Option<PathBuf>,
}
