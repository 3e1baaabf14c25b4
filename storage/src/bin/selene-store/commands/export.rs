//! `selene-store export`: ledgers as lines of JSON.

use selene_storage::command::failure::{Ending, Failure};
use selene_storage::command::shown_export::{self, ShownExport};

use super::Source;

/// Writes every chain of events, and every ledger row with them, as lines of JSON to the standard output
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  selene-store export selene.db > export.jsonl && selene-store verify-export export.jsonl
  selene-store export selene.db --tenant acme | gzip > acme.jsonl.gz
  selene-store export selene.db --from heads.jsonl > since.jsonl      only what came after these heads
  selene-store export 'postgres://selene@db.example.org/selene?sslmode=verify-full' > export.jsonl      of a database on a server
  jq -c 'select(.row.table == \"memory_ledger\") | .row.columns' export.jsonl

One state of the store is exported, whatever is written meanwhile; memory does not grow with it. An export can be verified without the
store, by `selene-store verify-export` or by a program of one's own: docs/FORMAT.md writes down every byte that is hashed. Current rows
(devices, sessions, profiles) are not in it: the ledgers lead to them.

A tenant's export holds that tenant's chain and the ledger rows that its events wrote. Ledger rows from before events sealed rows stand at
the end of an export of everything, and in no other. For an address of PostgreSQL the program `selene-store-server` is run.

Exit codes: 0 written; 1 the store is not what its events say, and what was written is no export; 2 a wrong command line; 3 it could not
be done, and what was written is no export.")]
pub struct Args {
    #[command(flatten)]
    pub source: Source,
    #[command(flatten)]
    export: ShownExport,
}

pub fn run(args: &Args) -> Result<Ending, Failure> {
    let query = args.export.query()?;
    let (store, path) = (args.source.open()?, args.source.path());
    let written = shown_export::write(&path.display(), |out| store.export(&query, out))?;
    written.map_err(Failure::store(path))
}
