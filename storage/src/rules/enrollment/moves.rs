//! The form of a table of moves: per call and status of an enrollment, the next status and its reason, or a refusal.
//!
//! What lives here: the parts of a line and how a table is read. What must not: a table itself, which is part of the rules of
//! its engine, and what a condition is computed from.

/// A call that changes an enrollment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum On {
    /// A sample is committed.
    Sample,
    /// A profile is bound.
    Complete,
    /// The enrollment is deferred to a reminder.
    Defer,
}

/// The condition of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum When {
    /// The line holds in any case.
    Always,
    /// The passes reach the number that the enrollment requires.
    Reached,
    /// The time since the start of the enrollment has reached its limit.
    Late,
    /// The attempts have reached their maximum.
    UsedUp,
    /// Another enrollment of the same user and device is in progress.
    Taken,
}

/// The reason code of an enrollment after a move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reason<R> {
    /// The enrollment has no reason code after the move.
    Cleared,
    /// The one before the move.
    Before,
    /// That of the call; none where the call has none.
    Given,
    /// That of the call; this one where the call has none.
    GivenOr(R),
}

impl<R> Reason<R> {
    /// The code itself, from that of the call and that of the enrollment before.
    pub(super) fn of(self, given: Option<R>, before: Option<R>) -> Option<R> {
        match self {
            Self::Cleared => None,
            Self::Before => before,
            Self::Given => given,
            Self::GivenOr(code) => given.or(Some(code)),
        }
    }
}

/// The result of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum To<S, R> {
    /// The enrollment gets this status and this reason.
    Become(S, Reason<R>),
    /// Status and reason stay.
    Stay,
    /// The call is refused with this code; the text says what is wrong with the status.
    Refuse(R, &'static str),
}

/// One line of a table of moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Line<S: 'static, R> {
    pub(crate) on: On,
    pub(crate) from: &'static [S],
    pub(crate) when: When,
    pub(crate) to: To<S, R>,
}

impl<S, R> Line<S, R> {
    /// A line: the call, the statuses before it, the condition, and the result.
    pub(crate) const fn new(on: On, from: &'static [S], when: When, to: To<S, R>) -> Self {
        Self { on, from, when, to }
    }
}

/// The first line for a call and a status whose condition holds. A condition that `holds` does not name does not hold.
pub(super) fn first<'a, S: PartialEq, R>(
    lines: &'a [Line<S, R>],
    on: On,
    from: &S,
    holds: &[(When, bool)],
) -> Option<&'a Line<S, R>> {
    let is_met = |when| when == When::Always || holds.contains(&(when, true));
    lines.iter().find(|line| line.on == on && line.from.contains(from) && is_met(line.when))
}

/// Checks that a table answers every call in every status: the last line of the two has no condition, and those before it
/// have one.
#[cfg(test)]
pub(crate) fn check_moves<S: PartialEq + std::fmt::Debug, R>(table: &[Line<S, R>], statuses: &[S]) {
    for on in [On::Sample, On::Complete, On::Defer] {
        for status in statuses {
            let lines = table.iter().filter(|line| line.on == on && line.from.contains(status));
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
