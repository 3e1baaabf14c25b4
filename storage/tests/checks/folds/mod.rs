//! The check of the current rows finds every row that its ledger does not lead to, and names it. The
//! tampering is done beside the store, with the triggers gone and the constraints off. These tests run on PostgreSQL too.

mod answers;
mod positions;
mod voice;
mod wake;

use selene_contracts::CallContext;
use selene_contracts::ph1_f::{MemoryOperation, Ph1fFoundationRepo as _, Ph1fMemoryAppendCommitRow};
use selene_contracts::ph1_voice_id::{
    Ph1VidEnrollmentRepo as _, Ph1VoiceIdReasonCode, VidEnrollCompleteCommitRow,
    VidEnrollDeferReminderCommitRow, VidEnrollSampleCommitRow, VoiceEnrollmentSessionId, VoiceSampleResult,
};
use selene_contracts::ph1_w::{
    Ph1WReasonCode, Ph1wEnrollCompleteCommitRow, Ph1wEnrollDeferReminderCommitRow, Ph1wWakeRepo as _,
    WakeEnrollmentSessionId,
};
use selene_contracts::shared::MonotonicTimeNs;
use selene_storage::test_support::{is_of_insert, onboarding_session};
use selene_storage::{Faults, FoldFault, FoldFaultKind, FoldReport};

use crate::common::enrollments::{voice_sample, voice_start, wake_event, wake_sample, wake_start};
use crate::common::{context, memory, populate};
use crate::world::{Store, World};

/// What the tests tamper with.
struct Enrolled {
    world: World,
    /// Complete, its profile replaced by that of `active`.
    replaced: WakeEnrollmentSessionId,
    /// Complete, its profile in use.
    active: WakeEnrollmentSessionId,
    /// Deferred after one sample.
    waiting: WakeEnrollmentSessionId,
    /// In progress after one sample.
    open: WakeEnrollmentSessionId,
    /// Locked, with a profile.
    locked: VoiceEnrollmentSessionId,
    /// In progress, its last sample failed.
    failed: VoiceEnrollmentSessionId,
    /// Deferred after one sample.
    postponed: VoiceEnrollmentSessionId,
}

fn enrolled() -> Enrolled {
    let world = World::new();
    let store = world.open();
    populate(&store);
    for (number, key) in ["colour", "name", "colour"].into_iter().enumerate() {
        store.ph1f_memory_append_commit_row(&context(5), memory("ada", key, &format!("m{number}"))).unwrap();
    }
    let forget = Ph1fMemoryAppendCommitRow {
        memory_operation: MemoryOperation::Forget,
        memory_value_ref: None,
        ..memory("ada", "name", "m3")
    };
    store.ph1f_memory_append_commit_row(&context(5), forget).unwrap();
    for number in 1..=3 {
        let event = wake_event(&format!("wake-{number}"), &format!("e{number}"));
        store.ph1w_runtime_event_commit_row(&context(5), event).unwrap();
    }
    let replaced = wake(&store, "w1", 3);
    let active = wake(&store, "w2", 3);
    for (session, profile, now) in [(&replaced, "profile-old", 1_001), (&active, "profile-new", 1_002)] {
        let complete = Ph1wEnrollCompleteCommitRow {
            wake_enrollment_session_id: session.clone(),
            wake_profile_id: profile.into(),
            idempotency_key: "complete".into(),
        };
        store.ph1w_enroll_complete_commit_row(&at(now), complete).unwrap();
    }
    let waiting = wake(&store, "w3", 1);
    let defer = Ph1wEnrollDeferReminderCommitRow {
        wake_enrollment_session_id: waiting.clone(),
        deferred_until: Some(MonotonicTimeNs::new(9_000)),
        reason_code: Ph1WReasonCode::FailG0DeviceUnhealthy,
        idempotency_key: "defer".into(),
    };
    store.ph1w_enroll_defer_reminder_commit_row(&at(1_003), defer).unwrap();
    let open = wake(&store, "w4", 1);
    let locked = voice(&store, "onb-1", &[VoiceSampleResult::Pass, VoiceSampleResult::Pass]);
    let complete = VidEnrollCompleteCommitRow {
        voice_enrollment_session_id: locked.clone(),
        idempotency_key: "complete".into(),
    };
    store.vid_enroll_complete_commit_row(&at(1_004), complete).unwrap();
    let failed = voice(&store, "onb-2", &[VoiceSampleResult::Pass, VoiceSampleResult::Fail]);
    let postponed = voice(&store, "onb-3", &[VoiceSampleResult::Pass]);
    let defer = VidEnrollDeferReminderCommitRow {
        voice_enrollment_session_id: postponed.clone(),
        reason_code: Ph1VoiceIdReasonCode::VidFailNoSpeech,
        idempotency_key: "defer".into(),
    };
    store.vid_enroll_defer_reminder_commit_row(&at(1_005), defer).unwrap();
    Enrolled { world, replaced, active, waiting, open, locked, failed, postponed }
}

fn at(now: u64) -> CallContext {
    CallContext { now: MonotonicTimeNs::new(now), ..context(5) }
}

/// A wake enrollment with some passes.
fn wake(store: &Store, key: &str, passes: u8) -> WakeEnrollmentSessionId {
    let session = store.ph1w_enroll_start_draft_row(&context(5), wake_start(key)).unwrap().value;
    for number in 0..passes {
        let sample = wake_sample(&session.wake_enrollment_session_id, &format!("s{number}"));
        store.ph1w_enroll_sample_commit_row(&context(5), sample).unwrap();
    }
    session.wake_enrollment_session_id
}

/// A voice enrollment with some samples.
fn voice(store: &Store, onboarding: &str, results: &[VoiceSampleResult]) -> VoiceEnrollmentSessionId {
    store.insert_onboarding_session(&onboarding_session(onboarding.into(), Some("t".into()), None)).unwrap();
    let session = store.vid_enroll_start_draft_row(&context(5), voice_start(onboarding)).unwrap().value;
    for (result, index) in results.iter().zip(1..) {
        let sample = VidEnrollSampleCommitRow {
            result: *result,
            reason_code: match result {
                VoiceSampleResult::Pass => Ph1VoiceIdReasonCode::VidEnrollSampleCommit,
                VoiceSampleResult::Fail => Ph1VoiceIdReasonCode::VidFailNoSpeech,
            },
            ..voice_sample(&session.voice_enrollment_session_id, index, "v")
        };
        store.vid_enroll_sample_commit_row(&context(5), sample).unwrap();
    }
    session.voice_enrollment_session_id
}

impl Enrolled {
    /// Runs SQL on the file, as nothing of ours would let it, then checks.
    fn after(&self, sql: &str) -> FoldReport {
        // Opened first: a file without one of its indices would not open.
        let store = self.world.open();
        self.world.tamper(sql);
        store.verify_folds().unwrap()
    }

    /// What the check finds.
    fn report(&self) -> FoldReport {
        self.world.open().verify_folds().unwrap()
    }

    /// Tampers, and checks that exactly these fields of these rows are named.
    fn finds(sql: impl Fn(&Self) -> String, expected: impl Fn(&Self) -> Vec<Fault>) {
        let enrolled = enrolled();
        let report = enrolled.after(&sql(&enrolled));
        let found: Vec<Fault> = report
            .faults
            .iter()
            // But for the onboarding sessions that no write made.
            .filter(|fault| !is_of_insert(fault))
            .map(|fault| (fault.table, fault.row.clone(), fault.field, fault.kind))
            .collect();
        assert_eq!(found, expected(&enrolled), "{}", sql(&enrolled));
    }
}

type Fault = (&'static str, String, &'static str, FoldFaultKind);

fn differs(table: &'static str, row: impl Into<String>, fields: &[&'static str]) -> Vec<Fault> {
    let row = row.into();
    fields.iter().map(|field| (table, row.clone(), *field, FoldFaultKind::Differs)).collect()
}

#[test]
fn an_untouched_store_is_intact() {
    let enrolled = enrolled();
    let report = enrolled.report();
    assert!(report.faults.iter().all(is_of_insert), "{report:?}");
    // Two memory keys, four wake enrollments, three voice enrollments, two bindings; three identities, two devices,
    // two sessions, three links and three onboarding sessions; three wake events.
    assert_eq!(report.rows, 11 + 13 + 3);
    // Four memory rows, eight wake samples, five voice samples; and the records of three wake events, of two identities,
    // two devices, two sessions, of four starts, eight samples, two completions and a deferral of a wake word, and of
    // three starts, five samples, a completion and a deferral of a voice.
    assert_eq!(report.ledger_rows, 17 + 3 + 6 + 15 + 10);
}

#[test]
fn a_changed_memory_row_is_named() {
    for (change, fields) in [
        ("memory_value_ref = 'forged'", &["memory_value_ref"][..]),
        ("memory_value_ref = NULL", &["memory_value_ref"]),
        ("memory_seq = 1", &["memory_seq"]),
        ("updated_at = 1", &["updated_at"]),
    ] {
        Enrolled::finds(
            |_| format!("UPDATE memory_current SET {change} WHERE memory_key = 'colour'"),
            |_| differs("memory_current", "ada, colour", fields),
        );
    }
}

/// The beginning of a statement that adds a row that no event names.
const INSERT_MEMORY: &str =
    "INSERT INTO memory_current (user_id, memory_key, memory_value_ref, memory_seq, updated_at)";

#[test]
fn a_missing_or_additional_memory_row_is_named() {
    let memory = |row: &str, kind| vec![("memory_current", row.to_owned(), "memory_key", kind)];
    Enrolled::finds(
        |_| "DELETE FROM memory_current WHERE memory_key = 'name'".to_owned(),
        |_| memory("ada, name", FoldFaultKind::Missing),
    );
    Enrolled::finds(
        |_| format!("{INSERT_MEMORY} VALUES ('bob', 'colour', 'red', 1, 1000)"),
        |_| memory("bob, colour", FoldFaultKind::Unfounded),
    );
    Enrolled::finds(
        |_| format!("{INSERT_MEMORY} VALUES ('nobody', 'colour', 'red', 1, 1000)"),
        |_| vec![("memory_current", "nobody, colour".to_owned(), "user_id", FoldFaultKind::Unfounded)],
    );
}

#[test]
fn a_missing_ledger_row_is_shown_by_its_answer_by_the_gap_and_by_what_it_led_to() {
    Enrolled::finds(
        |_| "DELETE FROM wake_runtime_events WHERE wake_event_id = 'wake-2'".to_owned(),
        |_| vec![("wake_runtime_events", "wake-2".to_owned(), "wake_event_id", FoldFaultKind::Missing)],
    );
    Enrolled::finds(
        |_| "DELETE FROM memory_ledger WHERE memory_seq = 1".to_owned(),
        |_| vec![("memory_ledger", "ada, 2".to_owned(), "memory_seq", FoldFaultKind::Gap)],
    );
    Enrolled::finds(
        |enrolled| {
            format!(
                "DELETE FROM wake_enrollment_samples
                 WHERE sample_seq = 1 AND wake_enrollment_session_id = '{}'",
                enrolled.open
            )
        },
        |enrolled| {
            differs("wake_enrollment_sessions", enrolled.open.as_str(), &["pass_count", "attempt_count"])
        },
    );
    Enrolled::finds(
        |enrolled| {
            format!(
                "DELETE FROM voice_enrollment_samples
                 WHERE sample_seq = 1 AND voice_enrollment_session_id = '{}'",
                enrolled.failed
            )
        },
        |enrolled| {
            let row = format!("{}, 2", enrolled.failed);
            let mut faults = vec![("voice_enrollment_samples", row, "sample_seq", FoldFaultKind::Gap)];
            let fields = &["attempt_count"];
            faults.extend(differs("voice_enrollment_sessions", enrolled.failed.as_str(), fields));
            faults
        },
    );
}

#[test]
fn a_ledger_row_of_nobody_is_named() {
    Enrolled::finds(
        |enrolled| {
            format!(
                "DELETE FROM wake_enrollment_sessions WHERE wake_enrollment_session_id = '{}'",
                enrolled.open
            )
        },
        |enrolled| {
            let row = format!("{}, 1", enrolled.open);
            let field = "wake_enrollment_session_id";
            let session = enrolled.open.to_string();
            vec![
                ("wake_enrollment_samples", row, field, FoldFaultKind::Unfounded),
                ("wake_enrollment_sessions", session, field, FoldFaultKind::Missing),
            ]
        },
    );
}

#[test]
fn a_report_ends_before_it_is_too_long() {
    let enrolled = enrolled();
    let report = enrolled.after(&format!(
        "WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 1001)
         {INSERT_MEMORY} SELECT 'bob', 'key-' || n, NULL, n, 1 FROM number"
    ));
    assert_eq!((report.faults.len(), report.faults.is_cut()), (Faults::<FoldFault>::AT_MOST, true));
    let message = report.faults[0].to_string();
    assert_eq!(message, "memory_current (bob, key-1): memory_key names a row that nothing leads to");
}
