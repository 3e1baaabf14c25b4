//! Wake enrollments: started once for a user on a device, completed with a profile, or deferred.

use selene_contracts::ph1_w::{
    Ph1WReasonCode, Ph1wEnrollCompleteCommitRow, Ph1wEnrollDeferReminderCommitRow, Ph1wEnrollStartDraftRow,
    WakeEnrollStatus, WakeEnrollmentSessionId, WakeEnrollmentSessionRecord, WakeProfileId,
};
use selene_contracts::shared::{AuditEventId, MonotonicTimeNs, TenantId};
use selene_contracts::{Admitted, Capability, Problem, StorageError};

use crate::encode::{Encoder, short_id};
use crate::engines::onboarding::OnboardingStanding;
use crate::engines::standing::DeviceStanding;
use crate::engines::{Decision, EventDraft, WriteRule, refuse};

/// What the start of an enrollment needs to know.
#[derive(Debug, Clone)]
pub struct StartFacts {
    pub(crate) has_identity: bool,
    pub(crate) device: Option<DeviceStanding>,
    /// The onboarding session that the call names.
    pub(crate) onboarding: Option<OnboardingStanding>,
    /// The user enrolls on the device already.
    pub(crate) is_taken: bool,
}

/// What a change of an enrollment needs to know.
#[derive(Debug, Clone)]
pub struct EnrollmentFacts {
    pub(crate) session: Option<WakeEnrollmentSessionRecord>,
    /// The tenant of the enrollment: its onboarding session's, else its device's.
    pub(crate) tenant_id: Option<TenantId>,
}

impl EnrollmentFacts {
    /// The enrollment, or the refusal of a call that names none.
    pub(super) fn found<C: Capability>(self) -> Result<WakeEnrollmentSessionRecord, StorageError> {
        self.session
            .ok_or_else(|| refuse::not_found::<C>("wake_enrollment_session_id", "wake_enrollment_sessions"))
    }
}

impl WriteRule for Ph1wEnrollStartDraftRow {
    type Facts = StartFacts;
    type Change = WakeEnrollmentSessionRecord;

    /// Checks in this order: the identity, the device and the onboarding session, when given, exist; the device
    /// belongs to the user; the onboarding session is of the device's tenant; nothing is in progress for user and
    /// device.
    fn decide(
        call: &Admitted<Self>,
        facts: StartFacts,
        _event_id: &AuditEventId,
    ) -> Result<Decision<Self>, StorageError> {
        let input = call.input();
        if !facts.has_identity {
            return Err(refuse::foreign_key::<Self>("user_id", "identities"));
        }
        let device = facts.device.ok_or_else(|| refuse::foreign_key::<Self>("device_id", "devices"))?;
        if input.onboarding_session_id.is_some() && facts.onboarding.is_none() {
            return Err(refuse::foreign_key::<Self>("onboarding_session_id", "onboarding_sessions"));
        }
        if device.owner != input.user_id {
            let code = Ph1WReasonCode::WEnrollDeviceOwnershipMismatch.into();
            return Err(refuse::scope_as(code, "device_id", "must belong to the user"));
        }
        if let Some(onboarding) = &facts.onboarding {
            onboarding.check_tenant::<Self>(&device)?;
        }
        if facts.is_taken {
            let code = Ph1WReasonCode::WEnrollAlreadyInProgress.into();
            let problem = Problem::Rule("has an enrollment in progress for the user");
            return Err(refuse::contract_as::<Self>(code, "device_id", problem));
        }
        let now = call.context().now;
        let record = WakeEnrollmentSessionRecord {
            wake_enrollment_session_id: session_key(input),
            user_id: input.user_id.clone(),
            device_id: input.device_id.clone(),
            onboarding_session_id: input.onboarding_session_id.clone(),
            wake_profile_id: None,
            wake_enroll_status: WakeEnrollStatus::InProgress,
            pass_target: input.pass_target,
            pass_count: 0,
            attempt_count: 0,
            max_attempts: input.max_attempts,
            enrollment_timeout_ms: input.enrollment_timeout_ms,
            reason_code: None,
            created_at: now,
            updated_at: now,
            completed_at: None,
            deferred_until: None,
        };
        let tenant_id = OnboardingStanding::tenant_with(facts.onboarding.as_ref(), &device);
        let event = event(call, &record, tenant_id, [])?;
        Ok(Decision { change: record.clone(), event, output: record })
    }
}

/// The key of an enrollment follows from the dedupe key of its start.
fn session_key(input: &Ph1wEnrollStartDraftRow) -> WakeEnrollmentSessionId {
    let mut bytes = Encoder::new("selene.wake_enrollment_session.v1");
    bytes.text(input.user_id.as_str());
    bytes.text(input.device_id.as_str());
    bytes.text(input.idempotency_key.as_str());
    WakeEnrollmentSessionId::new(short_id("wes_", &bytes.finish()))
}

/// What a completion needs to know.
#[derive(Debug, Clone)]
pub struct CompleteFacts {
    pub(crate) enrollment: EnrollmentFacts,
    /// Since when the profile is bound that the user has on the device now.
    pub(crate) active_since: Option<MonotonicTimeNs>,
}

/// A profile to bind, and the enrollment that binds it.
#[derive(Debug, Clone)]
pub struct CompleteChange {
    pub(crate) session: WakeEnrollmentSessionRecord,
    pub(crate) wake_profile_id: WakeProfileId,
    pub(crate) bound_at: MonotonicTimeNs,
}

impl WriteRule for Ph1wEnrollCompleteCommitRow {
    type Facts = CompleteFacts;
    /// Nothing where the enrollment bound the profile before.
    type Change = Option<CompleteChange>;

    /// Checks in this order: the enrollment exists; it has reached its target; time does not go back; it has
    /// bound no other profile; where it binds one, the binding that it replaces began before.
    fn decide(
        call: &Admitted<Self>,
        facts: CompleteFacts,
        _event_id: &AuditEventId,
    ) -> Result<Decision<Self>, StorageError> {
        let input = call.input();
        let now = call.context().now;
        let CompleteFacts { enrollment, active_since } = facts;
        let tenant_id = enrollment.tenant_id.clone();
        let before = enrollment.found::<Self>()?;
        if before.wake_enroll_status != WakeEnrollStatus::Complete || before.pass_count < before.pass_target {
            let code = Ph1WReasonCode::WEnrollPassTargetNotMet.into();
            let problem = Problem::Rule("has not reached its target");
            return Err(refuse::contract_as::<Self>(code, "pass_count", problem));
        }
        check_time::<Self>(&before, now)?;
        let is_bound = match &before.wake_profile_id {
            Some(bound) if *bound != input.wake_profile_id => {
                let code = Ph1WReasonCode::WEnrollProfileConflict.into();
                let problem = Problem::Rule("is not the profile that the enrollment has bound");
                return Err(refuse::contract_as::<Self>(code, "wake_profile_id", problem));
            }
            bound => bound.is_some(),
        };
        if !is_bound && active_since.is_some_and(|since| now < since) {
            let code = Ph1WReasonCode::WEnrollTimeInvalid.into();
            let problem = Problem::Rule("lies before the binding that would be replaced");
            return Err(refuse::contract_as::<Self>(code, "now", problem));
        }
        let record = if is_bound {
            before
        } else {
            let wake_profile_id = Some(input.wake_profile_id.clone());
            WakeEnrollmentSessionRecord { wake_profile_id, updated_at: now, ..before }
        };
        let profile = ("wake_profile_id", Some(input.wake_profile_id.as_str()));
        let event = event(call, &record, tenant_id.as_ref(), [profile])?;
        let change = (!is_bound).then(|| CompleteChange {
            session: record.clone(),
            wake_profile_id: input.wake_profile_id.clone(),
            bound_at: now,
        });
        Ok(Decision { change, event, output: record })
    }
}

impl WriteRule for Ph1wEnrollDeferReminderCommitRow {
    type Facts = EnrollmentFacts;
    type Change = WakeEnrollmentSessionRecord;

    /// Checks in this order: the enrollment exists; it has not ended; time does not go back.
    fn decide(
        call: &Admitted<Self>,
        facts: EnrollmentFacts,
        _event_id: &AuditEventId,
    ) -> Result<Decision<Self>, StorageError> {
        let input = call.input();
        let now = call.context().now;
        let tenant_id = facts.tenant_id.clone();
        let before = facts.found::<Self>()?;
        match before.wake_enroll_status {
            WakeEnrollStatus::InProgress | WakeEnrollStatus::Pending => {}
            WakeEnrollStatus::Complete | WakeEnrollStatus::Declined => {
                let code = Ph1WReasonCode::WEnrollDeferSessionClosed.into();
                let problem = Problem::Rule("has ended");
                return Err(refuse::contract_as::<Self>(code, "wake_enroll_status", problem));
            }
        }
        check_time::<Self>(&before, now)?;
        let record = WakeEnrollmentSessionRecord {
            wake_enroll_status: WakeEnrollStatus::Pending,
            reason_code: Some(input.reason_code),
            deferred_until: input.deferred_until,
            updated_at: now,
            ..before
        };
        let reason = ("gate_reason_code", Some(input.reason_code.as_str()));
        let event = event(call, &record, tenant_id.as_ref(), [reason])?;
        Ok(Decision { change: record.clone(), event, output: record })
    }
}

/// Time never goes back within an enrollment.
fn check_time<C: Capability>(
    before: &WakeEnrollmentSessionRecord,
    now: MonotonicTimeNs,
) -> Result<(), StorageError> {
    if now < before.updated_at { Err(time_goes_back::<C>()) } else { Ok(()) }
}

/// The refusal of a time before the enrollment's last change.
pub(super) fn time_goes_back<C: Capability>() -> StorageError {
    let code = Ph1WReasonCode::WEnrollTimeInvalid.into();
    refuse::contract_as::<C>(code, "now", Problem::Rule("lies before the last change of the enrollment"))
}

/// The event of a change: what all of them say, and what only this one says.
pub(super) fn event<C: Capability, const N: usize>(
    call: &Admitted<C>,
    session: &WakeEnrollmentSessionRecord,
    tenant_id: Option<&TenantId>,
    more: [(&'static str, Option<&str>); N],
) -> Result<EventDraft, StorageError> {
    let always = [
        ("wake_enrollment_session_id", Some(session.wake_enrollment_session_id.as_str())),
        ("user_id", Some(session.user_id.as_str())),
        ("device_id", Some(session.device_id.as_str())),
        ("wake_enroll_status", Some(session.wake_enroll_status.as_str())),
    ];
    let event = EventDraft::fixed(call)?
        .user(Some(&session.user_id))
        .device(Some(&session.device_id))
        .tenant(tenant_id)
        .details(always.into_iter().chain(more));
    event.check::<C>()?;
    Ok(event)
}
