//! `selene-store export`: ledgers as lines of JSON.

use std::io::BufWriter;
use std::path::PathBuf;

use selene_storage::{ExportError, ExportQuery};

use super::{Source, saved_heads};
use crate::failure::{Ending, Failure};
use crate::output::count;

/// Writes every chain of events, and every ledger row with them, as lines of JSON to the standard output
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  selene-store export selene.db > export.jsonl && selene-store verify-export export.jsonl
  selene-store export selene.db --tenant acme | gzip > acme.jsonl.gz
  selene-store export selene.db --from heads.jsonl > since.jsonl      only what came after these heads
  jq -c 'select(.row.table == \"memory_ledger\") | .row.columns' export.jsonl

One state of the store is exported, whatever is written meanwhile; memory does not grow with it. An export can be verified without the
store, by `selene-store verify-export` or by a program of one's own: docs/FORMAT.md writes down every byte that is hashed. Current rows
(devices, sessions, profiles) are not in it: the ledgers lead to them.

A tenant's export holds that tenant's chain and the ledger rows that its events wrote. Ledger rows from before events sealed rows stand at
the end of an export of everything, and in no other.

Exit codes: 0 written; 1 the store is not what its events say, and what was written is no export; 2 a wrong command line; 3 it could not
be done, and what was written is no export.")]
pub struct Args {
    #[command(flatten)]
    source: Source,
    /// Only this tenant's chain
    #[arg(long, value_name = "TENANT")]
    tenant: Option<String>,
    /// Only events behind these heads, which `selene-store heads` wrote before
    #[arg(long, value_name = "HEADS")]
    from: Option<PathBuf>,
    /// The public half of the key that signed the heads (PEM)
    #[arg(long, value_name = "PEM", requires = "from")]
    public_key: Option<PathBuf>,
}

pub fn run(args: &Args) -> Result<Ending, Failure> {
    let saved = saved_heads::read(args.from.as_deref(), args.public_key.as_deref())?;
    let mut query = ExportQuery::default();
    query.tenant_id = args.tenant.as_deref().map(Into::into);
    query.behind = saved.map(|saved| saved.heads).unwrap_or_default();
    let store = args.source.open()?;
    let path = args.source.path();
    match store.export(&query, BufWriter::new(std::io::stdout().lock())) {
        Ok(written) => {
            let (chains, events) = (count(written.chains, "chain"), count(written.events, "event"));
            let rows = count(written.rows + written.unsealed_rows, "ledger row");
            eprintln!("{}: {chains}, {events}, {rows}", path.display());
            Ok(Ending::Done)
        }
        Err(ExportError::Store(source)) => Err(Failure::store(path)(source)),
        Err(ExportError::Output(source)) => Err(Failure::Output(source)),
        Err(error) => {
            eprintln!("error: {}: {error}", path.display());
            eprintln!("help: `selene-store verify {}` names everything that is wrong", path.display());
            Ok(Ending::Wrong)
        }
    }
}
