//! PH1.VOICE.ID against the reference model: random sequences of calls, every answer, every table, every
//! event.
//!
//! `PROPTEST_CASES=5000` runs more sequences than the default.

use selene_acceptance::model::{agree, assert_reached, voice_script};

#[test]
fn store_and_model_agree_on_every_call() {
    agree(2_000, voice_script);
}

/// A sequence that never gets anywhere agrees on nothing: every answer that the specs know is among them.
#[test]
fn sequences_reach_every_answer() {
    assert_reached(&voice_script(), ANSWERS);
}

const ANSWERS: &str = "
    VoiceStart APPLIED IN_PROGRESS without a reason
    VoiceStart REPLAYED
    VoiceStart REPLAYED_DIFFERENT
    VoiceStart F_CALLER_NOT_ALLOWED
    VoiceStart VID_CONTRACT_VALIDATION_FAILED
    VoiceStart VID_SCOPE_VIOLATION
    VoiceSample APPLIED IN_PROGRESS without a reason
    VoiceSample APPLIED IN_PROGRESS VID_FAIL_NO_SPEECH
    VoiceSample APPLIED PENDING VID_FAIL_NO_SPEECH
    VoiceSample APPLIED PENDING VID_ENROLL_TIMEOUT
    VoiceSample APPLIED PENDING VID_ENROLL_MAX_ATTEMPTS
    VoiceSample APPLIED LOCKED without a reason
    VoiceSample REPLAYED
    VoiceSample REPLAYED_DIFFERENT
    VoiceSample F_CALLER_NOT_ALLOWED
    VoiceSample VID_CONTRACT_VALIDATION_FAILED
    VoiceSample VID_SCOPE_VIOLATION
    VoiceComplete APPLIED LOCKED without a reason
    VoiceComplete REPLAYED
    VoiceComplete F_CALLER_NOT_ALLOWED
    VoiceComplete VID_CONTRACT_VALIDATION_FAILED
    VoiceComplete VID_SCOPE_VIOLATION
    VoiceDefer APPLIED PENDING VID_FAIL_NO_SPEECH
    VoiceDefer REPLAYED
    VoiceDefer REPLAYED_DIFFERENT
    VoiceDefer F_CALLER_NOT_ALLOWED
    VoiceDefer VID_CONTRACT_VALIDATION_FAILED
    VoiceDefer VID_SCOPE_VIOLATION
    VoiceRead SERVED
    VoiceRead F_CALLER_NOT_ALLOWED
    VoiceRead VID_CONTRACT_VALIDATION_FAILED
    VoiceRead VID_SCOPE_VIOLATION
    VoiceGuard VID_APPEND_ONLY_VIOLATION
    VoiceGuard VID_CONTRACT_VALIDATION_FAILED
    VoiceGuard VID_SCOPE_VIOLATION
";
