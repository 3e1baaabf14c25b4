//! A capability: what one repository method takes, gives, writes and emits.

use serde::{Deserialize, Serialize};

use super::{Field, TypeRef};

/// One capability of an engine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Capability {
    /// `PH1W_ENROLL_START_DRAFT_ROW`.
    pub id: String,
    /// The name under which its calls are stored, where the capability was renamed: the first one that it had.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stored_name: Option<String>,
    /// The spec announces it, and nobody serves it yet: it is no method, no input type and no stored call.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub planned: bool,
    /// What it does, in the spec's words.
    pub name: String,
    /// Whether it writes, reads, or only proves that a ledger cannot be changed.
    pub effect: Effect,
    /// Whose rows it looks at; none for a write.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_scope: Option<ReadScope>,
    /// Callers that may use it: values of the `Caller` enum in `UPPER_SNAKE`.
    pub allowed_callers: Vec<String>,
    /// A call without a `simulation_id` is refused.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub simulation_gated: bool,
    /// Fields of the call context that the input schema names (`now`, `correlation_id`, …); not part of the input.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub context: Vec<String>,
    /// Input fields in schema order. Empty where there is no input, or where there are alternatives.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub input: Vec<Field>,
    /// Alternatives of the input; each becomes a variant of the input enum.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub input_alternatives: Vec<Alternative>,
    /// What a successful call gives, without the `Result<…, StorageError>` around it.
    pub output: Output,
    /// Tables that it writes, from the DB wiring.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub writes: Vec<String>,
    /// When two calls are the same call. Only writes have one, and only once the DB wiring states it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dedupe: Option<DedupeRule>,
    /// The audit event of an applied write, as far as the specs state it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audit: Option<AuditRule>,
    /// Further bullets of the capability (`gate_rule`, `process_guard`, …), in spec order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
}

/// One alternative of an input.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Alternative {
    /// The variant of the input enum: `Session`.
    pub variant: String,
    /// The fields that the call names, in schema order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<Field>,
    /// Which of the capability's outputs it gives, where there are several and the lexicon says which.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<TypeRef>,
}

impl Capability {
    /// The name under which its calls are stored.
    #[must_use]
    pub fn stored_name(&self) -> &str {
        self.stored_name.as_deref().unwrap_or(&self.id)
    }

    /// Every field that an input may have: those of the input, or of all its alternatives.
    pub fn input_fields(&self) -> impl Iterator<Item = &Field> {
        self.input.iter().chain(self.input_alternatives.iter().flat_map(|alternative| &alternative.fields))
    }
}

/// Whose rows a read or a guard looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReadScope {
    /// Those of the tenant that the call names.
    Tenant,
    /// The row that the call names by its key.
    Row,
    /// All of them: the lexicon declares it.
    WholeLedger,
}

/// Every field that an audit event has, and that a spec may require of it.
pub const EVENT_FIELDS: [&str; 13] = [
    "tenant_id",
    "work_order_id",
    "session_id",
    "user_id",
    "device_id",
    "engine",
    "event_type",
    "reason_code",
    "severity",
    "correlation_id",
    "turn_id",
    "simulation_id",
    "idempotency_key",
];

/// What a capability does to the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// `DECLARED (DB_WRITE)`.
    Write,
    /// `NONE`.
    Read,
    /// `NONE`, and it tries a forbidden overwrite: its id holds `APPEND_ONLY_GUARD`.
    Guard,
}

/// What a successful call gives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Output {
    /// One type: `WakeEnrollmentSessionRecord`.
    Type(TypeRef),
    /// One of several types; becomes an enum named `<Capability>Output`.
    OneOf {
        /// The types, in schema order.
        one_of: Vec<TypeRef>,
    },
}

impl Output {
    /// The types that it may be.
    #[must_use]
    pub fn types(&self) -> &[TypeRef] {
        match self {
            Self::Type(ty) => std::slice::from_ref(ty),
            Self::OneOf { one_of } => one_of,
        }
    }
}

/// When two calls are the same call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DedupeRule {
    /// The space in which the key is unique: the ledger's table name where the capability writes one ledger and nothing
    /// else (then every capability that writes it shares the space), else the capability's stored name.
    pub space: String,
    /// Field names of the key. The first tuple whose fields are all present counts.
    pub keys: Vec<Vec<String>>,
}

/// The audit event of an applied write.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditRule {
    /// Event types that the write may emit, in `UPPER_SNAKE`; most have exactly one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub event_types: Vec<String>,
    /// The reason code that every event of this capability carries. Absent where the caller gives it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason_code: Option<String>,
    /// The event carries the `reason_code` of the input.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub reason_from_input: bool,
    /// Fields that the event must carry, as the specs list them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub required_fields: Vec<String>,
    /// Payload keys that the event carries; `key=value` where the spec fixes the value, `key?` where it may be absent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub payload_keys: Vec<String>,
}

/// A further bullet of a capability or section, kept in the spec's words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Note {
    /// `gate_rule`.
    pub key: String,
    /// The text behind the key, with its Markdown marks.
    pub text: String,
}
