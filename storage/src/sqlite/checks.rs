//! The checks of a whole store, each in one snapshot.

use rusqlite::Connection;
use selene_contracts::StorageError;

use crate::check::{
    ChainReport, CheckProgress, FoldReport, RowReport, SavedHead, StoreReport, folds, seals, verify, whole,
};
use crate::failure::Failure;
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

    /// Runs every check: the chains against themselves and against heads that were saved before, every row against the event
    /// that sealed it, and the current rows against their ledgers. All of it sees one state of the store.
    ///
    /// # Errors
    /// The store is unavailable, or a value cannot be read in a way that no part of the report names. What is wrong is no
    /// error, it is what the report says.
    pub fn verify(&self, saved: &[SavedHead]) -> Result<StoreReport, StorageError> {
        self.verify_watched(saved, |_| ())
    }

    /// Runs every check as [`SqliteStore::verify`] does, and `tell` hears how far it has come: at the begin of each check, and
    /// every thousand rows.
    ///
    /// # Errors
    /// As [`SqliteStore::verify`].
    pub fn verify_watched(
        &self,
        saved: &[SavedHead],
        mut tell: impl FnMut(CheckProgress),
    ) -> Result<StoreReport, StorageError> {
        self.check(|snapshot| whole::check_watched(snapshot, saved, tables(snapshot)?, &mut tell))
    }

    /// Holds every row of every table, the idempotency records too, against the newest event that seals it: each event says
    /// under its hash which rows its commit wrote, so whoever changes, removes, adds or turns back a row has to change the
    /// chain as well.
    ///
    /// In a file that an earlier build wrote, a row from before events sealed rows is counted, not checked, and so is a row that
    /// somebody adds and makes look like one: [`SqliteStore::verify_folds`] alone holds these. Only the newest seal counts: a row
    /// that was changed from outside and then written again by a call is sealed as the call left it. Whoever writes a whole chain
    /// anew is found by heads that were saved elsewhere, not here.
    ///
    /// # Errors
    /// The store is unavailable. A row that does not fit is no error, it is what the report says.
    pub fn verify_rows(&self) -> Result<RowReport, StorageError> {
        self.check(seals::check)
    }

    /// Checks every event of every chain, and the chains against heads that were saved before.
    ///
    /// # Errors
    /// The store is unavailable. A broken chain is no error, it is what the report says.
    pub fn verify_chains(&self, saved: &[SavedHead]) -> Result<ChainReport, StorageError> {
        self.check(|snapshot| verify::check(snapshot, saved))
    }

    /// Holds every current row that is folded from a ledger against that ledger: remembered values, wake and
    /// voice enrollments and the profiles that they bound, positions and their requirement schemas. Then holds
    /// every row of these and of the other tables against the idempotency records, the ledger of what every
    /// write answered: the newest answer about a row says its fields.
    ///
    /// No answer says, so no ledger leads to the following, which the seals of [`SqliteStore::verify_rows`] alone hold: the
    /// identity that the access of an onboarding writes, from which one that somebody wrote by hand does not differ; which
    /// people a campaign is about; the fields of an access instance that an onboarding created, until its lifecycle changes; photo, sender, device and
    /// link of an onboarding; actor and company of a campaign; the time of the last change of a link, an
    /// onboarding, a campaign and a target; the tenant that a later write bound a device to. Who changes a row
    /// and the records in the same way is found by the payloads of the events, which the chains protect, in
    /// the fields that they hold: not in `deferred_until`.
    ///
    /// # Errors
    /// The store is unavailable, or holds a value that cannot be read. A row that does not fit is no error,
    /// it is what the report says.
    pub fn verify_folds(&self) -> Result<FoldReport, StorageError> {
        self.check(|snapshot| folds::check(snapshot, tables(snapshot)?))
    }

    /// Runs a check that sees one state of the store.
    fn check<R>(&self, check: impl FnOnce(&Connection) -> Result<R, Failure>) -> Result<R, StorageError> {
        self.snapshot(ph1_j::refusals(), check)
    }
}

/// The tables of the store, but for SQLite's own.
pub(crate) fn tables(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut tables = connection.prepare(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
    )?;
    let names = tables.query_map([], |row| row.get(0))?;
    names.collect()
}
