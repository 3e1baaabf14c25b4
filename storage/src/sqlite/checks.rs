//! The checks of a whole store, each in one snapshot.

use selene_contracts::StorageError;

use crate::check::verify;
use crate::check::{ChainReport, SavedHead};
use crate::rules::ph1_j;
use crate::sqlite::store::SqliteStore;

impl SqliteStore {
    /// The newest event of every chain, by tenant, the chain without a tenant first.
    ///
    /// # Errors
    /// The store is unavailable.
    pub fn chain_heads(&self) -> Result<Vec<SavedHead>, StorageError> {
        self.query(ph1_j::refusals(), verify::heads)
    }

    /// Checks every event of every chain, and the chains against heads that were saved before.
    ///
    /// # Errors
    /// The store is unavailable. A broken chain is no error, it is what the report says.
    pub fn verify_chains(&self, saved: &[SavedHead]) -> Result<ChainReport, StorageError> {
        self.query(ph1_j::refusals(), |connection| {
            let snapshot = connection.unchecked_transaction()?;
            let report = verify::check(&*snapshot, saved)?;
            snapshot.rollback()?;
            Ok(report)
        })
    }
}
