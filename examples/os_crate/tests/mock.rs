//! The listener on a mock: one engine, written by hand, without a store.
//!
//! A mock implements the caller's trait, so it sees calls that no admission has checked. One that shall refuse what a store
//! refuses implements `ph1_w::backend::Ph1wWakeBackend` instead and gets only admitted calls.

use std::cell::RefCell;

use selene_contracts::ph1_w::*;
use selene_contracts::shared::{CorrelationId, MonotonicTimeNs, TurnId};
use selene_contracts::{CallContext, Caller, Committed, Page, PageRequest, StorageError};
use selene_example_os_crate::{Listener, reason_of};

/// Answers reads of the active profile, and remembers who asked. Everything else is unavailable.
struct Mock {
    profile: Option<WakeProfileId>,
    asked: RefCell<Vec<Ph1wReadActiveWakeProfile>>,
}

fn unavailable<T>() -> Result<T, StorageError> {
    Err(StorageError::BackendUnavailable {
        reason_code: Ph1WReasonCode::WScopeViolation.into(),
        detail: "the mock serves reads only".to_owned(),
    })
}

type Write<T> = Result<Committed<T>, StorageError>;
type Read<T> = Result<T, StorageError>;

impl Ph1wWakeRepo for Mock {
    fn ph1w_enroll_start_draft_row(
        &self,
        _: &CallContext,
        _: Ph1wEnrollStartDraftRow,
    ) -> Write<WakeEnrollmentSessionRecord> {
        unavailable()
    }

    fn ph1w_enroll_sample_commit_row(
        &self,
        _: &CallContext,
        _: Ph1wEnrollSampleCommitRow,
    ) -> Write<WakeEnrollmentSessionRecord> {
        unavailable()
    }

    fn ph1w_enroll_complete_commit_row(
        &self,
        _: &CallContext,
        _: Ph1wEnrollCompleteCommitRow,
    ) -> Write<WakeEnrollmentSessionRecord> {
        unavailable()
    }

    fn ph1w_enroll_defer_reminder_commit_row(
        &self,
        _: &CallContext,
        _: Ph1wEnrollDeferReminderCommitRow,
    ) -> Write<WakeEnrollmentSessionRecord> {
        unavailable()
    }

    fn ph1w_runtime_event_commit_row(
        &self,
        _: &CallContext,
        _: Ph1wRuntimeEventCommitRow,
    ) -> Write<WakeRuntimeEventRecord> {
        unavailable()
    }

    fn ph1w_read_enrollment_session_row(
        &self,
        _: &CallContext,
        _: Ph1wReadEnrollmentSessionRow,
    ) -> Read<Option<WakeEnrollmentSessionRecord>> {
        unavailable()
    }

    fn ph1w_read_enrollment_sample_rows(
        &self,
        _: &CallContext,
        _: Ph1wReadEnrollmentSampleRows,
    ) -> Read<Vec<WakeEnrollmentSampleRecord>> {
        unavailable()
    }

    fn ph1w_read_enrollment_sample_rows_page(
        &self,
        _: &CallContext,
        _: Ph1wReadEnrollmentSampleRows,
        _: PageRequest,
    ) -> Read<Page<WakeEnrollmentSampleRecord>> {
        unavailable()
    }

    fn ph1w_read_runtime_event_rows(
        &self,
        _: &CallContext,
        _: Ph1wReadRuntimeEventRows,
    ) -> Read<Vec<WakeRuntimeEventRecord>> {
        unavailable()
    }

    fn ph1w_read_runtime_event_rows_page(
        &self,
        _: &CallContext,
        _: Ph1wReadRuntimeEventRows,
        _: PageRequest,
    ) -> Read<Page<WakeRuntimeEventRecord>> {
        unavailable()
    }

    fn ph1w_read_active_wake_profile(
        &self,
        _: &CallContext,
        input: Ph1wReadActiveWakeProfile,
    ) -> Read<Option<WakeProfileId>> {
        self.asked.borrow_mut().push(input);
        Ok(self.profile.clone())
    }

    fn ph1w_append_only_guards(&self, _: &CallContext, _: Ph1wAppendOnlyGuards) -> Read<()> {
        unavailable()
    }
}

#[test]
fn a_listener_is_tested_without_a_store() {
    let context =
        CallContext::new(Caller::SeleneOs, MonotonicTimeNs::new(1), CorrelationId::new(7), TurnId::new(1));
    let mock = Mock { profile: Some(WakeProfileId::new("profile-1")), asked: RefCell::default() };
    let listener = Listener::new(&mock, "ann".into(), "phone".into());
    assert_eq!(listener.profile(&context).unwrap().as_str(), "profile-1");
    assert_eq!(
        mock.asked.take(),
        [Ph1wReadActiveWakeProfile { user_id: "ann".into(), device_id: "phone".into() }]
    );
    let failed = listener.enroll(&context, 3, "enroll").unwrap_err();
    assert_eq!(reason_of(&failed), Some("W_SCOPE_VIOLATION"));
}
