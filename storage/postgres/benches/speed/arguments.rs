//! The command line.

use std::path::PathBuf;

use crate::program::{number, read};

/// How much is measured, and where the table goes.
pub struct Arguments {
    /// Rounds whose median counts.
    pub rounds: usize,
    /// Pieces of work in a slice are divided by this.
    pub share: usize,
    /// Events of the table that the cases are measured in a second time.
    pub events: Option<usize>,
    /// Measure only cases whose name holds this.
    pub only: Option<String>,
    pub markdown: Option<PathBuf>,
}

impl Arguments {
    /// Whether a case is to be measured.
    pub fn asks_for(&self, name: &str) -> bool {
        self.only.as_deref().is_none_or(|only| name.contains(only))
    }
}

pub const HELP: &str = "\
cargo bench -p selene-storage-postgres -- [--quick] [--rounds NUMBER] [--events NUMBER] [--only WORDS] [--markdown FILE]

  --quick          short slices, three rounds: rough, within a minute
  --rounds NUMBER  rounds whose median counts (default: 7)
  --events NUMBER  measure also in a table with so many events, and how much slower that is
  --only WORDS     cases whose name holds these words
  --markdown FILE  replace the table between the markers of this file

The server is that of DATABASE_URL, as a role that may make roles and databases; else one that is started for the run.";

/// Reads the command line.
///
/// # Errors
/// A word that is not understood.
pub fn parse() -> Result<Option<Arguments>, String> {
    // Cargo runs this in the folder of the crate; a path is meant from the root of the workspace.
    let package = std::env::var_os("CARGO_MANIFEST_DIR").ok_or("run it by `cargo bench`")?;
    let root = PathBuf::from(package).join("../..");
    let arguments = Arguments { rounds: 7, share: 1, events: None, only: None, markdown: None };
    read(arguments, |arguments, word, value| {
        match word {
            "--quick" => (arguments.rounds, arguments.share) = (3, 4),
            "--rounds" => arguments.rounds = number(&value()?)?,
            "--events" => arguments.events = Some(number(&value()?)?),
            "--only" => arguments.only = Some(value()?),
            "--markdown" => arguments.markdown = Some(root.join(value()?)),
            _ => return Ok(false),
        }
        Ok(true)
    })
}
