//! Types that the lexicon does not know: those that fields need, and those that schemas name.

use selene_codegen::contract::TypeKind;
use selene_codegen::naming::upper_snake;

use super::entry::{Entry, Part, capital, list, quoted, with_article, words};
use super::guess::{self, Ty};
use super::records;
use super::slips::is_slip;
use super::subject::{Adopted, Subject};
use crate::diagnostics::codes;

/// Drafts every unknown type of an engine that is no record.
pub(super) fn draft(subject: &Subject<'_>, engine: &Adopted<'_>, entries: &mut Vec<Entry>) {
    for (name, _) in subject.unknown_of(codes::UNKNOWN_TYPE, engine.id) {
        let is_known = |known: &str| is_slip(name, known);
        if records::is_record(name) || engine.names.type_names().any(is_known) {
            continue;
        }
        let guess = guess::field(subject, engine, &upper_snake(name).to_ascii_lowercase());
        let kind = match guess.ty {
            Ty::Own(_, kind) => kind,
            Ty::Known(ty) => kind_like(engine, &ty),
        };
        push(name, &kind, &guess.from, entries);
    }
}

/// The kind of a known type, for a type of its own that is like it.
fn kind_like(engine: &Adopted<'_>, ty: &str) -> TypeKind {
    use selene_codegen::contract::IntegerRepr::{U8, U16, U32, U64};
    let whole = [U8, U16, U32, U64].into_iter().find(|repr| repr.as_str() == ty);
    let whole = whole.map(|repr| TypeKind::Integer { repr, min: None, max: None, unit: None });
    let otherwise = || TypeKind::Text { min_len: 1, max_len: 64, ascii: false, free: false };
    whole.or_else(|| engine.names.kind(ty).cloned()).unwrap_or_else(otherwise)
}

/// Adds a type unless it is drafted already.
pub(super) fn push(name: &str, kind: &TypeKind, from: &str, entries: &mut Vec<Entry>) {
    if entries.iter().any(|entry| entry.part == Part::Types && entry.key == name) {
        return;
    }
    let doc = quoted(&format!("{}.", capital(&with_article(&words(&upper_snake(name))))));
    let value = match kind {
        TypeKind::Text { min_len, max_len, ascii, free } => {
            let kind = if *free { "text" } else { "id" };
            let least = if *min_len == 1 { String::new() } else { format!(", min_len: {min_len}") };
            let ascii = if *ascii { ", ascii: true" } else { "" };
            format!("{{ kind: {kind}{least}, max_len: {max_len}{ascii}, doc: {doc} }}")
        }
        TypeKind::Integer { repr, min, max, unit } => {
            let bound = |key: &str, bound: &Option<u128>| {
                bound.map_or_else(String::new, |bound| format!(", {key}: {bound}"))
            };
            let unit = unit.as_ref().map_or_else(String::new, |unit| format!(", unit: {unit}"));
            let (min, max) = (bound("min", min), bound("max", max));
            format!("{{ kind: integer, repr: {}{min}{max}{unit}, doc: {doc} }}", repr.as_str())
        }
        TypeKind::Enum { values } => format!("{{ kind: enum, values: {}, doc: {doc} }}", list(values)),
    };
    entries.push(Entry { part: Part::Types, key: name.to_owned(), value, from: from.to_owned() });
}
