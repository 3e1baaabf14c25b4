//! Reason codes of another class than the field takes: refused also where the call was applied before, and read, verified and
//! replayed where an earlier build stored them.

use std::path::Path;

use rusqlite::Connection;
use selene_contracts::ph1_persona::{Ph1PersonaReasonCode, Ph1PersonaRepo as _, Ph1personaProfileCommitRow};
use selene_contracts::ph1_voice_id::{
    Ph1VidEnrollmentRepo as _, Ph1VoiceIdReasonCode as V, VidEnrollDeferReminderCommitRow,
    VidEnrollSampleCommitRow, VidReadEnrollmentState, VidReadEnrollmentStateOutput, VoiceEnrollmentSessionId,
    VoiceSampleResult,
};
use selene_contracts::ph1_w::{
    Ph1WReasonCode as W, Ph1wEnrollDeferReminderCommitRow, Ph1wEnrollSampleCommitRow,
    Ph1wReadEnrollmentSampleRows, Ph1wReadRuntimeEventRows, Ph1wRuntimeEventCommitRow, Ph1wWakeRepo as _,
    WakeEnrollmentSessionId, WakeSampleResult,
};
use selene_contracts::ph1_write::{
    FormatMode, Ph1WriteReasonCode as R, Ph1WriteRepo as _, Ph1writeFormatCommitRow,
};
use selene_contracts::tables::wake_runtime_events;
use selene_contracts::{Committed, Disposition, StorageError};
use selene_storage::SqliteStore;
use selene_storage::test_support::{onboarding_session, verdict, with_verdict};

use crate::common::enrollments::{voice_sample, voice_start, wake_event, wake_sample, wake_start};
use crate::common::{World, context, dump, format, populate, profile};

/// What became of a retry: replayed, or refused for its reason and nothing else.
#[derive(Debug, PartialEq)]
enum Outcome {
    Replayed { identical: bool },
    Refused(&'static str),
}

fn outcome<T: std::fmt::Debug>(answer: Result<Committed<T>, StorageError>) -> Outcome {
    match answer {
        Ok(Committed { disposition: Disposition::Replayed { identical }, .. }) => {
            Outcome::Replayed { identical }
        }
        Err(StorageError::ContractViolation { violations, .. }) => Outcome::Refused(violations[0].field),
        other => panic!("{other:?}"),
    }
}

/// Makes the same call with every code of its engine; `fits` says which of them may be given.
fn retry<C: Copy + std::fmt::Debug, T: std::fmt::Debug>(
    codes: &[C],
    call: impl Fn(C) -> Result<Committed<T>, StorageError>,
    fits: impl Fn(C) -> bool,
) {
    for code in codes {
        match outcome(call(*code)) {
            Outcome::Replayed { .. } => assert!(fits(*code), "{code:?} is replayed"),
            Outcome::Refused(field) => {
                assert!(!fits(*code), "{code:?} is refused");
                assert_eq!(field, "reason_code", "{code:?}");
            }
        }
    }
}

/// The field of a wake event that says why it was suppressed.
const SUPPRESSION: &str = wake_runtime_events::SUPPRESSION_REASON_CODE;

const WAKE_OUTCOMES: [W; 2] = [W::WEnrollTimeout, W::WEnrollMaxAttempts];
const GATES: [W; 7] = [
    W::FailG0DeviceUnhealthy,
    W::FailG1Noise,
    W::FailG2NotWakeLike,
    W::FailG3ScoreLow,
    W::FailG3aReplaySuspected,
    W::FailG4UserMismatch,
    W::FailG5PolicyBlocked,
];
const VOICE_OUTCOMES: [V; 8] = [
    V::VidFailNoSpeech,
    V::VidFailLowConfidence,
    V::VidFailEchoUnsafe,
    V::VidFailProfileNotEnrolled,
    V::VidEnrollmentRequired,
    V::VidReauthRequired,
    V::VidEnrollTimeout,
    V::VidEnrollMaxAttempts,
];

#[test]
fn a_retry_of_a_wake_call_with_a_reason_of_another_class_is_refused_and_not_replayed() {
    let world = World::new();
    let store = world.open();
    populate(&store);
    let wake = store.ph1w_enroll_start_draft_row(&context(5), wake_start("w")).unwrap().value;
    let wake = wake.wake_enrollment_session_id;
    let sample = |reason_code, result| {
        let input = Ph1wEnrollSampleCommitRow { reason_code, result, ..wake_sample(&wake, "s") };
        store.ph1w_enroll_sample_commit_row(&context(5), input)
    };
    let defer =
        |reason_code| store.ph1w_enroll_defer_reminder_commit_row(&context(5), deferral(&wake, reason_code));
    sample(None, WakeSampleResult::Pass).unwrap();
    defer(W::WEnrollTimeout).unwrap();

    let before = dump(&world.path());
    let is_outcome = |code: W| WAKE_OUTCOMES.contains(&code);
    let fits_a_failure = |code: W| is_outcome(code) || GATES.contains(&code);
    retry(W::ALL, |code| sample(Some(code), WakeSampleResult::Pass), is_outcome);
    retry(W::ALL, |code| sample(Some(code), WakeSampleResult::Fail), fits_a_failure);
    retry(W::ALL, defer, fits_a_failure);
    assert_eq!(dump(&world.path()), before, "neither a refusal nor a replay leaves anything");
}

#[test]
fn a_retry_of_a_wake_event_with_a_reason_of_another_class_is_refused_and_not_replayed() {
    let world = World::new();
    let store = world.open();
    populate(&store);
    let event = |accepted, reason, suppression| {
        let input = with_verdict(wake_event("e", "e"), (accepted, reason, suppression));
        store.ph1w_runtime_event_commit_row(&context(5), input)
    };
    event(true, W::WakeRuntimeEventCommit, None).unwrap();

    let before = dump(&world.path());
    let is_gate = |code: W| GATES.contains(&code);
    let cooldown = W::SuppressCooldown;
    retry(W::ALL, |code| event(true, code, None), |code| code == W::WakeRuntimeEventCommit);
    retry(W::ALL, |code| event(false, code, None), is_gate);
    retry(W::ALL, |code| event(false, code, Some(cooldown)), |code| code == cooldown || is_gate(code));
    for (accepted, reason) in [(true, W::WakeRuntimeEventCommit), (false, W::FailG1Noise)] {
        let answer = outcome(event(accepted, reason, Some(W::WEnrollTimeout)));
        assert_eq!(answer, Outcome::Refused(SUPPRESSION), "{reason}");
    }
    let suppressed = outcome(event(true, W::WakeRuntimeEventCommit, Some(cooldown)));
    assert_eq!(suppressed, Outcome::Refused(SUPPRESSION), "accepted and suppressed");
    assert_eq!(dump(&world.path()), before, "neither a refusal nor a replay leaves anything");
}

#[test]
fn a_retry_of_a_voice_call_with_a_reason_of_another_class_is_refused_and_not_replayed() {
    let world = World::new();
    let store = world.open();
    populate(&store);
    store.insert_onboarding_session(&onboarding_session("onb-1".into(), Some("t".into()), None)).unwrap();
    let voice = store.vid_enroll_start_draft_row(&context(5), voice_start("onb-1")).unwrap().value;
    let voice = voice.voice_enrollment_session_id;
    let sample = |result, reason_code| {
        let input = VidEnrollSampleCommitRow { result, reason_code, ..voice_sample(&voice, 1, "s") };
        store.vid_enroll_sample_commit_row(&context(5), input)
    };
    let defer = |reason_code| {
        store.vid_enroll_defer_reminder_commit_row(&context(5), voice_deferral(&voice, reason_code))
    };
    sample(VoiceSampleResult::Pass, V::VidEnrollSampleCommit).unwrap();
    defer(V::VidReauthRequired).unwrap();

    let before = dump(&world.path());
    let is_outcome = |code: V| VOICE_OUTCOMES.contains(&code);
    retry(V::ALL, |code| sample(VoiceSampleResult::Pass, code), |code| code == V::VidEnrollSampleCommit);
    retry(V::ALL, |code| sample(VoiceSampleResult::Fail, code), is_outcome);
    retry(V::ALL, defer, is_outcome);
    assert_eq!(dump(&world.path()), before, "neither a refusal nor a replay leaves anything");
}

#[test]
fn a_retry_of_an_outcome_with_a_reason_of_another_class_is_refused_and_not_replayed() {
    let world = World::new();
    let store = world.open();
    populate(&store);
    let profile = |reason_code| {
        let input = Ph1personaProfileCommitRow { reason_code, ..profile("t", "p") };
        store.ph1persona_profile_commit_row(&context(6), input)
    };
    let format = |format_mode, reason_code| {
        let input = Ph1writeFormatCommitRow { format_mode, reason_code, ..format("t", "f") };
        store.ph1write_format_commit_row(&context(6), input)
    };
    let decided = Ph1PersonaReasonCode::PersonaProfileCommit;
    profile(decided).unwrap();
    format(FormatMode::FormattedText, R::WriteFormattedText).unwrap();

    let before = dump(&world.path());
    retry(Ph1PersonaReasonCode::ALL, profile, |code| code == decided);
    retry(R::ALL, |code| format(FormatMode::FormattedText, code), |code| code == R::WriteFormattedText);
    retry(R::ALL, |code| format(FormatMode::FallbackOriginal, code), |code| code == R::WriteFallbackOriginal);
    assert_eq!(dump(&world.path()), before, "neither a refusal nor a replay leaves anything");
}

fn deferral(session: &WakeEnrollmentSessionId, reason_code: W) -> Ph1wEnrollDeferReminderCommitRow {
    Ph1wEnrollDeferReminderCommitRow {
        wake_enrollment_session_id: session.clone(),
        deferred_until: None,
        reason_code,
        idempotency_key: "defer".into(),
    }
}

fn voice_deferral(session: &VoiceEnrollmentSessionId, reason_code: V) -> VidEnrollDeferReminderCommitRow {
    VidEnrollDeferReminderCommitRow {
        voice_enrollment_session_id: session.clone(),
        reason_code,
        idempotency_key: "defer".into(),
    }
}

/// A file of schema version 4 with the rows of the build that took every class.
fn earlier() -> World {
    const STEPS: [&str; 4] = [
        include_str!("../../src/sqlite/migrations/0001_foundation.sql"),
        include_str!("../../src/sqlite/migrations/0002_wake_and_voice.sql"),
        include_str!("../../src/sqlite/migrations/0003_links_positions_access.sql"),
        include_str!("../../src/sqlite/migrations/0004_onboarding.sql"),
    ];
    let world = World::new();
    let raw = Connection::open(world.path()).unwrap();
    // The rows are in the order of their tables' names.
    raw.pragma_update(None, "foreign_keys", false).unwrap();
    for step in STEPS {
        raw.execute_batch(step).unwrap();
    }
    raw.execute_batch(include_str!("earlier/reasons_v4.sql")).unwrap();
    raw.pragma_update(None, "application_id", i32::from_be_bytes(*b"SELN")).unwrap();
    raw.pragma_update(None, "user_version", 4).unwrap();
    world
}

fn enrollments(path: &Path) -> (WakeEnrollmentSessionId, VoiceEnrollmentSessionId) {
    let raw = crate::common::raw(path);
    let id = |sql: &str| raw.query_row(sql, [], |row| row.get::<_, String>(0)).unwrap();
    (
        id("SELECT wake_enrollment_session_id FROM wake_enrollment_sessions").into(),
        id("SELECT voice_enrollment_session_id FROM voice_enrollment_sessions").into(),
    )
}

#[test]
fn what_an_earlier_build_stored_is_read_and_verified() {
    let world = earlier();
    let store = world.open();
    let (wake, voice) = enrollments(&world.path());

    let events = store.ph1w_read_runtime_event_rows(&context(9), Ph1wReadRuntimeEventRows {}).unwrap();
    let verdicts: Vec<_> = events.iter().map(verdict).collect();
    let expected = [
        (true, W::FailG3ScoreLow, None),
        (false, W::WIdempotencyReplay, None),
        (false, W::FailG3ScoreLow, Some(W::WEnrollTimeout)),
        (true, W::WakeRuntimeEventCommit, None),
    ];
    assert_eq!(verdicts, expected);
    let read = Ph1wReadEnrollmentSampleRows { wake_enrollment_session_id: wake };
    let samples = store.ph1w_read_enrollment_sample_rows(&context(9), read).unwrap();
    let reasons: Vec<_> = samples.iter().map(|row| row.reason_code).collect();
    assert_eq!(reasons, [Some(W::WIdempotencyReplay), Some(W::FailG3ScoreLow), None]);
    let read = VidReadEnrollmentState::Session { voice_enrollment_session_id: voice };
    let VidReadEnrollmentStateOutput::VoiceEnrollmentSessionRecord(session) =
        store.vid_read_enrollment_state(&context(9), read).unwrap()
    else {
        panic!("a session is read")
    };
    assert_eq!(session.reason_code, Some(V::VidEnrollStartDraft));

    let chains = store.verify_chains(&[]).unwrap();
    assert_eq!((chains.events, chains.faults.len()), (23, 0));
    // The onboarding session was put there without its events.
    let folds = store.verify_folds().unwrap();
    let faults: Vec<_> = folds.faults.iter().map(|fault| fault.table).collect();
    assert_eq!(faults, ["links", "onboarding_sessions"]);
}

#[test]
fn what_an_earlier_build_answered_is_replayed_and_its_bad_reasons_are_refused() {
    let world = earlier();
    let store = world.open();
    let (wake, voice) = enrollments(&world.path());
    let replayed = Outcome::Replayed { identical: true };

    // The answer holds the reason of a deferral that none may have today.
    let kept = store.ph1w_enroll_sample_commit_row(&context(5), wake_sample(&wake, "kept"));
    assert_eq!(kept.as_ref().unwrap().value.reason_code, Some(W::WScopeViolation));
    assert_eq!(outcome(kept), replayed);
    assert_eq!(
        outcome(store.ph1w_runtime_event_commit_row(&context(5), wake_event("good", "good"))),
        replayed
    );
    assert_eq!(
        outcome(store.vid_enroll_sample_commit_row(&context(5), voice_sample(&voice, 1, "good"))),
        replayed
    );
    assert_eq!(outcome(store.ph1write_format_commit_row(&context(6), format("t", "good"))), replayed);

    let before = dump(&world.path());
    let refused = Outcome::Refused("reason_code");
    let event =
        Ph1wRuntimeEventCommitRow { reason_code: W::FailG3ScoreLow, ..wake_event("accepted", "accepted") };
    assert_eq!(outcome(store.ph1w_runtime_event_commit_row(&context(5), event)), refused);
    let deferral = deferral(&wake, W::WScopeViolation);
    assert_eq!(outcome(store.ph1w_enroll_defer_reminder_commit_row(&context(5), deferral)), refused);
    let deferral = voice_deferral(&voice, V::VidEnrollStartDraft);
    assert_eq!(outcome(store.vid_enroll_defer_reminder_commit_row(&context(5), deferral)), refused);
    let other =
        Ph1writeFormatCommitRow { reason_code: R::WriteFallbackOriginal, ..format("t", "other-reason") };
    assert_eq!(outcome(store.ph1write_format_commit_row(&context(6), other)), refused);
    assert_eq!(dump(&world.path()), before);
    // What comes after is written as ever.
    append(&store);
}

fn append(store: &SqliteStore) {
    let event = store.ph1w_runtime_event_commit_row(&context(5), wake_event("new", "new")).unwrap();
    assert!(event.is_applied());
    assert_eq!(store.verify_chains(&[]).unwrap().faults.len(), 0);
}
