//! Wake enrollments and their bindings.

use selene_contracts::ph1_w::WakeEnrollmentSessionId;
use selene_storage::FoldFaultKind;

use super::{Enrolled, differs};

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
        ("updated_at = 1001", &["updated_at"]),
        ("wake_enroll_status = 'PENDING'", &["wake_enroll_status"]),
        ("wake_enroll_status = 'DECLINED'", &["wake_enroll_status"]),
        ("reason_code = 'W_ENROLL_TIMEOUT'", &["reason_code"]),
        ("deferred_until = 7", &["deferred_until"]),
        ("pass_target = 4", &["pass_target"]),
        ("onboarding_session_id = 'onb-1'", &["onboarding_session_id"]),
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
    for (change, field) in [
        ("deferred_until = 9001", "deferred_until"),
        ("deferred_until = NULL", "deferred_until"),
        ("reason_code = 'FAIL_G3_SCORE_LOW'", "reason_code"),
        ("wake_enroll_status = 'DECLINED'", "wake_enroll_status"),
        ("updated_at = 1000", "updated_at"),
    ] {
        let expected = |enrolled: &Enrolled| differs(TABLE, enrolled.waiting.as_str(), &[field]);
        Enrolled::finds(|enrolled| update(&enrolled.waiting, change), expected);
    }
}

#[test]
fn a_row_that_was_changed_together_with_the_answers_is_named() {
    for (from, to, field) in [
        ("PENDING", "DECLINED", "wake_enroll_status"),
        ("FAIL_G0_DEVICE_UNHEALTHY", "FAIL_G3_SCORE_LOW", "reason_code"),
    ] {
        Enrolled::finds(
            |enrolled| {
                let session = &enrolled.waiting;
                format!(
                    "UPDATE idempotency_records SET outcome = replace(outcome, '{from}', '{to}')
                     WHERE outcome LIKE '%{session}%';
                     UPDATE wake_enrollment_sessions SET {field} = '{to}'
                     WHERE wake_enrollment_session_id = '{session}'"
                )
            },
            |enrolled| differs("wake_enrollment_sessions", enrolled.waiting.as_str(), &[field]),
        );
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
fn a_wake_event_under_the_place_of_another_event_is_named() {
    const TABLE: &str = "wake_runtime_events";
    Enrolled::finds(
        |_| {
            format!("UPDATE {TABLE} SET chain_sequence = chain_sequence + 100 WHERE wake_event_id = 'wake-2'")
        },
        |_| differs(TABLE, "wake-2", &["chain_sequence"]),
    );
    Enrolled::finds(
        |_| format!("UPDATE {TABLE} SET chain_id = 't' WHERE wake_event_id = 'wake-2'"),
        |_| differs(TABLE, "wake-2", &["chain_id"]),
    );
    // Two of the same time change places.
    Enrolled::finds(
        |_| {
            format!(
                "UPDATE {TABLE} SET chain_sequence = 1000 WHERE wake_event_id = 'wake-1';
                 UPDATE {TABLE} SET chain_sequence = chain_sequence - 1 WHERE wake_event_id = 'wake-2';
                 UPDATE {TABLE} SET chain_sequence =
                     (SELECT chain_sequence + 1 FROM {TABLE} WHERE wake_event_id = 'wake-2')
                 WHERE wake_event_id = 'wake-1'"
            )
        },
        |_| ["wake-1", "wake-2"].map(|event| differs(TABLE, event, &["chain_sequence"])).concat(),
    );
}

#[test]
fn wake_profiles_without_a_place_are_named() {
    const TABLE: &str = "wake_profile_bindings";
    Enrolled::finds(
        |_| format!("UPDATE {TABLE} SET active = 0, unbound_at = 5"),
        |enrolled| {
            let replaced = differs(TABLE, binding(&enrolled.replaced), &["unbound_at"]);
            [replaced, differs(TABLE, binding(&enrolled.active), &["active"])].concat()
        },
    );
    Enrolled::finds(
        |_| format!("DROP INDEX {TABLE}_active; UPDATE {TABLE} SET active = 1, unbound_at = NULL"),
        |enrolled| differs(TABLE, binding(&enrolled.replaced), &["active"]),
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
            vec![
                ("wake_enrollment_sessions", session, "wake_profile_id", FoldFaultKind::Missing),
                (TABLE, binding(&enrolled.active), "wake_profile_id", FoldFaultKind::Unfounded),
            ]
        },
    );
    // The same forgery in both rows that name the profile.
    Enrolled::finds(
        |enrolled| {
            let session = &enrolled.active;
            format!(
                "UPDATE {TABLE} SET wake_profile_id = 'forged' WHERE active = 1;
                 UPDATE wake_enrollment_sessions SET wake_profile_id = 'forged'
                 WHERE wake_enrollment_session_id = '{session}'"
            )
        },
        |enrolled| differs("wake_enrollment_sessions", enrolled.active.as_str(), &["wake_profile_id"]),
    );
}

fn binding(enrollment: &WakeEnrollmentSessionId) -> String {
    format!("ada, ada-phone, {enrollment}")
}

#[test]
fn wake_profiles_that_do_not_follow_each_other_are_named() {
    const TABLE: &str = "wake_profile_bindings";
    // The binding in use and the one that it replaced change places.
    Enrolled::finds(
        |_| {
            format!(
                "DROP INDEX {TABLE}_active;
                 UPDATE {TABLE} SET active = 1 - active, unbound_at = CASE active WHEN 1 THEN 1002 END"
            )
        },
        |enrolled| {
            let replaced = differs(TABLE, binding(&enrolled.replaced), &["active"]);
            [replaced, differs(TABLE, binding(&enrolled.active), &["active"])].concat()
        },
    );
    for (change, field) in [("unbound_at = 1000", "unbound_at"), ("unbound_at = -1", "unbound_at")] {
        Enrolled::finds(
            |_| format!("UPDATE {TABLE} SET {change} WHERE active = 0"),
            |enrolled| differs(TABLE, binding(&enrolled.replaced), &[field]),
        );
    }
    Enrolled::finds(
        |_| format!("UPDATE {TABLE} SET bound_at = 1000 WHERE active = 0"),
        |enrolled| differs(TABLE, binding(&enrolled.replaced), &["bound_at"]),
    );
    // As an unsigned number, this time is the largest.
    Enrolled::finds(
        |_| format!("UPDATE {TABLE} SET bound_at = -1 WHERE active = 1"),
        |enrolled| {
            let replaced = differs(TABLE, binding(&enrolled.replaced), &["unbound_at"]);
            [replaced, differs(TABLE, binding(&enrolled.active), &["bound_at"])].concat()
        },
    );
}
