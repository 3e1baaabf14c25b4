//! Runs every engine once in a database of a server, and shows what came of it: the course of the demo on SQLite.
//!
//! ```text
//! cargo run -p selene-storage-postgres --example postgres_demo -- --db ADDRESS [--owner ADDRESS]
//! ```
//!
//! It may run again: then what was applied is replayed, and what was refused is refused again.

#[path = "../../../examples/demo/course/mod.rs"]
mod course;

use std::error::Error;
use std::process::ExitCode;

use selene_contracts::StorageError;
use selene_storage::{ChainError, SavedHead, StoreReport};
use selene_storage_postgres::{AddressNames, PostgresStore, migrate};

const HELP: &str =
    "Runs every engine in a database of PostgreSQL: shows what came of each call, and prints the audit trail.

Usage: postgres_demo --db ADDRESS [--owner ADDRESS]

Options:
  --db ADDRESS     The database, as the role of the stores: postgres://selene@localhost/selene
  --owner ADDRESS  The same as the owner of the tables, who makes them first
  -h, --help       Print this help";

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
    let (mut db, mut owner) = (None, None);
    while let Some(argument) = arguments.next() {
        let (name, value) = match argument.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (argument.as_str(), None),
        };
        let wanted = match name {
            "-h" | "--help" => {
                println!("{HELP}");
                return Ok(());
            }
            "--db" => &mut db,
            "--owner" => &mut owner,
            other => return Err(format!("unknown argument {other:?}; see --help").into()),
        };
        *wanted = value.or_else(|| arguments.next());
        if wanted.is_none() {
            return Err(format!("{name} needs an address; see --help").into());
        }
    }
    let db = db.ok_or("--db says which database; see --help")?;
    // Its error does not show the address, which may hold a password.
    let names = AddressNames::of(&db).map_err(|error| format!("--db: {error}"))?;
    if let Some(owner) = owner {
        let role = names.role.ok_or("--db names no role, which is the one that the owner gives rights to")?;
        migrate(&owner, &role)?;
    }
    let store = PostgresStore::open(&db)?;
    println!("Database: {} on PostgreSQL\n", names.database.as_deref().unwrap_or("that of the role"));
    course::demonstrate(&store)
}

impl course::Store for PostgresStore {
    fn chain_heads(&self) -> Result<Vec<SavedHead>, ChainError> {
        Self::chain_heads(self)
    }

    fn verify(&self, saved: &[SavedHead]) -> Result<StoreReport, StorageError> {
        Self::verify(self, saved)
    }
}
