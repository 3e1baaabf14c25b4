//! The PostgreSQL store under test: a database of its own for every store, on a server of the tests. The only file of the suites
//! and models that names it; `postgres/server.rs` starts the server.

mod server;

use std::collections::BTreeMap;

use selene_contracts::ph1_onb::OnboardingSessionRecord;
use selene_contracts::ph1_voice_id::VoiceEnrollmentSessionRecord;
use selene_contracts::ph1_w::WakeEnrollmentSessionRecord;
use selene_contracts::shared::OnboardingSessionId;
use selene_contracts::{CallContext, Committed, StorageError};
use selene_storage::test_support::{BrokenCommit, TableRows};
use selene_storage::{ChainReport, FoldReport, RowReport, SavedHead, StoredWrite};
use selene_storage_postgres::PostgresStore;

use super::backend::{Backend, Harness, OpenStore, Place};
use super::recorded::Recorded;
pub use server::Database;

impl Backend for PostgresStore {
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

/// A store in an empty database of a server.
#[derive(Debug, Clone, Copy)]
pub struct OnServer;

impl Place<Recorded<PostgresStore>> for Database {
    fn open(&self) -> Recorded<PostgresStore> {
        Recorded::new(PostgresStore::open(&self.address()).unwrap_or_else(|error| panic!("{error}")))
    }

    fn execute(&self, statement: &str) -> usize {
        let changed = self.raw().execute(statement).unwrap_or_else(|error| panic!("{error}: {statement}"));
        usize::try_from(changed).expect("rows of a test can be counted")
    }
}

impl Harness for OnServer {
    type Store = Recorded<PostgresStore>;

    fn open(&self) -> OpenStore<Self::Store> {
        OpenStore::lasting(Database::empty())
    }

    /// A call takes several ways to the server and back, which makes a sequence some ten times as slow as in memory.
    fn part_of_sequences(&self) -> u32 {
        20
    }
}
