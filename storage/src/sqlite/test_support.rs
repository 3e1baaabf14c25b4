//! What only tests ask of the store: sessions and enrollments without the steps that lead to them,
//! and commits that break.

use selene_contracts::StorageError;
use selene_contracts::ph1_onb::OnboardingSessionRecord;
use selene_contracts::ph1_voice_id::VoiceEnrollmentSessionRecord;
use selene_contracts::ph1_w::WakeEnrollmentSessionRecord;
use selene_contracts::shared::OnboardingSessionId;

use crate::commit::calls::Serves as _;
use crate::lock::lock;
use crate::sqlite::faults::CommitFault;
use crate::sqlite::store::SqliteStore;
use crate::test_support::{self, BrokenCommit};

impl SqliteStore {
    /// For tests only: writes an onboarding session as it is, and the link that it came from, without a rule and
    /// without an event. One of the same key that is there already stays as it is.
    ///
    /// # Errors
    /// A constraint of the database refuses the row.
    pub fn insert_onboarding_session(&self, record: &OnboardingSessionRecord) -> Result<(), StorageError> {
        test_support::insert_onboarding_session(&self.shared, record)
    }

    /// For tests only: declines the terms of an onboarding session, without a rule and without an event. Where there is
    /// no such session, nothing happens.
    ///
    /// # Errors
    /// The database refuses the change.
    pub fn decline_onboarding_session(&self, id: &OnboardingSessionId) -> Result<(), StorageError> {
        test_support::decline_onboarding_session(&self.shared, id)
    }

    /// For tests only: writes what changes of a wake enrollment as it is, as no capability would.
    ///
    /// # Errors
    /// A constraint of the database refuses the row.
    pub fn overwrite_wake_enrollment(&self, row: &WakeEnrollmentSessionRecord) -> Result<(), StorageError> {
        test_support::overwrite(&self.shared, row)
    }

    /// For tests only: lets the next commit report an error of the disk.
    pub fn break_next_commit(&self, broken: BrokenCommit) {
        lock(&self.shared.commits().batches).driver.faults.next_commit = match broken {
            BrokenCommit::Durable => CommitFault::ReportsAfter,
            BrokenCommit::Lost => CommitFault::ReportsInstead,
        };
    }

    /// For tests only: writes what changes of a voice enrollment as it is, as no capability would.
    ///
    /// # Errors
    /// A constraint of the database refuses the row.
    pub fn overwrite_voice_enrollment(&self, row: &VoiceEnrollmentSessionRecord) -> Result<(), StorageError> {
        test_support::overwrite(&self.shared, row)
    }
}
