//! What every capability is to generic code: tickets, batches, tools and test generators need no engine's name.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::check::Violations;
use crate::context::{CallContext, Caller};
use crate::reason::{ReasonCode, ReasonRule, Refusals};
use crate::shared::{DeviceId, IdempotencyKey, TenantId, UserId};

/// An input struct: what one capability takes, and everything the contract says about it.
pub trait Capability:
    Clone + std::fmt::Debug + PartialEq + Serialize + DeserializeOwned + Send + 'static
{
    /// What a successful call gives.
    type Output: Clone + std::fmt::Debug + PartialEq + Serialize + DeserializeOwned + Send + 'static;

    /// What the contract says about the capability.
    const SPEC: &'static CapabilitySpec;

    /// Reports every field that is out of its bounds.
    fn check_bounds(&self, violations: &mut Violations);

    /// When another call is the same call. `None` where the contract states no dedupe rule, or none of its keys is complete.
    fn dedupe_key(&self, context: &CallContext) -> Option<DedupeKey>;

    /// The tenant that the input names, if it has such a field and it is given.
    fn tenant_id(&self) -> Option<&TenantId> {
        None
    }

    /// The device that the input names, if it has such a field and it is given.
    fn device_id(&self) -> Option<&DeviceId> {
        None
    }

    /// The person that the input names, if it has such a field and it is given.
    fn user_id(&self) -> Option<&UserId> {
        None
    }

    /// The idempotency key that the input names, if it has such a field and it is given.
    fn idempotency_key(&self) -> Option<&IdempotencyKey> {
        None
    }
}

/// A capability with side effects: `DECLARED (DB_WRITE)`.
pub trait WriteCapability: Capability {}

/// A capability without side effects; guards are among them.
pub trait ReadCapability: Capability {
    /// What the call asks for: the fields of its input with their values as text, in contract order. A field that is not
    /// given is left out.
    fn asked(&self) -> Vec<DedupePart>;
}

/// A read that gives a list of records, and gives it page by page as well: in the order of the list, which distinguishes all rows.
pub trait PagedRead: ReadCapability {
    /// One row of the list.
    type Row: Clone + std::fmt::Debug + PartialEq + Serialize + DeserializeOwned + Send + 'static;

    /// The answer of the whole read, of all its rows in their order.
    fn whole(rows: Vec<Self::Row>) -> Self::Output;
}

/// Takes the input types of an engine one after the other: how a tool or a test works on all of them without a name.
pub trait CapabilityVisitor {
    /// Takes one input type.
    fn visit<C: Capability>(&mut self);
}

/// The key under which two calls are the same call.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DedupeKey {
    /// The space in which the key is unique.
    pub space: &'static str,
    /// The fields of the key, in contract order.
    pub parts: Vec<DedupePart>,
}

impl DedupeKey {
    /// A key of these fields with their values as text.
    #[must_use]
    pub fn new(space: &'static str, parts: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        let parts = parts.into_iter().map(|(field, value)| DedupePart { field, value }).collect();
        Self { space, parts }
    }
}

/// One field of a key, with its value.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DedupePart {
    /// The name of the field: `reason_code`.
    pub field: &'static str,
    /// Its value as text: numbers in decimal.
    pub value: String,
}

impl DedupePart {
    /// The parts whose values are given.
    #[must_use]
    pub fn given<const N: usize>(parts: [Option<(&'static str, String)>; N]) -> Vec<Self> {
        parts.into_iter().flatten().map(|(field, value)| Self { field, value }).collect()
    }
}

/// What the contract says about one capability.
#[derive(Debug, PartialEq)]
pub struct CapabilitySpec {
    /// `PH1W_ENROLL_START_DRAFT_ROW`.
    pub id: &'static str,
    /// The name under which its calls are stored: its id, or the first one that it had.
    pub stored_name: &'static str,
    /// `ph1w_enroll_start_draft_row`.
    pub method: &'static str,
    /// `PH1.W`.
    pub engine: &'static str,
    /// What it does, in the spec's words.
    pub name: &'static str,
    /// What it does to the store.
    pub effect: Effect,
    /// Whose rows it looks at; none for a write.
    pub read_scope: Option<ReadScope>,
    /// Who may call it.
    pub allowed_callers: &'static [Caller],
    /// Whether a call without a `simulation_id` is refused.
    pub simulation_gated: bool,
    /// Fields of the call context that the schema names.
    pub context: &'static [&'static str],
    /// The sets of fields that an input may have: one, or one per alternative.
    pub input: &'static [&'static [FieldSpec]],
    /// The variants of the input enum, one per set of fields; empty where the input is a struct.
    pub variants: &'static [&'static str],
    /// The output type as the contract writes it.
    pub output: &'static str,
    /// Tables that it writes.
    pub writes: &'static [&'static str],
    /// When two calls are the same call.
    pub dedupe: Option<DedupeSpec>,
    /// The audit event of an applied write.
    pub audit: AuditSpec,
    /// Further bullets of the spec.
    pub notes: &'static [Note],
    /// The reason code of each class of refusal.
    pub refusals: &'static Refusals,
}

/// What a capability does to the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Effect {
    /// It writes rows and emits an event.
    Write,
    /// It reads rows and changes none.
    Read,
    /// It tries a forbidden overwrite, which must fail.
    Guard,
}

/// Whose rows a read or a guard looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReadScope {
    /// Those of the tenant that the call names. Where it may name none, without one: those of no tenant.
    Tenant,
    /// The row that the call names by its key, and the rows that belong to that one.
    Row,
    /// All of them: the specs declare it.
    WholeLedger,
}

/// One field of an input, a record or a table.
#[derive(Debug, PartialEq)]
pub struct FieldSpec {
    /// `pass_target`.
    pub name: &'static str,
    /// Its type as the contract writes it.
    pub ty: &'static str,
    /// Whether it may be absent.
    pub is_optional: bool,
    /// Whether it holds several values: a list or a map.
    pub is_list: bool,
    /// Most items of a list.
    pub max_items: Option<usize>,
    /// The only value that is accepted.
    pub fixed: Option<&'static str>,
    /// What one value may be.
    pub value: ValueSpec,
    /// Which reason codes an input takes here. `None` for other types, and in records and tables, where codes of every class
    /// may stand.
    pub reasons: Option<&'static ReasonRule>,
    /// Its bounds for people: `1..=128 bytes`. Empty where it has none.
    pub bounds: &'static str,
    /// What it means, as the lexicon says it.
    pub doc: &'static str,
}

/// What one value of a field may be, its bounds included: enough to make values at, below and above each of them.
#[derive(Debug, PartialEq)]
#[non_exhaustive]
pub enum ValueSpec {
    /// True or false.
    Bool,
    /// A whole number within a range.
    Integer {
        /// Smallest value, inclusive.
        min: u128,
        /// Largest value, inclusive.
        max: u128,
    },
    /// A number of 32 bits, neither infinite nor NaN.
    Real {
        /// Smallest value, inclusive, if any is stated.
        min: Option<f32>,
        /// Largest value, inclusive, if any is stated.
        max: Option<f32>,
    },
    /// A text in UTF-8.
    Text {
        /// Fewest bytes; from one on, a text of white space only is refused too.
        min_len: usize,
        /// Most bytes, inclusive.
        max_len: usize,
        /// Whether every byte must be ASCII.
        ascii: bool,
        /// Whether people read it as a text; else it is an id, which must not look like another one.
        is_free: bool,
    },
    /// One of these values; for a reason code of the engine, those that are not retired and that the field takes.
    OneOf(&'static [&'static str]),
    /// A registered reason code of any engine, of the classes that the field takes.
    ReasonCode,
    /// A payload within the bounds of [`Payload`](crate::Payload).
    Payload,
    /// A 32-byte hash.
    Digest,
    /// A record of these fields.
    Record(&'static [FieldSpec]),
}

/// The dedupe rule of a capability.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DedupeSpec {
    /// The space in which the key is unique.
    pub space: &'static str,
    /// Field names of the key; the first tuple whose fields are all present counts.
    pub keys: &'static [&'static [&'static str]],
}

/// The audit event of an applied write.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AuditSpec {
    /// Event types that it may emit, in the spelling of `AuditEventType`. Empty where no spec states one.
    pub event_types: &'static [&'static str],
    /// The reason code of its events. `None` where the caller gives it, or no spec states one.
    pub reason_code: Option<ReasonCode>,
    /// Whether the event carries the `reason_code` of the input.
    pub reason_from_input: bool,
    /// Fields that every event must carry, as the specs list them. One that is without a field is never stored.
    pub required_fields: &'static [&'static str],
    /// Payload keys that the event may carry; it must carry those that are not optional.
    pub payload_keys: &'static [PayloadKeySpec],
}

/// One key of the payload of an audit event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PayloadKeySpec {
    /// `wake_enroll_status`.
    pub name: &'static str,
    /// The only value that it may have, where the spec fixes one.
    pub fixed: Option<&'static str>,
    /// Whether an event may be without it: the spec writes `gate_reason_code?`.
    pub is_optional: bool,
}

impl PayloadKeySpec {
    /// Whether a payload may hold this entry.
    #[must_use]
    pub fn allows(&self, key: &str, value: &str) -> bool {
        self.name == key && self.fixed.is_none_or(|fixed| fixed == value)
    }
}

/// A further bullet of a capability, in the spec's words.
#[derive(Debug, PartialEq)]
pub struct Note {
    /// `gate_rule`.
    pub key: &'static str,
    /// The text behind it.
    pub text: &'static str,
}

/// What the contract says about one engine.
#[derive(Debug)]
pub struct EngineSpec {
    /// `PH1.W`.
    pub id: &'static str,
    /// What it is for, in the spec's words.
    pub purpose: &'static str,
    /// Every capability that is served, in the order of the ECM.
    pub capabilities: &'static [&'static CapabilitySpec],
    /// Ids of the capabilities that the ECM announces as planned: no trait has them yet.
    pub planned_capabilities: &'static [&'static str],
    /// Every reason code, by number; retired ones included.
    pub reason_codes: &'static [ReasonCode],
    /// Tables that the engine owns or writes, in the order of the DB wiring.
    pub tables: &'static [TableSpec],
    /// Every acceptance test of the DB wiring.
    pub acceptance_tests: &'static [AcceptanceTestSpec],
}

/// A table that an engine owns or writes.
#[derive(Debug, PartialEq)]
pub struct TableSpec {
    /// `os_core.audit_events`, as the spec writes it.
    pub name: &'static str,
    /// Whether its rows may change.
    pub truth_type: TruthType,
    /// Column names of the primary key.
    pub primary_key: &'static [&'static str],
    /// Columns, where the DB wiring lists them.
    pub columns: &'static [FieldSpec],
    /// Every column in the order in which an event seals it: the primary key in its order, then the others by name.
    pub sealed_columns: &'static [&'static str],
    /// The column in which a row counts how often it was written: in no record, and only where rows may change.
    pub row_version: Option<&'static str>,
    /// The column that counts 1, 2, 3 without a gap under the rest of the primary key, whose last part it is; none where no spec
    /// says so.
    pub counter: Option<&'static str>,
    /// Unique keys beside the primary key, where the DB wiring lists them.
    pub unique_keys: &'static [&'static [&'static str]],
    /// Invariants in the spec's words.
    pub invariants: &'static [&'static str],
}

impl TableSpec {
    /// `audit_events` of `os_core.audit_events`: the name of the table in SQL.
    #[must_use]
    pub fn bare_name(&self) -> &'static str {
        self.name.rsplit_once('.').map_or(self.name, |(_, name)| name)
    }
}

/// Whether a table's rows may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TruthType {
    /// Rows are appended, and never changed or removed.
    Ledger,
    /// Rows hold the newest state and are updated.
    Current,
}

/// One acceptance test of a DB wiring.
#[derive(Debug, PartialEq, Eq)]
pub struct AcceptanceTestSpec {
    /// `AT-PERS-DB-01`.
    pub id: &'static str,
    /// `at_pers_db_01_tenant_isolation_enforced`.
    pub test_fn: &'static str,
    /// `tenant isolation enforced`.
    pub title: &'static str,
}
