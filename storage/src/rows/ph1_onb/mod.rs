//! PH1.ONB on SQLite.

mod backfill;
mod sessions;
mod steps;

use std::collections::BTreeMap;

use selene_contracts::ph1_onb::backend::Ph1OnbBackend;
use selene_contracts::ph1_onb::{
    OnbAccessInstanceCreateResult, OnbCompleteResult, OnbEmployeePhotoCaptureSendResult,
    OnbEmployeeSenderVerifyResult, OnbPrimaryDeviceConfirmResult, OnbSessionStartResult,
    OnbTermsAcceptResult, OnboardingSessionRecord, Ph1onbAccessInstanceCreateCommitRow,
    Ph1onbBackfillCompleteCommitRow, Ph1onbBackfillCompleteCommitRowOutput, Ph1onbBackfillNotifyCommitRow,
    Ph1onbBackfillNotifyCommitRowOutput, Ph1onbBackfillStartDraftRow, Ph1onbBackfillStartDraftRowOutput,
    Ph1onbCompleteCommitRow, Ph1onbEmployeePhotoCaptureSendCommitRow, Ph1onbEmployeeSenderVerifyCommitRow,
    Ph1onbPrimaryDeviceConfirmCommitRow, Ph1onbSessionRow, Ph1onbSessionRows, Ph1onbSessionStartDraftRow,
    Ph1onbTermsAcceptCommitRow,
};
use selene_contracts::shared::OnboardingSessionId;
use selene_contracts::{Admitted, Committed, StorageError};

use crate::sqlite::store::SqliteStore;

#[cfg(feature = "test-support")]
pub(crate) use sessions::{insert, session, update};

type Write<T> = Result<Committed<T>, StorageError>;
type Read<T> = Result<T, StorageError>;

impl Ph1OnbBackend for SqliteStore {
    fn ph1onb_session_start_draft_row(
        &self,
        call: Admitted<Ph1onbSessionStartDraftRow>,
    ) -> Write<OnbSessionStartResult> {
        self.commit(call)
    }

    fn ph1onb_session_row(&self, call: Admitted<Ph1onbSessionRow>) -> Read<Option<OnboardingSessionRecord>> {
        self.read(call)
    }

    fn ph1onb_session_rows(
        &self,
        call: Admitted<Ph1onbSessionRows>,
    ) -> Read<BTreeMap<OnboardingSessionId, OnboardingSessionRecord>> {
        self.read(call)
    }

    fn ph1onb_terms_accept_commit_row(
        &self,
        call: Admitted<Ph1onbTermsAcceptCommitRow>,
    ) -> Write<OnbTermsAcceptResult> {
        self.commit(call)
    }

    fn ph1onb_employee_photo_capture_send_commit_row(
        &self,
        call: Admitted<Ph1onbEmployeePhotoCaptureSendCommitRow>,
    ) -> Write<OnbEmployeePhotoCaptureSendResult> {
        self.commit(call)
    }

    fn ph1onb_employee_sender_verify_commit_row(
        &self,
        call: Admitted<Ph1onbEmployeeSenderVerifyCommitRow>,
    ) -> Write<OnbEmployeeSenderVerifyResult> {
        self.commit(call)
    }

    fn ph1onb_primary_device_confirm_commit_row(
        &self,
        call: Admitted<Ph1onbPrimaryDeviceConfirmCommitRow>,
    ) -> Write<OnbPrimaryDeviceConfirmResult> {
        self.commit(call)
    }

    fn ph1onb_access_instance_create_commit_row(
        &self,
        call: Admitted<Ph1onbAccessInstanceCreateCommitRow>,
    ) -> Write<OnbAccessInstanceCreateResult> {
        self.commit(call)
    }

    fn ph1onb_complete_commit_row(
        &self,
        call: Admitted<Ph1onbCompleteCommitRow>,
    ) -> Write<OnbCompleteResult> {
        self.commit(call)
    }

    fn ph1onb_backfill_start_draft_row(
        &self,
        call: Admitted<Ph1onbBackfillStartDraftRow>,
    ) -> Write<Ph1onbBackfillStartDraftRowOutput> {
        self.commit(call)
    }

    fn ph1onb_backfill_notify_commit_row(
        &self,
        call: Admitted<Ph1onbBackfillNotifyCommitRow>,
    ) -> Write<Ph1onbBackfillNotifyCommitRowOutput> {
        self.commit(call)
    }

    fn ph1onb_backfill_complete_commit_row(
        &self,
        call: Admitted<Ph1onbBackfillCompleteCommitRow>,
    ) -> Write<Ph1onbBackfillCompleteCommitRowOutput> {
        self.commit(call)
    }
}
