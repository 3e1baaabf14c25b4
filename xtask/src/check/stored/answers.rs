//! Stored answers are given again to every retry, at any later time: today's types must read all of them.

use std::collections::BTreeSet;

use selene_codegen::contract::{Builtin, Contract, Effect, Field, Record, SharedContract, TypeKind, TypeRef};

use super::origins::{origin, type_of};
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::parse::lexicon::Lexicon;
use crate::resolve::Resolved;
use crate::source::Span;
use crate::written::WrittenContract;

/// Compares the answers of every write.
pub(super) fn check(
    resolved: &Resolved,
    shared: &SharedContract,
    lexicon: &Lexicon,
    (written, new): (&WrittenContract, &Contract),
    diagnostics: &mut Diagnostics,
) {
    let old = &written.contract;
    let mut comparison = Comparison {
        old: Side { contract: old, shared },
        new: Side { contract: new, shared: &resolved.shared },
        lexicon,
        seen: BTreeSet::new(),
        found: Vec::new(),
    };
    for capability in old.served().filter(|capability| capability.effect == Effect::Write) {
        let other = new.served().find(|other| other.stored_name() == capability.stored_name());
        let Some(other) = other else { continue };
        for (old, new) in capability.output.types().iter().zip(other.output.types()) {
            comparison.types(&capability.id, old, new);
        }
    }
    for Found { record, field, message, help } in comparison.found {
        let span = origin(resolved, new, &["records", &record, "fields", &field]);
        let Some(span) = span else { continue };
        let before: Span = written.place(&record);
        diagnostics.push(
            Diagnostic::new(codes::UNREADABLE_ANSWER, message, span, "this answer")
                .and(before, "answers of this form are stored")
                .help(help),
        );
    }
}

#[derive(Clone, Copy)]
struct Side<'a> {
    contract: &'a Contract,
    shared: &'a SharedContract,
}

impl<'a> Side<'a> {
    fn record(self, name: &str) -> Option<&'a Record> {
        self.contract.records.iter().chain(&self.shared.records).find(|record| record.name == name)
    }
}

struct Found {
    record: String,
    field: String,
    message: String,
    help: String,
}

struct Comparison<'a> {
    old: Side<'a>,
    new: Side<'a>,
    lexicon: &'a Lexicon,
    seen: BTreeSet<String>,
    found: Vec<Found>,
}

impl Comparison<'_> {
    fn types(&mut self, item: &str, old: &TypeRef, new: &TypeRef) {
        if let (TypeRef::Named(old), TypeRef::Named(new)) = (old, new)
            && let (Some(old), Some(new)) = (self.old.record(old), self.new.record(new))
        {
            if self.seen.insert(old.name.clone()) {
                self.records(old, new);
            }
            return;
        }
        if let (TypeRef::Option(old) | TypeRef::List(old), TypeRef::Option(new) | TypeRef::List(new)) =
            (old, new)
        {
            self.types(item, old, new);
            return;
        }
        if !self.reads(old, new) {
            self.add(
                item,
                "",
                format!("stored answers of `{item}` are `{old}`, which `{new}` does not read"),
                "put the output back",
            );
        }
    }

    fn records(&mut self, old: &Record, new: &Record) {
        for field in &old.fields {
            if let Some(other) = new.fields.iter().find(|other| other.name == field.name) {
                self.field(new, field, other);
                continue;
            }
            let item = format!("{}.{}", old.name, field.name);
            if !self.lexicon.acknowledged.iter().any(|known| known.value == item) {
                let help = format!("put the field back, or add `{item}` to `acknowledged` in lexicon.yaml");
                let message = format!("stored answers have `{item}`, which could not be given again");
                self.add(&new.name, &field.name, message, &help);
            }
        }
        for field in &new.fields {
            let is_added = !old.fields.iter().any(|other| other.name == field.name);
            if is_added
                && field.absent.is_none()
                && !matches!(field.ty, TypeRef::Option(_) | TypeRef::List(_))
            {
                self.add(
                    &new.name,
                    &field.name,
                    format!("stored answers have no `{}.{}`", old.name, field.name),
                    &format!(
                        "make it optional (`{0}?`) or a list, or say in lexicon.yaml what they have: `{0}: {{ …, absent: VALUE }}`",
                        field.name
                    ),
                );
            }
        }
    }

    fn field(&mut self, record: &Record, old: &Field, new: &Field) {
        let name = format!("{}.{}", record.name, new.name);
        if old.absent.is_some() && new.absent.is_none() {
            let message = format!("answers from before `{name}` are stored, and nothing says what they have");
            self.add(&record.name, &new.name, message, "put `absent` back");
            return;
        }
        let (mut from, mut to) = (&old.ty, &new.ty);
        if let TypeRef::Option(inner) = to {
            to = inner;
            if let TypeRef::Option(inner) = from {
                from = inner;
            }
        } else if let TypeRef::Option(inner) = from
            && new.absent.is_some()
        {
            from = inner;
        }
        if let (TypeRef::Named(a), TypeRef::Named(b)) = (strip(from), strip(to))
            && self.old.record(a).is_some()
            && self.new.record(b).is_some()
            && std::mem::discriminant(from) == std::mem::discriminant(to)
        {
            self.types(&name, strip(from), strip(to));
        } else if !self.reads(from, to) {
            let message =
                format!("stored answers have `{name}` as `{}`, which `{}` does not read", old.ty, new.ty);
            self.add(
                &record.name,
                &new.name,
                message,
                "put the type and all of its values back, or give the field another name",
            );
        }
    }

    /// Whether every stored value of the old type is one of the new type.
    fn reads(&self, old: &TypeRef, new: &TypeRef) -> bool {
        match (old, new) {
            (TypeRef::Unit, TypeRef::Unit) => true,
            (TypeRef::Option(old), TypeRef::Option(new)) | (TypeRef::List(old), TypeRef::List(new)) => {
                self.reads(old, new)
            }
            (TypeRef::Map(old_key, old), TypeRef::Map(new_key, new)) => {
                self.reads(old_key, new_key) && self.reads(old, new)
            }
            (old, TypeRef::Option(new)) => self.reads(old, new),
            (TypeRef::Builtin(old), TypeRef::Builtin(new)) => {
                old == new || width(*old).zip(width(*new)).is_some_and(|(old, new)| old <= new)
            }
            (TypeRef::Named(old), TypeRef::Named(new)) => {
                if self.old.record(old).is_some() != self.new.record(new).is_some() {
                    return false;
                }
                let old = type_of(self.old.contract, self.old.shared, old).map(|ty| &ty.kind);
                let new = type_of(self.new.contract, self.new.shared, new).map(|ty| &ty.kind);
                match (old, new) {
                    (Some(TypeKind::Text { .. } | TypeKind::Enum { .. }), Some(TypeKind::Text { .. })) => {
                        true
                    }
                    (Some(TypeKind::Enum { values }), Some(TypeKind::Enum { values: new })) => {
                        values.iter().all(|value| new.contains(value))
                    }
                    (
                        Some(TypeKind::Integer { repr: old, .. }),
                        Some(TypeKind::Integer { repr: new, .. }),
                    ) => {
                        // Their names in the order of their widths.
                        let place = |name: &str| {
                            ["u8", "u16", "u32", "u64", "u128"].iter().position(|known| *known == name)
                        };
                        place(old.as_str()) <= place(new.as_str())
                    }
                    (Some(_), Some(_)) => false,
                    // What is not known, because the file of the shared types is lost, is not compared.
                    _ => true,
                }
            }
            (TypeRef::Builtin(old), TypeRef::Named(new)) => {
                let new = type_of(self.new.contract, self.new.shared, new).map(|ty| &ty.kind);
                matches!(new, Some(TypeKind::Integer { repr, .. })
                    if Builtin::from_name(repr.as_str()).and_then(width).zip(width(*old)).is_some_and(|(new, old)| old <= new))
            }
            _ => false,
        }
    }

    fn add(&mut self, record: &str, field: &str, message: String, help: &str) {
        self.found.push(Found {
            record: record.to_owned(),
            field: field.to_owned(),
            message,
            help: help.to_owned(),
        });
    }
}

fn strip(ty: &TypeRef) -> &TypeRef {
    match ty {
        TypeRef::List(inner) | TypeRef::Option(inner) => inner,
        other => other,
    }
}

/// The bits of a whole number.
const fn width(builtin: Builtin) -> Option<u8> {
    match builtin {
        Builtin::U8 => Some(8),
        Builtin::U16 => Some(16),
        Builtin::U32 => Some(32),
        Builtin::U64 => Some(64),
        _ => None,
    }
}
