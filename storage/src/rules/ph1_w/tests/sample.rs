//! Samples: the table of moves, line by line.

use selene_contracts::ReasonClass;
use selene_contracts::ph1_w::{
    Ph1WReasonCode as Code, Ph1wEnrollSampleCommitRow, WakeEnrollStatus as Status, WakeSampleResult,
};
use selene_contracts::shared::MonotonicTimeNs;

use super::*;
use crate::change::{Insert, Update};
use crate::rules::ph1_w::{SampleFacts, needs_free_slot};

/// When the enrollment of these tests is late.
const LIMIT: u64 = 1_000 + 180_000 * 1_000_000;

fn sample(result: WakeSampleResult, reason_code: Option<Code>) -> Ph1wEnrollSampleCommitRow {
    Ph1wEnrollSampleCommitRow {
        wake_enrollment_session_id: "wes_1".into(),
        sample_duration_ms: 900,
        vad_coverage: 0.5,
        snr_db: 20.0,
        clipping_pct: 0.0,
        rms_dbfs: -20.0,
        noise_floor_dbfs: -60.0,
        peak_dbfs: -3.0,
        overlap_ratio: 0.0,
        result,
        reason_code,
        idempotency_key: "k".into(),
    }
}

fn pass() -> Ph1wEnrollSampleCommitRow {
    sample(WakeSampleResult::Pass, None)
}

fn fail(reason_code: Option<Code>) -> Ph1wEnrollSampleCommitRow {
    sample(WakeSampleResult::Fail, reason_code)
}

fn free(session: WakeEnrollmentSessionRecord) -> SampleFacts {
    SampleFacts { enrollment: facts(session), is_taken: false }
}

/// Status, reason and deferral after a sample, of an enrollment that was PENDING with a reason and a deferral.
fn after(
    now: u64,
    input: Ph1wEnrollSampleCommitRow,
    (pass_count, attempt_count): (u8, u32),
    is_taken: bool,
) -> (Status, Option<Code>, bool) {
    let mut before = session(Status::Pending, pass_count, attempt_count);
    before.reason_code = Some(Code::FailG0DeviceUnhealthy);
    before.deferred_until = Some(MonotonicTimeNs::new(9));
    let after = decide(now, input, SampleFacts { enrollment: facts(before), is_taken }).unwrap().output;
    assert_eq!(after.completed_at.is_some(), after.wake_enroll_status == Status::Complete);
    (after.wake_enroll_status, after.reason_code, after.deferred_until.is_some())
}

#[test]
fn the_first_line_that_holds_decides() {
    let low = Some(Code::FailG3ScoreLow);
    // Passes reached, also when it is late, the attempts are used up and another enrollment is in progress.
    assert_eq!(after(LIMIT, pass(), (2, 7), true), (Status::Complete, None, false));
    let with_reason = sample(WakeSampleResult::Pass, Some(Code::WEnrollTimeout));
    assert_eq!(after(2_000, with_reason, (2, 2), false), (Status::Complete, None, false));
    // Late.
    assert_eq!(after(LIMIT, pass(), (1, 7), true), (Status::Pending, Some(Code::WEnrollTimeout), true));
    assert_eq!(after(LIMIT, fail(low), (1, 1), false), (Status::Pending, low, true));
    // Attempts used up.
    let used_up = Some(Code::WEnrollMaxAttempts);
    assert_eq!(after(LIMIT - 1, pass(), (1, 7), true), (Status::Pending, used_up, true));
    assert_eq!(after(2_000, fail(low), (1, 7), false), (Status::Pending, low, true));
    // Another enrollment in progress, or none: reason and deferral stay.
    let before = Some(Code::FailG0DeviceUnhealthy);
    assert_eq!(after(LIMIT - 1, pass(), (1, 6), true), (Status::Pending, before, true));
    assert_eq!(after(2_000, fail(low), (1, 6), true), (Status::Pending, before, true));
    assert_eq!(after(LIMIT - 1, pass(), (1, 6), false), (Status::InProgress, before, true));
    assert_eq!(after(2_000, fail(low), (1, 6), false), (Status::InProgress, before, true));
}

#[test]
fn every_sample_counts_and_only_a_pass_counts_as_one() {
    let Decision { change: (Insert(sample), Update(session_after)), event, output } =
        decide(2_000, fail(None), free(session(Status::InProgress, 1, 4))).unwrap();
    assert_eq!((output.pass_count, output.attempt_count), (1, 5));
    assert_eq!(output.updated_at, MonotonicTimeNs::new(2_000));
    assert_eq!(session_after, output);
    assert_eq!(sample.sample_seq, 5);
    assert_eq!((sample.result, sample.reason_code), (WakeSampleResult::Fail, None));
    assert_eq!((event.payload.get("sample_seq"), event.payload.get("result")), (Some("5"), Some("FAIL")));
    assert_eq!(event.payload.get("gate_reason_code"), None);
    assert_eq!(event.reason_code, code(Code::WakeEnrollSampleCommit));

    let low = fail(Some(Code::FailG3ScoreLow));
    let decision = decide(2_000, low, free(session(Status::InProgress, 1, 4))).unwrap();
    assert_eq!(decision.event.payload.get("gate_reason_code"), Some("FAIL_G3_SCORE_LOW"));

    let output = decide(2_000, pass(), free(session(Status::InProgress, 1, 4))).unwrap().output;
    assert_eq!((output.pass_count, output.attempt_count), (2, 5));
    let complete = decide(3_000, pass(), free(session(Status::InProgress, 2, 4))).unwrap().output;
    assert_eq!(complete.completed_at, Some(MonotonicTimeNs::new(3_000)));
}

#[test]
fn the_reason_of_a_sample_fits_its_result() {
    for reason_code in Code::ALL {
        let is_ok = |result| {
            let input = sample(result, Some(*reason_code));
            decide(2_000, input, free(session(Status::InProgress, 1, 4))).is_ok()
        };
        let class = reason_code.class();
        let (outcome, gate) = (class == ReasonClass::Outcome, class == ReasonClass::Gate);
        assert_eq!(is_ok(WakeSampleResult::Pass), outcome, "PASS with {reason_code}");
        assert_eq!(is_ok(WakeSampleResult::Fail), outcome || gate, "FAIL with {reason_code}");
    }
    let nobody = SampleFacts { enrollment: NOBODY, is_taken: false };
    let unfit = sample(WakeSampleResult::Pass, Some(Code::FailG3ScoreLow));
    assert_eq!(refusal(1, unfit, nobody), code(Code::WContractValidationFailed), "asked before any row");
}

#[test]
fn a_sample_is_refused_in_the_order_of_the_checks() {
    let nobody = SampleFacts { enrollment: NOBODY, is_taken: false };
    assert_eq!(refusal(1, pass(), nobody), code(Code::WScopeViolation));
    let ended = SampleFacts { enrollment: declined(session(Status::Complete, 3, u32::MAX)), is_taken: false };
    assert_eq!(refusal(1, pass(), ended), code(Code::WOnboardingDeclined));
    for status in [Status::Complete, Status::Declined] {
        let refused = refusal(1, pass(), free(session(status, 3, u32::MAX)));
        assert_eq!(refused, code(Code::WEnrollSampleSessionClosed));
    }
    let full = session(Status::Pending, 1, u32::MAX);
    assert_eq!(refusal(1_999, pass(), free(full.clone())), code(Code::WEnrollTimeInvalid));
    assert_eq!(refusal(999, pass(), free(full.clone())), code(Code::WEnrollTimeInvalid));
    assert_eq!(refusal(2_000, pass(), free(full)), code(Code::WCounterExhausted));
}

#[test]
fn time_before_the_start_is_refused_whatever_the_last_change_says() {
    let mut twisted = session(Status::InProgress, 1, 1);
    twisted.updated_at = MonotonicTimeNs::new(0);
    assert_eq!(refusal(999, pass(), free(twisted.clone())), code(Code::WEnrollTimeInvalid));
    decide(1_000, pass(), free(twisted)).unwrap();
}

#[test]
fn counters_stop_before_they_would_wrap() {
    let last = decide(2_000, fail(None), free(session(Status::Pending, 1, u32::MAX - 1))).unwrap();
    assert_eq!(last.output.attempt_count, u32::MAX);
    assert_eq!(last.change.0.0.sample_seq, u32::MAX);
    let full = session(Status::Pending, u8::MAX, 1);
    assert_eq!(refusal(2_000, pass(), free(full)), code(Code::WCounterExhausted));
}

#[test]
fn the_end_of_time_is_late_and_does_not_overflow() {
    let mut long = session(Status::InProgress, 0, 0);
    long.enrollment_timeout_ms = u32::MAX;
    let output = decide(u64::MAX, fail(None), free(long)).unwrap().output;
    assert_eq!(output.reason_code, Some(Code::WEnrollTimeout));
}

#[test]
fn the_quality_of_a_sample_is_checked_whatever_its_result() {
    type Set = fn(&mut Ph1wEnrollSampleCommitRow, f32);
    let ratios: [Set; 3] = [|i, v| i.vad_coverage = v, |i, v| i.clipping_pct = v, |i, v| i.overlap_ratio = v];
    let levels: [Set; 4] =
        [|i, v| i.snr_db = v, |i, v| i.rms_dbfs = v, |i, v| i.noise_floor_dbfs = v, |i, v| i.peak_dbfs = v];
    let try_with = |set: Set, value, input: &Ph1wEnrollSampleCommitRow| {
        let mut input = input.clone();
        set(&mut input, value);
        admit(2_000, input).map(drop).map_err(|error| error.reason_code())
    };
    let invalid = Err(code(Code::WEnrollSampleInvalid));
    for input in [pass(), fail(None)] {
        for set in ratios {
            for value in [-f32::MIN_POSITIVE, 1.000_000_1, f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
                assert_eq!(try_with(set, value, &input), invalid, "{value}");
            }
            for value in [0.0, 1.0] {
                assert_eq!(try_with(set, value, &input), Ok(()), "{value}");
            }
        }
        for set in levels {
            for value in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
                assert_eq!(try_with(set, value, &input), invalid, "{value}");
            }
            assert_eq!(try_with(set, f32::MIN, &input), Ok(()));
        }
        for (duration, is_within) in [(499, false), (500, true), (2_200, true), (2_201, false)] {
            let mut input = input.clone();
            input.sample_duration_ms = duration;
            let admitted = admit(2_000, input).map(drop).map_err(|error| error.reason_code());
            assert_eq!(admitted, if is_within { Ok(()) } else { invalid }, "{duration}");
        }
    }
}

#[test]
fn only_a_pending_enrollment_needs_a_free_slot() {
    for status in Status::ALL.iter().copied() {
        assert_eq!(needs_free_slot(&session(status, 0, 0)), status == Status::Pending, "{status:?}");
    }
}
