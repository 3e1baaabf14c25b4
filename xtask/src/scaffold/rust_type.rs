//! Names of Rust: where a type stands, how a field is written, which values are copied.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use selene_codegen::contract::{Builtin, Record, TypeKind, TypeRef};
use selene_codegen::naming::{Identifier, identifier, module_name};
use selene_codegen::row::{self, Selection};

use super::subject::{Owned, Subject};

/// A type of the contracts: `selene_contracts::ph1_notes::NotesRow`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct RustType {
    /// `ph1_notes`, or `shared`.
    pub(super) module: String,
    /// `NotesRow`
    pub(super) name: String,
}

impl RustType {
    /// The struct with every column of a table.
    pub(super) fn row(owned: Owned<'_>) -> Self {
        Self { module: module_name(&owned.owner.engine.id), name: row::struct_name(owned.table) }
    }

    /// The struct of a key of a table.
    pub(super) fn key(owned: Owned<'_>, name: String) -> Self {
        Self { module: format!("{}::keys", module_name(&owned.owner.engine.id)), name }
    }

    /// A record of the engine, or one that all share.
    pub(super) fn record(subject: &Subject<'_>, record: &Record) -> Self {
        let is_own = subject.contract.records.iter().any(|own| own.name == record.name);
        let module = if is_own { subject.module() } else { "shared".to_owned() };
        Self { module, name: record.name.clone() }
    }

    /// The type that a row of a table is written from and read into: a record of the engine that has every column in the table's
    /// order, as `given` is, else the row's own.
    pub(super) fn of_table(subject: &Subject<'_>, owned: Owned<'_>, given: Option<&Record>) -> Self {
        let is_own = std::ptr::eq(owned.owner, subject.contract);
        let whole = given.filter(|record| is_own && Selection::of(owned.table, &record.fields).is_whole());
        match whole.filter(|record| record.fields.len() == owned.table.columns.len()) {
            Some(record) => Self::record(subject, record),
            None => Self::row(owned),
        }
    }
}

/// The `use` lines of a file.
#[derive(Default)]
pub(super) struct Imports(BTreeMap<String, BTreeSet<String>>);

impl Imports {
    /// Names of one module of the contracts crate, or of a module of the crate at hand.
    pub(super) fn name(&mut self, module: &str, name: &str) {
        self.0.entry(module.to_owned()).or_default().insert(name.to_owned());
    }

    /// A type of the contracts.
    pub(super) fn ty(&mut self, ty: &RustType) {
        self.name(&format!("selene_contracts::{}", ty.module), &ty.name);
    }

    /// The lines: those of other crates, a blank line, those of this crate.
    pub(super) fn lines(&self) -> String {
        let (own, foreign): (Vec<_>, Vec<_>) =
            self.0.iter().partition(|(module, _)| module.split("::").next() == Some("crate"));
        let mut text = String::new();
        for group in [foreign, own] {
            for (module, names) in &group {
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                let names = names.join(", ");
                let names = if names.contains(", ") { format!("{{{names}}}") } else { names };
                // Writing to a string cannot fail.
                let _ = writeln!(text, "use {module}::{names};");
            }
            if !group.is_empty() {
                text.push('\n');
            }
        }
        text
    }
}

/// The name of a field in Rust: `r#type` where the name is a reserved word.
pub(super) fn ident(name: &str) -> String {
    match identifier(name) {
        Some(Identifier::Raw) => format!("r#{name}"),
        _ => name.to_owned(),
    }
}

/// Whether values of a type are copied where they are used twice. What is not known is cloned.
pub(super) fn is_copied(subject: &Subject<'_>, ty: &TypeRef) -> bool {
    match ty {
        TypeRef::Unit => true,
        TypeRef::Builtin(builtin) => *builtin != Builtin::Payload,
        TypeRef::Option(inner) => is_copied(subject, inner),
        TypeRef::Named(_) => {
            matches!(subject.kind(ty), Some(TypeKind::Integer { .. } | TypeKind::Enum { .. }))
        }
        TypeRef::List(_) | TypeRef::Map(..) => false,
    }
}

/// How a value is shown in a payload: as it is, as a text that has to be made first, or not at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    /// It has `as_str`.
    AsStr,
    /// It has `to_string`.
    Made,
}

impl Shown {
    /// How values of a type are shown, unless they may be absent or are more than one.
    pub(super) fn of(subject: &Subject<'_>, ty: &TypeRef) -> Option<Self> {
        match ty {
            TypeRef::Builtin(Builtin::ReasonCode | Builtin::EngineReasonCode) => Some(Self::AsStr),
            TypeRef::Builtin(
                Builtin::Bool | Builtin::U8 | Builtin::U16 | Builtin::U32 | Builtin::U64 | Builtin::F32,
            ) => Some(Self::Made),
            TypeRef::Named(_) => match subject.kind(ty)? {
                TypeKind::Text { .. } | TypeKind::Enum { .. } => Some(Self::AsStr),
                TypeKind::Integer { .. } => Some(Self::Made),
            },
            _ => None,
        }
    }
}
