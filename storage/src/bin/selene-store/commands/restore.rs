//! `selene-store restore`: a store out of a backup.

use selene_storage::command::failure::{Ending, Failure};

use super::copying::CopyArgs;

/// Makes a store out of a backup, never over an existing one, verifies it, and only then gives it its name
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  selene-store restore /backups/selene-monday.db selene.db
  selene-store restore monday.db selene.db --heads heads.jsonl --public-key public.pem     and nothing since these heads is missing

Where a store has the name, move it away first, its log too:
  mv selene.db broken.db; mv selene.db-wal broken.db-wal

The backup is read only, also on a medium that cannot be written. The store is made as TO.partial, written to the disk, checked as
`selene-store verify` does, and then renamed. It is readable by its owner only. Where anything has the name, or the name of its log
(TO-wal, TO-shm, TO-journal), nothing is done: SQLite would read such a log into the restored store. Killed at any moment, TO is
whole or not there.

What was committed after the backup is not in it. Programs that had those answers must learn of it: `--heads` says whether events that
somebody saved a head of are missing.

Exit codes: 0 the store is there, and nothing is wrong; 1 something is wrong with the backup, which is listed, and TO is there only with
--even-if-damaged; 2 a wrong command line; 3 it could not be done, and TO is not there.")]
pub struct Args {
    #[command(flatten)]
    copy: CopyArgs,
}

pub fn run(args: &Args) -> Result<Ending, Failure> {
    args.copy.run("store")
}
