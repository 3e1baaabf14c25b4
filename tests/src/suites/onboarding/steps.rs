//! The steps of an onboarding, as one line each.

use std::collections::BTreeMap;

use selene_contracts::ph1_onb::{
    CampaignId, DeviceProofType, OnbAccessInstanceCreateResult, OnbCompleteResult,
    OnbEmployeePhotoCaptureSendResult, OnbEmployeeSenderVerifyResult, OnbPrimaryDeviceConfirmResult,
    OnbSessionStartResult, OnbTermsAcceptResult, OnboardingSessionRecord,
    Ph1onbAccessInstanceCreateCommitRow, Ph1onbBackfillCompleteCommitRow, Ph1onbBackfillNotifyCommitRow,
    Ph1onbBackfillStartDraftRow, Ph1onbCompleteCommitRow, Ph1onbEmployeePhotoCaptureSendCommitRow,
    Ph1onbEmployeeSenderVerifyCommitRow, Ph1onbPrimaryDeviceConfirmCommitRow, Ph1onbSessionRow,
    Ph1onbSessionRows, Ph1onbSessionStartDraftRow, Ph1onbTermsAcceptCommitRow, SenderDecision,
};
use selene_contracts::shared::{OnboardingSessionId, RolloutScope, TokenId};
use selene_contracts::{Committed, StorageError};
use selene_storage::test_support::inputs;

use super::office::{FINGERPRINT, Office};
use crate::harness::Backend;
use crate::world::{context, key};

type Answer<T> = Result<Committed<T>, StorageError>;

/// The start on the device that the link is bound to, without a word about the tenant.
pub fn start(token_id: &TokenId) -> Ph1onbSessionStartDraftRow {
    inputs::onboarding_start(token_id.clone(), FINGERPRINT)
}

/// The start of a campaign about a version of the schema of `nurse` at `acme`, by `boss`.
pub fn campaign(version: &str, idempotency_key: &str) -> Ph1onbBackfillStartDraftRow {
    Ph1onbBackfillStartDraftRow {
        actor_user_id: "boss".into(),
        tenant_id: "tenant_a".into(),
        company_id: "acme".into(),
        position_id: "nurse".into(),
        schema_version_id: version.into(),
        rollout_scope: RolloutScope::CurrentAndNew,
        idempotency_key: key(idempotency_key),
    }
}

/// A notification of somebody by `tenant_a`.
pub fn notify(
    campaign_id: &CampaignId,
    recipient: &str,
    idempotency_key: &str,
) -> Ph1onbBackfillNotifyCommitRow {
    Ph1onbBackfillNotifyCommitRow {
        campaign_id: campaign_id.clone(),
        tenant_id: "tenant_a".into(),
        recipient_user_id: recipient.into(),
        idempotency_key: key(idempotency_key),
    }
}

/// The completion of a campaign by `tenant_a`.
pub fn finish(campaign_id: &CampaignId, idempotency_key: &str) -> Ph1onbBackfillCompleteCommitRow {
    Ph1onbBackfillCompleteCommitRow {
        campaign_id: campaign_id.clone(),
        tenant_id: "tenant_a".into(),
        idempotency_key: key(idempotency_key),
    }
}

/// Access for `newcomer` as `role_nurse`, in the tenant of the session.
pub fn access_of(
    session: &OnboardingSessionId,
    idempotency_key: &str,
) -> Ph1onbAccessInstanceCreateCommitRow {
    Ph1onbAccessInstanceCreateCommitRow {
        onboarding_session_id: session.clone(),
        user_id: "newcomer".into(),
        tenant_id: None,
        role_id: "role_nurse".into(),
        idempotency_key: key(idempotency_key),
    }
}

/// A photo for `sender`.
pub fn photo_for(
    session: &OnboardingSessionId,
    sender: &str,
    idempotency_key: &str,
) -> Ph1onbEmployeePhotoCaptureSendCommitRow {
    Ph1onbEmployeePhotoCaptureSendCommitRow {
        onboarding_session_id: session.clone(),
        photo_blob_ref: "blob_of_a_face".into(),
        sender_user_id: sender.into(),
        idempotency_key: key(idempotency_key),
    }
}

/// A decision of `sender`.
pub fn decision_of(
    session: &OnboardingSessionId,
    sender: &str,
    decision: SenderDecision,
    idempotency_key: &str,
) -> Ph1onbEmployeeSenderVerifyCommitRow {
    Ph1onbEmployeeSenderVerifyCommitRow {
        onboarding_session_id: session.clone(),
        sender_user_id: sender.into(),
        decision,
        idempotency_key: key(idempotency_key),
    }
}

/// A proof on a device.
pub fn proof_on(
    session: &OnboardingSessionId,
    device: &str,
    proof_ok: bool,
    idempotency_key: &str,
) -> Ph1onbPrimaryDeviceConfirmCommitRow {
    Ph1onbPrimaryDeviceConfirmCommitRow {
        onboarding_session_id: session.clone(),
        device_id: device.into(),
        proof_type: DeviceProofType::Biometric,
        proof_ok,
        idempotency_key: key(idempotency_key),
    }
}

/// One onboarding in an office. Each step may be called at any time; what the store says is given back.
pub struct Journey<'a, B> {
    office: &'a Office<B>,
    /// Id of the onboarding session that every step names.
    pub session: OnboardingSessionId,
}

impl<B: Backend> Office<B> {
    /// Starts the onboarding of a link.
    ///
    /// # Errors
    /// The start is refused.
    pub fn start(&self, token_id: &TokenId) -> Answer<OnbSessionStartResult> {
        self.store().ph1onb_session_start_draft_row(&self.call(), start(token_id))
    }

    /// Starts the onboarding of a link and goes on with it.
    ///
    /// # Panics
    /// The start is refused.
    pub fn journey(&self, token_id: &TokenId) -> Journey<'_, B> {
        let started = self.start(token_id).expect("the onboarding starts");
        Journey { office: self, session: started.value.onboarding_session_id }
    }

    /// Every session there is.
    ///
    /// # Panics
    /// The read is refused.
    pub fn sessions(&self) -> BTreeMap<OnboardingSessionId, OnboardingSessionRecord> {
        self.store().ph1onb_session_rows(&context(1), Ph1onbSessionRows {}).expect("the read is served")
    }
}

impl<'a, B: Backend> Journey<'a, B> {
    /// An onboarding that goes on.
    pub const fn resume(office: &'a Office<B>, session: OnboardingSessionId) -> Self {
        Self { office, session }
    }

    /// The session as it is now.
    ///
    /// # Panics
    /// The read is refused, or there is no such session.
    pub fn row(&self) -> OnboardingSessionRecord {
        let input = Ph1onbSessionRow { onboarding_session_id: self.session.clone() };
        let row = self.office.store().ph1onb_session_row(&context(1), input).expect("the read is served");
        row.expect("the session exists")
    }

    /// Accepts or declines the terms.
    ///
    /// # Errors
    /// The step is refused.
    pub fn terms(&self, accepted: bool, idempotency_key: &str) -> Answer<OnbTermsAcceptResult> {
        let input = Ph1onbTermsAcceptCommitRow {
            onboarding_session_id: self.session.clone(),
            terms_version_id: "terms_1".into(),
            accepted,
            idempotency_key: key(idempotency_key),
        };
        self.office.store().ph1onb_terms_accept_commit_row(&self.office.call(), input)
    }

    /// Captures a photo for `boss`.
    ///
    /// # Errors
    /// The step is refused.
    pub fn photo(&self, idempotency_key: &str) -> Answer<OnbEmployeePhotoCaptureSendResult> {
        let input = photo_for(&self.session, "boss", idempotency_key);
        self.office.store().ph1onb_employee_photo_capture_send_commit_row(&self.office.call(), input)
    }

    /// `boss`, the sender of the photo, confirms or rejects it.
    ///
    /// # Errors
    /// The step is refused.
    pub fn verify(
        &self,
        decision: SenderDecision,
        idempotency_key: &str,
    ) -> Answer<OnbEmployeeSenderVerifyResult> {
        let input = decision_of(&self.session, "boss", decision, idempotency_key);
        self.office.store().ph1onb_employee_sender_verify_commit_row(&self.office.call(), input)
    }

    /// Proves `phone` as the primary device, or fails to.
    ///
    /// # Errors
    /// The step is refused.
    pub fn device(&self, proof_ok: bool, idempotency_key: &str) -> Answer<OnbPrimaryDeviceConfirmResult> {
        let input = proof_on(&self.session, "phone", proof_ok, idempotency_key);
        self.office.store().ph1onb_primary_device_confirm_commit_row(&self.office.call(), input)
    }

    /// Creates access for `newcomer` as `role_nurse`.
    ///
    /// # Errors
    /// The step is refused.
    pub fn access(&self, idempotency_key: &str) -> Answer<OnbAccessInstanceCreateResult> {
        let input = access_of(&self.session, idempotency_key);
        self.office.store().ph1onb_access_instance_create_commit_row(&self.office.call(), input)
    }

    /// Completes the onboarding.
    ///
    /// # Errors
    /// The step is refused.
    pub fn complete(&self, idempotency_key: &str) -> Answer<OnbCompleteResult> {
        let input = Ph1onbCompleteCommitRow {
            onboarding_session_id: self.session.clone(),
            idempotency_key: key(idempotency_key),
        };
        self.office.store().ph1onb_complete_commit_row(&self.office.call(), input)
    }
}
