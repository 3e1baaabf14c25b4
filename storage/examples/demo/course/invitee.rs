//! Somebody who is invited to acme, and the steps of their onboarding.

use selene_contracts::ph1_link::{
    LinkOpenResult, LinkRecord, Ph1linkInviteGenerateDraftRow, Ph1linkInviteOpenActivateCommitRow,
};
use selene_contracts::ph1_onb::{
    DeviceProofType, OnbAccessInstanceCreateResult, OnbCompleteResult, OnbEmployeePhotoCaptureSendResult,
    OnbEmployeeSenderVerifyResult, OnbPrimaryDeviceConfirmResult, OnbSessionStartResult,
    OnbTermsAcceptResult, Ph1onbAccessInstanceCreateCommitRow, Ph1onbCompleteCommitRow,
    Ph1onbEmployeePhotoCaptureSendCommitRow, Ph1onbEmployeeSenderVerifyCommitRow,
    Ph1onbPrimaryDeviceConfirmCommitRow, Ph1onbSessionStartDraftRow, Ph1onbTermsAcceptCommitRow,
    SenderDecision,
};
use selene_contracts::shared::{IdempotencyKey, InviteeType, OnboardingSessionId, PrefilledContext, TokenId};
use selene_contracts::{CallContext, Committed, EveryRepo, StorageError};

use super::calls::context;

type Answer<T> = Result<Committed<T>, StorageError>;

/// A call within the simulation of the onboardings.
pub fn simulated(turn: u64) -> CallContext {
    context(turn).with_simulation("demo-onboarding".into())
}

/// Somebody with a link from Ada. Each step may be called at any time; what the store says is given back.
pub struct Invitee<'a> {
    store: &'a dyn EveryRepo,
    name: &'static str,
    turn: u64,
    pub token_id: TokenId,
}

impl<'a> Invitee<'a> {
    /// Ada invites somebody to be a nurse, in a turn of their own.
    pub fn invite(
        store: &'a dyn EveryRepo,
        name: &'static str,
        turn: u64,
    ) -> Result<(Self, Committed<LinkRecord>), StorageError> {
        Self::promise(store, name, turn, "band-3")
    }

    /// The same, with the promise of a band.
    pub fn promise(
        store: &'a dyn EveryRepo,
        name: &'static str,
        turn: u64,
        band: &str,
    ) -> Result<(Self, Committed<LinkRecord>), StorageError> {
        let prefilled_context = Some(PrefilledContext {
            tenant_id: Some("acme".into()),
            company_id: Some("acme-clinic".into()),
            position_id: Some("nurse".into()),
            location_id: None,
            start_date: None,
            working_hours: None,
            compensation_tier_ref: Some(band.into()),
            jurisdiction_tags: Vec::new(),
        });
        Self::invite_as(store, name, turn, (InviteeType::Employee, prefilled_context))
    }

    /// Ada invites a friend, of whom nothing is known.
    pub fn befriend(store: &'a dyn EveryRepo, name: &'static str, turn: u64) -> Result<Self, StorageError> {
        Self::invite_as(store, name, turn, (InviteeType::Friend, None)).map(|(friend, _)| friend)
    }

    fn invite_as(
        store: &'a dyn EveryRepo,
        name: &'static str,
        turn: u64,
        (invitee_type, prefilled_context): (InviteeType, Option<PrefilledContext>),
    ) -> Result<(Self, Committed<LinkRecord>), StorageError> {
        let input = Ph1linkInviteGenerateDraftRow {
            inviter_user_id: "ada".into(),
            invitee_type,
            tenant_id: None,
            schema_version_id: None,
            prefilled_context,
            idempotency_key: format!("demo-link-{name}").into(),
        };
        let link = store.ph1link_invite_generate_draft_row(&simulated(turn), input)?;
        Ok((Self { store, name, turn, token_id: link.value.token_id.clone() }, link))
    }

    fn call(&self) -> CallContext {
        simulated(self.turn)
    }

    fn key(&self) -> IdempotencyKey {
        format!("demo-{}", self.name).into()
    }

    pub fn open(&self) -> Answer<LinkOpenResult> {
        let input = Ph1linkInviteOpenActivateCommitRow {
            token_id: self.token_id.clone(),
            device_fingerprint: format!("own phone of {}", self.name).into(),
            idempotency_key: self.key(),
        };
        self.store.ph1link_invite_open_activate_commit_row(&self.call(), input)
    }

    pub fn start(&self) -> Answer<OnbSessionStartResult> {
        self.start_on(&format!("own phone of {}", self.name))
    }

    pub fn start_on(&self, device_fingerprint: &str) -> Answer<OnbSessionStartResult> {
        let input = Ph1onbSessionStartDraftRow {
            token_id: self.token_id.clone(),
            prefilled_context_ref: None,
            tenant_id: None,
            device_fingerprint: device_fingerprint.into(),
        };
        self.store.ph1onb_session_start_draft_row(&self.call(), input)
    }

    /// The session; where it was started before, the start is replayed.
    fn session(&self) -> Result<OnboardingSessionId, StorageError> {
        Ok(self.start()?.value.onboarding_session_id)
    }

    pub fn terms(&self) -> Answer<OnbTermsAcceptResult> {
        self.answer_terms(true, self.key())
    }

    pub fn decline(&self) -> Answer<OnbTermsAcceptResult> {
        self.answer_terms(false, self.key())
    }

    /// Accepts after all, in a call of its own.
    pub fn reconsider(&self) -> Answer<OnbTermsAcceptResult> {
        self.answer_terms(true, format!("demo-{}-again", self.name).into())
    }

    fn answer_terms(&self, accepted: bool, idempotency_key: IdempotencyKey) -> Answer<OnbTermsAcceptResult> {
        let input = Ph1onbTermsAcceptCommitRow {
            onboarding_session_id: self.session()?,
            terms_version_id: "terms-1".into(),
            accepted,
            idempotency_key,
        };
        self.store.ph1onb_terms_accept_commit_row(&self.call(), input)
    }

    pub fn photo(&self) -> Answer<OnbEmployeePhotoCaptureSendResult> {
        let input = Ph1onbEmployeePhotoCaptureSendCommitRow {
            onboarding_session_id: self.session()?,
            photo_blob_ref: format!("licence-of-{}", self.name).into(),
            sender_user_id: "ada".into(),
            idempotency_key: self.key(),
        };
        self.store.ph1onb_employee_photo_capture_send_commit_row(&self.call(), input)
    }

    pub fn confirmed_by(&self, sender: &str) -> Answer<OnbEmployeeSenderVerifyResult> {
        let input = Ph1onbEmployeeSenderVerifyCommitRow {
            onboarding_session_id: self.session()?,
            sender_user_id: sender.into(),
            decision: SenderDecision::Confirm,
            idempotency_key: self.key(),
        };
        self.store.ph1onb_employee_sender_verify_commit_row(&self.call(), input)
    }

    pub fn device(&self) -> Answer<OnbPrimaryDeviceConfirmResult> {
        let input = Ph1onbPrimaryDeviceConfirmCommitRow {
            onboarding_session_id: self.session()?,
            device_id: "acme-tablet".into(),
            proof_type: DeviceProofType::Passcode,
            proof_ok: true,
            idempotency_key: self.key(),
        };
        self.store.ph1onb_primary_device_confirm_commit_row(&self.call(), input)
    }

    pub fn access(&self) -> Answer<OnbAccessInstanceCreateResult> {
        self.access_in("acme", &self.call())
    }

    pub fn access_in(&self, tenant: &str, call: &CallContext) -> Answer<OnbAccessInstanceCreateResult> {
        let input = Ph1onbAccessInstanceCreateCommitRow {
            onboarding_session_id: self.session()?,
            user_id: self.name.into(),
            tenant_id: Some(tenant.into()),
            role_id: "role-nurse".into(),
            idempotency_key: self.key(),
        };
        self.store.ph1onb_access_instance_create_commit_row(call, input)
    }

    pub fn complete(&self) -> Answer<OnbCompleteResult> {
        let input =
            Ph1onbCompleteCommitRow { onboarding_session_id: self.session()?, idempotency_key: self.key() };
        self.store.ph1onb_complete_commit_row(&self.call(), input)
    }
}
