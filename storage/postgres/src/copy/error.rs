//! Why a store is not copied.

use selene_storage::backend::transfer::{MarkError, TransferError};
use selene_storage::upkeep::UpkeepError;

use crate::open_error::OpenError;

/// Why a store is not copied. Nothing of the source was changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CopyError {
    /// The file cannot be used.
    #[error(transparent)]
    File(UpkeepError),
    /// The server cannot be used.
    #[error(transparent)]
    Server(OpenError),
    /// The database of the server holds rows of another store.
    #[error("the database is not empty: {table} has rows")]
    NotEmpty {
        /// The first table with rows.
        table: &'static str,
    },
    /// A copy that was begun in the database is not gone on with.
    #[error("the database holds an unfinished copy: {0}")]
    Unfinished(MarkError),
    /// The source was written to while it was copied.
    #[error("the source was written to while it was copied")]
    SourceMoved,
    /// Rows are not carried over.
    #[error(transparent)]
    Rows(#[from] TransferError),
}
