//! The fold of the samples of an enrollment, of a wake word or of a voice: the values that its row may have.
//!
//! The pages of both engines state the same steps; [`Kind`] holds what differs.

use selene_contracts::tables::{voice_enrollment_sessions, wake_enrollment_sessions};

use super::differing;

const NS_PER_MS: u64 = 1_000_000;

/// The columns of an enrollment, and the rules that only one engine has.
#[derive(Debug)]
pub(crate) struct Kind {
    status: &'static str,
    passes: &'static str,
    attempts: &'static str,
    reason: &'static str,
    updated_at: &'static str,
    /// A failed sample sets the passes to zero.
    is_in_a_row: bool,
    /// An enrollment in progress has the reason of its last sample, where that failed; one that waits always has a reason.
    keeps_reason: bool,
}

/// A wake word: every pass counts.
pub(crate) const WAKE: Kind = Kind {
    status: wake_enrollment_sessions::WAKE_ENROLL_STATUS,
    passes: wake_enrollment_sessions::PASS_COUNT,
    attempts: wake_enrollment_sessions::ATTEMPT_COUNT,
    reason: wake_enrollment_sessions::REASON_CODE,
    updated_at: wake_enrollment_sessions::UPDATED_AT,
    is_in_a_row: false,
    keeps_reason: false,
};

/// A voice: passes in a row count.
pub(crate) const VOICE: Kind = Kind {
    status: voice_enrollment_sessions::VOICE_ENROLL_STATUS,
    passes: voice_enrollment_sessions::CONSECUTIVE_PASSES,
    attempts: voice_enrollment_sessions::ATTEMPT_COUNT,
    reason: voice_enrollment_sessions::REASON_CODE,
    updated_at: voice_enrollment_sessions::UPDATED_AT,
    is_in_a_row: true,
    keeps_reason: true,
};

/// How far an enrollment is, whatever its engine calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// COMPLETE, or LOCKED: it has its passes.
    Reached,
    InProgress,
    Pending,
    Declined,
}

/// The columns of an enrollment that the check compares. Times are nanoseconds, the limit is milliseconds.
#[derive(Debug, Clone)]
pub(crate) struct Enrollment<R> {
    pub(crate) stage: Stage,
    pub(crate) pass_target: u64,
    pub(crate) passes: u64,
    pub(crate) attempts: u64,
    pub(crate) max_attempts: u64,
    pub(crate) limit_ms: u64,
    pub(crate) reason: Option<R>,
    pub(crate) created_at: u64,
    pub(crate) updated_at: u64,
    /// What only an enrollment of a wake word has.
    pub(crate) completion: Option<Completion>,
}

/// The columns of a wake enrollment about its end.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Completion {
    pub(crate) completed_at: Option<u64>,
    pub(crate) has_deferral: bool,
}

/// One sample, and when it was committed.
#[derive(Debug, Clone)]
pub(crate) struct Sample<R> {
    pub(crate) has_passed: bool,
    pub(crate) reason: Option<R>,
    pub(crate) at: u64,
}

/// The fold of the samples of one enrollment.
#[derive(Debug)]
pub(crate) struct EnrollmentFold<R> {
    kind: &'static Kind,
    count: u64,
    passes: u64,
    last_at: Option<u64>,
    /// The reason of the last sample, where it failed.
    reason: Option<R>,
}

impl<R: PartialEq> EnrollmentFold<R> {
    /// The fold before any sample.
    pub(crate) const fn new(kind: &'static Kind) -> Self {
        Self { kind, count: 0, passes: 0, last_at: None, reason: None }
    }

    /// Takes the next sample.
    pub(crate) fn take(&mut self, sample: Sample<R>) {
        self.count += 1;
        self.last_at = Some(sample.at);
        if sample.has_passed {
            self.passes += 1;
        } else if self.kind.is_in_a_row {
            self.passes = 0;
        }
        self.reason = sample.reason.filter(|_| !sample.has_passed);
    }

    /// The fields of the enrollment that contradict its samples. A deferral has no sample, so a PENDING enrollment differs only
    /// where its samples forbid that status.
    pub(crate) fn differences(&self, row: &Enrollment<R>) -> Vec<&'static str> {
        let is_reached = self.passes >= row.pass_target;
        let status_fits = match row.stage {
            Stage::Reached => is_reached,
            Stage::InProgress => !is_reached && !self.has_ended(row),
            Stage::Pending | Stage::Declined => !is_reached,
        };
        let reason_fits = match row.stage {
            Stage::Reached => row.reason.is_none(),
            Stage::InProgress if self.kind.keeps_reason => row.reason == self.reason,
            Stage::Pending if self.kind.keeps_reason => row.reason.is_some(),
            Stage::InProgress | Stage::Pending | Stage::Declined => true,
        };
        // Not before its last sample, nor before it started.
        let time_fits = row.updated_at >= self.last_at.unwrap_or(row.created_at);
        let mut fields = differing([
            (self.kind.status, status_fits),
            (self.kind.passes, row.passes == self.passes),
            (self.kind.attempts, row.attempts == self.count),
            (self.kind.reason, reason_fits),
            (self.kind.updated_at, time_fits),
        ]);
        if let Some(Completion { completed_at, has_deferral }) = row.completion {
            let ended_at = self.last_at.filter(|_| is_reached);
            fields.extend(differing([
                (wake_enrollment_sessions::COMPLETED_AT, completed_at == ended_at),
                (wake_enrollment_sessions::DEFERRED_UNTIL, row.stage != Stage::Reached || !has_deferral),
            ]));
        }
        fields
    }

    /// Whether the last sample came at or after the time limit, or was the last attempt: then the enrollment may not be IN_PROGRESS.
    fn has_ended(&self, row: &Enrollment<R>) -> bool {
        // A time before the start counts as zero, because a check must not fail on what a file holds.
        let is_late = |at: u64| at.saturating_sub(row.created_at) >= row.limit_ms.saturating_mul(NS_PER_MS);
        self.last_at.is_some_and(is_late) || self.count >= row.max_attempts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wake(stage: Stage, passes: u64, attempts: u64) -> Enrollment<&'static str> {
        Enrollment {
            stage,
            pass_target: 3,
            passes,
            attempts,
            max_attempts: 8,
            limit_ms: 180_000,
            reason: None,
            created_at: 10,
            updated_at: 100,
            completion: Some(Completion { completed_at: None, has_deferral: false }),
        }
    }

    const fn at_end(completed_at: Option<u64>, has_deferral: bool) -> Completion {
        Completion { completed_at, has_deferral }
    }

    fn pass(at: u64) -> Sample<&'static str> {
        Sample { has_passed: true, reason: None, at }
    }

    fn fail(at: u64) -> Sample<&'static str> {
        Sample { has_passed: false, reason: Some("NO_SPEECH"), at }
    }

    #[test]
    fn a_wake_enrollment_is_complete_exactly_with_its_passes() {
        let mut fold = EnrollmentFold::new(&WAKE);
        fold.take(pass(20));
        fold.take(pass(30));
        assert!(fold.differences(&wake(Stage::InProgress, 2, 2)).is_empty());
        assert!(fold.differences(&wake(Stage::Pending, 2, 2)).is_empty());
        let early = Enrollment { completion: Some(at_end(Some(30), false)), ..wake(Stage::Reached, 2, 2) };
        assert_eq!(fold.differences(&early), ["wake_enroll_status", "completed_at"]);
        fold.take(pass(40));
        let complete = Enrollment { completion: Some(at_end(Some(40), false)), ..wake(Stage::Reached, 3, 3) };
        assert!(fold.differences(&complete).is_empty());
        let open = wake(Stage::InProgress, 3, 3);
        assert_eq!(fold.differences(&open), ["wake_enroll_status", "completed_at"]);
        let noted =
            Enrollment { reason: Some("NOISE"), completion: Some(at_end(Some(40), true)), ..complete };
        assert_eq!(fold.differences(&noted), ["reason_code", "deferred_until"]);
    }

    #[test]
    fn a_failed_wake_sample_takes_no_pass_away() {
        let mut fold = EnrollmentFold::new(&WAKE);
        fold.take(pass(20));
        fold.take(fail(30));
        assert!(fold.differences(&wake(Stage::InProgress, 1, 2)).is_empty());
    }

    #[test]
    fn a_wake_enrollment_waits_once_its_time_or_attempts_are_over() {
        let limit = 10 + 180_000 * NS_PER_MS;
        for (at, samples, must_wait) in
            [(limit - 1, 1, false), (limit, 1, true), (50, 8, true), (50, 7, false)]
        {
            let mut fold = EnrollmentFold::new(&WAKE);
            for _ in 0..samples {
                fold.take(fail(at));
            }
            let row = Enrollment { updated_at: limit, ..wake(Stage::InProgress, 0, samples) };
            let expected: &[&str] = if must_wait { &["wake_enroll_status"] } else { &[] };
            assert_eq!(fold.differences(&row), expected, "{samples} samples until {at}");
        }
    }

    #[test]
    fn a_failed_voice_sample_sets_the_passes_to_zero() {
        let mut fold = EnrollmentFold::new(&VOICE);
        fold.take(pass(20));
        fold.take(fail(30));
        let row = Enrollment {
            stage: Stage::InProgress,
            pass_target: 2,
            passes: 0,
            attempts: 2,
            max_attempts: 5,
            limit_ms: 60_000,
            reason: Some("NO_SPEECH"),
            created_at: 10,
            updated_at: 30,
            completion: None,
        };
        assert!(fold.differences(&row).is_empty());
        let without_reason = Enrollment { reason: None, ..row.clone() };
        assert_eq!(fold.differences(&without_reason), ["reason_code"]);
        assert_eq!(
            fold.differences(&Enrollment { stage: Stage::Pending, ..without_reason }),
            ["reason_code"]
        );
        let locked = Enrollment { stage: Stage::Reached, passes: 2, ..row };
        assert_eq!(fold.differences(&locked), ["voice_enroll_status", "consecutive_passes", "reason_code"]);
        fold.take(pass(40));
        fold.take(pass(50));
        let locked = Enrollment { reason: None, attempts: 4, updated_at: 50, ..locked };
        assert!(fold.differences(&locked).is_empty());
    }
}
