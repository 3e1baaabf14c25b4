//! What the lexicon declares of a name: an engine's own declarations first, then the shared ones.
//!
//! What must not live here: findings. `typing` makes types and fields of declarations, `fields` those with marks.

use selene_codegen::contract::{Builtin, TypeKind};

use crate::parse::lexicon::{
    AlternativesEntry, ClassList, FieldEntry, Lexicon, RecordEntry, Scope, TypeEntry,
};
use crate::parse::schema::Expr;
use crate::source::Span;

/// The names that one engine may use.
pub struct Names<'a> {
    /// The engine; none for what all engines share.
    pub(super) engine: Option<&'a str>,
    /// Nearest first; the last one is the shared one.
    pub(super) scopes: Vec<&'a Scope>,
}

impl<'a> Names<'a> {
    /// What every engine may use.
    #[must_use]
    pub fn shared(lexicon: &'a Lexicon) -> Self {
        Self { engine: None, scopes: vec![&lexicon.shared] }
    }

    /// What one engine may use.
    #[must_use]
    pub fn engine(lexicon: &'a Lexicon, id: &'a str) -> Self {
        let mut scopes: Vec<&Scope> = lexicon.engine(id).into_iter().collect();
        scopes.push(&lexicon.shared);
        Self { engine: Some(id), scopes }
    }

    /// What the engine's own part of the lexicon says about alternatives.
    #[must_use]
    pub fn alternatives(&self) -> &'a [AlternativesEntry] {
        self.scopes.first().map_or(&[], |scope| &scope.alternatives)
    }

    /// What the engine's own part of the lexicon adds to records that schemas write in place.
    #[must_use]
    pub fn additions(&self) -> &'a [RecordEntry] {
        self.scopes.first().map_or(&[], |scope| &scope.additions)
    }

    /// What the lexicon says about a field.
    pub(super) fn entry(&self, name: &str) -> Option<&'a FieldEntry> {
        self.scopes.iter().find_map(|scope| scope.fields.iter().find(|entry| entry.name.value == name))
    }

    /// The type of a field as the lexicon writes it.
    #[must_use]
    pub fn type_of_field(&self, name: &str) -> Option<&'a Expr> {
        self.entry(name)?.ty.as_ref()
    }

    /// What a field means, in the lexicon's words.
    #[must_use]
    pub fn doc_of_field(&self, name: &str) -> Option<&'a str> {
        self.entry(name)?.doc.as_deref()
    }

    /// The declaration of a type.
    pub(super) fn type_entry(&self, name: &str) -> Option<&'a TypeEntry> {
        self.scopes.iter().find_map(|scope| scope.types.iter().find(|entry| entry.name.value == name))
    }

    /// The declaration of a record.
    pub(super) fn record_entry(&self, name: &str) -> Option<&'a RecordEntry> {
        self.scopes.iter().find_map(|scope| scope.records.iter().find(|entry| entry.name.value == name))
    }

    /// The fields of a prose group.
    #[must_use]
    pub fn group(&self, words: &str) -> Option<&'a [Expr]> {
        let groups = self.scopes.iter().flat_map(|scope| &scope.groups);
        groups.into_iter().find(|(name, _)| name.value == words).map(|(_, fields)| fields.as_slice())
    }

    /// The words of every group.
    pub fn group_names(&self) -> impl Iterator<Item = &'a str> {
        self.scopes.iter().flat_map(|scope| &scope.groups).map(|(name, _)| name.value.as_str())
    }

    /// Which classes of reason codes an input takes: what the engine says about the capability, else about the field.
    pub(super) fn classes(&self, capability: &str, field: &str) -> Option<&'a ClassList> {
        let entries = self.scopes.iter().flat_map(|scope| &scope.classes);
        let of_capability = entries.filter(|entry| entry.capability.value == capability);
        let own = of_capability.flat_map(|entry| &entry.fields).find(|(name, _)| name.value == field);
        own.map(|(_, list)| list).or_else(|| self.entry(field)?.classes.as_ref())
    }

    /// Every field name.
    pub fn field_names(&self) -> impl Iterator<Item = &'a str> {
        self.scopes.iter().flat_map(|scope| &scope.fields).map(|entry| entry.name.value.as_str())
    }

    /// The names of every type and every record, without those that the language of the lexicon has.
    pub fn type_names(&self) -> impl Iterator<Item = &'a str> {
        let types = self.scopes.iter().flat_map(|scope| &scope.types).map(|entry| entry.name.value.as_str());
        types
            .chain(self.scopes.iter().flat_map(|scope| &scope.records).map(|entry| entry.name.value.as_str()))
    }

    /// Whether a type or record of that name is declared.
    #[must_use]
    pub fn has_type(&self, name: &str) -> bool {
        Builtin::from_name(name).is_some()
            || self.type_entry(name).is_some()
            || self.record_entry(name).is_some()
    }

    /// Where the lexicon says what a field is.
    #[must_use]
    pub fn lexicon_span(&self, name: &str, own: Option<&FieldEntry>) -> Option<Span> {
        own.or_else(|| self.entry(name)).map(|entry| entry.name.span)
    }

    /// The kind of a named type.
    #[must_use]
    pub fn kind(&self, name: &str) -> Option<&'a TypeKind> {
        self.type_entry(name).map(|entry| &entry.kind)
    }
}
