//! Ada enrolls a wake word on her phone, and the phone listens.

use selene_contracts::ph1_w::{
    Ph1WReasonCode as Code, Ph1wEnrollCompleteCommitRow, Ph1wEnrollSampleCommitRow, Ph1wEnrollStartDraftRow,
    Ph1wReadActiveWakeProfile, Ph1wReadRuntimeEventRows, Ph1wRuntimeEventCommitRow, WakeEnrollmentSessionId,
    WakeEnrollmentSessionRecord, WakeProfileId, WakeRuntimeEventRecord, WakeSampleResult,
};
use selene_contracts::shared::SessionId;
use selene_contracts::{EveryRepo, StorageError};
use selene_storage::test_support::{wake_event, with_verdict};

use super::calls::{After, Call, Expected, context, enroll, refused, seconds, write};

/// Makes the calls of an enrollment that takes too long and is completed all the same.
pub fn enrollment(store: &dyn EveryRepo) -> Vec<Call> {
    let start = Ph1wEnrollStartDraftRow {
        user_id: "ada".into(),
        device_id: "ada-phone".into(),
        onboarding_session_id: None,
        pass_target: 3,
        max_attempts: 8,
        enrollment_timeout_ms: 180_000,
        idempotency_key: "demo-wake".into(),
    };
    let started = store.ph1w_enroll_start_draft_row(&seconds(20, 0), start);
    let Ok(id) = started.as_ref().map(|started| started.value.wake_enrollment_session_id.clone()) else {
        return vec![write("start", Expected::Applied, started)];
    };
    let mut calls = vec![enroll("start: 3 passes in 180 seconds", Expected::Applied, started, Some(after))];
    for (what, now, result, reason) in [
        ("a good sample", 10, WakeSampleResult::Pass, None),
        ("a weak one", 20, WakeSampleResult::Fail, Some(Code::FailG3ScoreLow)),
        ("a good one after 180 seconds: too late", 180, WakeSampleResult::Pass, None),
        ("a good one all the same", 190, WakeSampleResult::Pass, None),
    ] {
        let answer = store.ph1w_enroll_sample_commit_row(&seconds(21, now), sample(&id, now, result, reason));
        calls.push(enroll(what, Expected::Applied, answer, Some(after)));
    }
    let closed = sample(&id, 200, WakeSampleResult::Pass, None);
    let answer = store.ph1w_enroll_sample_commit_row(&seconds(22, 200), closed);
    calls.push(write("one more after the end", refused(Code::WEnrollSampleSessionClosed), answer));
    let complete = Ph1wEnrollCompleteCommitRow {
        wake_enrollment_session_id: id,
        wake_profile_id: "hey-selene".into(),
        idempotency_key: "demo-wake".into(),
    };
    let answer = store.ph1w_enroll_complete_commit_row(&seconds(23, 210), complete);
    calls.push(enroll(
        "complete, which binds the profile hey-selene",
        Expected::Applied,
        answer,
        Some(after),
    ));
    calls
}

/// Makes the calls of a phone that hears a wake word four times.
pub fn listening(store: &dyn EveryRepo) -> Vec<Call> {
    let low = event("wake-2", false, Code::FailG3ScoreLow, None);
    let cooldown = event("wake-3", false, Code::SuppressCooldown, Some(Code::SuppressCooldown));
    let again = Ph1wRuntimeEventCommitRow {
        idempotency_key: "demo-other".into(),
        ..event("wake-1", false, Code::FailG0DeviceUnhealthy, None)
    };
    let not_the_owner = Ph1wRuntimeEventCommitRow {
        session_id: None,
        user_id: Some("eve".into()),
        ..event("wake-4", true, Code::WakeRuntimeEventCommit, None)
    };
    let commit = |input| store.ph1w_runtime_event_commit_row(&context(30), input);
    vec![
        write(
            "the word is heard, and accepted",
            Expected::Applied,
            commit(event("wake-1", true, Code::WakeRuntimeEventCommit, None)),
        ),
        write("something like it: rejected", Expected::Applied, commit(low)),
        write("the word a moment later: suppressed", Expected::Applied, commit(cooldown)),
        write("the first one again under another key", refused(Code::WRuntimeEventDuplicate), commit(again)),
        write(
            "the word from somebody who does not own the phone",
            refused(Code::WRuntimeUserInvalid),
            commit(not_the_owner),
        ),
    ]
}

/// The profile in use.
pub fn active_profile(store: &dyn EveryRepo) -> Result<Option<WakeProfileId>, StorageError> {
    let input = Ph1wReadActiveWakeProfile { user_id: "ada".into(), device_id: "ada-phone".into() };
    store.ph1w_read_active_wake_profile(&context(1), input)
}

/// What the phone heard, in order.
pub fn heard(store: &dyn EveryRepo) -> Result<Vec<WakeRuntimeEventRecord>, StorageError> {
    store.ph1w_read_runtime_event_rows(&context(1), Ph1wReadRuntimeEventRows {})
}

fn after(row: &WakeEnrollmentSessionRecord) -> After {
    After {
        status: row.wake_enroll_status.as_str(),
        passes: (row.pass_count, row.pass_target),
        attempts: (row.attempt_count, row.max_attempts),
        reason: row.reason_code.map_or("", Code::as_str),
    }
}

fn sample(
    id: &WakeEnrollmentSessionId,
    now: u64,
    result: WakeSampleResult,
    reason_code: Option<Code>,
) -> Ph1wEnrollSampleCommitRow {
    Ph1wEnrollSampleCommitRow {
        wake_enrollment_session_id: id.clone(),
        sample_duration_ms: 900,
        vad_coverage: 0.8,
        snr_db: 21.0,
        clipping_pct: 0.0,
        rms_dbfs: -21.0,
        noise_floor_dbfs: -58.0,
        peak_dbfs: -3.0,
        overlap_ratio: 0.1,
        result,
        reason_code,
        idempotency_key: format!("demo-wake-{now}").into(),
    }
}

fn event(id: &str, accepted: bool, reason: Code, suppression: Option<Code>) -> Ph1wRuntimeEventCommitRow {
    let event = Ph1wRuntimeEventCommitRow {
        session_id: Some(SessionId::new(1)),
        user_id: Some("ada".into()),
        wake_profile_id: Some("hey-selene".into()),
        media_playback_active_at_trigger: suppression.is_some(),
        ..wake_event(id, "ada-phone", &format!("demo-{id}"))
    };
    with_verdict(event, (accepted, reason, suppression))
}
