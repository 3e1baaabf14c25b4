//! specs/ecm/PH1_PERSONA.md and specs/db_wiring/PH1_PERSONA.md.

use selene_contracts::ReadScope;
use selene_contracts::ph1_persona::{
    DeliveryPolicyRef, ENGINE, Ph1personaProfileCommitRow, Ph1personaReadAuditRows, PreferencesSnapshotRef,
    StyleProfileRef,
};

use crate::call::{Event, Promise};
use crate::field::{may, needs};
use crate::{codes, ids, promised, refusals, tables};

const CALL: Promise = Promise::os_only("PERSONA_CONTRACT_VALIDATION_FAILED");

promised!(ph1persona_profile_commit_row: Ph1personaProfileCommitRow = [Promise {
    input: &[
        needs("tenant_id"),
        may("session_id").takes(&["1"], &["\"1\""]),
        needs("user_id"),
        needs("device_id"),
        needs("style_profile_ref"),
        needs("delivery_policy_ref"),
        needs("preferences_snapshot_ref"),
        needs("reason_code").takes_codes(&["PERSONA_PROFILE_COMMIT"]),
        needs("idempotency_key"),
    ],
    key: Some(("audit_events", &["correlation_id", "idempotency_key"])),
    event: Some(Event {
        kind: "OTHER",
        reason_code: None,
        fields: &["tenant_id", "engine", "event_type", "reason_code", "correlation_id", "turn_id"],
        payload: &["style_profile_ref", "delivery_policy_ref", "preferences_snapshot_ref"],
    }),
    ..CALL
}]);

promised!(ph1persona_read_audit_rows: Ph1personaReadAuditRows = [Promise {
    input: &[needs("tenant_id"), needs("correlation_id").takes(&["1"], &["0", "\"1\""])],
    scope: Some(ReadScope::Tenant),
    ..CALL
}]);

ids! {
    StyleProfileRef: 64,
    DeliveryPolicyRef: 32,
    PreferencesSnapshotRef: 96,
}

codes! {
    Refusal: PERSONA_SCOPE_VIOLATION PERSONA_CONTRACT_VALIDATION_FAILED PERSONA_APPEND_ONLY_VIOLATION;
    Replay: PERSONA_IDEMPOTENCY_REPLAY;
    Step: PERSONA_PROFILE_COMMIT;
}

refusals! {
    caller: F_CALLER_NOT_ALLOWED,
    simulation: F_SIMULATION_REQUIRED,
    contract: PERSONA_CONTRACT_VALIDATION_FAILED,
    foreign_key: PERSONA_SCOPE_VIOLATION,
    duplicate: F_DUPLICATE_KEY,
    scope: PERSONA_SCOPE_VIOLATION,
    append_only: PERSONA_APPEND_ONLY_VIOLATION,
    not_found: F_NOT_FOUND,
    replay: PERSONA_IDEMPOTENCY_REPLAY,
    outcome_unknown: F_OUTCOME_UNKNOWN,
    unavailable: F_BACKEND_UNAVAILABLE,
}

tables! {
    "os_core.audit_events": Ledger,
}
