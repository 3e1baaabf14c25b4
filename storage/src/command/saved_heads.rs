//! The arguments for saved heads, of every command that compares a store or a file with them.

use std::path::{Path, PathBuf};

use crate::command::failure::Failure;
use crate::command::heads_file::{self, SavedHeads, keys};

/// The part of a command line that names saved heads.
#[derive(Debug, clap::Args)]
pub struct SavedHeadsArgs {
    /// Heads that `selene-store heads` wrote before
    #[arg(long, value_name = "HEADS")]
    heads: Option<PathBuf>,
    /// The public half of the key that signed the heads (PEM); without it a signature is not looked at
    #[arg(long, value_name = "PEM", requires = "heads")]
    public_key: Option<PathBuf>,
}

impl SavedHeadsArgs {
    /// Reads the heads, and checks their signature where a key is given. `None` where the command line names no heads.
    pub fn read(&self) -> Result<Option<SavedHeads>, Failure> {
        read(self.heads.as_deref(), self.public_key.as_deref())
    }
}

/// Reads a file of heads, and checks its signature where a key is given.
pub fn read(heads: Option<&Path>, public_key: Option<&Path>) -> Result<Option<SavedHeads>, Failure> {
    let key = public_key.map(keys::public).transpose()?;
    heads.map(|heads| heads_file::read(heads, key.as_ref())).transpose()
}
