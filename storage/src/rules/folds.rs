//! Folds of ledgers: which current rows the rows of a ledger allow. No SQL.
//!
//! A fold takes the rows of one ledger in order and keeps only what it compares, so the memory of a check does not grow with
//! the ledger. It does not call the rules: it is an independent check of what they wrote.

pub(crate) mod bindings;

use std::collections::BTreeMap;

use selene_contracts::ph1_voice_id::{Ph1VoiceIdReasonCode, VoiceEnrollStatus, VoiceSampleResult};
use selene_contracts::ph1_w::{WakeEnrollStatus, WakeSampleResult};
use selene_contracts::tables::{memory_current, voice_enrollment_sessions, wake_enrollment_sessions};

const NS_PER_MS: u64 = 1_000_000;

/// Checks that the numbers of a ledger count 1, 2, 3.
#[derive(Debug, Default)]
pub(crate) struct Count(u64);

impl Count {
    /// Takes the next number; false where it does not follow the one before. Counting continues from it, so a gap is one
    /// difference and not many.
    pub(crate) fn follows(&mut self, number: u64) -> bool {
        let is_next = self.0.checked_add(1) == Some(number);
        self.0 = number;
        is_next
    }
}

/// The newest operation of one memory key. `at` is its time in nanoseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Remembered {
    pub(crate) value_ref: Option<String>,
    pub(crate) seq: u64,
    pub(crate) at: u64,
}

/// The fold of one user's memory ledger.
#[derive(Debug, Default)]
pub(crate) struct MemoryFold {
    current: BTreeMap<String, Remembered>,
}

impl MemoryFold {
    /// Takes the next ledger row. A forgotten key keeps its row without a value.
    pub(crate) fn take(&mut self, key: String, row: Remembered) {
        self.current.insert(key, row);
    }

    /// The fields of a current row that differ from the ledger; `None` where the ledger has no such key. A key is compared
    /// once; a second row of the same key gives `None`.
    pub(crate) fn differences(&mut self, key: &str, row: &Remembered) -> Option<Vec<&'static str>> {
        let expected = self.current.remove(key)?;
        Some(differing([
            (memory_current::MEMORY_VALUE_REF, expected.value_ref == row.value_ref),
            (memory_current::MEMORY_SEQ, expected.seq == row.seq),
            (memory_current::UPDATED_AT, expected.at == row.at),
        ]))
    }

    /// The keys of the ledger that were not compared: their current rows are missing.
    pub(crate) fn missing(self) -> impl Iterator<Item = String> {
        self.current.into_keys()
    }
}

/// What the folds of wake and voice samples share: how many there are, and when the last one was committed.
#[derive(Debug, Default)]
struct Samples {
    count: u64,
    last_at: Option<u64>,
}

impl Samples {
    /// Takes the next sample, committed at this time.
    fn take(&mut self, at: u64) {
        self.count += 1;
        self.last_at = Some(at);
    }

    /// Whether the last sample came at or after the time limit, or was the last attempt: then the session may not be IN_PROGRESS.
    fn has_ended(&self, created_at: u64, limit_ms: u64, max_attempts: u64) -> bool {
        self.last_at.is_some_and(|at| is_timed_out(created_at, at, limit_ms)) || self.count >= max_attempts
    }

    /// Whether a session may have changed last at this time: not before its last sample, nor before it started.
    fn allows_change(&self, created_at: u64, updated_at: u64) -> bool {
        updated_at >= self.last_at.unwrap_or(created_at)
    }
}

/// The columns of a wake enrollment that the check compares. Times are nanoseconds, the limit is milliseconds.
#[derive(Debug)]
pub(crate) struct WakeSession {
    pub(crate) status: WakeEnrollStatus,
    pub(crate) pass_target: u64,
    pub(crate) pass_count: u64,
    pub(crate) attempt_count: u64,
    pub(crate) max_attempts: u64,
    pub(crate) timeout_ms: u64,
    pub(crate) has_reason: bool,
    pub(crate) has_deferral: bool,
    pub(crate) created_at: u64,
    pub(crate) updated_at: u64,
    pub(crate) completed_at: Option<u64>,
}

/// The fold of one wake enrollment's samples.
#[derive(Debug, Default)]
pub(crate) struct WakeFold {
    samples: Samples,
    passes: u64,
}

impl WakeFold {
    /// Takes the next sample.
    pub(crate) fn take(&mut self, result: WakeSampleResult, at: u64) {
        self.passes += u64::from(result == WakeSampleResult::Pass);
        self.samples.take(at);
    }

    /// The fields of the session that contradict its samples. A deferral has no sample, so a PENDING session differs only
    /// where its samples forbid that status.
    pub(crate) fn differences(&self, row: &WakeSession) -> Vec<&'static str> {
        use WakeEnrollStatus::{Complete, Declined, InProgress, Pending};
        let is_complete = self.passes >= row.pass_target;
        let has_ended = self.samples.has_ended(row.created_at, row.timeout_ms, row.max_attempts);
        let status_fits = match row.status {
            Complete => is_complete,
            InProgress => !is_complete && !has_ended,
            Pending | Declined => !is_complete,
        };
        differing([
            (wake_enrollment_sessions::WAKE_ENROLL_STATUS, status_fits),
            (wake_enrollment_sessions::PASS_COUNT, row.pass_count == self.passes),
            (wake_enrollment_sessions::ATTEMPT_COUNT, row.attempt_count == self.samples.count),
            (wake_enrollment_sessions::REASON_CODE, row.status != Complete || !row.has_reason),
            (
                wake_enrollment_sessions::UPDATED_AT,
                self.samples.allows_change(row.created_at, row.updated_at),
            ),
            (
                wake_enrollment_sessions::COMPLETED_AT,
                row.completed_at == self.samples.last_at.filter(|_| is_complete),
            ),
            (wake_enrollment_sessions::DEFERRED_UNTIL, row.status != Complete || !row.has_deferral),
        ])
    }
}

/// The columns of a voice enrollment that the check compares. Times are nanoseconds, the limit is milliseconds.
#[derive(Debug)]
pub(crate) struct VoiceSession {
    pub(crate) status: VoiceEnrollStatus,
    pub(crate) lock_after: u64,
    pub(crate) consecutive_passes: u64,
    pub(crate) attempt_count: u64,
    pub(crate) max_attempts: u64,
    pub(crate) time_ms: u64,
    pub(crate) reason: Option<Ph1VoiceIdReasonCode>,
    pub(crate) created_at: u64,
    pub(crate) updated_at: u64,
}

/// The fold of one voice enrollment's samples.
#[derive(Debug, Default)]
pub(crate) struct VoiceFold {
    samples: Samples,
    /// Passes since the last FAIL.
    passes: u64,
    /// The reason of the last sample, where it failed.
    reason: Option<Ph1VoiceIdReasonCode>,
}

impl VoiceFold {
    /// Takes the next sample.
    pub(crate) fn take(&mut self, result: VoiceSampleResult, reason: Option<Ph1VoiceIdReasonCode>, at: u64) {
        let has_passed = result == VoiceSampleResult::Pass;
        self.passes = if has_passed { self.passes + 1 } else { 0 };
        self.reason = reason.filter(|_| !has_passed);
        self.samples.take(at);
    }

    /// The fields of the session that contradict its samples. A deferral has no sample, so a PENDING session differs only
    /// where its samples forbid that status.
    pub(crate) fn differences(&self, row: &VoiceSession) -> Vec<&'static str> {
        use VoiceEnrollStatus::{Declined, InProgress, Locked, Pending};
        let is_locked = self.passes >= row.lock_after;
        let has_ended = self.samples.has_ended(row.created_at, row.time_ms, row.max_attempts);
        let (status_fits, reason_fits) = match row.status {
            Locked => (is_locked, row.reason.is_none()),
            InProgress => (!is_locked && !has_ended, row.reason == self.reason),
            Pending => (!is_locked, row.reason.is_some()),
            Declined => (!is_locked, true),
        };
        differing([
            (voice_enrollment_sessions::VOICE_ENROLL_STATUS, status_fits),
            (voice_enrollment_sessions::CONSECUTIVE_PASSES, row.consecutive_passes == self.passes),
            (voice_enrollment_sessions::ATTEMPT_COUNT, row.attempt_count == self.samples.count),
            (voice_enrollment_sessions::REASON_CODE, reason_fits),
            (
                voice_enrollment_sessions::UPDATED_AT,
                self.samples.allows_change(row.created_at, row.updated_at),
            ),
        ])
    }
}

/// A state of a row in its ledger, and the time of the ledger row in nanoseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StateAt<S> {
    pub(crate) state: S,
    pub(crate) at: u64,
}

/// The fold of a ledger of the states of one row.
#[derive(Debug)]
pub(crate) struct StateFold<S> {
    created_at: u64,
    last: StateAt<S>,
}

impl<S: PartialEq> StateFold<S> {
    /// Begins with the first state.
    pub(crate) const fn new(first: StateAt<S>) -> Self {
        Self { created_at: first.at, last: first }
    }

    /// Takes the next state.
    pub(crate) fn take(&mut self, next: StateAt<S>) {
        self.last = next;
    }

    /// The last state of the ledger.
    pub(crate) const fn state(&self) -> &S {
        &self.last.state
    }

    /// The time columns of the current row that differ from the ledger. Each comes with its name: when the row was made, and when it
    /// changed last.
    pub(crate) fn differing_times(
        &self,
        (created_name, created_at): (&'static str, u64),
        (updated_name, updated_at): (&'static str, u64),
    ) -> Vec<&'static str> {
        differing([(created_name, created_at == self.created_at), (updated_name, updated_at == self.last.at)])
    }
}

/// Whether a limit has passed. A time before the start counts as zero, because a check must not fail on what a file holds.
fn is_timed_out(created_at: u64, at: u64, limit_ms: u64) -> bool {
    at.saturating_sub(created_at) >= limit_ms.saturating_mul(NS_PER_MS)
}

fn differing<const N: usize>(fields: [(&'static str, bool); N]) -> Vec<&'static str> {
    fields.into_iter().filter(|(_, fits)| !fits).map(|(field, _)| field).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wake(status: WakeEnrollStatus, pass_count: u64, attempt_count: u64) -> WakeSession {
        WakeSession {
            status,
            pass_target: 3,
            pass_count,
            attempt_count,
            max_attempts: 8,
            timeout_ms: 180_000,
            has_reason: false,
            has_deferral: false,
            created_at: 10,
            updated_at: 100,
            completed_at: None,
        }
    }

    #[test]
    fn numbers_count_from_one_without_a_gap() {
        let mut count = Count::default();
        assert!(count.follows(1) && count.follows(2));
        assert!(!count.follows(4), "3 is missing");
        assert!(count.follows(5), "one gap is one difference");
        assert!(!Count::default().follows(2));
        assert!(!Count(u64::MAX).follows(0));
    }

    #[test]
    fn a_wake_enrollment_is_complete_exactly_with_its_passes() {
        let mut fold = WakeFold::default();
        for at in [20, 30] {
            fold.take(WakeSampleResult::Pass, at);
        }
        assert!(fold.differences(&wake(WakeEnrollStatus::InProgress, 2, 2)).is_empty());
        assert!(fold.differences(&wake(WakeEnrollStatus::Pending, 2, 2)).is_empty());
        let early = WakeSession { completed_at: Some(30), ..wake(WakeEnrollStatus::Complete, 2, 2) };
        assert_eq!(fold.differences(&early), ["wake_enroll_status", "completed_at"]);
        fold.take(WakeSampleResult::Pass, 40);
        let complete = WakeSession { completed_at: Some(40), ..wake(WakeEnrollStatus::Complete, 3, 3) };
        assert!(fold.differences(&complete).is_empty());
        let open = wake(WakeEnrollStatus::InProgress, 3, 3);
        assert_eq!(fold.differences(&open), ["wake_enroll_status", "completed_at"]);
        let noted = WakeSession { has_reason: true, has_deferral: true, ..complete };
        assert_eq!(fold.differences(&noted), ["reason_code", "deferred_until"]);
    }

    #[test]
    fn a_wake_enrollment_waits_once_its_time_or_attempts_are_over() {
        let limit = 10 + 180_000 * NS_PER_MS;
        for (at, samples, must_wait) in
            [(limit - 1, 1, false), (limit, 1, true), (50, 8, true), (50, 7, false)]
        {
            let mut fold = WakeFold::default();
            for _ in 0..samples {
                fold.take(WakeSampleResult::Fail, at);
            }
            let row = WakeSession { updated_at: limit, ..wake(WakeEnrollStatus::InProgress, 0, samples) };
            let expected: &[&str] = if must_wait { &["wake_enroll_status"] } else { &[] };
            assert_eq!(fold.differences(&row), expected, "{samples} samples until {at}");
        }
    }

    #[test]
    fn a_failed_voice_sample_sets_the_passes_to_zero() {
        let mut fold = VoiceFold::default();
        fold.take(VoiceSampleResult::Pass, None, 20);
        fold.take(VoiceSampleResult::Fail, Some(Ph1VoiceIdReasonCode::VidFailNoSpeech), 30);
        let row = VoiceSession {
            status: VoiceEnrollStatus::InProgress,
            lock_after: 2,
            consecutive_passes: 0,
            attempt_count: 2,
            max_attempts: 5,
            time_ms: 60_000,
            reason: Some(Ph1VoiceIdReasonCode::VidFailNoSpeech),
            created_at: 10,
            updated_at: 30,
        };
        assert!(fold.differences(&row).is_empty());
        let locked = VoiceSession { status: VoiceEnrollStatus::Locked, consecutive_passes: 2, ..row };
        assert_eq!(fold.differences(&locked), ["voice_enroll_status", "consecutive_passes", "reason_code"]);
        fold.take(VoiceSampleResult::Pass, None, 40);
        fold.take(VoiceSampleResult::Pass, None, 50);
        let locked = VoiceSession { reason: None, attempt_count: 4, updated_at: 50, ..locked };
        assert!(fold.differences(&locked).is_empty());
    }

    #[test]
    fn a_state_is_the_last_one_of_its_ledger() {
        let mut fold = StateFold::new(StateAt { state: "DRAFT", at: 5 });
        assert_eq!((*fold.state(), fold.differing_times(("made", 5), ("changed", 5))), ("DRAFT", vec![]));
        fold.take(StateAt { state: "ACTIVE", at: 9 });
        assert_eq!((*fold.state(), fold.differing_times(("made", 5), ("changed", 9))), ("ACTIVE", vec![]));
        assert_eq!(fold.differing_times(("made", 4), ("changed", 5)), ["made", "changed"]);
    }

    #[test]
    fn a_memory_key_has_exactly_its_newest_operation() {
        let row = |value: Option<&str>, seq| Remembered { value_ref: value.map(str::to_owned), seq, at: seq };
        let fold = || {
            let mut fold = MemoryFold::default();
            fold.take("colour".to_owned(), row(Some("blue"), 1));
            fold.take("name".to_owned(), row(Some("ann"), 2));
            fold.take("colour".to_owned(), row(None, 3));
            fold
        };
        let mut taken = fold();
        assert_eq!(taken.differences("colour", &row(None, 3)), Some(vec![]));
        assert_eq!(taken.differences("colour", &row(None, 3)), None, "a key has one row");
        assert_eq!(taken.differences("shoe", &row(None, 3)), None);
        assert_eq!(taken.missing().collect::<Vec<_>>(), ["name"]);
        assert_eq!(
            fold().differences("colour", &row(Some("blue"), 1)),
            Some(vec!["memory_value_ref", "memory_seq", "updated_at"])
        );
    }
}
