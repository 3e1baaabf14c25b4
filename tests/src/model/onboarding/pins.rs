//! The start of a session: what it is pinned to.

use selene_contracts::CallContext;
use selene_contracts::ph1_link::LinkStatus;
use selene_contracts::ph1_onb::{
    OnbSessionStartResult, OnboardingSessionRecord, OnboardingStatus, OverlaySetId, Ph1OnbReasonCode as O,
    Ph1onbSessionStartDraftRow, PinnedSchemaId, SelectorSnapshotRef, VerificationGate,
};
use selene_contracts::ph1_position::EvidenceMode;
use selene_contracts::shared::{AuditEventType, InviteeType, OnboardingSessionId, SchemaVersionId, TenantId};

use super::clarify;
use super::session::{ENGINE, not_before};
use crate::model::calls::{HiringValue, Value};
use crate::model::decision::{Decided, agree, decided};
use crate::model::event::{Event, EventKey};
use crate::model::link::hash;
use crate::model::position::is_required;
use crate::model::tables::{Link, Tables};

/// What a session is pinned to at its start, and never changes.
struct Pins {
    schema: PinnedSchemaId,
    version: SchemaVersionId,
    overlay: OverlaySetId,
    selectors: SelectorSnapshotRef,
    gates: Vec<VerificationGate>,
}

/// An EMPLOYEE with tenant and position and an active schema is pinned to it, anybody else to who they are.
fn pins(tables: &Tables, link: &Link, tenant_id: Option<&TenantId>) -> Pins {
    let prefilled = link.row.prefilled_context.as_ref();
    let position = prefilled.and_then(|context| context.position_id.as_ref());
    let schema = match (link.row.invitee_type, tenant_id, position) {
        (InviteeType::Employee, Some(tenant_id), Some(position)) => {
            tables.hiring.active_schema(tenant_id, position)
        }
        _ => None,
    };
    let Some(schema) = schema else {
        let version = link.row.schema_version_id.clone();
        let version = version.unwrap_or_else(|| SchemaVersionId::new("unversioned"));
        let invitee = link.row.invitee_type;
        return Pins {
            schema: PinnedSchemaId::new(format!("invitee:{invitee}")),
            selectors: SelectorSnapshotRef::new(format!("#selectors/{invitee}/{version}")),
            version,
            overlay: OverlaySetId::new("default"),
            gates: Vec::new(),
        };
    };
    let needs_document = schema
        .requirement_fields
        .iter()
        .any(|field| field.evidence_mode == EvidenceMode::DocRequired && is_required(schema, field));
    let gates = [VerificationGate::PhotoEvidenceCapture, VerificationGate::SenderConfirmation];
    Pins {
        schema: PinnedSchemaId::new(format!("position:{}", schema.position_id)),
        version: schema.schema_version_id.clone(),
        overlay: OverlaySetId::new("position_requirements_active"),
        // Two tenants may draft equal schemas, and the reference stands for what the selectors say, not for whose they are.
        selectors: SelectorSnapshotRef::new(format!(
            "#selectors/{}/{}/{:?}",
            schema.position_id, schema.schema_version_id, schema.selectors
        )),
        gates: if needs_document { gates.to_vec() } else { Vec::new() },
    }
}

pub(super) fn start(
    tables: &mut Tables,
    context: &CallContext,
    input: &Ph1onbSessionStartDraftRow,
) -> Decided {
    let link = tables.hiring.links.get(&input.token_id).ok_or(O::OnbScopeMismatch)?;
    if !agree(input.tenant_id.as_ref(), link.row.tenant_id.as_ref()) {
        return Err(O::OnbScopeMismatch.into());
    }
    if link.row.link_status != LinkStatus::Activated {
        return Err(O::OnbLinkNotActivated.into());
    }
    if link.fingerprint.as_ref() != Some(&input.device_fingerprint) {
        return Err(O::OnbFingerprintMismatch.into());
    }
    not_before(context, link.row.updated_at)?;
    let tenant_id = input.tenant_id.clone().or_else(|| link.row.tenant_id.clone());
    let pins = pins(tables, link, tenant_id.as_ref());
    let row = OnboardingSessionRecord {
        onboarding_session_id: OnboardingSessionId::new(input.token_id.as_str().replace("#token/", "#onb/")),
        token_id: input.token_id.clone(),
        invitee_type: link.row.invitee_type,
        tenant_id,
        prefilled_context_ref: input.prefilled_context_ref.clone(),
        pinned_schema_id: Some(pins.schema.clone()),
        pinned_schema_version: Some(pins.version.clone()),
        pinned_overlay_set_id: Some(pins.overlay.clone()),
        pinned_selector_snapshot: Some(pins.selectors.clone()),
        required_verification_gates: pins.gates.clone(),
        device_fingerprint_hash: hash(&input.token_id, input.device_fingerprint.as_str()),
        status: OnboardingStatus::DraftCreated,
        created_at: context.now,
        updated_at: context.now,
        terms_version_id: None,
        terms_status: None,
        photo_blob_ref: None,
        photo_proof_ref: None,
        sender_user_id: None,
        verification_status: None,
        primary_device_device_id: None,
        primary_device_proof_type: None,
        primary_device_confirmed: false,
        access_engine_instance_id: None,
        prefilled_context: link.row.prefilled_context.clone(),
        pinned_requirement_keys: Vec::new(),
        missing_requirement_keys: Vec::new(),
        next_requirement_key: None,
        next_step: None,
    };
    tables.hiring.sessions.insert(row.onboarding_session_id.clone(), row.clone());
    Ok(started(tables, context, &row, pins))
}

/// The answer of a start that is replayed, with the session as it is now.
pub(super) fn follow(tables: &Tables, value: Value) -> Value {
    let Value::Hiring(value) = value else { return value };
    let HiringValue::OnbStarted(output) = *value else { return Value::Hiring(value) };
    let row = clarify::as_read(tables, &tables.hiring.sessions[&output.onboarding_session_id]);
    Value::Hiring(Box::new(HiringValue::OnbStarted(OnbSessionStartResult {
        status: row.status,
        next_step: row.next_step.expect("a read gives it"),
        missing_requirement_keys: row.missing_requirement_keys,
        next_requirement_key: row.next_requirement_key,
        ..output
    })))
}

fn started(
    tables: &Tables,
    context: &CallContext,
    row: &OnboardingSessionRecord,
    pins: Pins,
) -> (Value, Event) {
    let code = O::OnbSessionStartDraft;
    let row = clarify::as_read(tables, row);
    let output = OnbSessionStartResult {
        status: row.status,
        next_step: row.next_step.expect("a read gives it"),
        missing_requirement_keys: row.missing_requirement_keys.clone(),
        next_requirement_key: row.next_requirement_key.clone(),
        onboarding_session_id: row.onboarding_session_id.clone(),
        pinned_schema_id: pins.schema,
        pinned_schema_version: pins.version,
        pinned_overlay_set_id: pins.overlay,
        pinned_selector_snapshot: pins.selectors,
        required_verification_gates: pins.gates,
    };
    let mut event = Event::new(context, ENGINE, AuditEventType::StateTransition, code);
    event.note_some("inviter_user_id", clarify::inviter(tables, &row));
    event.note_some("next_requirement_key", row.next_requirement_key);
    event.note("missing_requirement_count", &row.missing_requirement_keys.len());
    event.tenant_id = row.tenant_id;
    event.key = EventKey::Derived;
    event.note("onboarding_session_id", &output.onboarding_session_id);
    event.note("status", &output.status);
    event.note("next_step", &output.next_step);
    event.note("pinned_schema_id", &output.pinned_schema_id);
    event.note("pinned_schema_version", &output.pinned_schema_version);
    event.note("pinned_overlay_set_id", &output.pinned_overlay_set_id);
    decided(HiringValue::OnbStarted(output), event)
}
