//! What every step of an onboarding asks first, and what it leaves.

use selene_contracts::ph1_onb::{OnboardingSessionRecord, OnboardingStatus};
use selene_contracts::shared::{MonotonicTimeNs, OnboardingSessionId, TenantId, TokenId, UserId};
use selene_contracts::{Admitted, Capability, StorageError};

use super::gates::{self, Need};
use crate::encode::{Encoder, short_id};
use crate::rules::{EventDraft, refuse};

/// Who is part of a session, as far as it is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct People {
    /// Whom it is about: the person of its access, else the owner of the device that was proven.
    pub(crate) person: Option<UserId>,
    /// Who invited them.
    pub(crate) inviter: Option<UserId>,
}

impl People {
    /// Who invited, as it stands in a payload.
    pub(crate) fn inviter(&self) -> Option<&str> {
        self.inviter.as_ref().map(UserId::as_str)
    }
}

/// What a step needs to know that looks at nothing but its session.
#[derive(Debug, Clone, Default)]
pub struct StepFacts {
    pub(crate) session: Option<OnboardingSessionRecord>,
    pub(crate) people: People,
}

/// The id of the one session of a token.
pub(crate) fn id_of(token_id: &TokenId) -> OnboardingSessionId {
    let mut bytes = Encoder::new("selene.onboarding_session.v1");
    bytes.text(token_id.as_str());
    OnboardingSessionId::new(short_id("ons_", &bytes.finish()))
}

/// The session that a call names. One of another tenant than the call names is told exactly as one that does
/// not exist.
///
/// # Errors
/// There is no such session for this caller.
pub(crate) fn visible<C: Capability>(
    session: Option<OnboardingSessionRecord>,
    tenant_id: Option<&TenantId>,
) -> Result<OnboardingSessionRecord, StorageError> {
    session
        .filter(|session| agree(session.tenant_id.as_ref(), tenant_id))
        .ok_or_else(|| refuse::not_found::<C>("onboarding_session_id", "onboarding_sessions"))
}

/// Two tenants agree where both are known.
pub(crate) fn agree(one: Option<&TenantId>, other: Option<&TenantId>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => one == other,
        _ => true,
    }
}

/// The session that a step works on: visible, not changed later than now, and with the needs of the step met,
/// asked in this order.
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

/// The session after a step; its pins are what they were.
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
