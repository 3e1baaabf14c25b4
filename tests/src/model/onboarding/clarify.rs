//! What a session still needs, and who is part of it.

use selene_contracts::ph1_onb::{
    OnboardingNextStep, OnboardingSessionRecord, OnboardingStatus, VerificationStatus,
};
use selene_contracts::ph1_position::{EvidenceMode, RequirementField};
use selene_contracts::shared::{FieldKey, InviteeType, PositionId, PrefilledContext, UserId};

use crate::model::position::is_required;
use crate::model::tables::Tables;

/// The session as a read gives it.
pub(in crate::model) fn as_read(tables: &Tables, row: &OnboardingSessionRecord) -> OnboardingSessionRecord {
    let required = required(tables, row);
    let missing: Vec<&RequirementField> =
        required.iter().copied().filter(|field| !is_there(row, field)).collect();
    let question = missing.iter().find(|field| field.evidence_mode != EvidenceMode::ToolDerived);
    let keys = |fields: &[&RequirementField]| -> Vec<FieldKey> {
        fields.iter().map(|field| field.field_key.clone()).collect()
    };
    OnboardingSessionRecord {
        pinned_requirement_keys: keys(&required),
        missing_requirement_keys: keys(&missing),
        next_requirement_key: question.map(|field| field.field_key.clone()),
        next_step: Some(next_step(row, question.is_some())),
        ..row.clone()
    }
}

/// The required fields of the version that a session is pinned to.
fn required<'a>(tables: &'a Tables, row: &OnboardingSessionRecord) -> Vec<&'a RequirementField> {
    let pinned = || {
        let position = row.pinned_schema_id.as_ref()?.as_str().strip_prefix("position:")?;
        let version = row.pinned_schema_version.as_ref()?;
        tables.hiring.schema(row.tenant_id.as_ref()?, &PositionId::new(position), version)
    };
    let Some(schema) = pinned() else { return Vec::new() };
    schema.requirement_fields.iter().filter(|field| is_required(schema, field)).collect()
}

fn is_there(row: &OnboardingSessionRecord, field: &RequirementField) -> bool {
    let is_document = field.evidence_mode == EvidenceMode::DocRequired;
    (is_document && !lacks_document(row))
        || row.prefilled_context.as_ref().is_some_and(|context| has(context, field.field_key.as_str()))
}

/// By its written form: an entry without a value is not written, or is an empty list.
fn has(context: &PrefilledContext, key: &str) -> bool {
    let written = serde_json::to_value(context).expect("contract types are written as JSON");
    written.get(key).is_some_and(|value| !value.is_null() && *value != serde_json::json!([]))
}

fn lacks_document(row: &OnboardingSessionRecord) -> bool {
    !matches!(row.verification_status, Some(VerificationStatus::Pending | VerificationStatus::Confirmed))
}

fn next_step(row: &OnboardingSessionRecord, has_question: bool) -> OnboardingNextStep {
    use OnboardingNextStep::{AskMissing, Install, LoadPrefilled, Nothing, Terms};
    if matches!(row.status, OnboardingStatus::TermsDeclined | OnboardingStatus::Complete) {
        return Nothing;
    }
    let has_access = row.access_engine_instance_id.is_some();
    if row.invitee_type == InviteeType::Employee && row.tenant_id.is_none() && !has_access {
        return AskMissing;
    }
    if row.terms_status.is_none() {
        let is_prefilled = row.prefilled_context.is_some() || row.prefilled_context_ref.is_some();
        return if is_prefilled { LoadPrefilled } else { Terms };
    }
    match (lacks_document(row) && !row.required_verification_gates.is_empty(), has_question) {
        (true, _) => AskMissing,
        _ if !row.primary_device_confirmed => Install,
        (_, true) => AskMissing,
        (_, false) => Nothing,
    }
}

/// Whom a session is about: the person of its access, else the owner of the proven device.
pub(super) fn person(tables: &Tables, row: &OnboardingSessionRecord) -> Option<UserId> {
    let access = row.access_engine_instance_id.as_ref();
    let access = access.and_then(|id| tables.hiring.access.iter().find(|it| it.access_instance_id == *id));
    let device = row.primary_device_device_id.as_ref().filter(|_| row.primary_device_confirmed);
    let device = device.and_then(|id| tables.devices.get(id));
    access.map(|access| access.user_id.clone()).or_else(|| device.map(|device| device.owner.clone()))
}

/// The inviter of the link of a session.
pub(super) fn inviter(tables: &Tables, row: &OnboardingSessionRecord) -> Option<UserId> {
    tables.hiring.links.get(&row.token_id).map(|link| link.row.inviter_user_id.clone())
}
