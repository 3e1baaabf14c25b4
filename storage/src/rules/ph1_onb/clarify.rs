//! One question at a time: which pinned requirements are missing, and what the invited person does next.

use selene_contracts::ph1_onb::{
    OnboardingNextStep, OnboardingSessionRecord, OnboardingStatus, VerificationGate, VerificationStatus,
};
use selene_contracts::ph1_position::{EvidenceMode, RequirementField, RequirementSchemaRecord};
use selene_contracts::shared::{FieldKey, InviteeType, PrefilledContext};

use crate::rules::requirements;

/// What a session still needs, as it stands now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Clarify {
    /// The fields that the pinned version requires, in its order.
    pub(crate) required: Vec<FieldKey>,
    /// Those of them that nothing has brought yet.
    pub(crate) missing: Vec<FieldKey>,
    /// The first missing one that a person can answer.
    pub(crate) next: Option<FieldKey>,
    /// What the person does next.
    pub(crate) next_step: OnboardingNextStep,
}

impl Clarify {
    /// Looks at a session and at the version that it is pinned to, if it is pinned to one of a position.
    pub(crate) fn of(session: &OnboardingSessionRecord, pinned: Option<&RequirementSchemaRecord>) -> Self {
        let fields: Vec<&RequirementField> = pinned
            .iter()
            .flat_map(|schema| {
                schema
                    .requirement_fields
                    .iter()
                    .filter(|field| requirements::required(field, &schema.selectors))
            })
            .collect();
        let missing: Vec<&RequirementField> =
            fields.iter().copied().filter(|field| !is_brought(field, session)).collect();
        // What a tool derives is no question to a person.
        let next = missing.iter().find(|field| field.evidence_mode != EvidenceMode::ToolDerived);
        let next = next.map(|field| field.field_key.clone());
        let keys =
            |fields: &[&RequirementField]| fields.iter().map(|field| field.field_key.clone()).collect();
        Self {
            required: keys(&fields),
            missing: keys(&missing),
            next_step: next_step(session, next.is_some()),
            next,
        }
    }

    /// The session as a read tells it: with what it needs.
    pub(crate) fn told(self, session: OnboardingSessionRecord) -> OnboardingSessionRecord {
        OnboardingSessionRecord {
            pinned_requirement_keys: self.required,
            missing_requirement_keys: self.missing,
            next_requirement_key: self.next,
            next_step: Some(self.next_step),
            ..session
        }
    }
}

/// Whether the prefilled context holds a requirement, or a step has brought it. A rejected document is none.
fn is_brought(field: &RequirementField, session: &OnboardingSessionRecord) -> bool {
    let is_seen = field.evidence_mode == EvidenceMode::DocRequired && !is_evidence_open(session);
    is_seen || session.prefilled_context.as_ref().is_some_and(|context| holds(context, &field.field_key))
}

/// Whether a context has a value under exactly this name. No other name stands for one of its entries.
fn holds(context: &PrefilledContext, key: &FieldKey) -> bool {
    let PrefilledContext {
        tenant_id,
        company_id,
        position_id,
        location_id,
        start_date,
        working_hours,
        compensation_tier_ref,
        jurisdiction_tags,
    } = context;
    match key.as_str() {
        "tenant_id" => tenant_id.is_some(),
        "company_id" => company_id.is_some(),
        "position_id" => position_id.is_some(),
        "location_id" => location_id.is_some(),
        "start_date" => start_date.is_some(),
        "working_hours" => working_hours.is_some(),
        "compensation_tier_ref" => compensation_tier_ref.is_some(),
        "jurisdiction_tags" => !jurisdiction_tags.is_empty(),
        _ => false,
    }
}

/// No evidence is before the sender, and none is confirmed.
fn is_evidence_open(session: &OnboardingSessionRecord) -> bool {
    matches!(session.verification_status, None | Some(VerificationStatus::Rejected))
}

/// What the person does next: documents come before the device, as access needs both, and other answers after it, as
/// it needs none of them.
fn next_step(session: &OnboardingSessionRecord, has_question: bool) -> OnboardingNextStep {
    let is_over = matches!(session.status, OnboardingStatus::TermsDeclined | OnboardingStatus::Complete);
    let is_without_tenant = session.invitee_type == InviteeType::Employee
        && session.tenant_id.is_none()
        && session.access_engine_instance_id.is_none();
    let is_prefilled = session.prefilled_context_ref.is_some() || session.prefilled_context.is_some();
    let needs_evidence = is_evidence_open(session)
        && session.required_verification_gates.contains(&VerificationGate::PhotoEvidenceCapture);
    if is_over {
        OnboardingNextStep::Nothing
    } else if is_without_tenant {
        OnboardingNextStep::AskMissing
    } else if session.terms_status.is_none() {
        if is_prefilled { OnboardingNextStep::LoadPrefilled } else { OnboardingNextStep::Terms }
    } else if needs_evidence {
        OnboardingNextStep::AskMissing
    } else if !session.primary_device_confirmed {
        OnboardingNextStep::Install
    } else if has_question {
        OnboardingNextStep::AskMissing
    } else {
        OnboardingNextStep::Nothing
    }
}
