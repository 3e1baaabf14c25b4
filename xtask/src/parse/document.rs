//! A spec document as read: its words and their places, in the form that every dialect delivers.

use std::collections::BTreeSet;

use selene_codegen::contract::SpecKind;

use super::page::{PageKind, Stretch};
use super::schema::Expr;
use super::section::Section;
use crate::read::markdown::Inline;
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
    /// Whether it is a spec at all.
    pub page: PageKind,
    /// Headings of sections that were read, and of groups within them.
    pub headings: Vec<Text>,
    /// Sections that its kind must have and that are not there.
    pub missing: Vec<&'static str>,
    /// The words of its first heading.
    pub title: Option<Text>,
    /// `## Engine Header`.
    pub header: Header,
    /// The repository trait that the Sources name.
    pub repo_trait: Option<Text>,
    /// The bullets of the Sources.
    pub sources: Vec<Text>,
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
    /// What the lettered dialect says about reads and writes of the engine.
    pub ownership: Vec<(Text, Text)>,
    /// Sentences for people: introductions, boundaries, constraints, how an engine is called.
    pub prose: Vec<Text>,
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
    /// Stretches that were read and whose words need not be kept, such as the formula of a key.
    pub read: Vec<(Span, &'static str)>,
    /// The account of the page: what every stretch of it was read as.
    pub stretches: Vec<Stretch>,
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
            page: PageKind::Spec,
            headings: Vec::new(),
            missing: Vec::new(),
            title: None,
            header: Header::default(),
            repo_trait: None,
            sources: Vec::new(),
            capabilities: Vec::new(),
            tables: Vec::new(),
            reads: Vec::new(),
            writes: Vec::new(),
            relations: RelationsText::default(),
            ownership: Vec::new(),
            prose: Vec::new(),
            failure_rules: Vec::new(),
            audit_rules: Vec::new(),
            audit: AuditText::default(),
            reason_codes: Vec::new(),
            acceptance_tests: Vec::new(),
            read: Vec::new(),
            stretches: Vec::new(),
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

    /// Whether a section that must be there is not; what it would state is not known then.
    #[must_use]
    pub fn lacks(&self, section: &str) -> bool {
        self.missing.contains(&section)
    }

    /// Notes a heading that was understood.
    pub fn add_heading(&mut self, section: &Section<'_>) {
        self.headings.extend(section.heading.map(|words| Spanned::new(words.text(), words.span)));
    }

    /// Keeps a sentence for people.
    pub fn add_prose(&mut self, words: &Inline) {
        if !words.is_empty() {
            self.prose.push(Spanned::new(words.text(), words.span));
        }
    }

    /// Whether a reason code was found.
    #[must_use]
    pub fn has_reason_code(&self, code: &str) -> bool {
        self.known.reason_codes.contains(code)
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
    /// Callers of every capability that states none.
    pub callers: Option<CallersText>,
    /// Further bullets, and words beside the names of tables.
    pub notes: Vec<(Text, Text)>,
}

/// The callers of a capability, as a page names them.
#[derive(Debug, Clone)]
pub struct CallersText {
    /// As written, without backticks.
    pub text: Text,
    /// The name of the group of callers alone.
    pub name: Text,
    /// `(simulation-gated)` stands behind the callers.
    pub simulation_gated: bool,
}

/// A capability as written.
#[derive(Debug, Clone)]
pub struct CapabilityText {
    /// `PH1W_ENROLL_START_DRAFT_ROW`
    pub id: Text,
    /// The name of the capability for people: what it does.
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
    /// Reason codes that are listed below it.
    pub reason_codes: Vec<Text>,
    /// Kinds of failure that are listed below it.
    pub failure_modes: Vec<Text>,
    /// The words that say that it is planned: behind the id, or as its status.
    pub planned: Option<Text>,
    /// Further bullets, and words behind a schema under the schema's key.
    pub notes: Vec<(Text, Text)>,
}

impl CapabilityText {
    /// A capability of which only the id is known.
    #[must_use]
    pub const fn new(id: Text) -> Self {
        Self {
            id,
            name: None,
            input: None,
            output: None,
            allowed_callers: None,
            callers: None,
            simulation_gated: false,
            side_effects: None,
            reason_codes: Vec::new(),
            failure_modes: Vec::new(),
            planned: None,
            notes: Vec::new(),
        }
    }
}

/// A schema as written and as read.
#[derive(Debug, Clone)]
pub struct SchemaText {
    /// The schema's own words.
    pub text: Text,
    /// The tree, where the words follow the language.
    pub tree: Option<Expr>,
}

/// A table as written.
#[derive(Debug, Clone)]
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
    /// What it was called before.
    pub renamed_from: Option<Text>,
    /// Columns that were called otherwise: the former name and the one that they have.
    pub renamed_columns: Vec<(Text, Text)>,
    /// Further bullets, and words beside a truth type or a key.
    pub notes: Vec<(Text, Text)>,
}

impl TableText {
    /// A table of which only the name is known.
    #[must_use]
    pub const fn new(name: Text) -> Self {
        Self {
            name,
            truth_type: None,
            primary_key: Vec::new(),
            columns: None,
            unique_keys: Vec::new(),
            invariants: Vec::new(),
            renamed_from: None,
            renamed_columns: Vec::new(),
            notes: Vec::new(),
        }
    }
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
    /// Bullets with other keys: the key and what stands behind it.
    pub notes: Vec<(Text, Text)>,
}

impl ReadText {
    /// A dependency of which only the title is known.
    #[must_use]
    pub const fn new(title: Text) -> Self {
        Self { title, tables: Vec::new(), required_indices: Vec::new(), notes: Vec::new() }
    }
}

/// One write of the DB wiring.
#[derive(Debug, Clone)]
pub struct WriteText {
    /// The heading that names it.
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
    /// The rule of the dedupe key where it is no list of names: `driven by the key of the ledger`.
    pub dedupe_words: Option<Text>,
    /// Bullets with other keys: the key and what stands behind it.
    pub notes: Vec<(Text, Text)>,
}

/// Keys and boundaries.
#[derive(Debug, Default)]
pub struct RelationsText {
    /// `a.b -> c.d` with what stands in brackets behind it.
    pub foreign_keys: Vec<(Text, Text, Option<String>)>,
    /// Unique and dedupe constraints.
    pub unique: Vec<Text>,
    /// Bullets that are neither keys nor unique constraints.
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
    /// Further functions that prove the same.
    pub further_fns: Vec<Text>,
    /// Words below it, a line each.
    pub notes: Vec<Text>,
    /// `tenant isolation enforced`
    pub title: Text,
}

impl TestText {
    /// The functions that prove it.
    pub fn functions(&self) -> impl Iterator<Item = &Text> {
        self.test_fn.iter().chain(&self.further_fns)
    }
}
