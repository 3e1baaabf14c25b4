//! Runs every engine once on a database file, and shows what came of it.
//!
//! ```text
//! cargo run -p selene-storage --example demo -- [--db FILE]
//! ```
//!
//! Without a file it works on a fresh one that is gone afterwards. On a file of yours it may run again: then
//! what was applied is replayed, and what was refused is refused again. The output has no times and no random parts, so two runs on fresh files print the
//! same. `storage/postgres/examples/demo` runs the same course on a server.

mod course;

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use selene_contracts::StorageError;
use selene_storage::{ChainError, OpenError, SavedHead, SqliteStore, StoreReport};

const HELP: &str =
    "Runs every engine on a SQLite file: shows what came of each call, and prints the audit trail.

Usage: demo [--db FILE]

Options:
  --db FILE   The database file; it is made where there is none, and may be used again
  -h, --help  Print this help";

fn main() -> ExitCode {
    match run(std::env::args().skip(1)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(mut arguments: impl Iterator<Item = String>) -> Result<(), Box<dyn Error>> {
    let mut file = None;
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "-h" | "--help" => {
                println!("{HELP}");
                return Ok(());
            }
            "--db" => {
                file = Some(PathBuf::from(arguments.next().ok_or("--db needs a file; see --help")?));
            }
            other => match other.strip_prefix("--db=") {
                Some(path) => file = Some(PathBuf::from(path)),
                None => return Err(format!("unknown argument {other:?}; see --help").into()),
            },
        }
    }
    // The folder is removed when it goes out of scope, behind the store.
    let folder = tempfile::tempdir()?;
    let path = file.clone().unwrap_or_else(|| folder.path().join("demo.db"));
    let store = SqliteStore::open(&path).map_err(|error| match &error {
        OpenError::File { .. } => error.to_string(),
        // What does not name the file.
        _ => format!("{}: {error}", path.display()),
    })?;
    match &file {
        Some(path) => println!("Database: {}\n", path.display()),
        None => println!("Database: a fresh file, removed at the end (--db FILE keeps one)\n"),
    }
    course::demonstrate(&store)
}

impl course::Store for SqliteStore {
    fn chain_heads(&self) -> Result<Vec<SavedHead>, ChainError> {
        Self::chain_heads(self)
    }

    fn verify(&self, saved: &[SavedHead]) -> Result<StoreReport, StorageError> {
        Self::verify(self, saved)
    }
}
