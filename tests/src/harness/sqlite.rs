//! The SQLite store under test: in a file, and in memory. The only file of the suites and models that names it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use rusqlite::Connection;
use selene_contracts::ph1_onb::OnboardingSessionRecord;
use selene_contracts::ph1_voice_id::VoiceEnrollmentSessionRecord;
use selene_contracts::ph1_w::WakeEnrollmentSessionRecord;
use selene_contracts::shared::OnboardingSessionId;
use selene_contracts::{CallContext, Committed, StorageError};
use selene_storage::test_support::{BrokenCommit, TableRows};
use selene_storage::{ChainReport, FoldReport, RowReport, SavedHead, SqliteStore, StoredWrite};
use tempfile::TempDir;

use super::backend::{Backend, Harness, OpenStore, Place};
use super::recorded::Recorded;

impl Backend for SqliteStore {
    fn submit<C: StoredWrite>(
        &self,
        context: &CallContext,
        input: C,
    ) -> impl FnOnce() -> Result<Committed<C::Output>, StorageError> + use<C> + 'static {
        let ticket = Self::submit(self, context, input);
        move || ticket.wait()
    }

    fn verify_chains(&self, saved: &[SavedHead]) -> Result<ChainReport, StorageError> {
        Self::verify_chains(self, saved)
    }

    fn verify_rows(&self) -> Result<RowReport, StorageError> {
        Self::verify_rows(self)
    }

    fn verify_folds(&self) -> Result<FoldReport, StorageError> {
        Self::verify_folds(self)
    }

    fn chain_heads(&self) -> Result<Vec<SavedHead>, StorageError> {
        Self::chain_heads(self)
    }

    fn every_row(&self) -> Result<BTreeMap<String, TableRows>, StorageError> {
        Self::every_row(self)
    }

    fn insert_onboarding_session(&self, row: &OnboardingSessionRecord) -> Result<(), StorageError> {
        Self::insert_onboarding_session(self, row)
    }

    fn decline_onboarding_session(&self, id: &OnboardingSessionId) -> Result<(), StorageError> {
        Self::decline_onboarding_session(self, id)
    }

    fn overwrite_wake_enrollment(&self, row: &WakeEnrollmentSessionRecord) -> Result<(), StorageError> {
        Self::overwrite_wake_enrollment(self, row)
    }

    fn break_next_commit(&self, broken: BrokenCommit) {
        Self::break_next_commit(self, broken);
    }

    fn overwrite_voice_enrollment(&self, row: &VoiceEnrollmentSessionRecord) -> Result<(), StorageError> {
        Self::overwrite_voice_enrollment(self, row)
    }
}

/// A store in a file of a temporary folder.
#[derive(Debug, Clone, Copy)]
pub struct OnDisk;

/// The file, which is deleted with its folder.
struct File(TempDir);

impl File {
    fn path(&self) -> PathBuf {
        self.0.path().join("selene.db")
    }
}

impl Place<Recorded<SqliteStore>> for File {
    fn open(&self) -> Recorded<SqliteStore> {
        Recorded::new(SqliteStore::open(self.path()).expect("the store opens"))
    }

    fn execute(&self, statement: &str) -> usize {
        let connection = Connection::open(self.path()).expect("the file opens");
        connection.execute(statement, []).unwrap_or_else(|error| panic!("{error}: {statement}"))
    }
}

impl Harness for OnDisk {
    type Store = Recorded<SqliteStore>;

    fn open(&self) -> OpenStore<Self::Store> {
        OpenStore::lasting(File(tempfile::tempdir().expect("a temporary folder")))
    }
}

/// A store in memory.
#[derive(Debug, Clone, Copy)]
pub struct InMemory;

impl Harness for InMemory {
    type Store = Recorded<SqliteStore>;

    fn open(&self) -> OpenStore<Self::Store> {
        OpenStore::brief(Recorded::new(SqliteStore::open_in_memory().expect("a store in memory opens")))
    }
}
