//! What stands beside the input and the output of every call: the context, the frame of a write's answer, the page that a call of a list
//! asks for, and errors.
//!
//! The schemas are what the Rust types of these write. A test holds what they write against them.

use serde_json::{Value, json};

use super::definitions::Definitions;

/// The key of the context of a call.
pub(super) const CONTEXT: &str = "shared.CallContext";
/// The key of an error.
pub(super) const ERROR: &str = "shared.StorageError";

/// The key of the page that a call asks for.
pub(super) const PAGE_REQUEST: &str = "shared.PageRequest";
/// The key of where the next page begins.
const CURSOR: &str = "shared.Cursor";

/// Most rows of a page.
const MOST_ROWS: u32 = 1_000;
/// The longest text that is looked at as a cursor.
const LONGEST_CURSOR: u32 = 4_096;

/// What went wrong, as the variants of `StorageError`.
const KINDS: [(&str, &str); 11] = [
    ("CALLER_NOT_ALLOWED", "The caller is not among the capability's allowed callers."),
    ("SIMULATION_REQUIRED", "A simulation-gated write came without a simulation_id."),
    ("CONTRACT_VIOLATION", "A value is out of its bounds, or the state of the rows does not allow the call."),
    ("FOREIGN_KEY", "A row that the input names does not exist."),
    ("DUPLICATE_KEY", "A key that must be new exists already."),
    ("SCOPE_VIOLATION", "A row or key belongs to another tenant, user, device, engine or capability."),
    ("APPEND_ONLY_VIOLATION", "A ledger row was to be changed or removed."),
    ("NOT_FOUND", "The thing to work on does not exist, or not for this caller."),
    ("REQUEST_DIFFERS", "The idempotency key was used before for a request that differs."),
    ("OUTCOME_UNKNOWN", "The commit may or may not be durable: call again with the same idempotency key."),
    ("BACKEND_UNAVAILABLE", "The store cannot serve the call now; nothing was written."),
];

/// Adds the schemas that every document has.
pub(super) fn add(definitions: &mut Definitions<'_>) {
    let context = context(definitions);
    definitions.insert(CONTEXT.to_owned(), context);
    let error = error(definitions);
    definitions.insert(ERROR.to_owned(), error);
}

/// Adds the schemas of calls that ask for a page of a list.
pub(super) fn add_pages(definitions: &mut Definitions<'_>) {
    let cursor = json!({
        "type": "string",
        "description": "Where the next page of a list begins: `next` of the page before, handed back as it is. It belongs to one call and its \
                        input; with any other it is refused, and so is a text that no page gave.",
        "pattern": "^[A-Za-z0-9_-]+$",
        "maxLength": LONGEST_CURSOR,
    });
    definitions.insert(CURSOR.to_owned(), cursor);
    let after = definitions.to(CURSOR);
    let request = json!({
        "type": "object",
        "description": "Which page of a list a call asks for.",
        "properties": {
            "limit": {
                "type": "integer",
                "minimum": 1,
                "maximum": MOST_ROWS,
                "description": "Rows of the page, at most.",
            },
            "after": {
                "description": "Where the page begins; without it at the first row.",
                "anyOf": [after, { "type": "null" }],
            },
        },
        "required": ["limit"],
    });
    definitions.insert(PAGE_REQUEST.to_owned(), request);
}

/// A page of rows of which one is as this schema says.
pub(super) fn page(definitions: &Definitions<'_>, row: &Value, doc: &str) -> Value {
    json!({
        "type": "object",
        "description": doc,
        "properties": {
            "rows": { "type": "array", "items": row, "maxItems": MOST_ROWS },
            "next": {
                "description": "Where the next page begins; null where the list ended with this page, as it stood when it was read.",
                "anyOf": [definitions.to(CURSOR), { "type": "null" }],
            },
        },
        "required": ["rows", "next"],
    })
}

fn context(definitions: &mut Definitions<'_>) -> Value {
    let now = definitions.named(None, "MonotonicTimeNs");
    let correlation = definitions.named(None, "CorrelationId");
    let turn = definitions.named(None, "TurnId");
    let simulation = definitions.named(None, "SimulationId");
    json!({
        "type": "object",
        "description": "Who calls, when, in which chain of work, and in which mode.",
        "properties": {
            "caller": { "type": "string", "enum": ["SELENE_OS", "ENGINE", "OPERATOR"] },
            "now": now,
            "correlation_id": correlation,
            "turn_id": turn,
            "simulation_id": { "anyOf": [simulation, { "type": "null" }] },
            "mode": { "type": "string", "enum": ["NORMAL", "REPLAY", "DIAGNOSTIC"], "default": "NORMAL" },
        },
        "required": ["caller", "now", "correlation_id", "turn_id"],
        "additionalProperties": false,
    })
}

fn error(definitions: &mut Definitions<'_>) -> Value {
    let code = definitions.reason_codes();
    let event = definitions.named(None, "AuditEventId");
    let kinds: Vec<&str> = KINDS.iter().map(|(kind, _)| *kind).collect();
    let meanings: Vec<Value> =
        KINDS.iter().map(|(kind, meaning)| json!({ "kind": kind, "meaning": meaning })).collect();
    let violation = json!({
        "type": "object",
        "properties": { "field": { "type": "string" }, "problem": { "type": "string" }, "reason_code": code },
        "required": ["field", "problem", "reason_code"],
    });
    json!({
        "type": "object",
        "description": "A refused or failed call. A refused write has changed nothing and emitted nothing.",
        "properties": {
            "kind": { "type": "string", "enum": kinds, "x-kinds": meanings },
            "reason_code": code,
            "message": { "type": "string", "description": "For people; never values of rows." },
            "capability": { "type": "string" },
            "caller": { "type": "string", "enum": ["SELENE_OS", "ENGINE", "OPERATOR"] },
            "field": { "type": "string" },
            "table": { "type": "string" },
            "rule": { "type": "string", "description": "What must hold of the field." },
            "event_id": event,
            "detail": { "type": "string", "description": "What the backend saw." },
            "violations": { "type": "array", "items": violation },
        },
        "required": ["kind", "reason_code", "message"],
        "additionalProperties": false,
    })
}

/// The answer of a write around what its capability gives.
pub(super) fn committed(definitions: &mut Definitions<'_>, value: &Value) -> Value {
    let event = definitions.named(None, "AuditEventId");
    let code = definitions.reason_codes();
    json!({
        "type": "object",
        "description": "The outcome of a durable write.",
        "properties": {
            "value": value,
            "event_id": event,
            "disposition": {
                "description": "Applied now, or replayed: the same dedupe key was committed before.",
                "oneOf": [
                    { "const": "APPLIED" },
                    {
                        "type": "object",
                        "properties": {
                            "REPLAYED": {
                                "type": "object",
                                "properties": { "identical": { "type": "boolean" } },
                                "required": ["identical"],
                            }
                        },
                        "required": ["REPLAYED"],
                    }
                ],
            },
            "reason_code": code,
        },
        "required": ["value", "event_id", "disposition", "reason_code"],
    })
}
