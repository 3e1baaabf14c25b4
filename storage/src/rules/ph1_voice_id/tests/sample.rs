//! Samples: the table of moves, line by line.

use selene_contracts::ReasonClass;
use selene_contracts::ph1_voice_id::{
    Ph1VoiceIdReasonCode as Code, VidEnrollSampleCommitRow, VoiceEnrollStatus as Status, VoiceSampleResult,
};

use super::*;
use crate::change::{Insert, Update};

/// When the enrollment of these tests is late.
const LIMIT: u64 = 1_000 + 60_000 * 1_000_000;

fn pass() -> VidEnrollSampleCommitRow {
    VidEnrollSampleCommitRow {
        voice_enrollment_session_id: "ves_1".into(),
        audio_sample_ref: "audio".into(),
        attempt_index: 1,
        result: VoiceSampleResult::Pass,
        reason_code: Code::VidEnrollSampleCommit,
        idempotency_key: "k".into(),
    }
}

fn fail() -> VidEnrollSampleCommitRow {
    VidEnrollSampleCommitRow { result: VoiceSampleResult::Fail, reason_code: Code::VidFailNoSpeech, ..pass() }
}

/// Status, reason and passes after a sample of an enrollment with a reason.
fn after(
    now: u64,
    input: VidEnrollSampleCommitRow,
    (passes, attempts): (u8, u8),
) -> (Status, Option<Code>, u8) {
    let mut before = session(Status::InProgress, passes, attempts);
    before.reason_code = Some(Code::VidFailEchoUnsafe);
    let after = decide(now, input, facts(before)).unwrap().output;
    assert_eq!(after.attempt_count, attempts + 1);
    (after.voice_enroll_status, after.reason_code, after.consecutive_passes)
}

#[test]
fn the_first_line_that_holds_decides() {
    let no_speech = Some(Code::VidFailNoSpeech);
    // Passes reached, also when it is late and the attempts are used up.
    assert_eq!(after(LIMIT, pass(), (1, 4)), (Status::Locked, None, 2));
    // Late, exactly at the limit.
    assert_eq!(after(LIMIT, pass(), (0, 4)), (Status::Pending, Some(Code::VidEnrollTimeout), 1));
    assert_eq!(after(LIMIT, fail(), (1, 1)), (Status::Pending, no_speech, 0));
    // Attempts used up.
    assert_eq!(after(LIMIT - 1, pass(), (0, 4)), (Status::Pending, Some(Code::VidEnrollMaxAttempts), 1));
    assert_eq!(after(LIMIT - 1, fail(), (1, 4)), (Status::Pending, no_speech, 0));
    // Otherwise it goes on: a PASS has no reason, a FAIL sets the passes to zero.
    assert_eq!(after(LIMIT - 1, pass(), (0, 3)), (Status::InProgress, None, 1));
    assert_eq!(after(2_000, fail(), (1, 3)), (Status::InProgress, no_speech, 0));
}

#[test]
fn the_row_keeps_the_given_reason_and_the_event_the_evidence() {
    let Decision { change: (Insert(sample), Update(session_after)), event, output } =
        decide(2_000, pass(), facts(session(Status::InProgress, 0, 2))).unwrap();
    assert_eq!(session_after, output);
    assert_eq!((sample.sample_seq, sample.attempt_index), (3, 1));
    assert_eq!(sample.reason_code, Some(Code::VidEnrollSampleCommit));
    assert_eq!(event.evidence_ref, Some("audio".into()));
    assert_eq!(event.reason_code, Code::VidEnrollSampleCommit.into());
    assert_eq!(event.payload.get("sample_result"), Some("PASS"));
    assert_eq!(event.payload.get("sample_reason_code"), Some("VID_ENROLL_SAMPLE_COMMIT"));
    assert_eq!(event.payload.get("attempt_index"), Some("1"));
}

#[test]
fn a_sample_is_refused_in_the_order_of_the_checks() {
    assert_eq!(refusal(1, pass(), NOBODY), (SCOPE.into(), "voice_enrollment_session_id"));
    let ended = declined(session(Status::Locked, 1, u8::MAX));
    assert_eq!(refusal(1, pass(), ended), (CONTRACT.into(), "terms_status"));
    for status in [Status::Pending, Status::Locked, Status::Declined] {
        let refused = refusal(1, pass(), facts(session(status, 1, u8::MAX)));
        assert_eq!(refused, (CONTRACT.into(), "voice_enroll_status"));
    }
    let full = || facts(session(Status::InProgress, u8::MAX, u8::MAX));
    assert_eq!(refusal(1_999, pass(), full()), (CONTRACT.into(), "now"));
    assert_eq!(refusal(999, fail(), full()), (CONTRACT.into(), "now"));
    for result in [VoiceSampleResult::Pass, VoiceSampleResult::Fail] {
        for reason_code in Code::ALL {
            let fits = match result {
                VoiceSampleResult::Pass => *reason_code == Code::VidEnrollSampleCommit,
                VoiceSampleResult::Fail => reason_code.class() == ReasonClass::Outcome,
            };
            let input = VidEnrollSampleCommitRow { result, reason_code: *reason_code, ..pass() };
            let field = refusal(2_000, input.clone(), full()).1;
            assert_eq!(field == "reason_code", !fits, "{result} with {reason_code}");
            let open = facts(session(Status::InProgress, 0, 0));
            assert_eq!(decide(2_000, input, open).is_ok(), fits, "{result} with {reason_code}");
        }
    }
    let unfit = || VidEnrollSampleCommitRow { reason_code: Code::VidFailNoSpeech, ..pass() };
    assert_eq!(refusal(1, unfit(), NOBODY), (CONTRACT.into(), "reason_code"), "asked before any row");
    assert_eq!(refusal(2_000, pass(), full()), (CONTRACT.into(), "consecutive_passes"));
    assert_eq!(refusal(2_000, fail(), full()), (CONTRACT.into(), "attempt_count"));
    let error = admit(2_000, VidEnrollSampleCommitRow { attempt_index: 0, ..pass() }).unwrap_err();
    assert_eq!(error.reason_code(), CONTRACT.into());
}
