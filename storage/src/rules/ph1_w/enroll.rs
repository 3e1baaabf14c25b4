//! Wake enrollments: started once for a user on a device, completed with a profile, or deferred.

use selene_contracts::ph1_f::{DeviceRecord, IdentityRecord};
use selene_contracts::ph1_w::{
    Ph1WReasonCode, Ph1wEnrollCompleteCommitRow, Ph1wEnrollDeferReminderCommitRow, Ph1wEnrollStartDraftRow,
    WakeEnrollmentSessionId, WakeEnrollmentSessionRecord, WakeProfileBindingsRow,
};
use selene_contracts::{Admitted, StorageError};

use super::moves::START;
use crate::change::{Insert, Update};
use crate::encode::{Encoder, short_id};
use crate::rules::enrollment::moves::{On, When};
use crate::rules::enrollment::{
    Enrollment as _, EnrollmentFacts, Subject, check_start, decide_deferral, event, time_invalid,
};
use crate::rules::onboarding::OnboardingStanding;
use crate::rules::person::Person;
use crate::rules::standing::DeviceStanding;
use crate::rules::{Decision, WriteRule, refuse};

/// The rows that the start of an enrollment depends on.
#[derive(Debug, Clone)]
pub struct StartFacts {
    /// The user that the call names.
    pub(crate) user: Option<Person>,
    pub(crate) device: Option<DeviceStanding>,
    /// The onboarding session that the call names.
    pub(crate) onboarding: Option<OnboardingStanding>,
    /// An enrollment of the user on the device is in progress.
    pub(crate) is_taken: bool,
}

impl WriteRule for Ph1wEnrollStartDraftRow {
    type Facts = StartFacts;
    type Change = Insert<WakeEnrollmentSessionRecord>;

    /// Checks in this order: the identity and the device exist, and the device is not another tenant's than the home of the user; the
    /// device belongs to the user; the onboarding session, when given, exists and is of the tenant of both; it is of that person, was
    /// not declined and began before; nothing is in progress for user and device.
    fn decide(call: &Admitted<Self>, facts: StartFacts) -> Result<Decision<Self>, StorageError> {
        let input = call.input();
        let now = call.context().now;
        let (device, onboarding) = in_scope(input, facts.user.as_ref(), facts.device, facts.onboarding)?;
        if let Some(onboarding) = &onboarding {
            check_start::<Self, WakeEnrollmentSessionRecord>(onboarding, &device, now)?;
        }
        if facts.is_taken {
            let code = Ph1WReasonCode::WEnrollAlreadyInProgress;
            let rule = "has an enrollment in progress for the user";
            return Err(refuse::rule_as::<Self>(code, "device_id", rule));
        }
        let record = WakeEnrollmentSessionRecord {
            wake_enrollment_session_id: session_key(input),
            user_id: input.user_id.clone(),
            device_id: input.device_id.clone(),
            onboarding_session_id: input.onboarding_session_id.clone(),
            wake_profile_id: None,
            wake_enroll_status: START,
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
        let event = event(call, &record, &Subject::of(onboarding.as_ref(), &device), [])?;
        Ok(Decision { change: Insert(record.clone()), event, output: record })
    }
}

/// The device and the onboarding session of a start, after the checks that they and the user exist and fit together.
fn in_scope(
    input: &Ph1wEnrollStartDraftRow,
    user: Option<&Person>,
    device: Option<DeviceStanding>,
    onboarding: Option<OnboardingStanding>,
) -> Result<(DeviceStanding, Option<OnboardingStanding>), StorageError> {
    let missing = Ph1WReasonCode::WEnrollUserMissing;
    let person = user.ok_or_else(|| refuse::foreign_key_as::<IdentityRecord>(missing, "user_id"))?;
    let missing = Ph1WReasonCode::WEnrollDeviceMissing;
    let device = device
        .filter(|device| device.owner == input.user_id || person.fits(device.event_tenant()))
        .ok_or_else(|| refuse::foreign_key_as::<DeviceRecord>(missing, "device_id"))?;
    if device.owner != input.user_id {
        let code = Ph1WReasonCode::WEnrollDeviceOwnershipMismatch;
        return Err(refuse::scope_as(code, "device_id", "must belong to the user"));
    }
    let onboarding = match &input.onboarding_session_id {
        Some(_) => Some(OnboardingStanding::found::<Ph1wEnrollStartDraftRow>(onboarding, &device, user)?),
        None => None,
    };
    Ok((device, onboarding))
}

/// The key of an enrollment: `wes_` and a hash of the dedupe key of its start.
fn session_key(input: &Ph1wEnrollStartDraftRow) -> WakeEnrollmentSessionId {
    let mut bytes = Encoder::new("selene.wake_enrollment_session.v1");
    bytes.text(input.user_id.as_str());
    bytes.text(input.device_id.as_str());
    bytes.text(input.idempotency_key.as_str());
    WakeEnrollmentSessionId::new(short_id("wes_", &bytes.finish()))
}

/// The rows that a completion reads.
#[derive(Debug, Clone)]
pub struct CompleteFacts {
    pub(crate) enrollment: EnrollmentFacts<WakeEnrollmentSessionRecord>,
    /// The active binding of the user on the device; there is one at most.
    pub(crate) active: Option<WakeProfileBindingsRow>,
}

/// An enrollment that binds a profile, the binding before as it ends, and the new one.
pub type CompleteChange = (
    Update<WakeEnrollmentSessionRecord>,
    Option<Update<WakeProfileBindingsRow>>,
    Insert<WakeProfileBindingsRow>,
);

impl WriteRule for Ph1wEnrollCompleteCommitRow {
    type Facts = CompleteFacts;
    /// None where the enrollment bound the profile before.
    type Change = Option<CompleteChange>;

    /// Checks in this order: the enrollment exists; its onboarding was not declined; it has reached its target; time does
    /// not go back; it has bound no other profile; where it binds one, the binding that it replaces began before.
    fn decide(call: &Admitted<Self>, facts: CompleteFacts) -> Result<Decision<Self>, StorageError> {
        let input = call.input();
        let now = call.context().now;
        let CompleteFacts { enrollment, active } = facts;
        let (before, subject) = enrollment.found::<Self>()?;
        let reached = [(When::Reached, before.pass_count >= before.pass_target)];
        let after = before.after::<Self>(On::Complete, None, &reached, now)?;
        let is_bound = match &before.wake_profile_id {
            Some(bound) if *bound != input.wake_profile_id => {
                let code = Ph1WReasonCode::WEnrollProfileConflict;
                let rule = "is not the profile that the enrollment has bound";
                return Err(refuse::rule_as::<Self>(code, "wake_profile_id", rule));
            }
            bound => bound.is_some(),
        };
        if !is_bound && active.as_ref().is_some_and(|active| now < active.bound_at) {
            let rule = "lies before the binding that would be replaced";
            return Err(time_invalid::<Self, WakeEnrollmentSessionRecord>(rule));
        }
        let record = if is_bound {
            before
        } else {
            let wake_profile_id = Some(input.wake_profile_id.clone());
            WakeEnrollmentSessionRecord { wake_profile_id, ..after }
        };
        let profile = ("wake_profile_id", Some(input.wake_profile_id.as_str()));
        let event = event(call, &record, &subject, [profile])?;
        let change = (!is_bound).then(|| {
            let ended =
                |active| Update(WakeProfileBindingsRow { active: false, unbound_at: Some(now), ..active });
            let binding = WakeProfileBindingsRow {
                user_id: record.user_id.clone(),
                device_id: record.device_id.clone(),
                wake_enrollment_session_id: record.wake_enrollment_session_id.clone(),
                wake_profile_id: input.wake_profile_id.clone(),
                active: true,
                bound_at: now,
                unbound_at: None,
            };
            (Update(record.clone()), active.map(ended), Insert(binding))
        });
        Ok(Decision { change, event, output: record })
    }
}

impl WriteRule for Ph1wEnrollDeferReminderCommitRow {
    type Facts = EnrollmentFacts<WakeEnrollmentSessionRecord>;
    type Change = Update<WakeEnrollmentSessionRecord>;

    /// Checks in the order of [`decide_deferral`]; the time to remind is kept, where the call gives one.
    fn decide(call: &Admitted<Self>, facts: Self::Facts) -> Result<Decision<Self>, StorageError> {
        let input = call.input();
        decide_deferral(call, facts, input.reason_code, |after| WakeEnrollmentSessionRecord {
            deferred_until: input.deferred_until,
            ..after
        })
    }
}
