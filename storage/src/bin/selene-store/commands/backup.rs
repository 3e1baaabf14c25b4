//! `selene-store backup`: a verified copy, made while others write.

use selene_storage::command::failure::{Ending, Failure};

use super::copying::CopyArgs;

/// Copies a store to a new file while others write to it, verifies the copy, and only then gives it its name
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  selene-store backup selene.db /backups/selene-monday.db
  selene-store backup selene.db monday.db --heads heads.jsonl --public-key public.pem     the copy must go on from these heads
  selene-store backup selene.db evidence.db --even-if-damaged      keep a copy of a store in which something is wrong

The copy is one state of the store, whatever is written meanwhile. It is made as TO.partial, written to the disk, checked as
`selene-store verify` does, and then renamed. It is readable by its owner only. Nothing is ever written over a file. Killed at any moment,
TO is whole or not there; what is left of TO.partial is replaced by the next backup to the same name.

A store of an earlier schema version is copied too; its pages are checked then, its chains and rows are not.

Exit codes: 0 the backup is there, and nothing is wrong; 1 something is wrong, which is listed, and TO is there only with
--even-if-damaged; 2 a wrong command line; 3 it could not be done, and TO is not there.")]
pub struct Args {
    #[command(flatten)]
    copy: CopyArgs,
}

pub fn run(args: &Args) -> Result<Ending, Failure> {
    args.copy.run("backup")
}
