//! What an input says itself is asked before a replay is answered: after a call was applied, the same call with an input that
//! no row can make right is refused, under the code of its own, and not answered with what was applied.

use selene_acceptance::{Backend, Harness};
use selene_contracts::{CallContext, CapabilitySpec, Effect, StorageError, engines};
use serde_json::Value;

use crate::dispatch;
use crate::scene::{Scene, context};

/// A change of an applied input that contradicts the specs, whatever the rows are.
struct Wrong {
    capability: &'static str,
    change: &'static [(&'static str, &'static str)],
    code: &'static str,
    field: &'static str,
}

const fn wrong(
    capability: &'static str,
    change: &'static [(&'static str, &'static str)],
    code: &'static str,
    field: &'static str,
) -> Wrong {
    Wrong { capability, change, code, field }
}

/// What the specs say of an input beyond the bounds of its fields, capability by capability. Values are JSON.
const CONDITIONS: &[Wrong] = &[
    wrong(
        "PH1F_MEMORY_APPEND_COMMIT_ROW",
        &[("memory_value_ref", "null")],
        "F_CONTRACT_VALIDATION_FAILED",
        "memory_value_ref",
    ),
    wrong(
        "PH1F_MEMORY_APPEND_COMMIT_ROW",
        &[("memory_operation", "\"FORGET\"")],
        "F_CONTRACT_VALIDATION_FAILED",
        "memory_value_ref",
    ),
    wrong(
        "PH1J_AUDIT_APPEND_COMMIT_ROW",
        &[("reason_code", "\"WRITE_FORMATTED_TEXT\"")],
        "J_CONTRACT_VALIDATION_FAILED",
        "reason_code",
    ),
    wrong(
        "PH1J_AUDIT_APPEND_COMMIT_ROW",
        &[("payload_min", "{\"colour\":\"blue\"}")],
        "J_CONTRACT_VALIDATION_FAILED",
        "payload_min",
    ),
    wrong(
        "PH1LINK_INVITE_GENERATE_DRAFT_ROW",
        &[("tenant_id", "\"tenant_z\"")],
        "LINK_CONTRACT_VALIDATION_FAILED",
        "prefilled_context",
    ),
    wrong(
        "PH1LINK_INVITE_REVOKE_COMMIT_ROW",
        &[("reason_code", "\"LINK_INVITE_REVOKE\"")],
        "LINK_CONTRACT_VALIDATION_FAILED",
        "reason_code",
    ),
    wrong(
        "PH1ONB_BACKFILL_START_DRAFT_ROW",
        &[("rollout_scope", "\"NEW_HIRES_ONLY\"")],
        "ONB_BACKFILL_SCOPE_INVALID",
        "rollout_scope",
    ),
    wrong(
        "PH1PERSONA_PROFILE_COMMIT_ROW",
        &[("reason_code", "\"PERSONA_SCOPE_VIOLATION\"")],
        "PERSONA_CONTRACT_VALIDATION_FAILED",
        "reason_code",
    ),
    wrong(
        "PH1WRITE_FORMAT_COMMIT_ROW",
        &[("reason_code", "\"WRITE_IDEMPOTENCY_REPLAY\"")],
        "WRITE_CONTRACT_VALIDATION_FAILED",
        "reason_code",
    ),
    wrong(
        "PH1POSITION_LIFECYCLE_COMMIT_ROW",
        &[("position_lifecycle", "\"DRAFT\"")],
        "POSITION_STATE_INVALID",
        "position_lifecycle",
    ),
    wrong(
        "PH1POSITION_SCHEMA_DRAFT_ROW",
        &[("requirement_fields.0.required_predicate", "\"jurisdiction=DE\"")],
        "POSITION_CONTRACT_VALIDATION_FAILED",
        "required_predicate",
    ),
    wrong(
        "PH1POSITION_SCHEMA_DRAFT_ROW",
        &[("requirement_fields.0.required_rule", "\"CONDITIONAL\"")],
        "POSITION_CONTRACT_VALIDATION_FAILED",
        "required_predicate",
    ),
    wrong(
        "VID_ENROLL_START_DRAFT_ROW",
        &[("consent_asserted", "false")],
        "VID_CONTRACT_VALIDATION_FAILED",
        "consent_asserted",
    ),
    wrong(
        "VID_ENROLL_SAMPLE_COMMIT_ROW",
        &[("reason_code", "\"VID_FAIL_NO_SPEECH\"")],
        "VID_CONTRACT_VALIDATION_FAILED",
        "reason_code",
    ),
    wrong(
        "VID_ENROLL_SAMPLE_COMMIT_ROW",
        &[("result", "\"FAIL\"")],
        "VID_CONTRACT_VALIDATION_FAILED",
        "reason_code",
    ),
    wrong("PH1W_ENROLL_START_DRAFT_ROW", &[("pass_target", "2")], "W_ENROLL_INVALID_BOUNDS", "pass_target"),
    wrong(
        "PH1W_ENROLL_SAMPLE_COMMIT_ROW",
        &[("sample_duration_ms", "499")],
        "W_ENROLL_SAMPLE_INVALID",
        "sample_duration_ms",
    ),
];

/// Writes whose inputs say nothing that the bounds of their fields do not say: what else refuses them lies in rows.
const BOUNDS_ONLY: &[&str] = &[
    "PH1F_IDENTITY_INSERT_ROW",
    "PH1F_DEVICE_INSERT_ROW",
    "PH1F_SESSION_OPEN_COMMIT_ROW",
    "PH1F_SESSION_STATE_COMMIT_ROW",
    "PH1F_CONVERSATION_APPEND_COMMIT_ROW",
    "PH1LINK_INVITE_OPEN_ACTIVATE_COMMIT_ROW",
    "PH1ONB_SESSION_START_DRAFT_ROW",
    "PH1ONB_TERMS_ACCEPT_COMMIT_ROW",
    "PH1ONB_EMPLOYEE_PHOTO_CAPTURE_SEND_COMMIT_ROW",
    "PH1ONB_EMPLOYEE_SENDER_VERIFY_COMMIT_ROW",
    "PH1ONB_PRIMARY_DEVICE_CONFIRM_COMMIT_ROW",
    "PH1ONB_ACCESS_INSTANCE_CREATE_COMMIT_ROW",
    "PH1ONB_COMPLETE_COMMIT_ROW",
    "PH1ONB_BACKFILL_NOTIFY_COMMIT_ROW",
    "PH1ONB_BACKFILL_COMPLETE_COMMIT_ROW",
    "PH1POSITION_COMPANY_INSERT_ROW",
    "PH1POSITION_COMPANY_STATE_COMMIT_ROW",
    "PH1POSITION_CREATE_DRAFT_ROW",
    "PH1POSITION_SCHEMA_ACTIVATE_COMMIT_ROW",
    "VID_ENROLL_COMPLETE_COMMIT_ROW",
    "VID_ENROLL_DEFER_REMINDER_COMMIT_ROW",
    "PH1W_ENROLL_COMPLETE_COMMIT_ROW",
    "PH1W_ENROLL_DEFER_REMINDER_COMMIT_ROW",
    "PH1W_RUNTIME_EVENT_COMMIT_ROW",
    "PH2ACCESS_INSTANCE_CREATE_COMMIT_ROW",
    "PH2ACCESS_LIFECYCLE_COMMIT_ROW",
];

/// Every write of every engine.
pub fn writes() -> impl Iterator<Item = &'static CapabilitySpec> {
    let capabilities = engines::ALL.iter().flat_map(|engine| engine.capabilities);
    capabilities.copied().filter(|capability| capability.effect == Effect::Write)
}

/// The applied input with one value exchanged; `requirement_fields.0.required_rule` lies deeper.
fn changed(applied: &Value, path: &str, value: Value) -> Value {
    let mut input = applied.clone();
    let pointer = format!("/{}", path.replace('.', "/"));
    if let Some(place) = input.pointer_mut(&pointer) {
        *place = value;
    } else {
        let (parent, name) = pointer.rsplit_once('/').expect("a pointer has a slash");
        input.pointer_mut(parent).expect("the value has a place")[name] = value;
    }
    input
}

/// Whether what the specs say of an input beyond the bounds of its fields can refuse this field.
pub fn contradicts(capability: &str, field: &str) -> bool {
    CONDITIONS.iter().any(|wrong| wrong.capability == capability && wrong.field == field)
}

/// The code and the first field of a refusal.
pub fn refusal(
    scene: &Scene<impl Backend>,
    context: &CallContext,
    capability: &str,
    input: &Value,
) -> (String, &'static str) {
    let answer = dispatch::write(scene.store(), context, capability, input).expect("a write");
    let error = match answer {
        Ok(done) => panic!("{capability} answers {done:?} to {input}"),
        Err(error) => error,
    };
    match &error {
        StorageError::ContractViolation { reason_code, violations, .. } => {
            (reason_code.as_str().to_owned(), violations[0].field)
        }
        other => panic!("{capability}: {other} to {input}"),
    }
}

pub fn the_scene_applies_every_write_and_each_can_be_replayed(harness: &impl Harness) {
    let scene = Scene::new(harness);
    for capability in writes() {
        for tenant in &scene.tenants {
            let applied = tenant.applied.get(capability.id);
            let applied = applied.unwrap_or_else(|| panic!("the scene never made {}", capability.id));
            let again = dispatch::write(scene.store(), &context(95_000, 8), capability.id, applied);
            let again = again.expect("a write").unwrap_or_else(|error| panic!("{}: {error}", capability.id));
            assert!(!again.is_applied, "{}", capability.id);
        }
    }
}

pub fn what_an_input_says_itself_is_asked_before_a_replay_is_answered(harness: &impl Harness) {
    let scene = Scene::new(harness);
    let applied = &scene.tenants[0].applied;
    let before = scene.store().every_row().unwrap();
    for Wrong { capability, change, code, field } in CONDITIONS {
        let input = change.iter().fold(applied[capability].clone(), |input, (path, value)| {
            changed(&input, path, serde_json::from_str(value).expect("a value is JSON"))
        });
        assert_eq!(
            refusal(&scene, &context(95_000, 8), capability, &input),
            ((*code).to_owned(), *field),
            "{capability}: {change:?}"
        );
    }
    assert_eq!(scene.store().every_row().unwrap(), before, "a refusal leaves no trace");
    for capability in writes() {
        let has_condition = CONDITIONS.iter().any(|wrong| wrong.capability == capability.id);
        let has_none = BOUNDS_ONLY.contains(&capability.id);
        assert!(
            has_condition || has_none,
            "{}: say what its input must say, or that bounds say it",
            capability.id
        );
    }
}
