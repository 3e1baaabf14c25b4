//! `selene-store heads`: what to keep elsewhere.

use std::path::PathBuf;

use selene_storage::command::failure::{Ending, Failure};
use selene_storage::command::heads_file::{self, keys};
use selene_storage::command::output;

use super::{Source, not_given};

/// Writes the newest event of every chain to the standard output, to be kept where whoever can write the store cannot
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
A chain shows that an event was changed, removed or moved. That its newest events were cut off, or that the whole chain was written
anew, it can show only against a head that was saved before. So keep heads regularly, on another machine or with another account.

Examples:
  selene-store heads selene.db > heads.jsonl
  selene-store heads selene.db --sign key.pem > heads.jsonl     signed, so that heads.jsonl itself cannot be exchanged
  selene-store heads postgres:///selene?host=%2Frun%2Fpostgresql > heads.jsonl     of a database on a server
  selene-store verify selene.db --heads heads.jsonl --public-key public.pem     later

A pair of keys, by OpenSSL:
  openssl genpkey -algorithm ed25519 -out key.pem
  openssl pkey -in key.pem -pubout -out public.pem

The file is opened for reading only, while others write. Nothing is checked: run `selene-store verify` before the first time. For an
address of PostgreSQL the program `selene-store-server` is run.

Exit codes: 0 written; 1 a newest event holds a value that cannot be read, and is named, nothing was written; 2 a wrong command line; 3 it
could not be done, nothing was written.")]
pub struct Args {
    #[command(flatten)]
    pub source: Source,
    /// Sign the heads with this private Ed25519 key (PKCS#8, PEM)
    #[arg(long, value_name = "KEYFILE")]
    sign: Option<PathBuf>,
}

pub fn run(args: &Args) -> Result<Ending, Failure> {
    let key = args.sign.as_deref().map(keys::private).transpose()?;
    let heads = match args.source.open()?.chain_heads() {
        Ok(heads) => heads,
        Err(error) => return not_given(args.source.path(), error),
    };
    let text = heads_file::write(&heads, key.as_ref()).map_err(|error| Failure::Output(error.into()))?;
    output::print(&text)?;
    Ok(Ending::Done)
}
