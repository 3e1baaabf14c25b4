//! Why something cannot be done with the file of a store.

use std::path::{Path, PathBuf};

use selene_contracts::StorageError;

use crate::failure::Failure;
use crate::rules::ph1_j;
use crate::sqlite::open_error::OpenError;
use crate::transfer::MarkError;

/// Why something cannot be done with the file of a store.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum UpkeepError {
    /// The file is no store that can be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// What the file holds cannot be read.
    #[error(transparent)]
    Store(#[from] StorageError),
    /// The name of a copy is taken, or a file beside it would be taken for its log. Nothing is ever written over it.
    #[error("{} exists; a copy is never written over anything", .0.display())]
    Exists(PathBuf),
    /// Another program is writing a copy under the same name.
    #[error("another program is writing {}", .0.display())]
    Busy(PathBuf),
    /// A copy that was begun under the same name is not gone on with.
    #[error("{}: {source}", path.display())]
    Unfinished {
        /// The unfinished copy.
        path: PathBuf,
        /// What of its mark does not fit.
        source: MarkError,
    },
    /// The system refuses something with a file.
    #[error("{}: {source}", path.display())]
    File {
        /// Its path, as it was given or made of that.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
}

impl UpkeepError {
    pub(super) fn file(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        move |source| Self::File { path: path.to_owned(), source }
    }

    /// An error that SQLite reported during `step`.
    pub(super) fn sqlite(step: &'static str) -> impl FnOnce(rusqlite::Error) -> Self {
        move |error| Self::Open(OpenError::sqlite(step, error))
    }
}

impl From<Failure> for UpkeepError {
    fn from(failure: Failure) -> Self {
        Self::Store(failure.into_error(ph1_j::refusals()))
    }
}
