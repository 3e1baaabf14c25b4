//! Every sentence of the specs about rows.

use xtask::coverage::record::Keeper;

use super::meaning::Given::{Absent, Any, Number, Text};
use super::meaning::Meaning::{Beyond, Compared, Values};
use super::meaning::Sentence;

const FOLDS: &str = Keeper::Folds.as_str();
const ROWS: &str = Keeper::Rows.as_str();
const CHAINS: &str = Keeper::Chains.as_str();
const RULES: &str = Keeper::Rules.as_str();
const ADMISSION: &str = Keeper::Admission.as_str();
const DEDUPE: &str = Keeper::Dedupe.as_str();

macro_rules! sentences {
    ($([$($table:literal),*] $text:literal => $means:expr;)*) => {
        &[$(Sentence { tables: &[$($table),*], text: $text, means: $means }),*]
    };
}

#[rustfmt::skip]
pub(super) const SENTENCES: &[Sentence] = sentences! {
    // Of any table.
    [] "append-only; overwrite and delete are prohibited" => Compared;
    [] "append-only; overwrite/delete prohibited" => Compared;
    [] "append-only enforcement applies (`no overwrite`, `no delete`)" => Compared;
    [] "append-only; overwrite and delete are prohibited; a record never expires" => Compared;
    [] "`sample_seq` counts 1, 2, 3 per session without a gap" => Beyond(FOLDS);
    [] "`updated_at` never goes back" => Beyond(RULES);
    [] "the id is derived from the dedupe key of the start" => Beyond(RULES);

    // PH1.F
    ["identities"] "`tenant_id` is the home tenant" => Beyond(RULES);
    ["devices"] "a device belongs to at most one tenant: bound at registration, else by the first applied write that names a tenant" => Beyond(RULES);
    ["sessions"] "the user owns the device" => Beyond(RULES);
    ["sessions"] "`closed_at` is there exactly when the state is CLOSED" => Values {
        taken: &[&[("session_state", Text("CLOSED")), ("closed_at", Any)], &[("session_state", Text("OPEN")), ("closed_at", Absent)]],
        refused: &[
            &[("session_state", Text("CLOSED")), ("closed_at", Absent)],
            &[("session_state", Text("OPEN")), ("closed_at", Any)],
            &[("session_state", Text("SOFT_CLOSED")), ("closed_at", Any)],
            &[("session_state", Text("SUSPENDED")), ("closed_at", Any)],
        ],
    };
    ["memory_ledger"] "`memory_seq` counts 1, 2, 3 per user without a gap" => Beyond(FOLDS);
    ["memory_ledger"] "`memory_value_ref` is there exactly when the operation is STORE" => Values {
        taken: &[&[("memory_operation", Text("STORE")), ("memory_value_ref", Any)], &[("memory_operation", Text("FORGET")), ("memory_value_ref", Absent)]],
        refused: &[&[("memory_operation", Text("STORE")), ("memory_value_ref", Absent)], &[("memory_operation", Text("FORGET")), ("memory_value_ref", Any)]],
    };
    ["memory_current"] "equals the fold of `memory_ledger`: the newest operation of each key; a forgotten key keeps its row without a value" => Beyond(FOLDS);
    ["conversation_ledger"] "holds a reference to the content, never the content" => Beyond(ADMISSION);
    ["idempotency_records"] "`scope_digest` covers the dedupe space and the values of the dedupe key; `request_digest` covers the whole input" => Beyond(RULES);
    ["idempotency_records"] "`chain_id` and `chain_sequence` are those of the event which the write emitted; the event's id begins as `scope_digest` does, so a key is found by it; a record from before it had a place was given that of the event with the same number in the store, and a file with a record without such an event is not opened" => Beyond(FOLDS);
    ["idempotency_records"] "`outcome` is what the first call gave, and what every replay gives again" => Beyond(RULES);

    // PH1.J, and what its guests say of the events.
    ["audit_events"] "the events of a tenant form one chain; those without a tenant form a chain of their own" => Values {
        taken: &[&[("tenant_id", Text("a")), ("chain_id", Text("a"))], &[("tenant_id", Absent), ("chain_id", Text(""))]],
        refused: &[
            &[("tenant_id", Text("a")), ("chain_id", Text("b"))],
            &[("tenant_id", Text("a")), ("chain_id", Text(""))],
            &[("tenant_id", Absent), ("chain_id", Text("a"))],
        ],
    };
    ["audit_events"] "`chain_sequence` counts 1, 2, 3 without a gap; `previous_hash` is the `hash` of the event before, zeros at the start" => Beyond(CHAINS);
    ["audit_events"] "`hash` covers every field of the event and `previous_hash`" => Beyond(CHAINS);
    ["audit_events"] "the `hash` of an event from before rows were sealed covers its number among all events of its store too; a store keeps that number for such events, so heads that were saved before still fit" => Beyond(CHAINS);
    ["audit_events"] "the order of events is the order within a chain; there is none between chains, and what reads several goes by `chain_id`, then `chain_sequence`" => Beyond(RULES);
    ["audit_events"] "`row_seals` names every row that the commit wrote, its idempotency record too, with a digest of its columns; an event from before has none" => Beyond(ROWS);
    ["audit_events"] "the reads give records without `row_seals`, so a hash is computed from the stored row" => Beyond(ADMISSION);
    ["audit_events"] "`payload_min` has at most 16 entries and 2,048 bytes, only keys that the emitting capability allows" => Beyond(ADMISSION);
    ["audit_events"] "`evidence_ref` is a reference, never content" => Beyond(ADMISSION);
    ["audit_events"] "PH1.PERSONA outputs are recorded with `engine=PH1.PERSONA` (audit engine `Other(\"PH1.PERSONA\")`)" => Beyond(RULES);
    ["audit_events"] "payload is bounded and structured: `style_profile_ref`, `delivery_policy_ref`, `preferences_snapshot_ref`" => Beyond(ADMISSION);
    ["audit_events"] "idempotent append dedupe via `(correlation_id, idempotency_key)`" => Beyond(DEDUPE);
    ["audit_events"] "PH1.WRITE outcomes are recorded with `engine=Other(\"PH1.WRITE\")`" => Beyond(RULES);
    ["audit_events"] "`event_type=Other` with bounded payload keys" => Beyond(RULES);
    ["audit_events"] "payload values are bounded and reason-coded" => Beyond(ADMISSION);
    ["audit_events"] "idempotent append dedupe on `(correlation_id, idempotency_key)`" => Beyond(DEDUPE);

    // PH1.W
    ["wake_enrollment_sessions"] "`pass_count` and `attempt_count` equal the fold of `wake_enrollment_samples`" => Beyond(FOLDS);
    ["wake_enrollment_sessions"] "`pass_count` is never above `pass_target` or `attempt_count`" => Values {
        taken: &[&[("pass_count", Number(3)), ("pass_target", Number(3)), ("attempt_count", Number(3))]],
        refused: &[
            &[("pass_count", Number(4)), ("pass_target", Number(3)), ("attempt_count", Number(4))],
            &[("pass_count", Number(3)), ("pass_target", Number(3)), ("attempt_count", Number(2))],
        ],
    };
    ["wake_enrollment_sessions"] "`completed_at` is there exactly when the status is COMPLETE" => Values {
        taken: &[&[("wake_enroll_status", Text("COMPLETE")), ("completed_at", Any)], &[("wake_enroll_status", Text("PENDING")), ("completed_at", Absent)]],
        refused: &[
            &[("wake_enroll_status", Text("COMPLETE")), ("completed_at", Absent)],
            &[("wake_enroll_status", Text("PENDING")), ("completed_at", Any)],
            &[("wake_enroll_status", Text("IN_PROGRESS")), ("completed_at", Any)],
            &[("wake_enroll_status", Text("DECLINED")), ("completed_at", Any)],
        ],
    };
    ["wake_enrollment_sessions"] "`wake_profile_id` is there only when the status is COMPLETE" => Values {
        taken: &[
            &[("wake_enroll_status", Text("COMPLETE")), ("wake_profile_id", Any), ("completed_at", Any)],
            &[("wake_enroll_status", Text("COMPLETE")), ("wake_profile_id", Absent), ("completed_at", Any)],
            &[("wake_enroll_status", Text("PENDING")), ("wake_profile_id", Absent), ("completed_at", Absent)],
        ],
        refused: &[
            &[("wake_enroll_status", Text("PENDING")), ("wake_profile_id", Any), ("completed_at", Absent)],
            &[("wake_enroll_status", Text("IN_PROGRESS")), ("wake_profile_id", Any), ("completed_at", Absent)],
            &[("wake_enroll_status", Text("DECLINED")), ("wake_profile_id", Any), ("completed_at", Absent)],
        ],
    };
    ["wake_runtime_events"] "`chain_id` and `chain_sequence` are those of the audit event of the same commit; they order the wake events of a tenant, and there is no order between tenants; a wake event from before it had a place was given that of the one idempotency record whose outcome names it, and a file with a wake event that none or several name is not opened" => Beyond(FOLDS);
    ["wake_profile_bindings"] "a replaced binding stays, inactive" => Beyond(FOLDS);
    ["wake_profile_bindings"] "`unbound_at` is there exactly when the binding is inactive" => Values {
        taken: &[&[("active", Number(1)), ("unbound_at", Absent)], &[("active", Number(0)), ("unbound_at", Any)]],
        refused: &[&[("active", Number(1)), ("unbound_at", Any)], &[("active", Number(0)), ("unbound_at", Absent)]],
    };
    // Times keep the bits of unsigned numbers, which SQL cannot compare.
    ["wake_profile_bindings"] "`unbound_at` never lies before `bound_at`" => Beyond(FOLDS);

    // PH1.VOICE.ID
    ["voice_enrollment_sessions"] "`consecutive_passes` and `attempt_count` equal the fold of `voice_enrollment_samples`" => Beyond(FOLDS);
    ["voice_enrollment_sessions"] "`consecutive_passes` is never above `lock_after_consecutive_passes` or `attempt_count`" => Values {
        taken: &[&[("consecutive_passes", Number(2)), ("lock_after_consecutive_passes", Number(2)), ("attempt_count", Number(2)), ("max_total_attempts", Number(5))]],
        refused: &[
            &[("consecutive_passes", Number(3)), ("lock_after_consecutive_passes", Number(2)), ("attempt_count", Number(3)), ("max_total_attempts", Number(5))],
            &[("consecutive_passes", Number(2)), ("lock_after_consecutive_passes", Number(2)), ("attempt_count", Number(1)), ("max_total_attempts", Number(5))],
        ],
    };
    ["voice_enrollment_sessions"] "`attempt_count` is never above `max_total_attempts`" => Values {
        taken: &[&[("attempt_count", Number(5)), ("max_total_attempts", Number(5))]],
        refused: &[&[("attempt_count", Number(6)), ("max_total_attempts", Number(5))]],
    };
    ["voice_enrollment_sessions"] "`voice_profile_id` is there only when the status is LOCKED" => Values {
        taken: &[
            &[("voice_enroll_status", Text("LOCKED")), ("voice_profile_id", Any)],
            &[("voice_enroll_status", Text("LOCKED")), ("voice_profile_id", Absent)],
            &[("voice_enroll_status", Text("PENDING")), ("voice_profile_id", Absent)],
        ],
        refused: &[
            &[("voice_enroll_status", Text("PENDING")), ("voice_profile_id", Any)],
            &[("voice_enroll_status", Text("IN_PROGRESS")), ("voice_profile_id", Any)],
            &[("voice_enroll_status", Text("DECLINED")), ("voice_profile_id", Any)],
        ],
    };
    ["voice_enrollment_samples"] "a FAIL has a `reason_code`" => Values {
        taken: &[
            &[("result", Text("FAIL")), ("reason_code", Any)],
            &[("result", Text("PASS")), ("reason_code", Any)],
            &[("result", Text("PASS")), ("reason_code", Absent)],
        ],
        refused: &[&[("result", Text("FAIL")), ("reason_code", Absent)]],
    };
    ["voice_profiles"] "written only after LOCKED; the id is derived from the session, the onboarding session and the device" => Beyond(RULES);
    ["voice_profile_bindings"] "one profile per onboarding session and device" => Compared;

    // PH1.LINK
    ["links"] "the fingerprint is kept only as a hash that no other link shares" => Beyond(RULES);
    ["links"] "a link that is ACTIVATED or CONSUMED has a bound device" => Values {
        taken: &[
            &[("link_status", Text("ACTIVATED")), ("device_fingerprint_hash", Any)],
            &[("link_status", Text("CONSUMED")), ("device_fingerprint_hash", Any)],
            &[("link_status", Text("SENT")), ("device_fingerprint_hash", Absent)],
        ],
        refused: &[
            &[("link_status", Text("ACTIVATED")), ("device_fingerprint_hash", Absent)],
            &[("link_status", Text("CONSUMED")), ("device_fingerprint_hash", Absent)],
        ],
    };
    ["links"] "a prefilled context holds references only" => Beyond(ADMISSION);

    // PH1.POSITION
    ["positions"] "equals the fold of `position_events`" => Beyond(FOLDS);
    ["position_events"] "`position_event_seq` counts 1, 2, 3 per position without a gap" => Beyond(FOLDS);
    ["requirement_schemas", "requirement_schema_events"] "`rollout_scope` is there exactly when the version is not DRAFT" => Values {
        taken: &[
            &[("schema_state", Text("DRAFT")), ("rollout_scope", Absent)],
            &[("schema_state", Text("ACTIVE")), ("rollout_scope", Any)],
            &[("schema_state", Text("RETIRED")), ("rollout_scope", Any)],
        ],
        refused: &[
            &[("schema_state", Text("DRAFT")), ("rollout_scope", Any)],
            &[("schema_state", Text("ACTIVE")), ("rollout_scope", Absent)],
            &[("schema_state", Text("RETIRED")), ("rollout_scope", Absent)],
        ],
    };
    ["requirement_schemas"] "equals the fold of `requirement_schema_events`" => Beyond(FOLDS);
    ["requirement_schema_events"] "`schema_event_seq` counts 1, 2, 3 per position without a gap" => Beyond(FOLDS);

    // PH2.ACCESS
    ["access_instances"] "the id is derived from tenant and user" => Beyond(RULES);

    // PH1.ONB
    ["onboarding_sessions"] "the id is derived from the token" => Beyond(RULES);
    ["onboarding_sessions"] "the prefilled context is the one of the link" => Beyond(FOLDS);
    ["onboarding_sessions"] "gates are sorted, without doubles, at most 32" => Beyond(RULES);
    ["onboarding_sessions"] "the fingerprint is kept as a keyed hash only" => Beyond(RULES);
    ["onboarding_backfill_campaigns"] "it is updated with each of its targets" => Beyond(RULES);
    ["onboarding_backfill_campaigns"] "a RUNNING campaign has targets" => Values {
        taken: &[&[("state", Text("RUNNING")), ("total_target_count", Number(1))], &[("state", Text("CANCELED")), ("total_target_count", Number(0))]],
        refused: &[&[("state", Text("RUNNING")), ("total_target_count", Number(0))]],
    };
    ["onboarding_backfill_campaigns"] "`completion_reason_code` is there only when the state is COMPLETED" => Values {
        taken: &[
            &[("state", Text("COMPLETED")), ("completion_reason_code", Any), ("completed_at", Any)],
            &[("state", Text("COMPLETED")), ("completion_reason_code", Absent), ("completed_at", Any)],
            &[("state", Text("RUNNING")), ("completion_reason_code", Absent), ("completed_at", Absent)],
        ],
        refused: &[
            &[("state", Text("RUNNING")), ("completion_reason_code", Any), ("completed_at", Absent)],
            &[("state", Text("DRAFT_CREATED")), ("completion_reason_code", Any), ("completed_at", Absent)],
            &[("state", Text("CANCELED")), ("completion_reason_code", Any), ("completed_at", Absent)],
        ],
    };
    ["onboarding_backfill_campaigns"] "`completed_at` is there exactly when the state is COMPLETED" => Values {
        taken: &[&[("state", Text("COMPLETED")), ("completed_at", Any)], &[("state", Text("RUNNING")), ("completed_at", Absent)]],
        refused: &[
            &[("state", Text("COMPLETED")), ("completed_at", Absent)],
            &[("state", Text("RUNNING")), ("completed_at", Any)],
            &[("state", Text("DRAFT_CREATED")), ("completed_at", Any)],
            &[("state", Text("CANCELED")), ("completed_at", Any)],
        ],
    };
};
