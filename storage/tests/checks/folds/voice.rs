//! Voice enrollments, their profiles and their bindings.

use selene_contracts::ph1_voice_id::VoiceEnrollmentSessionId;
use selene_storage::FoldFaultKind;
use selene_storage::test_support::Cell;

use super::{Enrolled, differs};

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
    for (change, field) in [
        ("deferred_until = 7", "deferred_until"),
        ("reason_code = 'VID_FAIL_LOW_CONFIDENCE'", "reason_code"),
        ("voice_enroll_status = 'DECLINED'", "voice_enroll_status"),
        ("updated_at = 1006", "updated_at"),
    ] {
        let expected = |enrolled: &Enrolled| differs(TABLE, enrolled.postponed.as_str(), &[field]);
        Enrolled::finds(|enrolled| update(&enrolled.postponed, change), expected);
    }
}

#[test]
fn voice_profiles_without_a_place_are_named() {
    let profile_of = |enrolled: &Enrolled| -> String {
        let profiles = &enrolled.world.open().every_row().unwrap()["voice_profiles"];
        let id = profiles.columns.iter().position(|column| column == "voice_profile_id").unwrap();
        let Cell::Text(id) = &profiles.rows[0][id] else { panic!("{profiles:?}") };
        id.clone()
    };
    let missing = |enrolled: &Enrolled| {
        let row = enrolled.locked.to_string();
        vec![("voice_enrollment_sessions", row, "voice_profile_id", FoldFaultKind::Missing)]
    };
    Enrolled::finds(|_| "DELETE FROM voice_profile_bindings".to_owned(), missing);
    Enrolled::finds(
        |_| "UPDATE voice_enrollment_sessions SET voice_profile_id = NULL".to_owned(),
        |enrolled| {
            let profile = profile_of(enrolled);
            let mut faults = vec![("voice_profiles", profile, "voice_profile_id", FoldFaultKind::Unfounded)];
            let field = &["voice_profile_id"];
            faults.extend(differs("voice_enrollment_sessions", enrolled.locked.as_str(), field));
            faults
        },
    );
    Enrolled::finds(
        |_| "UPDATE voice_profiles SET created_at = 1003".to_owned(),
        |enrolled| {
            let profile = differs("voice_profiles", profile_of(enrolled), &["created_at"]);
            [profile, differs("voice_profile_bindings", "onb-1, ada-phone", &["bound_at"])].concat()
        },
    );
    Enrolled::finds(
        |_| "UPDATE voice_profile_bindings SET bound_at = 1003".to_owned(),
        |_| differs("voice_profile_bindings", "onb-1, ada-phone", &["bound_at"]),
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
