//! Why the program cannot go on.

use std::path::PathBuf;

use selene_contracts::StorageError;
use selene_storage::ChainError;
use selene_storage_postgres::OpenError;

/// Why the program cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The arguments are not understood; what they can be.
    #[error("{0}")]
    Usage(&'static str),
    /// The store does not open.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A call that must not fail.
    #[error(transparent)]
    Store(#[from] StorageError),
    /// Heads that must be given.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// A file cannot be read or written.
    #[error("{}: {error}", path.display())]
    File {
        /// The journal or the file of heads.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// A line of a journal, or the file of heads, is not what this program writes.
    #[error("{}, line {line}: not understood", path.display())]
    Unreadable {
        /// The journal or the file of heads.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
    },
}
