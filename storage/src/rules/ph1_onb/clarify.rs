//! Which pinned requirements of a session are missing, which one is asked next, and the next step of the invited person.

use selene_contracts::ph1_onb::{
    OnboardingNextStep, OnboardingSessionRecord, OnboardingStatus, VerificationGate, VerificationStatus,
};
use selene_contracts::ph1_position::{EvidenceMode, RequirementField, RequirementSchemaRecord};
use selene_contracts::shared::{FieldKey, InviteeType, PrefilledContext};

use crate::rules::requirements;

/// The missing requirements of a session, computed from its current row and its pinned schema version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Clarify {
    /// The fields that the pinned version requires, in its order.
    pub(crate) required: Vec<FieldKey>,
    /// Those of them that have no value yet.
    pub(crate) missing: Vec<FieldKey>,
    /// The first missing one that a person answers; a TOOL_DERIVED one is not asked.
    pub(crate) next: Option<FieldKey>,
    /// The next step of the person.
    pub(crate) next_step: OnboardingNextStep,
}

impl Clarify {
    /// Computes them from a session and the schema version that it is pinned to; none where it is not pinned to one of a position.
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
            fields.iter().copied().filter(|field| !is_provided(field, session)).collect();
        // A tool derives the value of such a field, so a person is not asked for it.
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

    /// The session record that a read returns: the columns of the session, and these computed fields.
    pub(crate) fn into_record(self, session: OnboardingSessionRecord) -> OnboardingSessionRecord {
        OnboardingSessionRecord {
            pinned_requirement_keys: self.required,
            missing_requirement_keys: self.missing,
            next_requirement_key: self.next,
            next_step: Some(self.next_step),
            ..session
        }
    }
}

/// Whether a requirement has its value: from the prefilled context, or for a document from the verification. A rejected document
/// counts as missing.
fn is_provided(field: &RequirementField, session: &OnboardingSessionRecord) -> bool {
    let is_submitted = field.evidence_mode == EvidenceMode::DocRequired && !is_evidence_open(session);
    is_submitted
        || session.prefilled_context.as_ref().is_some_and(|context| has_value(context, &field.field_key))
}

/// Whether a context has a value for a field key. The key must be exactly the name of an entry: `start_date`, no alias.
fn has_value(context: &PrefilledContext, key: &FieldKey) -> bool {
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

/// Whether no evidence is PENDING or CONFIRMED, so that a document must still be submitted.
fn is_evidence_open(session: &OnboardingSessionRecord) -> bool {
    matches!(session.verification_status, None | Some(VerificationStatus::Rejected))
}

/// The next step of the person. Documents come before the device, because access needs both; other answers come after it,
/// because access does not need them.
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
