//! A spec document as read: its words and their places, in the form that every dialect delivers.

use std::collections::BTreeSet;

use selene_codegen::contract::SpecKind;

use super::schema::Expr;
use crate::source::{FileId, Span, Spanned};

/// Words with their place.
pub type Text = Spanned<String>;

/// One page as read: what its sections say, each with its place.
#[derive(Debug)]
pub struct Document {
    /// The file that it was read from.
    pub file: FileId,
    /// Which half of an engine's specs it is, if the title, the folder or the sections say so.
    pub kind: Option<SpecKind>,
    /// Sections that its kind must have and that are not there.
    pub missing: Vec<&'static str>,
    /// The words of its first heading.
    pub title: Option<Text>,
    /// `## Engine Header`.
    pub header: Header,
    /// The repository trait that the Sources name.
    pub repo_trait: Option<Text>,
    /// `## Capability List`.
    pub capabilities: Vec<CapabilityText>,
    /// `## Data Owned`.
    pub tables: Vec<TableText>,
    /// `## Reads`.
    pub reads: Vec<ReadText>,
    /// `## Writes`.
    pub writes: Vec<WriteText>,
    /// `## Relations & Keys`.
    pub relations: RelationsText,
    /// Sentences about failures.
    pub failure_rules: Vec<Text>,
    /// Sentences about audit.
    pub audit_rules: Vec<Text>,
    /// What the audit section says in a form that can be used.
    pub audit: AuditText,
    /// Reason codes in order of first appearance.
    pub reason_codes: Vec<Text>,
    /// `## Acceptance Tests`.
    pub acceptance_tests: Vec<TestText>,
    /// Names that were found, so that none is searched for in a list.
    known: KnownNames,
}

/// Names that were found in a document.
#[derive(Debug, Default)]
struct KnownNames {
    capabilities: BTreeSet<String>,
    reason_codes: BTreeSet<String>,
    /// The part of a reason code before the first `_`: `W` of `W_ENROLL_INVALID_BOUNDS`.
    prefixes: BTreeSet<String>,
}

impl Document {
    /// A document of which nothing is known yet.
    #[must_use]
    pub fn new(file: FileId) -> Self {
        Self {
            file,
            kind: None,
            missing: Vec::new(),
            title: None,
            header: Header::default(),
            repo_trait: None,
            capabilities: Vec::new(),
            tables: Vec::new(),
            reads: Vec::new(),
            writes: Vec::new(),
            relations: RelationsText::default(),
            failure_rules: Vec::new(),
            audit_rules: Vec::new(),
            audit: AuditText::default(),
            reason_codes: Vec::new(),
            acceptance_tests: Vec::new(),
            known: KnownNames::default(),
        }
    }

    /// Whether nothing but a title and a header was found.
    #[must_use]
    pub fn is_bare(&self) -> bool {
        self.capabilities.is_empty()
            && self.tables.is_empty()
            && self.writes.is_empty()
            && self.reason_codes.is_empty()
            && self.acceptance_tests.is_empty()
    }

    /// Whether a section that must be there is not; what it may have said is not known then.
    #[must_use]
    pub fn lacks(&self, section: &str) -> bool {
        self.missing.contains(&section)
    }

    /// Notes a reason code once.
    pub fn add_reason_code(&mut self, code: Text) {
        if self.known.reason_codes.insert(code.value.clone()) {
            let prefix = code.value.split('_').next().unwrap_or_default();
            if !self.known.prefixes.contains(prefix) {
                self.known.prefixes.insert(prefix.to_owned());
            }
            self.reason_codes.push(code);
        }
    }

    /// Adds a capability.
    pub fn add_capability(&mut self, capability: CapabilityText) {
        self.known.capabilities.insert(capability.id.value.clone());
        self.capabilities.push(capability);
    }

    /// Whether a capability has this id.
    #[must_use]
    pub fn has_capability(&self, id: &str) -> bool {
        self.known.capabilities.contains(id)
    }

    /// Whether a reason code starts with this and a `_`.
    #[must_use]
    pub fn has_code_prefix(&self, prefix: &str) -> bool {
        self.known.prefixes.contains(prefix)
    }
}

/// The engine header.
#[derive(Debug, Default)]
pub struct Header {
    /// `PH1.W`
    pub engine_id: Option<Text>,
    /// What the engine is for.
    pub purpose: Option<Text>,
    /// Version of the spec.
    pub version: Option<Text>,
    /// Status of the spec.
    pub status: Option<Text>,
    /// Names of the tables that the engine owns.
    pub data_owned: Vec<Text>,
}

/// A capability as written.
#[derive(Debug)]
pub struct CapabilityText {
    /// `PH1W_ENROLL_START_DRAFT_ROW`
    pub id: Text,
    /// What it does.
    pub name: Option<Text>,
    /// The input as written.
    pub input: Option<SchemaText>,
    /// The output as written.
    pub output: Option<SchemaText>,
    /// Callers as written, without backticks.
    pub allowed_callers: Option<Text>,
    /// The code span of `allowed_callers`.
    pub callers: Option<Text>,
    /// `(simulation-gated)` stands behind the callers.
    pub simulation_gated: bool,
    /// Side effects as written, without backticks.
    pub side_effects: Option<Text>,
    /// Further bullets.
    pub notes: Vec<(Text, Text)>,
}

/// A schema as written and as read.
#[derive(Debug)]
pub struct SchemaText {
    /// The schema's own words.
    pub text: Text,
    /// The tree, where the words follow the language.
    pub tree: Option<Expr>,
}

/// A table as written.
#[derive(Debug)]
pub struct TableText {
    /// `os_core.audit_events`
    pub name: Text,
    /// `LEDGER` or `CURRENT`
    pub truth_type: Option<Text>,
    /// Columns of the primary key.
    pub primary_key: Vec<Text>,
    /// Columns, where they are listed.
    pub columns: Option<SchemaText>,
    /// Further unique keys.
    pub unique_keys: Vec<Vec<Text>>,
    /// Invariants in the spec's words.
    pub invariants: Vec<Text>,
}

/// What an engine reads of others.
#[derive(Debug)]
pub struct ReadText {
    /// Its heading or label.
    pub title: Text,
    /// Tables that it names.
    pub tables: Vec<Text>,
    /// Indices that it needs.
    pub required_indices: Vec<Text>,
    /// Everything else.
    pub notes: Vec<(Text, Text)>,
}

/// One write of the DB wiring.
#[derive(Debug)]
pub struct WriteText {
    /// Its heading.
    pub heading: Text,
    /// Tables that it writes.
    pub tables: Vec<Text>,
    /// Fields that it must carry, without values.
    pub required_fields: Vec<Text>,
    /// `engine=…`
    pub engine: Option<Text>,
    /// `event_type=…`
    pub event_types: Vec<Text>,
    /// `reason_code=…`
    pub reason_code: Option<Text>,
    /// A bare `reason_code` among the required fields.
    pub bare_reason: Option<Span>,
    /// Payload keys, `key=value` where the value is fixed.
    pub payload_keys: Vec<Text>,
    /// Alternatives of the dedupe key.
    pub dedupe: Option<Spanned<Vec<Vec<Text>>>>,
    /// Everything else.
    pub notes: Vec<(Text, Text)>,
}

/// Keys and boundaries.
#[derive(Debug, Default)]
pub struct RelationsText {
    /// `a.b -> c.d` with what stands in brackets behind it.
    pub foreign_keys: Vec<(Text, Text, Option<String>)>,
    /// Unique and dedupe constraints.
    pub unique: Vec<Text>,
    /// Everything else.
    pub constraints: Vec<Text>,
}

/// What an audit section says in a form that can be used.
#[derive(Debug, Default)]
pub struct AuditText {
    /// Fields that the event of every write must carry.
    pub required_fields: Vec<Text>,
    /// Reason codes that belong to the capability whose id holds their words.
    pub codes: Vec<Text>,
    /// Labels of capabilities with their event type.
    pub event_types: Vec<(Text, Text)>,
}

/// An acceptance test as written.
#[derive(Debug)]
pub struct TestText {
    /// `AT-PERS-DB-01`
    pub id: Text,
    /// `at_pers_db_01_tenant_isolation_enforced`
    pub test_fn: Option<Text>,
    /// `tenant isolation enforced`
    pub title: Text,
}
