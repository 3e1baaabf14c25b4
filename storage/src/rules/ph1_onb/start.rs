//! The start of an onboarding, from a link that was activated on one device.

use selene_contracts::ph1_link::{LinkRecord, LinkStatus};
use selene_contracts::ph1_onb::{
    OnbSessionStartResult, OnboardingSessionRecord, Ph1OnbReasonCode, Ph1onbSessionStartDraftRow,
};
use selene_contracts::ph1_position::RequirementSchemaRecord;
use selene_contracts::shared::{FieldKey, InviteeType, PositionId, TenantId};
use selene_contracts::{Admitted, Digest, StorageError};

use super::Clarify;
use super::pins::Pins;
use super::session::{self, agree};
use crate::change::Insert;
use crate::rules::{Decision, EventDraft, WriteRule, fingerprint, refuse};
use crate::scope;

/// The rows that a start reads.
#[derive(Debug, Clone, Default)]
pub struct StartFacts {
    pub(crate) link: Option<LinkRecord>,
    /// The active schema of the position that the link names, if it names one for an employee.
    pub(crate) schema: Option<RequirementSchemaRecord>,
    /// The token has a session already.
    pub(crate) has_session: bool,
}

impl WriteRule for Ph1onbSessionStartDraftRow {
    type Facts = StartFacts;
    type Change = Insert<OnboardingSessionRecord>;

    /// In this order: the link exists for this caller; it is activated; on this device; it did not
    /// change later than now; there is no session.
    fn decide(call: &Admitted<Self>, facts: StartFacts) -> Result<Decision<Self>, StorageError> {
        let input = call.input();
        let link = facts
            .link
            .filter(|link| agree(tenant_of_link(link), input.tenant_id.as_ref()))
            .ok_or_else(|| refuse::not_found::<Self, LinkRecord>("token_id"))?;
        if link.link_status != LinkStatus::Activated {
            return Err(refuse::rule_as::<Self>(
                Ph1OnbReasonCode::OnbLinkNotActivated,
                "token_id",
                "must be an activated link",
            ));
        }
        let device_fingerprint_hash = hash(input);
        if link.device_fingerprint_hash != Some(device_fingerprint_hash) {
            return Err(another_device());
        }
        refuse::not_before::<Self>(call.context().now, link.updated_at)?;
        if facts.has_session {
            return Err(refuse::rule_as::<Self>(
                Ph1OnbReasonCode::OnbStateInvalid,
                "token_id",
                "has a session already",
            ));
        }
        let session = draft(call, &link, facts.schema.as_ref(), device_fingerprint_hash);
        let output = answer(&link, facts.schema.as_ref(), &session);
        let missing_count = output.missing_requirement_keys.len().to_string();
        let mut event = EventDraft::fixed(call)?.tenant(session.tenant_id.as_ref()).details([
            ("onboarding_session_id", Some(session.onboarding_session_id.as_str())),
            ("status", Some(session.status.as_str())),
            ("next_step", Some(output.next_step.as_str())),
            ("next_requirement_key", output.next_requirement_key.as_ref().map(FieldKey::as_str)),
            ("missing_requirement_count", Some(missing_count.as_str())),
            ("pinned_schema_id", Some(output.pinned_schema_id.as_str())),
            ("pinned_schema_version", Some(output.pinned_schema_version.as_str())),
            ("pinned_overlay_set_id", Some(output.pinned_overlay_set_id.as_str())),
            ("inviter_user_id", Some(link.inviter_user_id.as_str())),
        ]);
        event.idempotency_key = scope::derived_key("onb_", call);
        Ok(Decision { change: Insert(session), event, output })
    }
}

/// Tenant and position of the active schema that a start reads; none where the link is not of an employee with a position.
pub(crate) fn schema_key<'a>(
    input: &'a Ph1onbSessionStartDraftRow,
    link: &'a LinkRecord,
) -> Option<(&'a TenantId, &'a PositionId)> {
    if link.invitee_type != InviteeType::Employee {
        return None;
    }
    let position_id = link.prefilled_context.as_ref()?.position_id.as_ref()?;
    Some((tenant_of_link(link).or(input.tenant_id.as_ref())?, position_id))
}

/// Whether a stored outcome may be given to this caller: its tenant is the session's, where both are known, and its device is the
/// one that started the session.
///
/// # Errors
/// The tenant or the device is another one.
pub(crate) fn check_replay(
    call: &Admitted<Ph1onbSessionStartDraftRow>,
    session: Option<&OnboardingSessionRecord>,
) -> Result<(), StorageError> {
    let input = call.input();
    let session = session
        .filter(|session| agree(session.tenant_id.as_ref(), input.tenant_id.as_ref()))
        .ok_or_else(|| refuse::not_found::<Ph1onbSessionStartDraftRow, LinkRecord>("token_id"))?;
    if session.device_fingerprint_hash == hash(input) { Ok(()) } else { Err(another_device()) }
}

/// The session of a start that passed every check.
fn draft(
    call: &Admitted<Ph1onbSessionStartDraftRow>,
    link: &LinkRecord,
    schema: Option<&RequirementSchemaRecord>,
    device_fingerprint_hash: Digest,
) -> OnboardingSessionRecord {
    let input = call.input();
    let token_id = input.token_id.clone();
    let pins = pins(link, schema);
    OnboardingSessionRecord {
        tenant_id: tenant_of_link(link).or(input.tenant_id.as_ref()).cloned(),
        prefilled_context_ref: input.prefilled_context_ref.clone(),
        pinned_schema_id: Some(pins.schema_id),
        pinned_schema_version: Some(pins.schema_version),
        pinned_overlay_set_id: Some(pins.overlay_set_id),
        pinned_selector_snapshot: Some(pins.selector_snapshot),
        required_verification_gates: pins.gates,
        prefilled_context: link.prefilled_context.clone(),
        ..session::begun(
            session::id_of(&token_id),
            token_id,
            link.invitee_type,
            device_fingerprint_hash,
            call.context().now,
        )
    }
}

/// The answer of a start: the pins, and the next step.
fn answer(
    link: &LinkRecord,
    schema: Option<&RequirementSchemaRecord>,
    session: &OnboardingSessionRecord,
) -> OnbSessionStartResult {
    let pins = pins(link, schema);
    let clarify = Clarify::of(session, schema);
    OnbSessionStartResult {
        onboarding_session_id: session.onboarding_session_id.clone(),
        status: session.status,
        next_step: clarify.next_step,
        pinned_schema_id: pins.schema_id,
        pinned_schema_version: pins.schema_version,
        pinned_overlay_set_id: pins.overlay_set_id,
        pinned_selector_snapshot: pins.selector_snapshot,
        required_verification_gates: pins.gates,
        missing_requirement_keys: clarify.missing,
        next_requirement_key: clarify.next,
    }
}

/// The answer of a replayed start: the pins of the stored answer, and the rest from the current session row.
pub(crate) fn follow(
    stored: OnbSessionStartResult,
    session: &OnboardingSessionRecord,
    pinned: Option<&RequirementSchemaRecord>,
) -> OnbSessionStartResult {
    let clarify = Clarify::of(session, pinned);
    OnbSessionStartResult {
        status: session.status,
        next_step: clarify.next_step,
        missing_requirement_keys: clarify.missing,
        next_requirement_key: clarify.next,
        ..stored
    }
}

fn pins(link: &LinkRecord, schema: Option<&RequirementSchemaRecord>) -> Pins {
    match schema {
        Some(schema) => Pins::position(schema),
        None => Pins::invitee(link.invitee_type, link.schema_version_id.as_ref()),
    }
}

/// The tenant of a link: its own, else that of its prefilled context.
fn tenant_of_link(link: &LinkRecord) -> Option<&TenantId> {
    link.tenant_id.as_ref().or_else(|| link.prefilled_context.as_ref()?.tenant_id.as_ref())
}

fn hash(input: &Ph1onbSessionStartDraftRow) -> Digest {
    fingerprint::of_link(&input.token_id, &input.device_fingerprint)
}

fn another_device() -> StorageError {
    refuse::rule_as::<Ph1onbSessionStartDraftRow>(
        Ph1OnbReasonCode::OnbFingerprintMismatch,
        "device_fingerprint",
        "must be of the device that the link is bound to",
    )
}
