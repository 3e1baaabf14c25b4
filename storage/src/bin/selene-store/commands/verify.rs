//! `selene-store verify`: every check of a store.

use selene_storage::command::ending;
use selene_storage::command::failure::{Ending, Failure};
use selene_storage::command::output::Format;
use selene_storage::command::progress::Progress;
use selene_storage::command::report;
use selene_storage::command::saved_heads::SavedHeadsArgs;

use super::Source;

/// Checks pages and indices, the chains of events, every row against the event that wrote it, and current rows against their ledgers
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  selene-store verify selene.db
  selene-store verify selene.db --heads heads.jsonl      also whether newest events were cut off since then
  selene-store verify selene.db --heads heads.jsonl --public-key public.pem      and heads.jsonl is what was signed
  selene-store verify selene.db --format json | jq '.chains.faults'
  selene-store verify 'postgres://selene@db.example.org/selene?sslmode=verify-full' --heads heads.jsonl     on a server

The file is opened for reading only, while others write; all of it is seen in one state. It may also lie on a medium that cannot be
written. Rows are read one after the other: a file of a million events took 100 MiB. Each check lists the first 1,000 faults. For an address of
PostgreSQL the program `selene-store-server` is run, which `cargo install --path storage/postgres --features command` makes.

Exit codes: 0 nothing is wrong; 1 something is wrong, and it is listed; 2 a wrong command line; 3 it could not be done: no such file, one that was cut off, no
store, another schema version, a schema that something else changed (what differs is listed), locked by another program, heads
that cannot be read or were not signed by the key.")]
pub struct Args {
    #[command(flatten)]
    pub source: Source,
    #[command(flatten)]
    saved: SavedHeadsArgs,
    /// For whom the result is written
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub fn run(args: &Args) -> Result<Ending, Failure> {
    let saved = args.saved.read()?;
    let store = args.source.open()?;
    let heads = saved.as_ref().map_or(&[][..], |saved| &saved.heads);
    let mut progress = Progress::begin();
    let report = store.verify_watched(heads, |at| progress.show_check(at));
    drop(progress);
    let report = report.map_err(Failure::store(args.source.path()))?;
    let printed = report::print(&args.source.path().display(), &report, saved.as_ref(), args.format);
    ending::of_reading(report.is_intact(), printed)
}
