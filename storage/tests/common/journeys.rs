//! Onboarding journeys from the link to the end, and the workplaces where they happen.

use selene_contracts::ph1_f::Ph1fIdentityInsertRow;
use selene_contracts::ph1_link::{Ph1linkInviteGenerateDraftRow, Ph1linkInviteOpenActivateCommitRow};
use selene_contracts::ph1_onb::{
    DeviceProofType, Ph1onbAccessInstanceCreateCommitRow, Ph1onbBackfillStartDraftRow,
    Ph1onbCompleteCommitRow, Ph1onbEmployeePhotoCaptureSendCommitRow, Ph1onbEmployeeSenderVerifyCommitRow,
    Ph1onbPrimaryDeviceConfirmCommitRow, Ph1onbSessionStartDraftRow, Ph1onbTermsAcceptCommitRow,
    SenderDecision,
};
use selene_contracts::ph1_position::{
    EvidenceMode, Ph1positionLifecycleCommitRow, Ph1positionSchemaActivateCommitRow,
    Ph1positionSchemaDraftRow, PositionLifecycle, RequiredRule, RequirementField,
};
use selene_contracts::shared::{
    CorrelationId, MonotonicTimeNs, OnboardingSessionId, PrefilledContext, RolloutScope, TokenId, TurnId,
};
use selene_contracts::{CallContext, Committed, Disposition, EveryRepo, StorageError};
use selene_storage::test_support::inputs;
use serde::{Deserialize, Serialize};

use super::{device, schema, simulated, workplace};

/// What the events of a journey say, in the order of its steps.
pub const STEPS: [&str; 9] = [
    "LINK_INVITE_GENERATE_DRAFT",
    "LINK_INVITE_OPEN_ACTIVATE",
    "ONB_SESSION_START_DRAFT",
    "ONB_TERMS_ACCEPT_COMMIT",
    "ONB_PHOTO_CAPTURE_SEND_COMMIT",
    "ONB_SENDER_VERIFY_COMMIT",
    "ONB_PRIMARY_DEVICE_CONFIRM_COMMIT",
    "ONB_ACCESS_INSTANCE_CREATE_COMMIT",
    "ONB_COMPLETE_COMMIT",
];

/// A tenant with somebody who invites, their phone, and a position whose schema `v2` demands a document.
///
/// Done again it changes nothing.
pub fn staffed_workplace(store: &impl EveryRepo, tenant: &str) {
    person(store, tenant, &inviter(tenant));
    device(store, &phone(tenant), &inviter(tenant), Some(tenant)).unwrap();
    workplace(store, tenant);
    let active = Ph1positionLifecycleCommitRow {
        tenant_id: tenant.into(),
        position_id: "nurse".into(),
        position_lifecycle: PositionLifecycle::Active,
        idempotency_key: "active".into(),
    };
    store.ph1position_lifecycle_commit_row(&simulated(11), active).unwrap();
    let draft = Ph1positionSchemaDraftRow { requirement_fields: vec![document()], ..schema(tenant, "v2") };
    store.ph1position_schema_draft_row(&simulated(12), draft).unwrap();
    let activate = Ph1positionSchemaActivateCommitRow {
        tenant_id: tenant.into(),
        position_id: "nurse".into(),
        schema_version_id: "v2".into(),
        rollout_scope: RolloutScope::CurrentAndNew,
        idempotency_key: "activate".into(),
    };
    store.ph1position_schema_activate_commit_row(&simulated(13), activate).unwrap();
}

/// An ACTIVE person at home in a tenant.
pub fn person(store: &impl EveryRepo, tenant: &str, user: &str) {
    store.ph1f_identity_insert_row(&simulated(1), newcomer(tenant, user)).unwrap();
}

/// The insert of an ACTIVE person at home in a tenant.
pub fn newcomer(tenant: &str, user: &str) -> Ph1fIdentityInsertRow {
    Ph1fIdentityInsertRow { tenant_id: Some(tenant.into()), ..inputs::identity(user, "identity") }
}

/// Who invites to a tenant.
pub fn inviter(tenant: &str) -> String {
    format!("inviter-{tenant}")
}

fn phone(tenant: &str) -> String {
    format!("phone-{tenant}")
}

fn document() -> RequirementField {
    RequirementField {
        field_key: "licence".into(),
        field_type: "document".into(),
        required_rule: RequiredRule::Always,
        required_predicate: None,
        sensitivity: "LOW".into(),
        exposure: "INTERNAL".into(),
        evidence_mode: EvidenceMode::DocRequired,
        prompt_ref: None,
    }
}

/// An answer as it is compared: the value as JSON, and the event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    pub value: String,
    pub event_id: String,
}

/// One journey of one newcomer. Everything in its calls follows from its name and its tenant, so it can be
/// taken again.
pub struct Journey {
    pub name: String,
    pub tenant: String,
    pub correlation_id: u128,
    pub token_id: Option<TokenId>,
    pub session_id: Option<OnboardingSessionId>,
}

impl Journey {
    /// A journey in a chain of work of its own.
    pub fn new(name: &str, tenant: &str, correlation_id: u128) -> Self {
        Self {
            name: name.to_owned(),
            tenant: tenant.to_owned(),
            correlation_id,
            token_id: None,
            session_id: None,
        }
    }

    /// User id of the newcomer: `newcomer-ada`.
    pub fn user(&self) -> String {
        format!("newcomer-{}", self.name)
    }

    fn call(&self, step: usize) -> CallContext {
        let step = u64::try_from(step).unwrap() + 1;
        let mut context = simulated(1_000 + step);
        context.correlation_id = CorrelationId::new(self.correlation_id);
        context.turn_id = TurnId::new(step);
        context.now = MonotonicTimeNs::new(1_000 * step);
        context
    }

    /// Takes one of [`STEPS`]. The steps before must have been taken by this very value, or replayed to it.
    pub fn take(
        &mut self,
        store: &impl EveryRepo,
        step: usize,
    ) -> Result<(Answer, Disposition), StorageError> {
        let context = self.call(step);
        match step {
            0 => {
                let made = store.ph1link_invite_generate_draft_row(&context, self.invitation())?;
                self.token_id = Some(made.value.token_id.clone());
                Ok(answer(&made))
            }
            1 => {
                let input = Ph1linkInviteOpenActivateCommitRow {
                    token_id: self.token_id.clone().unwrap(),
                    device_fingerprint: self.fingerprint().into(),
                    idempotency_key: "open".into(),
                };
                store.ph1link_invite_open_activate_commit_row(&context, input).map(|made| answer(&made))
            }
            2 => {
                let input = Ph1onbSessionStartDraftRow {
                    token_id: self.token_id.clone().unwrap(),
                    prefilled_context_ref: None,
                    tenant_id: Some(self.tenant.as_str().into()),
                    device_fingerprint: self.fingerprint().into(),
                };
                let made = store.ph1onb_session_start_draft_row(&context, input)?;
                self.session_id = Some(made.value.onboarding_session_id.clone());
                Ok(answer(&made))
            }
            _ => self.onboard(store, &context, step),
        }
    }

    /// The steps that need the session.
    fn onboard(
        &self,
        store: &impl EveryRepo,
        context: &CallContext,
        step: usize,
    ) -> Result<(Answer, Disposition), StorageError> {
        let onboarding_session_id = self.session_id.clone().unwrap();
        let (sender_user_id, idempotency_key) = (inviter(&self.tenant).into(), "k".into());
        match step {
            3 => {
                let input = Ph1onbTermsAcceptCommitRow {
                    onboarding_session_id,
                    terms_version_id: "terms-1".into(),
                    accepted: true,
                    idempotency_key,
                };
                store.ph1onb_terms_accept_commit_row(context, input).map(|made| answer(&made))
            }
            4 => {
                let input = Ph1onbEmployeePhotoCaptureSendCommitRow {
                    onboarding_session_id,
                    photo_blob_ref: format!("blob-{}", self.name).into(),
                    sender_user_id,
                    idempotency_key,
                };
                store.ph1onb_employee_photo_capture_send_commit_row(context, input).map(|made| answer(&made))
            }
            5 => {
                let input = Ph1onbEmployeeSenderVerifyCommitRow {
                    onboarding_session_id,
                    sender_user_id,
                    decision: SenderDecision::Confirm,
                    idempotency_key,
                };
                store.ph1onb_employee_sender_verify_commit_row(context, input).map(|made| answer(&made))
            }
            6 => {
                let input = Ph1onbPrimaryDeviceConfirmCommitRow {
                    onboarding_session_id,
                    device_id: phone(&self.tenant).into(),
                    proof_type: DeviceProofType::Passcode,
                    proof_ok: true,
                    idempotency_key,
                };
                store.ph1onb_primary_device_confirm_commit_row(context, input).map(|made| answer(&made))
            }
            7 => {
                let input = Ph1onbAccessInstanceCreateCommitRow {
                    onboarding_session_id,
                    user_id: self.user().into(),
                    tenant_id: Some(self.tenant.as_str().into()),
                    role_id: "role-nurse".into(),
                    idempotency_key,
                };
                store.ph1onb_access_instance_create_commit_row(context, input).map(|made| answer(&made))
            }
            _ => {
                let input = Ph1onbCompleteCommitRow { onboarding_session_id, idempotency_key };
                store.ph1onb_complete_commit_row(context, input).map(|made| answer(&made))
            }
        }
    }

    fn invitation(&self) -> Ph1linkInviteGenerateDraftRow {
        Ph1linkInviteGenerateDraftRow {
            prefilled_context: Some(PrefilledContext {
                tenant_id: Some(self.tenant.as_str().into()),
                company_id: Some("clinic".into()),
                position_id: Some("nurse".into()),
                location_id: None,
                start_date: None,
                working_hours: None,
                compensation_tier_ref: Some("band-1".into()),
                jurisdiction_tags: Vec::new(),
            }),
            ..inputs::link(inviter(&self.tenant), self.name.as_str())
        }
    }

    fn fingerprint(&self) -> String {
        format!("fingerprint-{}", self.name)
    }
}

fn answer<T: Serialize>(committed: &Committed<T>) -> (Answer, Disposition) {
    let value = serde_json::to_string(&committed.value).unwrap();
    (Answer { value, event_id: committed.event_id.to_string() }, committed.disposition)
}

/// The start of a campaign that asks everybody in a tenant for what schema `v2` demands.
pub fn campaign(tenant: &str) -> Ph1onbBackfillStartDraftRow {
    Ph1onbBackfillStartDraftRow {
        actor_user_id: inviter(tenant).into(),
        tenant_id: tenant.into(),
        company_id: "clinic".into(),
        position_id: "nurse".into(),
        schema_version_id: "v2".into(),
        rollout_scope: RolloutScope::CurrentAndNew,
        idempotency_key: "campaign".into(),
    }
}
