//! The checks of a whole store, each in one snapshot.

use selene_contracts::StorageError;
use selene_storage::backend::{Failure, checks};
use selene_storage::{ChainReport, FoldReport, RowReport, SavedHead, StoreReport};

use crate::connection::Connection;
use crate::schema;
use crate::store::PostgresStore;

impl PostgresStore {
    /// The newest event of every chain, by tenant, the chain without a tenant first. Keep them outside of the database server: only
    /// against heads that were saved elsewhere does a chain show that its end was lost, by a failover for instance.
    ///
    /// # Errors
    /// The store is unavailable.
    pub fn chain_heads(&self) -> Result<Vec<SavedHead>, StorageError> {
        self.query(checks::refusals(), None, checks::heads)
    }

    /// Runs every check: the chains against themselves and against heads that were saved before, every row against the event
    /// that sealed it, and the current rows against their ledgers. All of it sees one state of the store.
    ///
    /// # Errors
    /// The store is unavailable, or a value cannot be read in a way that no part of the report names. What is wrong is no
    /// error, it is what the report says.
    pub fn verify(&self, saved: &[SavedHead]) -> Result<StoreReport, StorageError> {
        self.check(|snapshot| checks::whole(snapshot, saved, schema::tables_of_rows(snapshot)?))
    }

    /// Holds every row of every table, the idempotency records too, against the newest event that seals it, as
    /// `SqliteStore::verify_rows` does.
    ///
    /// # Errors
    /// The store is unavailable. A row that does not fit is no error, it is what the report says.
    pub fn verify_rows(&self) -> Result<RowReport, StorageError> {
        self.check(checks::rows)
    }

    /// Checks every event of every chain, and the chains against heads that were saved before.
    ///
    /// # Errors
    /// The store is unavailable. A broken chain is no error, it is what the report says.
    pub fn verify_chains(&self, saved: &[SavedHead]) -> Result<ChainReport, StorageError> {
        self.check(|snapshot| checks::chains(snapshot, saved))
    }

    /// Holds every current row that is folded from a ledger against that ledger, as `SqliteStore::verify_folds` does.
    ///
    /// # Errors
    /// The store is unavailable, or holds a value that cannot be read. A row that does not fit is no error,
    /// it is what the report says.
    pub fn verify_folds(&self) -> Result<FoldReport, StorageError> {
        self.check(|snapshot| checks::folds(snapshot, schema::tables_of_rows(snapshot)?))
    }

    /// Runs a check that sees one state of the store.
    fn check<R>(&self, check: impl Fn(&Connection) -> Result<R, Failure>) -> Result<R, StorageError> {
        self.snapshot(checks::refusals(), None, check)
    }
}
