//! The command line.

use std::path::PathBuf;

use crate::program::{number, read};

/// How large the simulation is, and where its report goes.
pub struct Arguments {
    pub tenants: usize,
    pub callers: usize,
    /// Handles that share nothing, as processes do.
    pub stores: usize,
    /// How long each load lasts.
    pub seconds: u64,
    pub markdown: Option<PathBuf>,
}

pub const HELP: &str = "\
Loads a server with calls of many tenants: of one alone, of all alike, and of few busy and many quiet ones (Zipf), as fast as it answers
and at half of that. Reports commits per second, what callers of which tenants wait, what for, and how much an event weighs.

cargo run --release -p selene-storage-postgres --example scale -- [--tenants NUMBER] [--callers NUMBER] [--stores NUMBER]
    [--seconds NUMBER] [--markdown FILE]

  --tenants NUMBER  tenants, each with a chain, a person and a device (default: 10000)
  --callers NUMBER  callers, each of whom waits for an answer before the next call (default: 64)
  --stores NUMBER   stores that the callers are spread over, each with connections of its own (default: 4)
  --seconds NUMBER  how long each of the four loads lasts (default: 30)
  --markdown FILE   replace the report between the markers of this file

The server is that of DATABASE_URL, as a role that may make roles and databases; else one that is started for the run.";

/// Reads the command line.
///
/// # Errors
/// A word that is not understood.
pub fn parse() -> Result<Option<Arguments>, String> {
    let arguments = Arguments { tenants: 10_000, callers: 64, stores: 4, seconds: 30, markdown: None };
    read(arguments, |arguments, word, value| {
        match word {
            "--tenants" => arguments.tenants = number(&value()?)?,
            "--callers" => arguments.callers = number(&value()?)?,
            "--stores" => arguments.stores = number(&value()?)?,
            "--seconds" => arguments.seconds = number(&value()?)? as u64,
            "--markdown" => arguments.markdown = Some(value()?.into()),
            _ => return Ok(false),
        }
        Ok(true)
    })
}
