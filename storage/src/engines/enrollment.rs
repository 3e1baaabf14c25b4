//! What the enrollments of wake words and voices share: where a sample leads, and when time is up.

use selene_contracts::shared::MonotonicTimeNs;

/// The condition of a move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum When {
    /// The passes reach what the enrollment asked for.
    Reached,
    /// The time since the start has reached the limit.
    Late,
    /// The attempts are used up.
    UsedUp,
    /// Another enrollment of the same user and device is in progress.
    Taken,
    /// Always.
    Otherwise,
}

/// The reason that an enrollment has after a move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reason<R> {
    /// None.
    Cleared,
    /// The one before.
    Before,
    /// The sample's, or none.
    Sample,
    /// The sample's, or this one.
    SampleOr(R),
}

impl<R> Reason<R> {
    /// The reason itself.
    pub(crate) fn of(self, sample: Option<R>, before: Option<R>) -> Option<R> {
        match self {
            Self::Cleared => None,
            Self::Before => before,
            Self::Sample => sample,
            Self::SampleOr(code) => sample.or(Some(code)),
        }
    }
}

/// One line of a table of moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Move<S, R> {
    pub(crate) when: When,
    pub(crate) status: S,
    pub(crate) reason: Reason<R>,
}

impl<S, R> Move<S, R> {
    /// A line: condition, status, reason.
    pub(crate) const fn line(when: When, status: S, reason: Reason<R>) -> Self {
        Self { when, status, reason }
    }
}

/// The first move whose condition holds. The last line of a table is `Otherwise`.
pub(crate) fn first<S, R>(moves: &[Move<S, R>], holds: impl Fn(When) -> bool) -> Option<&Move<S, R>> {
    moves.iter().find(|line| holds(line.when))
}

/// Whether a limit has passed since the start; exactly at the limit it has. None when now lies before the
/// start, or before the last change: time never goes back within an enrollment.
pub(crate) fn is_late(
    created_at: MonotonicTimeNs,
    updated_at: MonotonicTimeNs,
    now: MonotonicTimeNs,
    limit_ms: u32,
) -> Option<bool> {
    if now < updated_at {
        return None;
    }
    let elapsed = now.get().checked_sub(created_at.get())?;
    Some(elapsed >= u64::from(limit_ms) * 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(time: u64) -> MonotonicTimeNs {
        MonotonicTimeNs::new(time)
    }

    #[test]
    fn the_limit_itself_is_late() {
        let late = |now| is_late(at(5), at(5), at(now), 60_000);
        assert_eq!(late(5), Some(false));
        assert_eq!(late(5 + 60_000_000_000 - 1), Some(false));
        assert_eq!(late(5 + 60_000_000_000), Some(true));
        assert_eq!(late(u64::MAX), Some(true));
    }

    #[test]
    fn time_never_goes_back() {
        assert_eq!(is_late(at(10), at(20), at(20), 1), Some(false));
        assert_eq!(is_late(at(10), at(20), at(19), 1), None);
        assert_eq!(is_late(at(10), at(10), at(9), 1), None);
        assert_eq!(is_late(at(10), at(0), at(9), 1), None, "before the start, whatever the last change says");
        assert_eq!(is_late(at(0), at(0), at(u64::MAX), u32::MAX), Some(true));
    }

    #[test]
    fn the_first_condition_that_holds_decides() {
        let order = [When::Reached, When::Late, When::UsedUp, When::Taken, When::Otherwise];
        let moves = order.map(|when| Move::line(when, when, Reason::<u8>::Cleared));
        for (place, expected) in order.into_iter().enumerate() {
            let found = first(&moves, |when| order[place..].contains(&when));
            assert_eq!(found.map(|line| line.status), Some(expected));
        }
        assert_eq!(first(&moves, |_| false), None);
    }

    #[test]
    fn a_reason_is_cleared_or_kept_or_given_or_a_fallback() {
        assert_eq!(Reason::Cleared.of(Some(1), Some(2)), None);
        assert_eq!((Reason::Before.of(Some(1), Some(2)), Reason::Before.of(Some(1), None)), (Some(2), None));
        assert_eq!((Reason::Sample.of(Some(1), Some(2)), Reason::Sample.of(None, Some(2))), (Some(1), None));
        assert_eq!(Reason::SampleOr(3).of(Some(1), Some(2)), Some(1));
        assert_eq!(Reason::SampleOr(3).of(None, Some(2)), Some(3));
    }
}
