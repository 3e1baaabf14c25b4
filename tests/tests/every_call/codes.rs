//! Reason codes that only some calls, some rows or some faults lead to: each is returned.

use std::collections::BTreeSet;

use selene_acceptance::{Backend, Harness};
use selene_contracts::ph1_w::{
    Ph1wReadEnrollmentSessionRow, Ph1wRuntimeEventCommitRow, Ph1wWakeRepo as _, WakeEnrollmentSessionRecord,
};
use selene_contracts::{Capability as _, CapabilitySpec, FieldSpec, ReasonClass, ReasonCode, StorageError};
use selene_storage::test_support::BrokenCommit;
use serde_json::{Value, json};

use crate::dispatch::{self, Written};
use crate::scene::{Scene, context};

/// The codes of an engine that are of a class and not retired.
fn codes(engine: &str, class: ReasonClass) -> impl Iterator<Item = &'static str> {
    let wanted = move |code: &ReasonCode| code.class() == class && !code.is_retired();
    let engine = engine.to_owned();
    ReasonCode::all().filter(move |code| code.engine() == engine).filter(wanted).map(ReasonCode::as_str)
}

/// The input's field that takes codes of a class and no others.
fn takes_only(spec: &CapabilitySpec, class: ReasonClass) -> &'static str {
    let only = |field: &&FieldSpec| {
        field.reasons.is_some_and(|rule| rule.classes == [class] && rule.own_step.is_none())
    };
    let mut fields = spec.input.iter().copied().flatten().filter(only).map(|field| field.name);
    let field = fields.next().expect("a field that takes these codes");
    assert_eq!(fields.next(), None, "one field alone takes them");
    field
}

/// Makes a write of the scene again, with these fields changed and a key of its own.
fn again(
    scene: &Scene<impl Backend>,
    id: &str,
    (key, changes): (&str, &Value),
) -> Result<Written, StorageError> {
    let mut input = scene.tenants[0].applied[id].clone();
    input["idempotency_key"] = json!(key);
    for (name, value) in changes.as_object().expect("an object") {
        input[name] = value.clone();
    }
    dispatch::write(scene.store(), &context(95_000, 8), id, &input).expect("a write")
}

/// Every gate and every suppression is a reason of a wake event that was not accepted, and stands in its row.
pub fn every_reason_of_a_wake_event_comes_back(harness: &impl Harness) {
    let scene = Scene::new(harness);
    let gates = codes("PH1.W", ReasonClass::Gate).map(|code| (code, None));
    let suppressions = codes("PH1.W", ReasonClass::Suppression).map(|code| (code, Some(code)));
    let suppression_field = takes_only(Ph1wRuntimeEventCommitRow::SPEC, ReasonClass::Suppression);
    let mut seen = BTreeSet::new();
    for (code, suppression) in gates.chain(suppressions) {
        let changes = json!({"wake_event_id": code, "reason_code": code, suppression_field: suppression});
        let written = again(&scene, "PH1W_RUNTIME_EVENT_COMMIT_ROW", (code, &changes)).unwrap();
        assert_eq!(written.value["reason_code"], json!(code));
        assert_eq!(written.value[suppression_field], json!(suppression));
        seen.insert(code);
    }
    assert!(seen.len() > 10, "{seen:?}");
}

/// Every failure of a voice sample is taken, and stands in the sample that is read back.
pub fn every_failure_of_a_voice_sample_comes_back(harness: &impl Harness) {
    for code in codes("PH1.VOICE.ID", ReasonClass::Outcome) {
        let scene = Scene::new(harness);
        let user = json!({"device_id": "spare", "idempotency_key": "spare"});
        again(&scene, "PH1F_DEVICE_INSERT_ROW", ("spare", &user)).unwrap();
        let start = json!({"device_id": "spare"});
        let started = again(&scene, "VID_ENROLL_START_DRAFT_ROW", ("spare", &start)).unwrap();
        let session = &started.value["voice_enrollment_session_id"];
        let failed = json!({"voice_enrollment_session_id": session, "result": "FAIL", "reason_code": code, "attempt_index": 1});
        again(&scene, "VID_ENROLL_SAMPLE_COMMIT_ROW", ("failed", &failed)).unwrap();
        let ask = json!({"Samples": {"voice_enrollment_session_id": session}});
        let read = dispatch::read(scene.store(), &context(95_001, 8), "VID_READ_ENROLLMENT_STATE", &ask);
        let state = read.expect("a read").expect("it is served");
        assert!(state.to_string().contains(code), "{code}: {state}");
    }
}

/// A session that is closed goes nowhere.
pub fn a_closed_session_stays_closed(harness: &impl Harness) {
    let scene = Scene::new(harness);
    let change =
        |key, state| again(&scene, "PH1F_SESSION_STATE_COMMIT_ROW", (key, &json!({"session_state": state})));
    change("close", "CLOSED").unwrap();
    let refused = change("open", "OPEN").unwrap_err();
    assert_eq!(refused.reason_code().as_str(), "F_SESSION_STATE_INVALID");
}

/// A counter that is full is never wrapped.
pub fn a_full_counter_refuses_the_next_sample(harness: &impl Harness) {
    let scene = Scene::new(harness);
    let changes = json!({"device_id": "spare", "idempotency_key": "spare"});
    again(&scene, "PH1F_DEVICE_INSERT_ROW", ("spare", &changes)).unwrap();
    let started =
        again(&scene, "PH1W_ENROLL_START_DRAFT_ROW", ("spare", &json!({"device_id": "spare"}))).unwrap();
    let row: WakeEnrollmentSessionRecord = serde_json::from_value(started.value).expect("a row");
    let id = row.wake_enrollment_session_id.clone();
    let full = WakeEnrollmentSessionRecord { attempt_count: u32::MAX, ..row };
    scene.store().overwrite(&full).unwrap();
    let sample = json!({"wake_enrollment_session_id": id});
    let refused = again(&scene, "PH1W_ENROLL_SAMPLE_COMMIT_ROW", ("full", &sample)).unwrap_err();
    assert_eq!(refused.reason_code().as_str(), "W_COUNTER_EXHAUSTED");
    let read = Ph1wReadEnrollmentSessionRow { wake_enrollment_session_id: id };
    let after = scene.store().ph1w_read_enrollment_session_row(&context(95_001, 8), read).unwrap();
    assert_eq!(after, Some(full));
}

/// A commit whose outcome is unknown says so, and the same call again learns the outcome.
pub fn an_unknown_commit_says_so_and_a_retry_learns_its_outcome(harness: &impl Harness) {
    let scene = Scene::new(harness);
    for (user, broken) in [("kept", BrokenCommit::Durable), ("lost", BrokenCommit::Lost)] {
        let insert = || again(&scene, "PH1F_IDENTITY_INSERT_ROW", (user, &json!({"user_id": user})));
        scene.store().break_next_commit(broken);
        let unknown = insert().unwrap_err();
        assert!(matches!(unknown, StorageError::OutcomeUnknown { .. }), "{unknown}");
        assert_eq!(unknown.reason_code().as_str(), "F_OUTCOME_UNKNOWN");
        assert_eq!(insert().unwrap().is_applied, broken == BrokenCommit::Lost, "{user}");
    }
}

/// A guard that finds a ledger without a lock says that the store cannot be used, and the row stays as it is.
pub fn a_ledger_without_a_lock_is_named(lasting: &impl Harness) {
    let scene = Scene::new(lasting);
    scene.unlock("memory_ledger");
    let keys = &scene.tenants[0].keys;
    let row = json!({"UserIdAndMemorySeq": {"user_id": keys["user_id"], "memory_seq": keys["memory_seq"]}});
    let answer = dispatch::read(scene.store(), &context(95_000, 8), "PH1F_APPEND_ONLY_GUARDS", &row);
    let refused = answer.expect("a guard").unwrap_err();
    assert_eq!(refused.reason_code().as_str(), "F_BACKEND_UNAVAILABLE", "{refused}");
    assert!(refused.to_string().contains("memory_ledger"), "{refused}");
}
