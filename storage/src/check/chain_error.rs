//! The error of a read of chains.

use selene_contracts::StorageError;

use super::ChainFault;

/// Why heads or events of chains are not given.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ChainError {
    /// The store does not answer.
    #[error(transparent)]
    Store(#[from] StorageError),
    /// An event holds a value that cannot be read. The check of the chains names it in the same words.
    #[error(transparent)]
    Damaged(ChainFault),
}
