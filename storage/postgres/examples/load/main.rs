//! A load of calls that writes down every answer, and a check that compares the store with what was written down.
//!
//! ```text
//! load prepare OWNER_ADDRESS ADDRESS      makes the tables, and what the calls build on
//! load run ADDRESS FOLDER NAME FIRST      makes calls, numbered from FIRST, until its input ends; writes FOLDER/NAME.journal and
//!                                         FOLDER/heads.json
//! load check ADDRESS FOLDER               makes every call of the journals again, and prints what came of it, as JSON
//! ```
//!
//! `tests/cluster/run.py` runs it while servers fail (docs/CLUSTER.md). What must not live here: anything that knows why a call fails.

mod calls;
mod check;
mod errors;
mod heads;
mod journal;
mod run;

use std::path::Path;
use std::process::ExitCode;

use selene_storage_postgres::{PostgresStore, migrate};

use crate::errors::Error;

const HELP: &str = "\
Usage: load prepare OWNER_ADDRESS ADDRESS
       load run ADDRESS FOLDER NAME FIRST
       load check ADDRESS FOLDER";

/// The role of stores.
const ROLE: &str = "selene";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match dispatch(&words) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Says whether all is as promised.
fn dispatch(words: &[&str]) -> Result<bool, Error> {
    match *words {
        ["prepare", owner, address] => {
            migrate(owner, ROLE)?;
            calls::prepare(&PostgresStore::open(address)?)?;
            Ok(true)
        }
        ["run", address, folder, name, first] => {
            let first = first.parse().map_err(|_| Error::Usage(HELP))?;
            run::run(&PostgresStore::open(address)?, Path::new(folder), name, first)?;
            Ok(true)
        }
        ["check", address, folder] => {
            let report = check::check(&PostgresStore::open(address)?, Path::new(folder))?;
            println!("{}", report.as_json());
            Ok(report.is_as_promised())
        }
        _ => Err(Error::Usage(HELP)),
    }
}
