//! Grace enrolls her voice on her phone, within her onboarding.

use selene_contracts::ph1_f::Ph1fDeviceInsertRow;
use selene_contracts::ph1_voice_id::{
    Ph1VoiceIdReasonCode as Code, VidEnrollCompleteCommitRow, VidEnrollSampleCommitRow,
    VidEnrollStartDraftRow, VidReadEnrollmentState, VidReadEnrollmentStateOutput,
    VoiceEnrollmentSessionRecord, VoiceProfileId, VoiceSampleResult,
};
use selene_contracts::shared::OnboardingSessionId;
use selene_contracts::{EveryRepo, StorageError};

use super::calls::{After, Call, Expected, context, enroll, refused, seconds, write};

/// Makes the calls of an enrollment that is locked by two good samples in a row; in the other onboarding none is ever
/// started.
pub fn enrollment(
    store: &dyn EveryRepo,
    onboarding: &OnboardingSessionId,
    unused: &OnboardingSessionId,
) -> Result<Vec<Call>, StorageError> {
    let phone = Ph1fDeviceInsertRow {
        device_id: "grace-phone".into(),
        user_id: "grace".into(),
        device_type: "phone".into(),
        audio_profile_ref: None,
        tenant_id: Some("acme".into()),
        idempotency_key: "demo-device".into(),
    };
    let phone = store.ph1f_device_insert_row(&seconds(39, 299), phone);
    let without_consent = store.vid_enroll_start_draft_row(&seconds(40, 300), start(unused, false));
    let unknown = store.vid_enroll_start_draft_row(&seconds(40, 300), start(&"nobody".into(), true));
    let started = store.vid_enroll_start_draft_row(&seconds(40, 300), start(onboarding, true));
    let id = started.as_ref().map_err(Clone::clone)?.value.voice_enrollment_session_id.clone();
    let mut calls = vec![
        write("her phone is registered, now that she is known", Expected::Applied, phone),
        write("start without her consent", refused(Code::VidContractValidationFailed), without_consent),
        write("start in an onboarding that nobody knows", refused(Code::VidScopeViolation), unknown),
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
            refused(Code::VidContractValidationFailed),
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

/// The profile of the enrollment in an onboarding.
pub fn profile(
    store: &dyn EveryRepo,
    onboarding: &OnboardingSessionId,
) -> Result<Option<VoiceProfileId>, StorageError> {
    let started = store.vid_enroll_start_draft_row(&seconds(40, 300), start(onboarding, true))?;
    let input = VidReadEnrollmentState::Session {
        voice_enrollment_session_id: started.value.voice_enrollment_session_id,
    };
    match store.vid_read_enrollment_state(&context(1), input)? {
        VidReadEnrollmentStateOutput::VoiceEnrollmentSessionRecord(session) => Ok(session.voice_profile_id),
        _ => Ok(None),
    }
}

fn start(onboarding_session_id: &OnboardingSessionId, consent_asserted: bool) -> VidEnrollStartDraftRow {
    VidEnrollStartDraftRow {
        onboarding_session_id: onboarding_session_id.clone(),
        device_id: "grace-phone".into(),
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
