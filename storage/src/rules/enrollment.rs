//! What the enrollments of wake words and voices share: a table of moves with the way to read it, who an enrollment is
//! about, and what time and its onboarding session demand of it.

use selene_contracts::shared::{MonotonicTimeNs, TenantId, UserId};
use selene_contracts::{Capability, Problem, ReasonCode, StorageError};

use super::onboarding::OnboardingStanding;
use super::refuse;
use super::standing::DeviceStanding;

/// A call that finds an enrollment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum On {
    /// A sample is committed.
    Sample,
    /// A profile is bound.
    Complete,
    /// The person is reminded later.
    Defer,
}

/// The condition of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum When {
    /// Whatever holds.
    Always,
    /// The passes reach what the enrollment asked for.
    Reached,
    /// The time since the start has reached the limit.
    Late,
    /// The attempts are used up.
    UsedUp,
    /// Another enrollment of the same user and device is in progress.
    Taken,
}

/// The reason that an enrollment has after a move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reason<R> {
    /// None.
    Cleared,
    /// The one before.
    Before,
    /// The call's, or none.
    Given,
    /// The call's, or this one.
    GivenOr(R),
}

impl<R> Reason<R> {
    /// The reason itself.
    fn of(self, given: Option<R>, before: Option<R>) -> Option<R> {
        match self {
            Self::Cleared => None,
            Self::Before => before,
            Self::Given => given,
            Self::GivenOr(code) => given.or(Some(code)),
        }
    }
}

/// Where a line leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum To<S, R> {
    /// The enrollment gets this status, for this reason.
    Become(S, Reason<R>),
    /// Status and reason stay.
    Stay,
    /// The call is refused: the code, and what is wrong with the status.
    Refuse(R, &'static str),
}

/// One line of a table of moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Line<S: 'static, R> {
    on: On,
    from: &'static [S],
    when: When,
    to: To<S, R>,
}

impl<S, R> Line<S, R> {
    /// A line: the call, the statuses that it may find, the condition, and where that leads.
    pub(crate) const fn new(on: On, from: &'static [S], when: When, to: To<S, R>) -> Self {
        Self { on, from, when, to }
    }
}

/// The first line of a call and a status whose condition is among those that hold.
fn first<'a, S: PartialEq, R>(
    lines: &'a [Line<S, R>],
    on: On,
    from: &S,
    holds: &[(When, bool)],
) -> Option<&'a Line<S, R>> {
    let is_met = |when| when == When::Always || holds.contains(&(when, true));
    lines.iter().find(|line| line.on == on && line.from.contains(from) && is_met(line.when))
}

/// An enrollment, of a wake word or of a voice.
pub(crate) trait Enrollment: Clone {
    /// Where it stands.
    type Status: Copy + PartialEq + 'static;
    /// The codes of its engine.
    type Code: Copy + Into<ReasonCode> + 'static;
    /// Where every call leads from every status. The first line whose condition holds decides.
    const MOVES: &'static [Line<Self::Status, Self::Code>];
    /// The table of its rows.
    const TABLE: &'static str;
    /// The field of its key.
    const KEY: &'static str;
    /// The field of its status.
    const STATUS: &'static str;
    /// The code of a time that lies before what it must follow.
    const TIME_INVALID: Self::Code;
    /// The code of a call in an onboarding whose terms were declined.
    const ONBOARDING_DECLINED: Self::Code;

    /// Where it stands.
    fn status(&self) -> Self::Status;

    /// Why it stands there.
    fn reason(&self) -> Option<Self::Code>;

    /// When it started, and when it last changed.
    fn times(&self) -> (MonotonicTimeNs, MonotonicTimeNs);

    /// The same with another status, another reason and another time of its last change.
    fn moved(self, status: Self::Status, reason: Option<Self::Code>, now: MonotonicTimeNs) -> Self;

    /// Refuses a call that no condition would allow in this status.
    fn check_status<C: Capability>(&self, on: On) -> Result<(), StorageError> {
        let line = Self::MOVES.iter().find(|line| line.on == on && line.from.contains(&self.status()));
        match line {
            Some(Line { when: When::Always, to: To::Refuse(code, rule), .. }) => {
                Err(refuse::contract_as::<C>((*code).into(), Self::STATUS, Problem::Rule(rule)))
            }
            _ => Ok(()),
        }
    }

    /// Time never goes back within an enrollment.
    fn check_time<C: Capability>(&self, now: MonotonicTimeNs) -> Result<(), StorageError> {
        let (created_at, updated_at) = self.times();
        if now < created_at.max(updated_at) {
            return Err(time_invalid::<C, Self>("lies before the last change of the enrollment"));
        }
        Ok(())
    }

    /// The enrollment after a call, by the table of its moves. `given` is the reason that the call brings; `holds` says
    /// of each condition that can hold here whether it does.
    ///
    /// # Errors
    /// The refusal of the status; then that of a time that goes back.
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
            To::Refuse(code, rule) => {
                return Err(refuse::contract_as::<C>(code.into(), Self::STATUS, Problem::Rule(rule)));
            }
        };
        self.check_time::<C>(now)?;
        Ok(self.clone().moved(status, reason, now))
    }
}

/// The refusal of a time that lies before what it must follow.
pub(crate) fn time_invalid<C: Capability, E: Enrollment>(rule: &'static str) -> StorageError {
    refuse::contract_as::<C>(E::TIME_INVALID.into(), "now", Problem::Rule(rule))
}

/// Whether a limit has passed since the start; exactly at the limit it has.
pub(crate) fn is_late(created_at: MonotonicTimeNs, now: MonotonicTimeNs, limit_ms: u32) -> bool {
    now.get().saturating_sub(created_at.get()) >= u64::from(limit_ms) * 1_000_000
}

/// Holds the start of an enrollment against its onboarding session: the device is of the session's person, where that is
/// known; the terms were not declined; the session began before.
pub(crate) fn check_start<C: Capability, E: Enrollment>(
    onboarding: &OnboardingStanding,
    device: &DeviceStanding,
    now: MonotonicTimeNs,
) -> Result<(), StorageError> {
    onboarding.check_owner::<C>(device)?;
    onboarding.check_terms::<C>(E::ONBOARDING_DECLINED.into())?;
    if now < onboarding.began_at {
        return Err(time_invalid::<C, E>("lies before the start of the onboarding session"));
    }
    Ok(())
}

/// What a change of an enrollment needs to know.
#[derive(Debug, Clone)]
pub struct EnrollmentFacts<E> {
    pub(crate) session: Option<E>,
    /// The device of the enrollment.
    pub(crate) device: Option<DeviceStanding>,
    /// The onboarding session of the enrollment, where it has one.
    pub(crate) onboarding: Option<OnboardingStanding>,
}

/// What is known where a call names no enrollment.
impl<E> Default for EnrollmentFacts<E> {
    fn default() -> Self {
        Self { session: None, device: None, onboarding: None }
    }
}

impl<E> EnrollmentFacts<E> {
    /// The enrollment with whom its events are about.
    ///
    /// # Errors
    /// The call names no enrollment; then: the terms of its onboarding were declined, so nothing later may commit.
    pub(crate) fn found<C: Capability>(self) -> Result<(E, Subject), StorageError>
    where
        E: Enrollment,
    {
        let found = self.session.zip(self.device);
        let (session, device) = found.ok_or_else(|| refuse::not_found::<C>(E::KEY, E::TABLE))?;
        if let Some(onboarding) = &self.onboarding {
            onboarding.check_terms::<C>(E::ONBOARDING_DECLINED.into())?;
        }
        Ok((session, Subject::of(self.onboarding.as_ref(), &device)))
    }
}

/// Whom the events of an enrollment are about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Subject {
    /// The onboarding session's tenant, else the device's, else the home of its owner.
    pub(crate) tenant_id: Option<TenantId>,
    /// The owner of the device.
    pub(crate) user_id: UserId,
}

impl Subject {
    pub(crate) fn of(onboarding: Option<&OnboardingStanding>, device: &DeviceStanding) -> Self {
        let tenant_id = onboarding.and_then(|onboarding| onboarding.tenant_id.as_ref());
        Self { tenant_id: tenant_id.or(device.event_tenant()).cloned(), user_id: device.owner.clone() }
    }
}

/// Checks that a table answers every call in every status: its last line for both has no condition, and those before it
/// have one.
#[cfg(test)]
pub(crate) fn check_moves<E: Enrollment>(statuses: &[E::Status])
where
    E::Status: std::fmt::Debug,
{
    for on in [On::Sample, On::Complete, On::Defer] {
        for status in statuses {
            let lines = E::MOVES.iter().filter(|line| line.on == on && line.from.contains(status));
            let conditions: Vec<When> = lines.map(|line| line.when).collect();
            let (last, before) = conditions.split_last().unwrap_or_else(|| panic!("{on:?} in {status:?}"));
            assert_eq!(*last, When::Always, "{on:?} in {status:?}");
            assert!(!before.contains(&When::Always), "{on:?} in {status:?}: a line is never read");
        }
    }
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

    #[test]
    fn the_first_line_of_the_call_and_the_status_whose_condition_holds_decides() {
        const TABLE: [Line<u8, u8>; 4] = [
            Line::new(On::Sample, &[1, 2], When::Reached, To::Become(2, Reason::Cleared)),
            Line::new(On::Sample, &[1], When::Late, To::Become(3, Reason::Before)),
            Line::new(On::Sample, &[1, 2], When::Always, To::Stay),
            Line::new(On::Defer, &[2], When::Always, To::Refuse(9, "no")),
        ];
        let place = |on, from: u8, holds: &[(When, bool)]| {
            let found = first(&TABLE, on, &from, holds);
            found.and_then(|found| TABLE.iter().position(|line| line == found))
        };
        let both = [(When::Reached, true), (When::Late, true)];
        assert_eq!(place(On::Sample, 1, &both), Some(0));
        assert_eq!(place(On::Sample, 1, &[(When::Reached, false), (When::Late, true)]), Some(1));
        assert_eq!(
            place(On::Sample, 2, &[(When::Late, true)]),
            Some(2),
            "the line before is not of this status"
        );
        assert_eq!(place(On::Sample, 1, &[]), Some(2), "what nobody says does not hold");
        assert_eq!(place(On::Defer, 2, &both), Some(3));
        assert_eq!(place(On::Defer, 1, &both), None);
        assert_eq!(place(On::Complete, 1, &both), None);
    }

    #[test]
    fn a_reason_is_cleared_or_kept_or_given_or_a_fallback() {
        assert_eq!(Reason::Cleared.of(Some(1), Some(2)), None);
        assert_eq!((Reason::Before.of(Some(1), Some(2)), Reason::Before.of(Some(1), None)), (Some(2), None));
        assert_eq!((Reason::Given.of(Some(1), Some(2)), Reason::Given.of(None, Some(2))), (Some(1), None));
        assert_eq!(Reason::GivenOr(3).of(Some(1), Some(2)), Some(1));
        assert_eq!(Reason::GivenOr(3).of(None, Some(2)), Some(3));
    }
}
