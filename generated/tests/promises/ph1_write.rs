//! specs/ecm/PH1_WRITE.md and specs/db_wiring/PH1_WRITE.md.

use selene_contracts::ReadScope;
use selene_contracts::ph1_write::{ENGINE, Ph1writeFormatCommitRow, Ph1writeReadAuditRows};

use crate::call::{Event, Promise};
use crate::field::{may, needs};
use crate::{codes, promised, refusals, tables};

const CALL: Promise = Promise::os_only("WRITE_CONTRACT_VALIDATION_FAILED");

promised!(ph1write_format_commit_row: Ph1writeFormatCommitRow = [Promise {
    input: &[
        needs("tenant_id"),
        may("session_id").takes(&["1"], &["\"1\""]),
        needs("user_id"),
        needs("device_id"),
        needs("format_mode").takes(&["\"FORMATTED_TEXT\"", "\"FALLBACK_ORIGINAL\""], &["\"OTHER\""]),
        needs("reason_code").takes_codes(&["WRITE_FORMATTED_TEXT", "WRITE_FALLBACK_ORIGINAL"]),
        needs("idempotency_key"),
    ],
    key: Some(("audit_events", &["correlation_id", "idempotency_key"])),
    event: Some(Event {
        kind: "OTHER",
        reason_code: None,
        fields: &["tenant_id", "engine", "event_type", "reason_code", "correlation_id", "turn_id"],
        payload: &["directive=format", "format_mode"],
    }),
    ..CALL
}]);

promised!(ph1write_read_audit_rows: Ph1writeReadAuditRows = [Promise {
    input: &[needs("tenant_id"), needs("correlation_id").takes(&["1"], &["0", "\"1\""])],
    scope: Some(ReadScope::Tenant),
    ..CALL
}]);

codes! {
    Refusal: WRITE_SCOPE_VIOLATION WRITE_CONTRACT_VALIDATION_FAILED WRITE_APPEND_ONLY_VIOLATION;
    Replay: WRITE_IDEMPOTENCY_REPLAY;
    Outcome: WRITE_FORMATTED_TEXT WRITE_FALLBACK_ORIGINAL;
}

refusals! {
    caller: F_CALLER_NOT_ALLOWED,
    simulation: F_SIMULATION_REQUIRED,
    contract: WRITE_CONTRACT_VALIDATION_FAILED,
    foreign_key: WRITE_SCOPE_VIOLATION,
    duplicate: F_DUPLICATE_KEY,
    scope: WRITE_SCOPE_VIOLATION,
    append_only: WRITE_APPEND_ONLY_VIOLATION,
    not_found: F_NOT_FOUND,
    replay: WRITE_IDEMPOTENCY_REPLAY,
    outcome_unknown: F_OUTCOME_UNKNOWN,
    unavailable: F_BACKEND_UNAVAILABLE,
}

tables! {
    "os_core.audit_events": Ledger,
}
