//! PH1.W against the reference model: random sequences of calls, every answer, every table, every event.
//!
//! `PROPTEST_CASES=5000` runs more sequences than the default.

use selene_acceptance::model::{agree, assert_reached, wake_script};

#[test]
fn store_and_model_agree_on_every_call() {
    agree(2_000, wake_script);
}

/// A sequence that never gets anywhere agrees on nothing: every answer that the specs know is among them.
#[test]
fn sequences_reach_every_answer() {
    assert_reached(&wake_script(), ANSWERS);
}

const ANSWERS: &str = "
    WakeStart APPLIED IN_PROGRESS without a reason
    WakeStart REPLAYED
    WakeStart REPLAYED_DIFFERENT
    WakeStart F_CALLER_NOT_ALLOWED
    WakeStart W_ENROLL_INVALID_BOUNDS
    WakeStart W_CONTRACT_VALIDATION_FAILED
    WakeStart W_ENROLL_USER_MISSING
    WakeStart W_ENROLL_DEVICE_MISSING
    WakeStart W_SCOPE_VIOLATION
    WakeStart W_ENROLL_DEVICE_OWNERSHIP_MISMATCH
    WakeStart W_ONBOARDING_DECLINED
    WakeStart W_ENROLL_TIME_INVALID
    WakeStart W_ENROLL_ALREADY_IN_PROGRESS
    WakeSample APPLIED IN_PROGRESS without a reason
    WakeSample APPLIED IN_PROGRESS FAIL_G3_SCORE_LOW
    WakeSample APPLIED PENDING FAIL_G3_SCORE_LOW
    WakeSample APPLIED PENDING W_ENROLL_TIMEOUT
    WakeSample APPLIED PENDING W_ENROLL_MAX_ATTEMPTS
    WakeSample APPLIED COMPLETE without a reason
    WakeSample REPLAYED
    WakeSample REPLAYED_DIFFERENT
    WakeSample F_CALLER_NOT_ALLOWED
    WakeSample W_CONTRACT_VALIDATION_FAILED
    WakeSample W_ENROLL_SAMPLE_INVALID
    WakeSample W_SCOPE_VIOLATION
    WakeSample W_ONBOARDING_DECLINED
    WakeSample W_ENROLL_SAMPLE_SESSION_CLOSED
    WakeSample W_ENROLL_TIME_INVALID
    WakeComplete APPLIED COMPLETE without a reason
    WakeComplete REPLAYED
    WakeComplete REPLAYED_DIFFERENT
    WakeComplete F_CALLER_NOT_ALLOWED
    WakeComplete W_CONTRACT_VALIDATION_FAILED
    WakeComplete W_SCOPE_VIOLATION
    WakeComplete W_ONBOARDING_DECLINED
    WakeComplete W_ENROLL_PASS_TARGET_NOT_MET
    WakeComplete W_ENROLL_TIME_INVALID
    WakeComplete W_ENROLL_PROFILE_CONFLICT
    WakeBinding REPLACED
    WakeDefer APPLIED PENDING FAIL_G3_SCORE_LOW
    WakeDefer REPLAYED
    WakeDefer REPLAYED_DIFFERENT
    WakeDefer F_CALLER_NOT_ALLOWED
    WakeDefer W_CONTRACT_VALIDATION_FAILED
    WakeDefer W_SCOPE_VIOLATION
    WakeDefer W_ONBOARDING_DECLINED
    WakeDefer W_ENROLL_DEFER_SESSION_CLOSED
    WakeDefer W_ENROLL_TIME_INVALID
    WakeRuntime APPLIED
    WakeRuntime REPLAYED
    WakeRuntime REPLAYED_DIFFERENT
    WakeRuntime F_CALLER_NOT_ALLOWED
    WakeRuntime W_CONTRACT_VALIDATION_FAILED
    WakeRuntime W_RUNTIME_DEVICE_MISSING
    WakeRuntime W_RUNTIME_SESSION_INVALID
    WakeRuntime W_RUNTIME_USER_INVALID
    WakeRuntime W_RUNTIME_EVENT_DUPLICATE
    WakeReadSession SERVED
    WakeReadSession F_CALLER_NOT_ALLOWED
    WakeReadSession W_CONTRACT_VALIDATION_FAILED
    WakeReadSamples SERVED
    WakeReadSamples F_CALLER_NOT_ALLOWED
    WakeReadSamples W_CONTRACT_VALIDATION_FAILED
    WakeReadRuntime SERVED
    WakeReadRuntime F_CALLER_NOT_ALLOWED
    WakeReadRuntime W_CONTRACT_VALIDATION_FAILED
    WakeReadActive SERVED
    WakeReadActive F_CALLER_NOT_ALLOWED
    WakeReadActive W_CONTRACT_VALIDATION_FAILED
    WakeGuard W_APPEND_ONLY_VIOLATION
    WakeGuard W_SCOPE_VIOLATION
    WakeGuard W_ENROLL_SAMPLE_INVALID
    WakeGuard W_CONTRACT_VALIDATION_FAILED
";
