//! Why rows are not carried over.

use selene_contracts::StorageError;

use crate::failure::Failure;
use crate::rules::ph1_j;

/// Why rows are not carried over. What was carried over by then stays, with the mark.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TransferError {
    /// The source cannot be read.
    #[error("the source cannot be read: {0}")]
    Source(StorageError),
    /// The target does not take what it is given.
    #[error("the target does not take the rows of {table}: {source}")]
    Target {
        /// The table by its name in SQL: `audit_events`.
        table: &'static str,
        /// What the database says.
        source: StorageError,
    },
    /// The target cannot be read.
    #[error("the target cannot be read: {0}")]
    Reading(StorageError),
    /// The target has rows that the source has not.
    #[error("{table} has more rows in the target than in the source: another program wrote there")]
    Surplus {
        /// The table by its name in SQL: `audit_events`.
        table: &'static str,
    },
    /// A value has no place in the target.
    #[error("{table}.{column} holds a value that the target does not store: {why}")]
    Unstorable {
        /// The table by its name in SQL: `audit_events`.
        table: &'static str,
        /// The column by its name in SQL.
        column: &'static str,
        /// What is wrong with the value, in words that hold nothing of it.
        why: &'static str,
    },
    /// The rows of the target are not those that this copy has counted.
    #[error("another copy writes to the target at the same time")]
    Rival,
}

impl TransferError {
    /// A failure of the source.
    pub fn source(failure: Failure) -> Self {
        Self::Source(failure.into_error(ph1_j::refusals()))
    }

    /// A failure of the target that takes rows of a table.
    pub fn target(table: &'static str, failure: Failure) -> Self {
        Self::Target { table, source: failure.into_error(ph1_j::refusals()) }
    }

    /// A failure of the target that is read.
    pub fn reading(failure: Failure) -> Self {
        Self::Reading(failure.into_error(ph1_j::refusals()))
    }
}
