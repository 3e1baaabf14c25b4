//! specs/ecm/PH1_W.md and specs/db_wiring/PH1_W.md.

use selene_contracts::ReadScope;
use selene_contracts::ph1_w::{
    ENGINE, Ph1wAppendOnlyGuards, Ph1wEnrollCompleteCommitRow, Ph1wEnrollDeferReminderCommitRow,
    Ph1wEnrollSampleCommitRow, Ph1wEnrollStartDraftRow, Ph1wReadActiveWakeProfile,
    Ph1wReadEnrollmentSampleRows, Ph1wReadEnrollmentSessionRow, Ph1wReadRuntimeEventRows,
    Ph1wRuntimeEventCommitRow, WakeEnrollmentSessionId, WakeEventId, WakeProfileId,
};

use crate::call::{Broken, Event, Promise, admit, usual};
use crate::field::{Field, may, needs};
use crate::{codes, ids, promised, refusals, tables};

const CALL: Promise = Promise::os_only("W_CONTRACT_VALIDATION_FAILED");

/// Every write of the engine says of whom and of what its event is.
const EVENT_FIELDS: &[&str] =
    &["event_type", "reason_code", "user_id", "device_id", "correlation_id", "turn_id"];

/// Outcomes of an enrollment and gates of a wake: why a sample failed, or an enrollment was put off.
const OUTCOMES_AND_GATES: &[&str] = &[
    "W_ENROLL_TIMEOUT",
    "W_ENROLL_MAX_ATTEMPTS",
    "FAIL_G0_DEVICE_UNHEALTHY",
    "FAIL_G1_NOISE",
    "FAIL_G2_NOT_WAKE_LIKE",
    "FAIL_G3_SCORE_LOW",
    "FAIL_G3A_REPLAY_SUSPECTED",
    "FAIL_G4_USER_MISMATCH",
    "FAIL_G5_POLICY_BLOCKED",
];

/// A measure of a sample that may be any finite number.
const fn decibels(name: &'static str) -> Field {
    needs(name).takes(&["0", "-200.5", "200.5"], &["1e39", "-1e39"]).or("W_ENROLL_SAMPLE_INVALID")
}

/// A measure of a sample that is a share.
const fn share(name: &'static str) -> Field {
    needs(name).takes(&["0.5", "0", "1"], &["-0.001", "1.001"]).or("W_ENROLL_SAMPLE_INVALID")
}

promised!(ph1w_enroll_start_draft_row: Ph1wEnrollStartDraftRow = [Promise {
    input: &[
        needs("user_id"),
        needs("device_id"),
        may("onboarding_session_id"),
        needs("pass_target").takes(&["5", "3", "8"], &["2", "9"]).or("W_ENROLL_INVALID_BOUNDS"),
        needs("max_attempts").takes(&["10", "8", "20"], &["7", "21"]).or("W_ENROLL_INVALID_BOUNDS"),
        needs("enrollment_timeout_ms")
            .takes(&["300000", "180000", "600000"], &["179999", "600001"])
            .or("W_ENROLL_INVALID_BOUNDS"),
        needs("idempotency_key"),
    ],
    key: Some(("PH1W_ENROLL_START_DRAFT_ROW", &["user_id", "device_id", "idempotency_key"])),
    event: Some(Event {
        kind: "STATE_TRANSITION",
        reason_code: Some("WAKE_ENROLL_START_DRAFT"),
        fields: EVENT_FIELDS,
        payload: &["wake_enrollment_session_id", "user_id", "device_id", "wake_enroll_status"],
    }),
    ..CALL
}]);

promised!(ph1w_enroll_sample_commit_row: Ph1wEnrollSampleCommitRow = [Promise {
    input: &[
        needs("wake_enrollment_session_id"),
        needs("sample_duration_ms").takes(&["1000", "500", "2200"], &["499", "2201"]).or("W_ENROLL_SAMPLE_INVALID"),
        share("vad_coverage"),
        decibels("snr_db"),
        share("clipping_pct"),
        decibels("rms_dbfs"),
        decibels("noise_floor_dbfs"),
        decibels("peak_dbfs"),
        share("overlap_ratio"),
        needs("result").takes(&["\"PASS\"", "\"FAIL\""], &["\"OTHER\""]),
        may("reason_code").takes_codes(OUTCOMES_AND_GATES),
        needs("idempotency_key"),
    ],
    key: Some(("PH1W_ENROLL_SAMPLE_COMMIT_ROW", &["wake_enrollment_session_id", "idempotency_key"])),
    event: Some(Event {
        kind: "PERCEPTION_SIGNAL_EMITTED",
        reason_code: Some("WAKE_ENROLL_SAMPLE_COMMIT"),
        fields: EVENT_FIELDS,
        payload: &[
            "wake_enrollment_session_id",
            "user_id",
            "device_id",
            "wake_enroll_status",
            "sample_seq",
            "result",
            "gate_reason_code?",
        ],
    }),
    ..CALL
}];
    #[test]
    fn measures_that_are_no_numbers() {
        Broken::none(module_path!(), PROMISES, no_number);
    }
);

/// A measure, whether a call may be without it or not.
fn measure<T: From<f32>>(number: f32) -> T {
    T::from(number)
}

/// A measure that is no number cannot be written as JSON, but a caller in Rust can give it.
fn no_number(promise: &Promise, broken: &mut Broken) {
    let given = |change: fn(&mut Ph1wEnrollSampleCommitRow)| {
        let mut sample = usual(promise);
        change(&mut sample);
        sample
    };
    for (part, sample) in [
        ("input::vad_coverage", given(|sample| sample.vad_coverage = measure(f32::NAN))),
        ("input::snr_db", given(|sample| sample.snr_db = measure(f32::NAN))),
        ("input::clipping_pct", given(|sample| sample.clipping_pct = measure(f32::INFINITY))),
        ("input::rms_dbfs", given(|sample| sample.rms_dbfs = measure(f32::INFINITY))),
        ("input::noise_floor_dbfs", given(|sample| sample.noise_floor_dbfs = measure(f32::NEG_INFINITY))),
        ("input::peak_dbfs", given(|sample| sample.peak_dbfs = measure(f32::NAN))),
        ("input::overlap_ratio", given(|sample| sample.overlap_ratio = measure(f32::NAN))),
    ] {
        let answer = admit(sample);
        let codes: Vec<&str> = answer.iter().map(|(_, code)| *code).collect();
        broken.unless(codes == ["W_ENROLL_SAMPLE_INVALID"], part, format_args!("{answer:?}"));
    }
}

promised!(ph1w_enroll_complete_commit_row: Ph1wEnrollCompleteCommitRow = [Promise {
    input: &[needs("wake_enrollment_session_id"), needs("wake_profile_id"), needs("idempotency_key")],
    key: Some(("PH1W_ENROLL_COMPLETE_COMMIT_ROW", &["wake_enrollment_session_id", "idempotency_key"])),
    event: Some(Event {
        kind: "STATE_TRANSITION",
        reason_code: Some("WAKE_ENROLL_COMPLETE_COMMIT"),
        fields: EVENT_FIELDS,
        payload: &[
            "wake_enrollment_session_id",
            "user_id",
            "device_id",
            "wake_enroll_status",
            "wake_profile_id",
        ],
    }),
    ..CALL
}]);

promised!(ph1w_enroll_defer_reminder_commit_row: Ph1wEnrollDeferReminderCommitRow = [Promise {
    input: &[
        needs("wake_enrollment_session_id"),
        may("deferred_until").takes(&["0", "18446744073709551615"], &["18446744073709551616"]),
        needs("reason_code").takes_codes(OUTCOMES_AND_GATES),
        needs("idempotency_key"),
    ],
    key: Some(("PH1W_ENROLL_DEFER_REMINDER_COMMIT_ROW", &["wake_enrollment_session_id", "idempotency_key"])),
    event: Some(Event {
        kind: "STATE_TRANSITION",
        reason_code: Some("WAKE_ENROLL_DEFER_REMINDER_COMMIT"),
        fields: EVENT_FIELDS,
        payload: &[
            "wake_enrollment_session_id",
            "user_id",
            "device_id",
            "wake_enroll_status",
            "gate_reason_code",
        ],
    }),
    ..CALL
}]);

promised!(ph1w_runtime_event_commit_row: Ph1wRuntimeEventCommitRow = [Promise {
    input: &[
        needs("wake_event_id"),
        may("session_id").takes(&["1"], &["\"1\""]),
        may("user_id"),
        needs("device_id"),
        needs("accepted").yes_or_no(),
        needs("reason_code").takes_codes(&[
            "WAKE_RUNTIME_EVENT_COMMIT",
            "FAIL_G0_DEVICE_UNHEALTHY",
            "FAIL_G1_NOISE",
            "FAIL_G2_NOT_WAKE_LIKE",
            "FAIL_G3_SCORE_LOW",
            "FAIL_G3A_REPLAY_SUSPECTED",
            "FAIL_G4_USER_MISMATCH",
            "FAIL_G5_POLICY_BLOCKED",
            "SUPPRESS_COOLDOWN",
            "SUPPRESS_POLICY_SUSPENDED",
            "SUPPRESS_ECHO_OWN_SPEECH",
            "SUPPRESS_ECHO_MEDIA",
        ]),
        may("wake_profile_id"),
        needs("tts_active_at_trigger").yes_or_no(),
        needs("media_playback_active_at_trigger").yes_or_no(),
        may("suppression_reason_code").takes_codes(&[
            "SUPPRESS_COOLDOWN",
            "SUPPRESS_POLICY_SUSPENDED",
            "SUPPRESS_ECHO_OWN_SPEECH",
            "SUPPRESS_ECHO_MEDIA",
        ]),
        needs("idempotency_key"),
    ],
    key: Some(("wake_runtime_events", &["device_id", "idempotency_key"])),
    event: Some(Event {
        kind: "PERCEPTION_SIGNAL_EMITTED",
        reason_code: Some("WAKE_RUNTIME_EVENT_COMMIT"),
        fields: EVENT_FIELDS,
        payload: &[
            "wake_event_id",
            "user_id?",
            "device_id",
            "wake_profile_id?",
            "accepted",
            "gate_reason_code",
            "suppression_reason_code?",
        ],
    }),
    ..CALL
}]);

promised!(ph1w_read_enrollment_session_row: Ph1wReadEnrollmentSessionRow = [Promise {
    input: &[needs("wake_enrollment_session_id")],
    scope: Some(ReadScope::Row),
    ..CALL
}]);

promised!(ph1w_read_enrollment_sample_rows: Ph1wReadEnrollmentSampleRows = [Promise {
    input: &[needs("wake_enrollment_session_id")],
    scope: Some(ReadScope::Row),
    ..CALL
}]);

promised!(ph1w_read_runtime_event_rows: Ph1wReadRuntimeEventRows =
    [Promise { scope: Some(ReadScope::WholeLedger), ..CALL }]);

promised!(ph1w_read_active_wake_profile: Ph1wReadActiveWakeProfile = [Promise {
    input: &[needs("user_id"), needs("device_id")],
    scope: Some(ReadScope::Row),
    ..CALL
}]);

promised!(ph1w_append_only_guards: Ph1wAppendOnlyGuards = [
    Promise {
        alternative: Some("WakeEnrollmentSessionIdAndSampleSeq"),
        input: &[
            needs("wake_enrollment_session_id"),
            needs("sample_seq")
                .takes(&["2", "1", "4294967295"], &["0", "4294967296"])
                .or("W_ENROLL_SAMPLE_INVALID"),
        ],
        scope: Some(ReadScope::Row),
        ..CALL
    },
    Promise {
        alternative: Some("WakeEventId"),
        input: &[needs("wake_event_id")],
        scope: Some(ReadScope::Row),
        ..CALL
    },
]);

ids! {
    WakeEnrollmentSessionId: 64,
    WakeEventId: 128,
    WakeProfileId: 128,
}

codes! {
    Refusal: W_ENROLL_INVALID_BOUNDS W_ENROLL_SAMPLE_INVALID W_ENROLL_ALREADY_IN_PROGRESS
        W_ENROLL_SAMPLE_SESSION_CLOSED W_ENROLL_DEVICE_OWNERSHIP_MISMATCH W_RUNTIME_DEVICE_MISSING
        W_RUNTIME_SESSION_INVALID W_RUNTIME_USER_INVALID W_ENROLL_PASS_TARGET_NOT_MET
        W_ENROLL_DEFER_SESSION_CLOSED W_ENROLL_PROFILE_CONFLICT W_ENROLL_TIME_INVALID
        W_RUNTIME_EVENT_DUPLICATE W_COUNTER_EXHAUSTED W_APPEND_ONLY_VIOLATION W_SCOPE_VIOLATION
        W_CONTRACT_VALIDATION_FAILED W_ENROLL_USER_MISSING W_ENROLL_DEVICE_MISSING W_ONBOARDING_DECLINED;
    Replay: W_IDEMPOTENCY_REPLAY;
    Step: WAKE_ENROLL_START_DRAFT WAKE_ENROLL_SAMPLE_COMMIT WAKE_ENROLL_COMPLETE_COMMIT
        WAKE_ENROLL_DEFER_REMINDER_COMMIT WAKE_RUNTIME_EVENT_COMMIT;
    Outcome: W_ENROLL_TIMEOUT W_ENROLL_MAX_ATTEMPTS;
    Gate: FAIL_G0_DEVICE_UNHEALTHY FAIL_G1_NOISE FAIL_G2_NOT_WAKE_LIKE FAIL_G3_SCORE_LOW
        FAIL_G3A_REPLAY_SUSPECTED FAIL_G4_USER_MISMATCH FAIL_G5_POLICY_BLOCKED;
    Suppression: SUPPRESS_COOLDOWN SUPPRESS_POLICY_SUSPENDED SUPPRESS_ECHO_OWN_SPEECH SUPPRESS_ECHO_MEDIA;
}

refusals! {
    caller: F_CALLER_NOT_ALLOWED,
    simulation: F_SIMULATION_REQUIRED,
    contract: W_CONTRACT_VALIDATION_FAILED,
    foreign_key: W_SCOPE_VIOLATION,
    duplicate: F_DUPLICATE_KEY,
    scope: W_SCOPE_VIOLATION,
    append_only: W_APPEND_ONLY_VIOLATION,
    not_found: W_SCOPE_VIOLATION,
    replay: W_IDEMPOTENCY_REPLAY,
    outcome_unknown: F_OUTCOME_UNKNOWN,
    unavailable: F_BACKEND_UNAVAILABLE,
}

tables! {
    "os_core.wake_enrollment_sessions": Current,
    "os_core.wake_enrollment_samples": Ledger counts "sample_seq",
    "os_core.wake_runtime_events": Ledger,
    "os_core.wake_profile_bindings": Current,
}
