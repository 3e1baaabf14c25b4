//! Wake and voice enrollments of Ada on her phone.

use selene_contracts::ph1_voice_id::{
    Ph1VidEnrollmentRepo as _, Ph1VoiceIdReasonCode, VidEnrollSampleCommitRow, VidEnrollStartDraftRow,
    VoiceEnrollmentSessionId, VoiceSampleResult,
};
use selene_contracts::ph1_w::{
    Ph1wEnrollSampleCommitRow, Ph1wEnrollStartDraftRow, Ph1wRuntimeEventCommitRow, Ph1wWakeRepo as _,
    WakeEnrollmentSessionId, WakeSampleResult,
};
use selene_storage::SqliteStore;
use selene_storage::test_support::{self, onboarding_session};

use super::calls::context;

/// One sample of each kind and one wake event.
pub fn fill(store: &SqliteStore) {
    let wake = store.ph1w_enroll_start_draft_row(&context(5), wake_start("w1")).unwrap().value;
    let sample = wake_sample(&wake.wake_enrollment_session_id, "w1");
    store.ph1w_enroll_sample_commit_row(&context(5), sample).unwrap();
    store.ph1w_runtime_event_commit_row(&context(5), wake_event("wake-1", "w1")).unwrap();
    store.insert_onboarding_session(&onboarding_session("onb-1".into(), Some("t".into()), None)).unwrap();
    let voice = store.vid_enroll_start_draft_row(&context(5), voice_start("onb-1")).unwrap().value;
    let sample = voice_sample(&voice.voice_enrollment_session_id, 1, "v1");
    store.vid_enroll_sample_commit_row(&context(5), sample).unwrap();
}

pub fn wake_start(idempotency_key: &str) -> Ph1wEnrollStartDraftRow {
    Ph1wEnrollStartDraftRow {
        user_id: "ada".into(),
        device_id: "ada-phone".into(),
        onboarding_session_id: None,
        pass_target: 3,
        max_attempts: 8,
        enrollment_timeout_ms: 180_000,
        idempotency_key: idempotency_key.into(),
    }
}

pub fn wake_sample(session: &WakeEnrollmentSessionId, idempotency_key: &str) -> Ph1wEnrollSampleCommitRow {
    Ph1wEnrollSampleCommitRow {
        wake_enrollment_session_id: session.clone(),
        sample_duration_ms: 900,
        vad_coverage: 0.8,
        snr_db: 21.5,
        clipping_pct: 0.0,
        rms_dbfs: -21.25,
        noise_floor_dbfs: -58.0,
        peak_dbfs: -3.1,
        overlap_ratio: 0.1,
        result: WakeSampleResult::Pass,
        reason_code: None,
        idempotency_key: idempotency_key.into(),
    }
}

pub fn wake_event(wake_event_id: &str, idempotency_key: &str) -> Ph1wRuntimeEventCommitRow {
    let event = test_support::wake_event(wake_event_id, "ada-phone", idempotency_key);
    Ph1wRuntimeEventCommitRow { user_id: Some("ada".into()), ..event }
}

pub fn voice_start(onboarding_session_id: &str) -> VidEnrollStartDraftRow {
    VidEnrollStartDraftRow {
        onboarding_session_id: onboarding_session_id.into(),
        device_id: "ada-phone".into(),
        consent_asserted: true,
        max_total_attempts: 5,
        max_session_enroll_time_ms: 60_000,
        lock_after_consecutive_passes: 2,
    }
}

pub fn voice_sample(
    session: &VoiceEnrollmentSessionId,
    attempt_index: u16,
    idempotency_key: &str,
) -> VidEnrollSampleCommitRow {
    VidEnrollSampleCommitRow {
        voice_enrollment_session_id: session.clone(),
        audio_sample_ref: format!("sample-{attempt_index}").into(),
        attempt_index,
        result: VoiceSampleResult::Pass,
        reason_code: Ph1VoiceIdReasonCode::VidEnrollSampleCommit,
        idempotency_key: idempotency_key.into(),
    }
}
