//! Saved heads, for every command that compares a store or a file with them: its arguments, and what is shown of them.

use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::command::failure::Failure;
use crate::command::heads_file::{self, SavedHeads, keys};
use crate::command::output::count;

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

/// Heads that something was compared with, as JSON: how many, and whether they are signed.
#[derive(Serialize)]
pub struct HeadsSeen {
    heads: usize,
    is_signed: bool,
    is_proven: bool,
}

impl HeadsSeen {
    /// Of these heads.
    #[must_use]
    pub fn of(saved: &SavedHeads) -> Self {
        Self { heads: saved.heads.len(), is_signed: saved.is_signed, is_proven: saved.is_proven }
    }
}

/// The same in words: how many, and whether a key vouches for them.
#[must_use]
pub fn shown(saved: &SavedHeads) -> String {
    let heads = count(saved.heads.len() as u64, "saved head");
    match saved {
        SavedHeads { is_proven: true, .. } => format!("{heads}, signed by the key"),
        SavedHeads { is_signed: true, .. } => {
            format!("{heads}; their signature was not looked at: give --public-key")
        }
        SavedHeads { .. } => format!("{heads}, not signed"),
    }
}
