//! What the enrollments of PH1.W and PH1.VOICE.ID share: the facts that a change needs, its checks of onboarding, status and
//! time, the reading of the table of moves, a deferral, a sample, and the event.
//!
//! The two engines are alike because their pages are: sections 4 and 5 of `specs/db_wiring/PH1_W.md` and
//! `specs/db_wiring/PH1_VOICE_ID.md` state the same steps, each with its own names, codes and limits. What lives here: the
//! steps that both pages state. What must not: an engine's own table of moves, keys and checks, which are in `ph1_w` and
//! `ph1_voice_id`.

pub(crate) mod moves;

use selene_contracts::row::Selection;
use selene_contracts::shared::{DeviceId, MonotonicTimeNs, OnboardingSessionId, TenantId, UserId};
use selene_contracts::{Admitted, Capability, ReasonCode, StorageError};

use self::moves::{Line, On, To, When, first};
use super::onboarding::OnboardingStanding;
use super::standing::DeviceStanding;
use super::{Decision, EventDraft, WriteRule, refuse};
use crate::change::Update;

/// The session row of an enrollment, of a wake word or of a voice. Its key is one column.
pub(crate) trait Enrollment: Selection + Clone {
    /// The status enum of its page.
    type Status: Copy + PartialEq + 'static;
    /// The reason codes of its engine.
    type Code: Copy + Into<ReasonCode> + 'static;
    /// The result of every call in every status. The first line whose condition holds decides.
    const MOVES: &'static [Line<Self::Status, Self::Code>];
    /// The field of its status.
    const STATUS: &'static str;
    /// The payload key of the reason code of a sample or a deferral.
    const REASON: &'static str;
    /// The code of a time before one that it must follow.
    const TIME_INVALID: Self::Code;
    /// The code of a call in an onboarding whose terms were declined.
    const ONBOARDING_DECLINED: Self::Code;
    /// The code of a counter whose type has no greater number.
    const COUNTER_EXHAUSTED: Self::Code;

    /// How far it is: `IN_PROGRESS`, `PENDING`, or an end that its engine knows.
    fn status(&self) -> Self::Status;

    /// The reason of its status.
    fn reason(&self) -> Option<Self::Code>;

    /// When it started, and when it last changed.
    fn times(&self) -> (MonotonicTimeNs, MonotonicTimeNs);

    /// The time from its start after which a sample is late, in milliseconds.
    fn limit_ms(&self) -> u32;

    /// The device that it is for.
    fn device_id(&self) -> &DeviceId;

    /// The onboarding session that it belongs to, where it belongs to one.
    fn onboarding_session_id(&self) -> Option<&OnboardingSessionId>;

    /// The entries that the payload of each of its events has.
    fn payload(&self) -> [(&'static str, &str); 4];

    /// The same with another status, another reason and another time of its last change.
    fn moved(self, status: Self::Status, reason: Option<Self::Code>, now: MonotonicTimeNs) -> Self;

    /// Refuses a call that the table refuses in this status whatever the conditions are.
    fn check_status<C: Capability>(&self, on: On) -> Result<(), StorageError> {
        let line = Self::MOVES.iter().find(|line| line.on == on && line.from.contains(&self.status()));
        match line {
            Some(Line { when: When::Always, to: To::Refuse(code, rule), .. }) => {
                Err(refuse::rule_as::<C>(*code, Self::STATUS, rule))
            }
            _ => Ok(()),
        }
    }

    /// Refuses a time before the last change of the enrollment.
    fn check_time<C: Capability>(&self, now: MonotonicTimeNs) -> Result<(), StorageError> {
        let (created_at, updated_at) = self.times();
        if now < created_at.max(updated_at) {
            return Err(time_invalid::<C, Self>("lies before the last change of the enrollment"));
        }
        Ok(())
    }

    /// The enrollment after a call, by the table of its moves. `given` is the reason of the call; `holds` says of each
    /// condition that can hold here whether it does.
    ///
    /// # Errors
    /// The refusal of the status; then that of a time before the last change.
    fn after<C: Capability>(
        &self,
        on: On,
        given: Option<Self::Code>,
        holds: &[(When, bool)],
        now: MonotonicTimeNs,
    ) -> Result<Self, StorageError> {
        let line = first(Self::MOVES, on, &self.status(), holds)
            .ok_or_else(|| refuse::rule::<C>(Self::STATUS, "has no move"))?;
        let (status, reason) = match line.to {
            To::Become(status, reason) => (status, reason.of(given, self.reason())),
            To::Stay => (self.status(), self.reason()),
            To::Refuse(code, rule) => return Err(refuse::rule_as::<C>(code, Self::STATUS, rule)),
        };
        self.check_time::<C>(now)?;
        Ok(self.clone().moved(status, reason, now))
    }

    /// Checks what a sample is refused for before it is counted: the status, then the time.
    fn check_sample<C: Capability>(&self, now: MonotonicTimeNs) -> Result<(), StorageError> {
        self.check_status::<C>(On::Sample)?;
        self.check_time::<C>(now)
    }

    /// The enrollment after a sample, by the table of its moves; the counters themselves are the caller's to set.
    ///
    /// # Errors
    /// Those of [`after`](Self::after).
    fn after_sample<C: Capability>(
        &self,
        given: Option<Self::Code>,
        counted: Counted,
        now: MonotonicTimeNs,
    ) -> Result<Self, StorageError> {
        let holds = [
            (When::Reached, counted.is_reached),
            (When::Late, is_late(self.times().0, now, self.limit_ms())),
            (When::UsedUp, counted.is_used_up),
            (When::Taken, counted.is_taken),
        ];
        self.after::<C>(On::Sample, given, &holds, now)
    }
}

/// What holds of an enrollment once a sample is counted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Counted {
    /// The passes reach the number that the enrollment requires.
    pub(crate) is_reached: bool,
    /// The attempts have reached their maximum.
    pub(crate) is_used_up: bool,
    /// Another enrollment of the same user and device is in progress.
    pub(crate) is_taken: bool,
}

/// The next number of a counter.
///
/// # Errors
/// There is none: the addition overflowed the type of the counter.
pub(crate) fn counter<C: Capability, E: Enrollment, N>(
    next: Option<N>,
    field: &'static str,
) -> Result<N, StorageError> {
    next.ok_or_else(|| refuse::rule_as::<C>(E::COUNTER_EXHAUSTED, field, "has reached its end"))
}

/// The refusal of a time before one that it must follow.
pub(crate) fn time_invalid<C: Capability, E: Enrollment>(rule: &'static str) -> StorageError {
    refuse::rule_as::<C>(E::TIME_INVALID, "now", rule)
}

/// Whether a limit has passed since the start; exactly at the limit it has. Times are nanoseconds, the limit milliseconds.
fn is_late(created_at: MonotonicTimeNs, now: MonotonicTimeNs, limit_ms: u32) -> bool {
    now.get().saturating_sub(created_at.get()) >= u64::from(limit_ms) * 1_000_000
}

/// Checks the start of an enrollment against its onboarding session, in this order: the device belongs to the person of the
/// session, where that person is known; the terms were not declined; the session did not begin later than now.
pub(crate) fn check_start<C: Capability, E: Enrollment>(
    onboarding: &OnboardingStanding,
    device: &DeviceStanding,
    now: MonotonicTimeNs,
) -> Result<(), StorageError> {
    onboarding.check_owner::<C>(device)?;
    onboarding.check_terms::<C>(E::ONBOARDING_DECLINED)?;
    if now < onboarding.began_at {
        return Err(time_invalid::<C, E>("lies before the start of the onboarding session"));
    }
    Ok(())
}

/// The rows that a change of an enrollment reads.
#[derive(Debug, Clone)]
pub struct EnrollmentFacts<E> {
    /// The enrollment that the call names.
    pub(crate) session: Option<E>,
    /// The device of the enrollment.
    pub(crate) device: Option<DeviceStanding>,
    /// The onboarding session of the enrollment, where it has one.
    pub(crate) onboarding: Option<OnboardingStanding>,
}

/// The facts where the enrollment does not exist.
impl<E> Default for EnrollmentFacts<E> {
    fn default() -> Self {
        Self { session: None, device: None, onboarding: None }
    }
}

impl<E> EnrollmentFacts<E> {
    /// The enrollment, and the tenant and user of its events.
    ///
    /// # Errors
    /// The enrollment does not exist; then: the terms of its onboarding were declined, so nothing later may commit.
    pub(crate) fn found<C: Capability>(self) -> Result<(E, Subject), StorageError>
    where
        E: Enrollment,
    {
        let found = self.session.zip(self.device);
        let (session, device) = found.ok_or_else(|| refuse::not_found::<C, E>(E::KEY[0]))?;
        if let Some(onboarding) = &self.onboarding {
            onboarding.check_terms::<C>(E::ONBOARDING_DECLINED)?;
        }
        Ok((session, Subject::of(self.onboarding.as_ref(), &device)))
    }
}

/// The tenant and the user that the events of an enrollment name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Subject {
    /// The onboarding session's tenant, else the device's, else the home of its owner.
    pub(crate) tenant_id: Option<TenantId>,
    /// The owner of the device. PH1.W starts an enrollment for the owner only, so there it is also the user of the enrollment.
    pub(crate) user_id: UserId,
}

impl Subject {
    /// The subject of an enrollment on a device, in an onboarding session where it has one.
    pub(crate) fn of(onboarding: Option<&OnboardingStanding>, device: &DeviceStanding) -> Self {
        let tenant_id = onboarding.and_then(|onboarding| onboarding.tenant_id.as_ref());
        Self { tenant_id: tenant_id.or(device.event_tenant()).cloned(), user_id: device.owner.clone() }
    }
}

/// Decides a deferral. `deferred` sets what the engine keeps of the call beside status, reason and time.
///
/// Checks in this order: the enrollment exists; its onboarding was not declined; its status allows it; time does not go back.
///
/// # Errors
/// The first check that fails.
pub(crate) fn decide_deferral<C, E>(
    call: &Admitted<C>,
    facts: EnrollmentFacts<E>,
    reason: E::Code,
    deferred: impl FnOnce(E) -> E,
) -> Result<Decision<C>, StorageError>
where
    C: WriteRule<Change = Update<E>, Output = E>,
    E: Enrollment,
{
    let (before, subject) = facts.found::<C>()?;
    let record = deferred(before.after::<C>(On::Defer, Some(reason), &[], call.context().now)?);
    let reason: ReasonCode = reason.into();
    let event = event(call, &record, &subject, [(E::REASON, Some(reason.as_str()))])?;
    Ok(Decision { change: Update(record.clone()), event, output: record })
}

/// The event of a change: the payload entries of every event of the enrollment, and `more`.
///
/// # Errors
/// The contract does not fix the event.
pub(crate) fn event<C: Capability, E: Enrollment, const N: usize>(
    call: &Admitted<C>,
    session: &E,
    subject: &Subject,
    more: [(&'static str, Option<&str>); N],
) -> Result<EventDraft, StorageError> {
    let always = session.payload().map(|(key, value)| (key, Some(value)));
    let event = EventDraft::fixed(call)?
        .user(Some(&subject.user_id))
        .device(Some(session.device_id()))
        .tenant(subject.tenant_id.as_ref())
        .details(always.into_iter().chain(more));
    Ok(event)
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(time: u64) -> MonotonicTimeNs {
        MonotonicTimeNs::new(time)
    }

    #[test]
    fn the_limit_itself_is_late() {
        let late = |now| is_late(at(5), at(now), 60_000);
        assert!(!late(5));
        assert!(!late(5 + 60_000_000_000 - 1));
        assert!(late(5 + 60_000_000_000));
        assert!(late(u64::MAX));
        assert!(!late(4), "before the start it is not late, and nothing wraps");
        assert!(is_late(at(0), at(u64::MAX), u32::MAX));
    }
}
