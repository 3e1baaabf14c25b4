//! The model on examples that were worked out by hand from the specs, before it is compared with any store.

use selene_contracts::ph1_voice_id::{
    Ph1VoiceIdReasonCode as V, VidEnrollCompleteCommitRow, VidEnrollDeferReminderCommitRow,
    VidEnrollSampleCommitRow, VoiceSampleResult,
};
use selene_contracts::ph1_w::{
    Ph1WReasonCode as W, Ph1wEnrollCompleteCommitRow, Ph1wEnrollDeferReminderCommitRow,
    Ph1wEnrollSampleCommitRow, Ph1wReadActiveWakeProfile, WakeProfileId, WakeSampleResult,
};
use selene_storage::test_support::inputs;

use super::calls::{Answer, Call, Step, Value};
use super::reference::Model;
use super::scripts::start_world;
use crate::world::{context, key};

/// 180 seconds, the shortest time that a wake enrollment may take.
const LIMIT: u64 = 180_000 * 1_000_000;

fn model() -> Model {
    let mut model = Model::new();
    for step in start_world() {
        model.answer(&step);
    }
    model
}

/// The answer to a call, in short.
fn ask(model: &mut Model, now: u64, call: Call) -> String {
    model.answer(&Step { context: context(now), call }).word()
}

fn wake_start(idempotency_key: &str) -> Call {
    Call::WakeStart(inputs::wake_start("ann", "ann_phone", key(idempotency_key)))
}

fn wake_sample(session: &str, number: usize, result: WakeSampleResult, reason: Option<W>) -> Call {
    Call::WakeSample(Ph1wEnrollSampleCommitRow {
        wake_enrollment_session_id: session.into(),
        sample_duration_ms: 500,
        vad_coverage: 1.0,
        snr_db: 20.0,
        clipping_pct: 0.0,
        rms_dbfs: -20.0,
        noise_floor_dbfs: -60.0,
        peak_dbfs: -3.0,
        overlap_ratio: 0.0,
        result,
        reason_code: reason,
        idempotency_key: key(&format!("sample {number}")),
    })
}

fn wake_complete(session: &str, profile: &str, idempotency_key: &str) -> Call {
    Call::WakeComplete(Ph1wEnrollCompleteCommitRow {
        wake_enrollment_session_id: session.into(),
        wake_profile_id: profile.into(),
        idempotency_key: key(idempotency_key),
    })
}

fn active(model: &mut Model) -> Option<WakeProfileId> {
    let read = Ph1wReadActiveWakeProfile { user_id: "ann".into(), device_id: "ann_phone".into() };
    match model.answer(&Step { context: context(1), call: Call::WakeReadActive(read) }) {
        Answer::Served(Value::WakeActive(profile)) => profile,
        other => panic!("{other:?}"),
    }
}

#[test]
fn three_passes_complete_a_wake_enrollment_even_after_its_time() {
    use WakeSampleResult::{Fail, Pass};
    let mut model = model();
    assert_eq!(ask(&mut model, 10, wake_start("a")), "APPLIED IN_PROGRESS without a reason");
    assert_eq!(ask(&mut model, 10, wake_start("b")), "W_ENROLL_ALREADY_IN_PROGRESS");
    let open = "APPLIED IN_PROGRESS without a reason";
    assert_eq!(ask(&mut model, 20, wake_sample("wake-1", 1, Pass, None)), open);
    assert_eq!(ask(&mut model, 19, wake_sample("wake-1", 2, Pass, None)), "W_ENROLL_TIME_INVALID");
    assert_eq!(ask(&mut model, 10 + LIMIT - 1, wake_sample("wake-1", 2, Pass, None)), open);
    let late = wake_sample("wake-1", 3, Fail, None);
    assert_eq!(ask(&mut model, 10 + LIMIT, late), "APPLIED PENDING W_ENROLL_TIMEOUT");
    let not_met = "W_ENROLL_PASS_TARGET_NOT_MET";
    assert_eq!(ask(&mut model, 10 + LIMIT, wake_complete("wake-1", "x", "c")), not_met);
    let last = wake_sample("wake-1", 4, Pass, Some(W::FailG3ScoreLow));
    assert_eq!(ask(&mut model, 10 + LIMIT, last), "W_CONTRACT_VALIDATION_FAILED");
    let last = wake_sample("wake-1", 4, Pass, Some(W::WEnrollTimeout));
    assert_eq!(ask(&mut model, 10 + LIMIT, last), "APPLIED COMPLETE without a reason");
    let closed = "W_ENROLL_SAMPLE_SESSION_CLOSED";
    assert_eq!(ask(&mut model, 10 + LIMIT, wake_sample("wake-1", 5, Pass, None)), closed);
}

#[test]
fn a_wake_enrollment_waits_after_its_attempts_and_while_another_is_in_progress() {
    let mut model = model();
    ask(&mut model, 10, wake_start("a"));
    for number in 1..8 {
        let failed = wake_sample("wake-1", number, WakeSampleResult::Fail, None);
        assert_eq!(ask(&mut model, 20, failed), "APPLIED IN_PROGRESS without a reason");
    }
    let eighth = wake_sample("wake-1", 8, WakeSampleResult::Fail, None);
    assert_eq!(ask(&mut model, 20, eighth), "APPLIED PENDING W_ENROLL_MAX_ATTEMPTS");
    assert_eq!(ask(&mut model, 30, wake_start("b")), "APPLIED IN_PROGRESS without a reason");
    let defer = Call::WakeDefer(Ph1wEnrollDeferReminderCommitRow {
        wake_enrollment_session_id: "wake-2".into(),
        deferred_until: None,
        reason_code: W::FailG0DeviceUnhealthy,
        idempotency_key: key("d"),
    });
    assert_eq!(ask(&mut model, 40, defer), "APPLIED PENDING FAIL_G0_DEVICE_UNHEALTHY");
    assert_eq!(ask(&mut model, 50, wake_start("c")), "APPLIED IN_PROGRESS without a reason");
    let taken = wake_sample("wake-2", 1, WakeSampleResult::Pass, None);
    assert_eq!(ask(&mut model, 60, taken), "APPLIED PENDING FAIL_G0_DEVICE_UNHEALTHY");
}

#[test]
fn a_wake_profile_takes_the_place_of_the_one_before() {
    let mut model = model();
    for (session, profile) in [("wake-1", "old"), ("wake-2", "new")] {
        ask(&mut model, 10, wake_start(session));
        for number in 1..=3 {
            ask(&mut model, 10, wake_sample(session, number, WakeSampleResult::Pass, None));
        }
        let complete = wake_complete(session, profile, "c");
        assert_eq!(ask(&mut model, 20, complete), "APPLIED COMPLETE without a reason");
        assert_eq!(active(&mut model), Some(profile.into()));
    }
    // The old enrollment again changes nothing, and cannot bind another profile.
    let again = wake_complete("wake-1", "old", "d");
    assert_eq!(ask(&mut model, 30, again), "APPLIED COMPLETE without a reason");
    assert_eq!(ask(&mut model, 30, wake_complete("wake-1", "other", "e")), "W_ENROLL_PROFILE_CONFLICT");
    assert_eq!(ask(&mut model, 30, wake_complete("wake-1", "other", "d")), "REPLAYED_DIFFERENT");
    assert_eq!(active(&mut model), Some("new".into()));
    let kept: Vec<bool> = model.tables.wake_bindings.iter().map(|row| row.active).collect();
    assert_eq!(kept, [false, true]);
}

fn voice_start(onboarding: &str, device: &str) -> Call {
    Call::VoiceStart(inputs::voice_start(onboarding, device))
}

fn voice_sample(session: &str, number: u16, result: VoiceSampleResult) -> Call {
    Call::VoiceSample(VidEnrollSampleCommitRow {
        voice_enrollment_session_id: session.into(),
        audio_sample_ref: "audio".into(),
        attempt_index: number,
        result,
        reason_code: match result {
            VoiceSampleResult::Pass => V::VidEnrollSampleCommit,
            VoiceSampleResult::Fail => V::VidFailNoSpeech,
        },
        idempotency_key: key("s"),
    })
}

#[test]
fn two_voice_passes_in_a_row_lock_and_lead_to_one_profile() {
    use VoiceSampleResult::{Fail, Pass};
    let mut model = model();
    ask(&mut model, 10, voice_start("onb_a", "ann_phone"));
    let open = "APPLIED IN_PROGRESS without a reason";
    assert_eq!(ask(&mut model, 10, voice_sample("voice-1", 1, Pass)), open);
    let failed = "APPLIED IN_PROGRESS VID_FAIL_NO_SPEECH";
    assert_eq!(ask(&mut model, 10, voice_sample("voice-1", 2, Fail)), failed);
    assert_eq!(ask(&mut model, 10, voice_sample("voice-1", 3, Pass)), open);
    let complete = |idempotency_key: &str| {
        Call::VoiceComplete(VidEnrollCompleteCommitRow {
            voice_enrollment_session_id: "voice-1".into(),
            idempotency_key: key(idempotency_key),
        })
    };
    assert_eq!(ask(&mut model, 10, complete("c")), "VID_CONTRACT_VALIDATION_FAILED");
    let locked = "APPLIED LOCKED without a reason";
    assert_eq!(ask(&mut model, 10, voice_sample("voice-1", 4, Pass)), locked);
    assert_eq!(ask(&mut model, 10, complete("c")), locked);
    assert_eq!(ask(&mut model, 10, complete("d")), locked);
    assert_eq!(model.tables.voice_profiles.len(), 1);
    assert_eq!(ask(&mut model, 10, voice_start("onb_a", "ann_phone")), "REPLAYED");
}

#[test]
fn a_voice_enrollment_that_waits_takes_no_samples() {
    let mut model = model();
    ask(&mut model, 10, voice_start("onb_a", "ann_phone"));
    let late = voice_sample("voice-1", 1, VoiceSampleResult::Pass);
    assert_eq!(ask(&mut model, 10 + 60_000 * 1_000_000, late), "APPLIED PENDING VID_ENROLL_TIMEOUT");
    let after = voice_sample("voice-1", 2, VoiceSampleResult::Pass);
    assert_eq!(ask(&mut model, 10 + LIMIT, after), "VID_CONTRACT_VALIDATION_FAILED");
    let defer = Call::VoiceDefer(VidEnrollDeferReminderCommitRow {
        voice_enrollment_session_id: "voice-1".into(),
        reason_code: V::VidReauthRequired,
        idempotency_key: key("d"),
    });
    assert_eq!(ask(&mut model, 10 + LIMIT, defer), "APPLIED PENDING VID_REAUTH_REQUIRED");
}

#[test]
fn a_voice_enrollment_stays_within_its_tenant_and_with_its_person() {
    let mut model = model();
    let strange = "VID_SCOPE_VIOLATION";
    assert_eq!(ask(&mut model, 10, voice_start("onb_a", "bob_phone")), strange);
    assert_eq!(ask(&mut model, 10, voice_start("onb_none", "ann_phone")), strange);
    assert_eq!(ask(&mut model, 10, voice_start("onb_a", "no_phone")), strange);
    let open = "APPLIED IN_PROGRESS without a reason";
    // Its primary device is Ann's, and so is the tablet.
    assert_eq!(ask(&mut model, 10, voice_start("onb_phone", "ann_tablet")), open);
    // The tablet has no tenant, so it fits any; the event is in the chain of the onboarding session's tenant.
    assert_eq!(ask(&mut model, 10, voice_start("onb_b", "ann_tablet")), open);
    assert_eq!(model.events().last().and_then(|event| event.tenant_id.clone()), Some("tenant_b".into()));
}

#[test]
fn declined_terms_end_every_enrollment_of_their_onboarding() {
    let mut model = model();
    ask(&mut model, 10, voice_start("onb_free", "ann_phone"));
    let Call::WakeStart(mut start) = wake_start("a") else { panic!("a start") };
    start.onboarding_session_id = Some("onb_free".into());
    let start = Call::WakeStart(start);
    ask(&mut model, 10, start.clone());
    assert_eq!(ask(&mut model, 10, Call::Decline { id: "onb_free".into() }), "SERVED");
    let voice = voice_sample("voice-1", 1, VoiceSampleResult::Pass);
    assert_eq!(ask(&mut model, 10, voice), "VID_CONTRACT_VALIDATION_FAILED");
    let wake = wake_sample("wake-1", 1, WakeSampleResult::Pass, None);
    assert_eq!(ask(&mut model, 10, wake), "W_ONBOARDING_DECLINED");
    assert_eq!(ask(&mut model, 10, wake_complete("wake-1", "p", "c")), "W_ONBOARDING_DECLINED");
    assert_eq!(ask(&mut model, 10, start), "REPLAYED", "what was applied before is answered again");
}
