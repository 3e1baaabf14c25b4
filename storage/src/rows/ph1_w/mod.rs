//! PH1.W on SQLite.

mod enroll;
mod runtime;
mod samples;

use selene_contracts::ph1_w::backend::Ph1wWakeBackend;
use selene_contracts::ph1_w::{
    Ph1wAppendOnlyGuards, Ph1wEnrollCompleteCommitRow, Ph1wEnrollDeferReminderCommitRow,
    Ph1wEnrollSampleCommitRow, Ph1wEnrollStartDraftRow, Ph1wReadActiveWakeProfile,
    Ph1wReadEnrollmentSampleRows, Ph1wReadEnrollmentSessionRow, Ph1wReadRuntimeEventRows,
    Ph1wRuntimeEventCommitRow, WakeEnrollmentSampleRecord, WakeEnrollmentSessionRecord, WakeProfileId,
    WakeRuntimeEventRecord,
};
use selene_contracts::{Admitted, Committed, StorageError};

use crate::sqlite::store::SqliteStore;

#[cfg(feature = "test-support")]
pub(crate) use enroll::update;

type Write<T> = Result<Committed<T>, StorageError>;
type Read<T> = Result<T, StorageError>;

impl Ph1wWakeBackend for SqliteStore {
    fn ph1w_enroll_start_draft_row(
        &self,
        call: Admitted<Ph1wEnrollStartDraftRow>,
    ) -> Write<WakeEnrollmentSessionRecord> {
        self.commit(call)
    }

    fn ph1w_enroll_sample_commit_row(
        &self,
        call: Admitted<Ph1wEnrollSampleCommitRow>,
    ) -> Write<WakeEnrollmentSessionRecord> {
        self.commit(call)
    }

    fn ph1w_enroll_complete_commit_row(
        &self,
        call: Admitted<Ph1wEnrollCompleteCommitRow>,
    ) -> Write<WakeEnrollmentSessionRecord> {
        self.commit(call)
    }

    fn ph1w_enroll_defer_reminder_commit_row(
        &self,
        call: Admitted<Ph1wEnrollDeferReminderCommitRow>,
    ) -> Write<WakeEnrollmentSessionRecord> {
        self.commit(call)
    }

    fn ph1w_runtime_event_commit_row(
        &self,
        call: Admitted<Ph1wRuntimeEventCommitRow>,
    ) -> Write<WakeRuntimeEventRecord> {
        self.commit(call)
    }

    fn ph1w_read_enrollment_session_row(
        &self,
        call: Admitted<Ph1wReadEnrollmentSessionRow>,
    ) -> Read<Option<WakeEnrollmentSessionRecord>> {
        self.read(call)
    }

    fn ph1w_read_enrollment_sample_rows(
        &self,
        call: Admitted<Ph1wReadEnrollmentSampleRows>,
    ) -> Read<Vec<WakeEnrollmentSampleRecord>> {
        self.read(call)
    }

    fn ph1w_read_runtime_event_rows(
        &self,
        call: Admitted<Ph1wReadRuntimeEventRows>,
    ) -> Read<Vec<WakeRuntimeEventRecord>> {
        self.read(call)
    }

    fn ph1w_read_active_wake_profile(
        &self,
        call: Admitted<Ph1wReadActiveWakeProfile>,
    ) -> Read<Option<WakeProfileId>> {
        self.read(call)
    }

    fn ph1w_append_only_guards(&self, call: Admitted<Ph1wAppendOnlyGuards>) -> Read<()> {
        self.guard(call)
    }
}
