//! Which reason codes every write takes, code by code, as the pages say it; and the class of every registered code.

use std::collections::BTreeMap;

use selene_contracts::{Effect, ReasonClass, ReasonCode, ValueSpec, engines};

/// Every reason code that an input of a write takes, by capability and field.
fn taken() -> BTreeMap<(&'static str, &'static str), Vec<&'static str>> {
    let mut found = BTreeMap::new();
    for spec in engines::ALL.iter().flat_map(|engine| engine.capabilities) {
        for field in spec.input.iter().copied().flatten() {
            let Some(takes) = field.reasons else { continue };
            let readable = ReasonCode::all().filter(|code| match &field.value {
                ValueSpec::OneOf(_) => code.engine() == spec.engine,
                _ => true,
            });
            let codes = readable.filter(|code| takes.takes(*code) && !code.is_retired());
            found.insert((spec.id, field.name), codes.map(ReasonCode::as_str).collect());
        }
    }
    found
}

const WAKE_GATES: [&str; 7] = [
    "FAIL_G0_DEVICE_UNHEALTHY",
    "FAIL_G3_SCORE_LOW",
    "FAIL_G3A_REPLAY_SUSPECTED",
    "FAIL_G1_NOISE",
    "FAIL_G2_NOT_WAKE_LIKE",
    "FAIL_G4_USER_MISMATCH",
    "FAIL_G5_POLICY_BLOCKED",
];
const SUPPRESSIONS: [&str; 4] =
    ["SUPPRESS_COOLDOWN", "SUPPRESS_POLICY_SUSPENDED", "SUPPRESS_ECHO_OWN_SPEECH", "SUPPRESS_ECHO_MEDIA"];
const WAKE_OUTCOMES: [&str; 2] = ["W_ENROLL_TIMEOUT", "W_ENROLL_MAX_ATTEMPTS"];
const VOICE_OUTCOMES: [&str; 8] = [
    "VID_FAIL_NO_SPEECH",
    "VID_FAIL_LOW_CONFIDENCE",
    "VID_FAIL_ECHO_UNSAFE",
    "VID_FAIL_PROFILE_NOT_ENROLLED",
    "VID_ENROLLMENT_REQUIRED",
    "VID_REAUTH_REQUIRED",
    "VID_ENROLL_TIMEOUT",
    "VID_ENROLL_MAX_ATTEMPTS",
];

#[test]
fn every_field_takes_the_codes_of_its_page_and_no_others() {
    let mut taken = taken();
    let mut check = |capability, field, expected: &[&[&str]]| {
        let mut expected: Vec<&str> = expected.concat();
        let mut found = taken.remove(&(capability, field)).expect("the field has a rule");
        expected.sort_unstable();
        found.sort_unstable();
        assert_eq!(found, expected, "{capability}.{field}");
    };
    check("PH1W_ENROLL_SAMPLE_COMMIT_ROW", "reason_code", &[&WAKE_GATES, &WAKE_OUTCOMES]);
    check("PH1W_ENROLL_DEFER_REMINDER_COMMIT_ROW", "reason_code", &[&WAKE_GATES, &WAKE_OUTCOMES]);
    let runtime = "PH1W_RUNTIME_EVENT_COMMIT_ROW";
    check(runtime, "reason_code", &[&WAKE_GATES, &SUPPRESSIONS, &["WAKE_RUNTIME_EVENT_COMMIT"]]);
    check(runtime, "suppression_reason_code", &[&SUPPRESSIONS]);
    check("VID_ENROLL_SAMPLE_COMMIT_ROW", "reason_code", &[&VOICE_OUTCOMES, &["VID_ENROLL_SAMPLE_COMMIT"]]);
    check("VID_ENROLL_DEFER_REMINDER_COMMIT_ROW", "reason_code", &[&VOICE_OUTCOMES]);
    let revoked = ["LINK_REVOKED_BY_INVITER", "LINK_REVOKED_BY_POLICY"];
    check("PH1LINK_INVITE_REVOKE_COMMIT_ROW", "reason_code", &[&revoked]);
    check("PH1PERSONA_PROFILE_COMMIT_ROW", "reason_code", &[&["PERSONA_PROFILE_COMMIT"]]);
    let formatted = ["WRITE_FORMATTED_TEXT", "WRITE_FALLBACK_ORIGINAL"];
    check("PH1WRITE_FORMAT_COMMIT_ROW", "reason_code", &[&formatted]);
    // An event may be about anything but a replay, which emits none.
    let all: Vec<&str> = ReasonCode::all()
        .filter(|code| !code.as_str().ends_with("_IDEMPOTENCY_REPLAY") && !code.is_retired())
        .map(ReasonCode::as_str)
        .collect();
    check("PH1J_AUDIT_APPEND_COMMIT_ROW", "reason_code", &[&all]);
    assert!(taken.is_empty(), "fields that this test does not know: {taken:?}");
}

#[test]
fn every_reason_code_that_a_write_takes_has_a_rule() {
    let writes = engines::ALL.iter().flat_map(|engine| engine.capabilities);
    for spec in writes.filter(|spec| spec.effect == Effect::Write) {
        for field in spec.input.iter().copied().flatten() {
            let is_reason = field.ty.contains("ReasonCode");
            assert_eq!(is_reason, field.reasons.is_some(), "{}.{}", spec.id, field.name);
        }
    }
}

#[test]
fn the_codes_that_a_contract_uses_itself_are_of_the_class_of_their_use() {
    for spec in engines::ALL.iter().flat_map(|engine| engine.capabilities) {
        if let Some(code) = spec.audit.reason_code {
            assert_eq!(code.class(), ReasonClass::Step, "{}: {code}", spec.id);
        }
        assert_eq!(spec.refusals.replay.class(), ReasonClass::Replay, "{}", spec.id);
        let refusals = spec.refusals;
        for code in [
            refusals.caller,
            refusals.simulation,
            refusals.contract,
            refusals.foreign_key,
            refusals.duplicate,
            refusals.scope,
            refusals.append_only,
            refusals.not_found,
            refusals.outcome_unknown,
            refusals.unavailable,
        ] {
            assert_eq!(code.class(), ReasonClass::Refusal, "{}: {code}", spec.id);
        }
    }
}
