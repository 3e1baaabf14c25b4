//! Wake and voice enrollments of Ada on her phone.

use selene_contracts::ph1_voice_id::{
    Ph1VidEnrollmentRepo as _, VidEnrollSampleCommitRow, VidEnrollStartDraftRow, VoiceEnrollmentSessionId,
};
use selene_contracts::ph1_w::{
    Ph1wEnrollSampleCommitRow, Ph1wEnrollStartDraftRow, Ph1wRuntimeEventCommitRow, Ph1wWakeRepo as _,
    WakeEnrollmentSessionId,
};
use selene_storage::SqliteStore;
use selene_storage::test_support::inputs;
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
    inputs::wake_start("ada", "ada-phone", idempotency_key)
}

pub fn wake_sample(session: &WakeEnrollmentSessionId, idempotency_key: &str) -> Ph1wEnrollSampleCommitRow {
    inputs::wake_sample(session.clone(), idempotency_key)
}

pub fn wake_event(wake_event_id: &str, idempotency_key: &str) -> Ph1wRuntimeEventCommitRow {
    let event = test_support::wake_event(wake_event_id, "ada-phone", idempotency_key);
    Ph1wRuntimeEventCommitRow { user_id: Some("ada".into()), ..event }
}

pub fn voice_start(onboarding_session_id: &str) -> VidEnrollStartDraftRow {
    inputs::voice_start(onboarding_session_id, "ada-phone")
}

pub fn voice_sample(
    session: &VoiceEnrollmentSessionId,
    attempt_index: u16,
    idempotency_key: &str,
) -> VidEnrollSampleCommitRow {
    inputs::voice_sample(session.clone(), attempt_index, idempotency_key)
}
