//! The check of the current rows finds every row that its ledger does not lead to, and names it. The
//! tampering is done on the file, with the triggers gone and the constraints off.

mod common;

use common::enrollments::{voice_sample, voice_start, wake_event, wake_sample, wake_start};
use common::{World, context, memory, populate};
use selene_contracts::ph1_f::{MemoryOperation, Ph1fFoundationRepo as _, Ph1fMemoryAppendCommitRow};
use selene_contracts::ph1_voice_id::{
    Ph1VidEnrollmentRepo as _, Ph1VoiceIdReasonCode, VidEnrollCompleteCommitRow, VidEnrollSampleCommitRow,
    VoiceEnrollmentSessionId, VoiceSampleResult,
};
use selene_contracts::ph1_w::{
    Ph1WReasonCode, Ph1wEnrollCompleteCommitRow, Ph1wEnrollDeferReminderCommitRow, Ph1wWakeRepo as _,
    WakeEnrollmentSessionId,
};
use selene_storage::test_support::onboarding_session;
use selene_storage::{FoldFaultKind, FoldReport, SqliteStore};

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
    for (session, profile) in [(&replaced, "profile-old"), (&active, "profile-new")] {
        let complete = Ph1wEnrollCompleteCommitRow {
            wake_enrollment_session_id: session.clone(),
            wake_profile_id: profile.into(),
            idempotency_key: "complete".into(),
        };
        store.ph1w_enroll_complete_commit_row(&context(5), complete).unwrap();
    }
    let waiting = wake(&store, "w3", 1);
    let defer = Ph1wEnrollDeferReminderCommitRow {
        wake_enrollment_session_id: waiting.clone(),
        deferred_until: None,
        reason_code: Ph1WReasonCode::FailG0DeviceUnhealthy,
        idempotency_key: "defer".into(),
    };
    store.ph1w_enroll_defer_reminder_commit_row(&context(5), defer).unwrap();
    let open = wake(&store, "w4", 1);
    let locked = voice(&store, "onb-1", &[VoiceSampleResult::Pass, VoiceSampleResult::Pass]);
    let complete = VidEnrollCompleteCommitRow {
        voice_enrollment_session_id: locked.clone(),
        idempotency_key: "complete".into(),
    };
    store.vid_enroll_complete_commit_row(&context(5), complete).unwrap();
    let failed = voice(&store, "onb-2", &[VoiceSampleResult::Pass, VoiceSampleResult::Fail]);
    Enrolled { world, replaced, active, waiting, open, locked, failed }
}

/// A wake enrollment with some passes.
fn wake(store: &SqliteStore, key: &str, passes: u8) -> WakeEnrollmentSessionId {
    let session = store.ph1w_enroll_start_draft_row(&context(5), wake_start(key)).unwrap().value;
    for number in 0..passes {
        let sample = wake_sample(&session.wake_enrollment_session_id, &format!("s{number}"));
        store.ph1w_enroll_sample_commit_row(&context(5), sample).unwrap();
    }
    session.wake_enrollment_session_id
}

/// A voice enrollment with some samples.
fn voice(store: &SqliteStore, onboarding: &str, results: &[VoiceSampleResult]) -> VoiceEnrollmentSessionId {
    store.insert_onboarding_session(&onboarding_session(onboarding.into(), None, None)).unwrap();
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

    /// Tampers, and checks that exactly these fields of these rows are named.
    fn finds(sql: impl Fn(&Self) -> String, expected: impl Fn(&Self) -> Vec<Fault>) {
        let enrolled = enrolled();
        let report = enrolled.after(&sql(&enrolled));
        let found: Vec<Fault> = report
            .faults
            .iter()
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
    let report = enrolled.world.open().verify_folds().unwrap();
    assert!(report.is_intact(), "{report:?}");
    // Two memory keys, four wake enrollments, two voice enrollments.
    assert_eq!(report.rows, 8);
    // Four memory rows, three wake events, eight wake samples, four voice samples.
    assert_eq!(report.ledger_rows, 19);
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

#[test]
fn a_missing_or_additional_memory_row_is_named() {
    let memory = |row: &str, kind| vec![("memory_current", row.to_owned(), "memory_key", kind)];
    Enrolled::finds(
        |_| "DELETE FROM memory_current WHERE memory_key = 'name'".to_owned(),
        |_| memory("ada, name", FoldFaultKind::Missing),
    );
    Enrolled::finds(
        |_| "INSERT INTO memory_current VALUES ('bob', 'colour', 'red', 1, 1000)".to_owned(),
        |_| memory("bob, colour", FoldFaultKind::Unfounded),
    );
    Enrolled::finds(
        |_| "INSERT INTO memory_current VALUES ('nobody', 'colour', 'red', 1, 1000)".to_owned(),
        |_| vec![("memory_current", "nobody, colour".to_owned(), "user_id", FoldFaultKind::Unfounded)],
    );
}

#[test]
fn a_changed_wake_enrollment_is_named() {
    const TABLE: &str = "wake_enrollment_sessions";
    let update = |id: &WakeEnrollmentSessionId, change: &str| {
        format!("UPDATE {TABLE} SET {change} WHERE wake_enrollment_session_id = '{id}'")
    };
    for (change, fields) in [
        ("pass_count = 2", &["pass_count"][..]),
        ("attempt_count = 4", &["attempt_count"]),
        ("wake_enroll_status = 'COMPLETE', completed_at = 1000", &["wake_enroll_status", "completed_at"]),
        ("updated_at = 999", &["updated_at"]),
    ] {
        let expected = |enrolled: &Enrolled| differs(TABLE, enrolled.open.as_str(), fields);
        Enrolled::finds(|enrolled| update(&enrolled.open, change), expected);
    }
    for (change, fields) in [
        ("wake_enroll_status = 'PENDING'", &["wake_enroll_status"][..]),
        ("completed_at = 1001", &["completed_at"]),
        ("reason_code = 'W_ENROLL_TIMEOUT', deferred_until = 7", &["reason_code", "deferred_until"]),
    ] {
        let expected = |enrolled: &Enrolled| differs(TABLE, enrolled.active.as_str(), fields);
        Enrolled::finds(|enrolled| update(&enrolled.active, change), expected);
    }
}

#[test]
fn two_wake_enrollments_in_progress_are_named() {
    Enrolled::finds(
        |enrolled| {
            format!(
                "DROP INDEX wake_enrollment_sessions_in_progress;
                 UPDATE wake_enrollment_sessions SET wake_enroll_status = 'IN_PROGRESS'
                 WHERE wake_enrollment_session_id = '{}'",
                enrolled.waiting
            )
        },
        |enrolled| {
            let mut ids = [enrolled.waiting.as_str(), enrolled.open.as_str()];
            ids.sort_unstable();
            let rows = ids.map(|id| differs("wake_enrollment_sessions", id, &["wake_enroll_status"]));
            rows.concat()
        },
    );
}

#[test]
fn wake_profiles_without_a_place_are_named() {
    const TABLE: &str = "wake_profile_bindings";
    Enrolled::finds(
        |_| format!("UPDATE {TABLE} SET active = 0, unbound_at = 5"),
        |_| differs(TABLE, "ada, ada-phone", &["active"]),
    );
    Enrolled::finds(
        |_| format!("DROP INDEX {TABLE}_active; UPDATE {TABLE} SET active = 1, unbound_at = NULL"),
        |_| differs(TABLE, "ada, ada-phone", &["active"]),
    );
    Enrolled::finds(
        |enrolled| format!("DELETE FROM {TABLE} WHERE wake_enrollment_session_id = '{}'", enrolled.replaced),
        |enrolled| {
            let row = enrolled.replaced.to_string();
            vec![("wake_enrollment_sessions", row, "wake_profile_id", FoldFaultKind::Missing)]
        },
    );
    Enrolled::finds(
        |_| format!("UPDATE {TABLE} SET wake_profile_id = 'forged' WHERE active = 1"),
        |enrolled| {
            let session = enrolled.active.to_string();
            let binding = format!("ada, ada-phone, {session}");
            vec![
                ("wake_enrollment_sessions", session, "wake_profile_id", FoldFaultKind::Missing),
                (TABLE, binding, "wake_profile_id", FoldFaultKind::Unfounded),
            ]
        },
    );
}

#[test]
fn a_changed_voice_enrollment_is_named() {
    const TABLE: &str = "voice_enrollment_sessions";
    let update = |id: &VoiceEnrollmentSessionId, change: &str| {
        format!("UPDATE {TABLE} SET {change} WHERE voice_enrollment_session_id = '{id}'")
    };
    for (change, fields) in [
        ("consecutive_passes = 1", &["consecutive_passes"][..]),
        ("attempt_count = 3", &["attempt_count"]),
        ("reason_code = NULL", &["reason_code"]),
        ("voice_enroll_status = 'LOCKED'", &["voice_enroll_status", "reason_code"]),
    ] {
        let expected = |enrolled: &Enrolled| differs(TABLE, enrolled.failed.as_str(), fields);
        Enrolled::finds(|enrolled| update(&enrolled.failed, change), expected);
    }
    Enrolled::finds(
        |enrolled| update(&enrolled.locked, "reason_code = 'VID_ENROLL_TIMEOUT'"),
        |enrolled| differs(TABLE, enrolled.locked.as_str(), &["reason_code"]),
    );
}

#[test]
fn voice_profiles_without_a_place_are_named() {
    let profile_of = |enrolled: &Enrolled| -> String {
        let sql = "SELECT voice_profile_id FROM voice_profiles";
        enrolled.world.raw().query_row(sql, [], |row| row.get(0)).unwrap()
    };
    let missing = |enrolled: &Enrolled| {
        let row = enrolled.locked.to_string();
        vec![("voice_enrollment_sessions", row, "voice_profile_id", FoldFaultKind::Missing)]
    };
    Enrolled::finds(|_| "DELETE FROM voice_profile_bindings".to_owned(), missing);
    Enrolled::finds(
        |_| "UPDATE voice_enrollment_sessions SET voice_profile_id = NULL".to_owned(),
        |enrolled| {
            vec![("voice_profiles", profile_of(enrolled), "voice_profile_id", FoldFaultKind::Unfounded)]
        },
    );
    Enrolled::finds(
        |_| "UPDATE voice_profile_bindings SET voice_profile_id = 'forged'".to_owned(),
        |enrolled| {
            let binding = "onb-1, ada-phone".to_owned();
            let mut faults = missing(enrolled);
            faults.push(("voice_profile_bindings", binding, "voice_profile_id", FoldFaultKind::Unfounded));
            faults
        },
    );
}

#[test]
fn a_missing_ledger_row_is_told_by_the_gap_and_by_what_it_led_to() {
    Enrolled::finds(
        |_| "DELETE FROM wake_runtime_events WHERE wake_event_id = 'wake-2'".to_owned(),
        |_| vec![("wake_runtime_events", "wake-3".to_owned(), "wake_position", FoldFaultKind::Gap)],
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
            vec![("wake_enrollment_samples", row, field, FoldFaultKind::Unfounded)]
        },
    );
}

#[test]
fn a_report_ends_before_it_is_too_long() {
    let enrolled = enrolled();
    let report = enrolled.after(
        "WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 1001)
         INSERT INTO memory_current SELECT 'bob', 'key-' || n, NULL, n, 1 FROM number",
    );
    assert_eq!((report.faults.len(), report.is_cut), (FoldReport::FAULTS_AT_MOST, true));
    let said = report.faults[0].to_string();
    assert_eq!(said, "memory_current (bob, key-1): memory_key names a row that nothing leads to");
}
