//! `selene-store compact`: pages that hold nothing go back to the system.

use selene_storage::command::ending;
use selene_storage::command::failure::{Ending, Failure};
use selene_storage::command::output::{self, Format, bytes};
use selene_storage::command::progress::Progress;
use selene_storage::command::report;
use selene_storage::{SqliteStore, upkeep};
use serde::Serialize;

use super::{FileSource, not_given};

/// Gives pages that hold nothing back to the system, and verifies the file against its heads from before
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  selene-store inspect selene.db       how much of the file holds nothing
  selene-store compact selene.db
  SQLITE_TMPDIR=/var/big selene-store compact selene.db      temporary files elsewhere

No row is removed or changed, and no lock of a ledger is lifted: SQLite writes the same rows into fewer pages. It does so in one
transaction: killed at any moment, the file holds the same rows as before, and the next opening goes on with it. Other programs may read
meanwhile; calls that write wait, and are refused as soon as their own waiting time is over.

Needs the size of the file twice as free space: in the folder of temporary files, and beside the file for the log.

Exit codes: 0 done, and nothing is wrong; 1 done, and the checks found something wrong, which was so before, or not done, because a
newest event holds a value that cannot be read, which is named; 2 a wrong command line; 3 it could not be done, and the rows are as
they were.")]
pub struct Args {
    #[command(flatten)]
    source: FileSource,
    /// For whom the result is written
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Serialize)]
struct Compacted {
    file: String,
    #[serde(flatten)]
    compaction: upkeep::Compaction,
    is_intact: bool,
}

pub fn run(args: &Args) -> Result<Ending, Failure> {
    let (path, options) = (args.source.path()?, args.source.options());
    let heads =
        match SqliteStore::open_read_only_with(path, &options).map_err(Failure::open(path))?.chain_heads() {
            Ok(heads) => heads,
            Err(error) => return not_given(path, error),
        };
    let mut progress = Progress::begin();
    progress.show("compacting");
    let compaction = upkeep::compact(path, &options).map_err(Failure::upkeep(path))?;
    let store = SqliteStore::open_read_only_with(path, &options).map_err(Failure::open(path))?;
    let report = store.verify_watched(&heads, |at| progress.show_check(at));
    drop((progress, store));
    let report = report.map_err(Failure::store(path))?;
    let printed = match args.format {
        Format::Text => output::print_for_people(&format!(
            "{} had {} with its log, and has {}\n{}",
            path.display(),
            bytes(compaction.bytes_before),
            bytes(compaction.bytes_after),
            report::findings(&path.display(), &report)
        )),
        Format::Json => output::print_json(&Compacted {
            file: path.display().to_string(),
            compaction,
            is_intact: report.is_intact(),
        }),
    };
    Ok(ending::of_work(report.is_intact(), printed))
}
