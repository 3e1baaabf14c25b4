//! PH1.VOICE.ID on SQLite.

mod enroll;
mod samples;

use rusqlite::Connection;
use selene_contracts::ph1_voice_id::backend::Ph1VidEnrollmentBackend;
use selene_contracts::ph1_voice_id::{
    VidAppendOnlyGuard, VidEnrollCompleteCommitRow, VidEnrollDeferReminderCommitRow,
    VidEnrollSampleCommitRow, VidEnrollStartDraftRow, VidReadEnrollmentState, VidReadEnrollmentStateOutput,
    VoiceEnrollmentSessionRecord,
};
use selene_contracts::{Admitted, Committed, StorageError};

use crate::commit::read::StoredRead;
use crate::failure::Failure;
use crate::rules::refuse;
use crate::sqlite::store::SqliteStore;

#[cfg(feature = "test-support")]
pub(crate) use enroll::update;

impl StoredRead for VidReadEnrollmentState {
    fn read(connection: &Connection, call: &Admitted<Self>) -> Result<VidReadEnrollmentStateOutput, Failure> {
        let session = |voice_enrollment_session_id| {
            enroll::session(connection, voice_enrollment_session_id)?.ok_or_else(|| {
                Failure::from(refuse::not_found::<Self>(
                    "voice_enrollment_session_id",
                    "voice_enrollment_sessions",
                ))
            })
        };
        let state = match call.input() {
            Self::Session { voice_enrollment_session_id } => {
                VidReadEnrollmentStateOutput::VoiceEnrollmentSessionRecord(session(
                    voice_enrollment_session_id,
                )?)
            }
            // No samples and no enrollment are two answers.
            Self::Samples { voice_enrollment_session_id } => {
                session(voice_enrollment_session_id)?;
                let samples = samples::of_session(connection, voice_enrollment_session_id)?;
                VidReadEnrollmentStateOutput::VoiceEnrollmentSampleRecords(samples)
            }
            Self::Profile { voice_profile_id } => {
                let profile = enroll::profile(connection, voice_profile_id)?
                    .ok_or_else(|| refuse::not_found::<Self>("voice_profile_id", "voice_profiles"))?;
                VidReadEnrollmentStateOutput::VoiceProfileRecord(profile)
            }
        };
        Ok(state)
    }
}

impl Ph1VidEnrollmentBackend for SqliteStore {
    fn vid_enroll_start_draft_row(
        &self,
        call: Admitted<VidEnrollStartDraftRow>,
    ) -> Result<Committed<VoiceEnrollmentSessionRecord>, StorageError> {
        self.commit(call)
    }

    fn vid_enroll_sample_commit_row(
        &self,
        call: Admitted<VidEnrollSampleCommitRow>,
    ) -> Result<Committed<VoiceEnrollmentSessionRecord>, StorageError> {
        self.commit(call)
    }

    fn vid_enroll_complete_commit_row(
        &self,
        call: Admitted<VidEnrollCompleteCommitRow>,
    ) -> Result<Committed<VoiceEnrollmentSessionRecord>, StorageError> {
        self.commit(call)
    }

    fn vid_enroll_defer_reminder_commit_row(
        &self,
        call: Admitted<VidEnrollDeferReminderCommitRow>,
    ) -> Result<Committed<VoiceEnrollmentSessionRecord>, StorageError> {
        self.commit(call)
    }

    fn vid_read_enrollment_state(
        &self,
        call: Admitted<VidReadEnrollmentState>,
    ) -> Result<VidReadEnrollmentStateOutput, StorageError> {
        self.read(call)
    }

    fn vid_append_only_guard(&self, call: Admitted<VidAppendOnlyGuard>) -> Result<(), StorageError> {
        self.guard(call)
    }
}
