//! What `lexicon.yaml` declares, with the place of every name.

use std::collections::BTreeMap;

use selene_codegen::contract::{RefusalClass, TypeKind};

use super::alternatives::AlternativesEntry;
use super::classes::{ClassList, ClassesEntry};
use super::tables::TableEntry;
use crate::parse::document::Text;
use crate::parse::schema::Expr;

/// The whole of `lexicon.yaml`. The order of all lists is that of the file.
#[derive(Debug, Default)]
pub struct Lexicon {
    /// Names that every call context has.
    pub ambient: Vec<Text>,
    /// What `allowed_callers` may say, and which callers it means.
    pub callers: Vec<(Text, Vec<Text>)>,
    /// Types, fields and `Record.field`s whose bounds or values are narrower than stored ones on purpose.
    pub acknowledged: Vec<Text>,
    /// Declarations for every engine.
    pub shared: Scope,
    /// Declarations for one engine, by its id: `PH1.W`.
    pub engines: Vec<(Text, Scope)>,
}

impl Lexicon {
    /// The scope of one engine, if the lexicon has one.
    #[must_use]
    pub fn engine(&self, id: &str) -> Option<&Scope> {
        self.engines.iter().find(|(name, _)| name.value == id).map(|(_, scope)| scope)
    }
}

/// Declarations that hold for all engines or for one. Order is the file's.
#[derive(Debug, Default)]
pub struct Scope {
    /// Types that fields may have, by name.
    pub types: Vec<TypeEntry>,
    /// What field names mean.
    pub fields: Vec<FieldEntry>,
    /// Words that stand for several fields, each with its marks.
    pub groups: Vec<(Text, Vec<Expr>)>,
    /// Named lists of fields that outputs use.
    pub records: Vec<RecordEntry>,
    /// The reason code of each class of refusal.
    pub refusals: BTreeMap<RefusalClass, Text>,
    /// Which alternative of an input gives which output; only engines have them.
    pub alternatives: Vec<AlternativesEntry>,
    /// Which classes of reason codes the inputs of a capability take, where it differs from others; only engines have them.
    pub classes: Vec<ClassesEntry>,
    /// Reads that return the rows of every tenant; only engines have them.
    pub whole_ledger_reads: Vec<Text>,
    /// Fields that a record has beyond those that a schema writes in place; only engines have them.
    pub additions: Vec<RecordEntry>,
    /// What a database keeps of the engine's tables; only engines have them.
    pub tables: Vec<TableEntry>,
}

/// A named type as `types` declares it.
#[derive(Debug)]
pub struct TypeEntry {
    /// `UserId`
    pub name: Text,
    /// The kind of the type, with its bounds.
    pub kind: TypeKind,
    /// What it was called before.
    pub renamed_from: Option<Text>,
    /// One sentence for people; empty where the lexicon has none.
    pub doc: String,
}

/// What a field name means.
#[derive(Debug)]
pub struct FieldEntry {
    /// `pass_target`
    pub name: Text,
    /// Its type, not looked up yet.
    pub ty: Option<Expr>,
    /// Smallest and largest value as written.
    pub range: Option<(Text, Text)>,
    /// Most items of a list.
    pub max_items: Option<u32>,
    /// Which classes of reason codes an input takes here.
    pub classes: Option<ClassList>,
    /// The reason code of a value out of bounds.
    pub violation: Option<Text>,
    /// What answers have that were stored before the field was there.
    pub absent: Option<Text>,
    /// What it was called before.
    pub renamed_from: Option<Text>,
    /// The sentence of the lexicon about its meaning.
    pub doc: Option<String>,
}

/// A record as `records` declares it: a list of fields, or a map with `doc` and `fields`.
#[derive(Debug)]
pub struct RecordEntry {
    /// `WakeEnrollmentSessionRecord`
    pub name: Text,
    /// Its fields in order: a name with its marks, and what overrides the lexicon here.
    pub fields: Vec<(Expr, Option<FieldEntry>)>,
    /// What it was called before.
    pub renamed_from: Option<Text>,
    /// The sentence of the lexicon about its meaning.
    pub doc: String,
}
