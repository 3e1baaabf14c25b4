//! specs/ecm/PH1_VOICE_ID.md and specs/db_wiring/PH1_VOICE_ID.md.

use selene_contracts::ReadScope;
use selene_contracts::ph1_voice_id::{
    AudioSampleRef, ENGINE, VidAppendOnlyGuard, VidEnrollCompleteCommitRow, VidEnrollDeferReminderCommitRow,
    VidEnrollSampleCommitRow, VidEnrollStartDraftRow, VidReadEnrollmentState, VoiceEnrollmentSessionId,
    VoiceProfileId,
};

use crate::call::{Event, Promise};
use crate::field::needs;
use crate::{codes, ids, promised, refusals, tables};

const CALL: Promise = Promise::os_only("VID_CONTRACT_VALIDATION_FAILED");

/// Every write of the engine says of whom and of what its event is.
const EVENT_FIELDS: &[&str] =
    &["event_type", "reason_code", "tenant_id", "user_id", "device_id", "idempotency_key"];

promised!(vid_enroll_start_draft_row: VidEnrollStartDraftRow = [Promise {
    input: &[
        needs("onboarding_session_id"),
        needs("device_id"),
        needs("consent_asserted").yes_or_no(),
        needs("max_total_attempts").takes(&["10", "5", "20"], &["4", "21"]),
        needs("max_session_enroll_time_ms").takes(&["120000", "60000", "300000"], &["59999", "300001"]),
        needs("lock_after_consecutive_passes").takes(&["3", "2", "5"], &["1", "6"]),
    ],
    key: Some(("VID_ENROLL_START_DRAFT_ROW", &["onboarding_session_id", "device_id"])),
    event: Some(Event {
        kind: "STATE_TRANSITION",
        reason_code: Some("VID_ENROLL_START_DRAFT"),
        fields: EVENT_FIELDS,
        payload: &["voice_enrollment_session_id", "onboarding_session_id", "device_id", "voice_enroll_status"],
    }),
    ..CALL
}]);

promised!(vid_enroll_sample_commit_row: VidEnrollSampleCommitRow = [Promise {
    input: &[
        needs("voice_enrollment_session_id"),
        needs("audio_sample_ref"),
        needs("attempt_index").takes(&["2", "1", "65535"], &["0", "65536"]),
        needs("result").takes(&["\"PASS\"", "\"FAIL\""], &["\"OTHER\""]),
        needs("reason_code").takes_codes(&[
            "VID_ENROLL_SAMPLE_COMMIT",
            "VID_FAIL_NO_SPEECH",
            "VID_FAIL_LOW_CONFIDENCE",
            "VID_FAIL_ECHO_UNSAFE",
            "VID_FAIL_PROFILE_NOT_ENROLLED",
            "VID_ENROLLMENT_REQUIRED",
            "VID_REAUTH_REQUIRED",
            "VID_ENROLL_TIMEOUT",
            "VID_ENROLL_MAX_ATTEMPTS",
        ]),
        needs("idempotency_key"),
    ],
    key: Some((
        "VID_ENROLL_SAMPLE_COMMIT_ROW",
        &["voice_enrollment_session_id", "attempt_index", "idempotency_key"],
    )),
    event: Some(Event {
        kind: "PERCEPTION_SIGNAL_EMITTED",
        reason_code: Some("VID_ENROLL_SAMPLE_COMMIT"),
        fields: EVENT_FIELDS,
        payload: &[
            "voice_enrollment_session_id",
            "onboarding_session_id",
            "device_id",
            "voice_enroll_status",
            "attempt_index",
            "sample_result",
            "sample_reason_code",
        ],
    }),
    ..CALL
}]);

promised!(vid_enroll_complete_commit_row: VidEnrollCompleteCommitRow = [Promise {
    input: &[needs("voice_enrollment_session_id"), needs("idempotency_key")],
    key: Some(("VID_ENROLL_COMPLETE_COMMIT_ROW", &["voice_enrollment_session_id", "idempotency_key"])),
    event: Some(Event {
        kind: "STATE_TRANSITION",
        reason_code: Some("VID_ENROLL_COMPLETE_COMMIT"),
        fields: EVENT_FIELDS,
        payload: &[
            "voice_enrollment_session_id",
            "onboarding_session_id",
            "device_id",
            "voice_enroll_status",
            "voice_profile_id",
        ],
    }),
    ..CALL
}]);

promised!(vid_enroll_defer_reminder_commit_row: VidEnrollDeferReminderCommitRow = [Promise {
    input: &[
        needs("voice_enrollment_session_id"),
        needs("reason_code").takes_codes(&[
            "VID_FAIL_NO_SPEECH",
            "VID_FAIL_LOW_CONFIDENCE",
            "VID_FAIL_ECHO_UNSAFE",
            "VID_FAIL_PROFILE_NOT_ENROLLED",
            "VID_ENROLLMENT_REQUIRED",
            "VID_REAUTH_REQUIRED",
            "VID_ENROLL_TIMEOUT",
            "VID_ENROLL_MAX_ATTEMPTS",
        ]),
        needs("idempotency_key"),
    ],
    key: Some(("VID_ENROLL_DEFER_REMINDER_COMMIT_ROW", &["voice_enrollment_session_id", "idempotency_key"])),
    event: Some(Event {
        kind: "STATE_TRANSITION",
        reason_code: Some("VID_ENROLL_DEFER_REMINDER_COMMIT"),
        fields: EVENT_FIELDS,
        payload: &[
            "voice_enrollment_session_id",
            "onboarding_session_id",
            "device_id",
            "voice_enroll_status",
            "sample_reason_code",
        ],
    }),
    ..CALL
}]);

promised!(vid_read_enrollment_state: VidReadEnrollmentState = [
    Promise {
        alternative: Some("Session"),
        input: &[needs("voice_enrollment_session_id")],
        scope: Some(ReadScope::Row),
        ..CALL
    },
    Promise {
        alternative: Some("Samples"),
        input: &[needs("voice_enrollment_session_id")],
        scope: Some(ReadScope::Row),
        ..CALL
    },
    Promise {
        alternative: Some("Profile"),
        input: &[needs("voice_profile_id")],
        scope: Some(ReadScope::Row),
        ..CALL
    },
]);

promised!(vid_append_only_guard: VidAppendOnlyGuard = [Promise {
    input: &[
        needs("voice_enrollment_session_id"),
        needs("sample_seq").takes(&["2", "1", "4294967295"], &["0", "4294967296"]),
    ],
    scope: Some(ReadScope::Row),
    ..CALL
}]);

ids! {
    VoiceEnrollmentSessionId: 64,
    VoiceProfileId: 64,
    AudioSampleRef: 256,
}

codes! {
    Refusal: VID_APPEND_ONLY_VIOLATION VID_SCOPE_VIOLATION VID_CONTRACT_VALIDATION_FAILED;
    Replay: VID_IDEMPOTENCY_REPLAY;
    Step: VID_ENROLL_START_DRAFT VID_ENROLL_SAMPLE_COMMIT VID_ENROLL_COMPLETE_COMMIT
        VID_ENROLL_DEFER_REMINDER_COMMIT;
    Outcome: VID_FAIL_NO_SPEECH VID_FAIL_LOW_CONFIDENCE VID_FAIL_ECHO_UNSAFE VID_FAIL_PROFILE_NOT_ENROLLED
        VID_ENROLLMENT_REQUIRED VID_REAUTH_REQUIRED VID_ENROLL_TIMEOUT VID_ENROLL_MAX_ATTEMPTS;
}

refusals! {
    caller: F_CALLER_NOT_ALLOWED,
    simulation: F_SIMULATION_REQUIRED,
    contract: VID_CONTRACT_VALIDATION_FAILED,
    foreign_key: VID_SCOPE_VIOLATION,
    duplicate: F_DUPLICATE_KEY,
    scope: VID_SCOPE_VIOLATION,
    append_only: VID_APPEND_ONLY_VIOLATION,
    not_found: VID_SCOPE_VIOLATION,
    replay: VID_IDEMPOTENCY_REPLAY,
    outcome_unknown: F_OUTCOME_UNKNOWN,
    unavailable: F_BACKEND_UNAVAILABLE,
}

tables! {
    "os_core.voice_enrollment_sessions": Current,
    "os_core.voice_enrollment_samples": Ledger counts "sample_seq",
    "os_core.voice_profiles": Current,
    "os_core.voice_profile_bindings": Current,
}
