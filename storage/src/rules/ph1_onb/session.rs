//! What the steps of an onboarding share: the session that a step finds, its checks, the session after it, and its event.

use selene_contracts::ph1_onb::{OnboardingSessionRecord, OnboardingStatus};
use selene_contracts::shared::{
    InviteeType, MonotonicTimeNs, OnboardingSessionId, TenantId, TokenId, UserId,
};
use selene_contracts::{Admitted, Capability, Digest, StorageError};

use super::gates::{self, Need};
use crate::encode::{Encoder, short_id};
use crate::rules::{EventDraft, refuse};

/// The people of a session, as far as they are known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct People {
    /// The person of the session: the user of its access, else the owner of its confirmed device.
    pub(crate) person: Option<UserId>,
    /// The inviter of its link.
    pub(crate) inviter: Option<UserId>,
}

impl People {
    /// The inviter, as the value of a payload entry.
    pub(crate) fn inviter(&self) -> Option<&str> {
        self.inviter.as_ref().map(UserId::as_str)
    }
}

/// The rows of a step that reads only its session.
#[derive(Debug, Clone, Default)]
pub struct StepFacts {
    pub(crate) session: Option<OnboardingSessionRecord>,
    pub(crate) people: People,
}

/// The id of the session of a token: `ons_` and a hash of the token, so that a token has one session.
pub(crate) fn id_of(token_id: &TokenId) -> OnboardingSessionId {
    let mut bytes = Encoder::new("selene.onboarding_session.v1");
    bytes.text(token_id.as_str());
    OnboardingSessionId::new(short_id("ons_", &bytes.finish()))
}

/// A session that begins: of nobody's tenant yet, nothing is pinned or prefilled, and no step was taken.
pub(crate) fn begun(
    onboarding_session_id: OnboardingSessionId,
    token_id: TokenId,
    invitee_type: InviteeType,
    device_fingerprint_hash: Digest,
    now: MonotonicTimeNs,
) -> OnboardingSessionRecord {
    OnboardingSessionRecord {
        onboarding_session_id,
        token_id,
        invitee_type,
        tenant_id: None,
        prefilled_context_ref: None,
        pinned_schema_id: None,
        pinned_schema_version: None,
        pinned_overlay_set_id: None,
        pinned_selector_snapshot: None,
        required_verification_gates: Vec::new(),
        device_fingerprint_hash,
        status: OnboardingStatus::DraftCreated,
        created_at: now,
        updated_at: now,
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
        prefilled_context: None,
        pinned_requirement_keys: Vec::new(),
        missing_requirement_keys: Vec::new(),
        next_requirement_key: None,
        next_step: None,
    }
}

/// The session that a call names. One of another tenant than that of the call has the same refusal as one that does not exist.
///
/// # Errors
/// There is no such session in the caller's tenant.
pub(crate) fn visible<C: Capability>(
    session: Option<OnboardingSessionRecord>,
    tenant_id: Option<&TenantId>,
) -> Result<OnboardingSessionRecord, StorageError> {
    session
        .filter(|session| agree(session.tenant_id.as_ref(), tenant_id))
        .ok_or_else(|| refuse::not_found::<C, OnboardingSessionRecord>("onboarding_session_id"))
}

/// Whether two tenants are the same, where both are known; true where one is not.
pub(crate) fn agree(one: Option<&TenantId>, other: Option<&TenantId>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => one == other,
        _ => true,
    }
}

/// The session of a step, after these checks in this order: it is visible to the caller, it did not change later than now, and the
/// needs of the step are met.
///
/// # Errors
/// The first that fails.
pub(crate) fn ready<C: Capability>(
    call: &Admitted<C>,
    session: Option<OnboardingSessionRecord>,
    needs: &[Need],
) -> Result<OnboardingSessionRecord, StorageError> {
    let session = visible::<C>(session, call.input().tenant_id())?;
    refuse::not_before::<C>(call.context().now, session.updated_at)?;
    gates::check::<C>(&session, needs)?;
    Ok(session)
}

/// The session after a step, with a new status and time.
pub(crate) fn moved(
    session: OnboardingSessionRecord,
    status: OnboardingStatus,
    now: MonotonicTimeNs,
) -> OnboardingSessionRecord {
    OnboardingSessionRecord { status, updated_at: now, ..session }
}

/// The event of a step, in the chain of the session's tenant, else of the call's, about the person of the session. Its payload
/// has the session, its status after the step, and `more`.
///
/// # Errors
/// The contract does not fix the event.
pub(crate) fn event<C: Capability, const N: usize>(
    call: &Admitted<C>,
    session: &OnboardingSessionRecord,
    people: &People,
    more: [(&'static str, Option<&str>); N],
) -> Result<EventDraft, StorageError> {
    let always = [
        ("onboarding_session_id", Some(session.onboarding_session_id.as_str())),
        ("status", Some(session.status.as_str())),
    ];
    let event = EventDraft::fixed(call)?
        .tenant(session.tenant_id.as_ref())
        .user(people.person.as_ref())
        .details(always.into_iter().chain(more));
    Ok(event)
}
