//! Ada enrolls her voice on her phone, within her onboarding.

use selene_contracts::StorageError;
use selene_contracts::ph1_voice_id::{
    Ph1VidEnrollmentRepo as _, Ph1VoiceIdReasonCode as Code, VidEnrollCompleteCommitRow,
    VidEnrollSampleCommitRow, VidEnrollStartDraftRow, VidReadEnrollmentState, VidReadEnrollmentStateOutput,
    VoiceEnrollmentSessionRecord, VoiceProfileId, VoiceSampleResult,
};
use selene_storage::SqliteStore;
use selene_storage::test_support::onboarding_session;

use crate::calls::{After, Call, Expected, context, enroll, seconds, write};

const ONBOARDING: &str = "ada-onboarding";
/// One in which nothing is ever started.
const UNUSED: &str = "ada-other-onboarding";

/// Makes the calls of an enrollment that is locked by two good samples in a row.
pub fn enrollment(store: &SqliteStore) -> Result<Vec<Call>, StorageError> {
    // The onboarding engine comes later; its rows are put there by hand.
    for id in [ONBOARDING, UNUSED] {
        store.insert_onboarding_session(&onboarding_session(id.into(), Some("acme".into()), None))?;
    }
    let without_consent = store.vid_enroll_start_draft_row(&seconds(40, 300), start(UNUSED, false));
    let unknown = store.vid_enroll_start_draft_row(&seconds(40, 300), start("eve-onboarding", true));
    let started = store.vid_enroll_start_draft_row(&seconds(40, 300), start(ONBOARDING, true));
    let id = started.as_ref().map_err(Clone::clone)?.value.voice_enrollment_session_id.clone();
    let mut calls = vec![
        write("start without her consent", Expected::Refused, without_consent),
        write("start in an onboarding that nobody knows", Expected::Refused, unknown),
        enroll("start: 2 passes in a row lock the voice", Expected::Applied, started, Some(after)),
    ];
    for (what, attempt_index, expected, result, reason_code) in [
        ("a good sample", 1, Expected::Applied, VoiceSampleResult::Pass, Code::VidEnrollSampleCommit),
        ("silence", 2, Expected::Applied, VoiceSampleResult::Fail, Code::VidFailNoSpeech),
        ("a good one", 3, Expected::Applied, VoiceSampleResult::Pass, Code::VidEnrollSampleCommit),
        ("another good one", 4, Expected::Applied, VoiceSampleResult::Pass, Code::VidEnrollSampleCommit),
        (
            "one more after the end",
            5,
            Expected::Refused,
            VoiceSampleResult::Pass,
            Code::VidEnrollSampleCommit,
        ),
    ] {
        let input = VidEnrollSampleCommitRow {
            voice_enrollment_session_id: id.clone(),
            audio_sample_ref: format!("demo-audio-{attempt_index}").into(),
            attempt_index,
            result,
            reason_code,
            idempotency_key: "demo-voice".into(),
        };
        let now = seconds(41, 300 + u64::from(attempt_index));
        calls.push(enroll(what, expected, store.vid_enroll_sample_commit_row(&now, input), Some(after)));
    }
    let complete =
        VidEnrollCompleteCommitRow { voice_enrollment_session_id: id, idempotency_key: "demo-voice".into() };
    let answer = store.vid_enroll_complete_commit_row(&seconds(42, 310), complete);
    calls.push(enroll("complete, which writes the profile", Expected::Applied, answer, Some(after)));
    Ok(calls)
}

/// The profile of the enrollment in Ada's onboarding.
pub fn profile(store: &SqliteStore) -> Result<Option<VoiceProfileId>, StorageError> {
    let started = store.vid_enroll_start_draft_row(&seconds(40, 300), start(ONBOARDING, true))?;
    let input = VidReadEnrollmentState::Session {
        voice_enrollment_session_id: started.value.voice_enrollment_session_id,
    };
    match store.vid_read_enrollment_state(&context(1), input)? {
        VidReadEnrollmentStateOutput::VoiceEnrollmentSessionRecord(session) => Ok(session.voice_profile_id),
        _ => Ok(None),
    }
}

fn start(onboarding_session_id: &str, consent_asserted: bool) -> VidEnrollStartDraftRow {
    VidEnrollStartDraftRow {
        onboarding_session_id: onboarding_session_id.into(),
        device_id: "ada-phone".into(),
        consent_asserted,
        max_total_attempts: 5,
        max_session_enroll_time_ms: 60_000,
        lock_after_consecutive_passes: 2,
    }
}

fn after(row: &VoiceEnrollmentSessionRecord) -> After {
    After {
        status: row.voice_enroll_status.as_str(),
        passes: (row.consecutive_passes, row.lock_after_consecutive_passes),
        attempts: (u32::from(row.attempt_count), row.max_total_attempts),
        reason: row.reason_code.map_or("", Code::as_str),
    }
}
