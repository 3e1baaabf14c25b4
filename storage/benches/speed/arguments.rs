//! The command line.

use std::path::PathBuf;

use crate::program;

/// How much is measured, and where the table goes.
pub struct Arguments {
    pub extent: Extent,
    pub markdown: Option<PathBuf>,
    pub folder: PathBuf,
    /// Seconds for which the slowest commits are looked for, of each number of callers; by the extent where none are asked for.
    seconds: Option<usize>,
    /// Measure other libraries too.
    pub peers: bool,
    /// The folder of this package.
    pub package: PathBuf,
    /// Measure only sections whose name starts so.
    pub only: Option<String>,
}

impl Arguments {
    /// Seconds for which the slowest commits of each number of callers are looked for.
    pub fn seconds(&self) -> usize {
        self.seconds.unwrap_or(match self.extent {
            Extent::Quick => 2,
            Extent::Normal => 10,
            Extent::Full => 60,
        })
    }
}

/// Calls of one contestant in one round; a multiple of 64 and of 100.
pub const CALLS: usize = 1_600;

/// How much is measured.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Minutes become seconds; the ratios are rough.
    Quick,
    /// Everything but the table of a million rows.
    Normal,
    /// Everything, the table of a million rows too.
    Full,
}

impl Extent {
    /// Rounds whose median counts.
    pub const fn rounds(self) -> usize {
        match self {
            Self::Quick => 3,
            Self::Normal => 7,
            Self::Full => 15,
        }
    }

    /// Rows of the tables that are compared.
    pub const fn sizes(self) -> &'static [usize] {
        match self {
            Self::Quick => &[2_000, 10_000],
            Self::Normal => &[10_000, 100_000],
            Self::Full => &[10_000, 100_000, 1_000_000],
        }
    }
}

pub const HELP: &str = "\
cargo bench -p selene-storage -- [--quick | --full] [--only SECTION] [--seconds N] [--peers] [--markdown FILE] [--folder FOLDER]

  --quick          small tables, few rounds: rough, within a minute
  --full           also a table of a million rows: some minutes and 12 GB of disk
  --only SECTION   commits, tail, chain, reads, memory, opening, verify, sizes or campaign; peers, with --peers; tasks, in a build with
                   --features async; watched, in a build with --features metrics,tracing
  --seconds N      how long the slowest commits are looked for, with each number of callers
                   (2 with --quick, 60 with --full, else 10)
  --peers          build and measure diesel, sqlx and sea-orm too, in the sections peers and tasks
  --markdown FILE  replace the table between the markers of this file
  --folder FOLDER  where the databases lie; a real disk, not memory (default: target/bench)";

/// Reads the command line.
///
/// # Errors
/// A word that is not understood.
pub fn parse() -> Result<Option<Arguments>, String> {
    // Asked when it runs, so that a copied checkout writes into itself.
    let package = std::env::var_os("CARGO_MANIFEST_DIR").ok_or("run it by `cargo bench`")?;
    let package = PathBuf::from(package);
    let root = package.join("..");
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let arguments = Arguments {
        extent: Extent::Normal,
        markdown: None,
        folder: target.join("bench"),
        seconds: None,
        peers: false,
        package,
        only: None,
    };
    program::read(arguments, |arguments, word, value| {
        match word {
            "--quick" => arguments.extent = Extent::Quick,
            "--full" => arguments.extent = Extent::Full,
            "--peers" => arguments.peers = true,
            "--seconds" => arguments.seconds = Some(program::number(&value()?)?),
            "--only" => arguments.only = Some(value()?),
            // Cargo runs this in the folder of the crate; the path is meant from the root of the workspace.
            "--markdown" => arguments.markdown = Some(root.join(value()?)),
            "--folder" => arguments.folder = PathBuf::from(value()?),
            _ => return Ok(false),
        }
        Ok(true)
    })
}
