//! Units: what a name ends with, what its type states, and what its words say.

use selene_codegen::contract::TypeKind;

use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::lint::Subject;
use crate::parse::document::Text;
use crate::parse::lexicon::{FieldEntry, Scope, TypeEntry};
use crate::parse::schema::ExprKind;
use crate::source::Span;

/// A unit: how the lexicon writes it, how names end with it, and its words.
const UNITS: [(&str, &[&str], &[&str]); 9] = [
    ("ns", &["ns", "nanos"], &["nanoseconds", "nanosecond"]),
    ("us", &["us", "micros"], &["microseconds", "microsecond"]),
    ("ms", &["ms", "millis"], &["milliseconds", "millisecond"]),
    ("s", &["s", "sec", "secs", "seconds"], &["seconds"]),
    ("min", &["min", "mins", "minutes"], &["minutes"]),
    ("h", &["hours"], &["hours"]),
    ("bytes", &["bytes"], &["bytes"]),
    ("pct", &["pct", "percent"], &["percent"]),
    ("db", &["db", "dbfs"], &["decibels"]),
];

/// The unit that a name ends with: `_ms` of a field, `Ns` of a type.
fn of_name(name: &str) -> Option<&'static str> {
    let snake = selene_codegen::naming::upper_snake(name).to_ascii_lowercase();
    let (_, last) = snake.rsplit_once('_')?;
    UNITS.iter().find(|(_, ends, _)| ends.contains(&last)).map(|(unit, ..)| *unit)
}

/// The unit that words state: `in milliseconds`.
fn of_words(doc: &str) -> Option<&'static str> {
    let words = doc.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| !word.is_empty());
    let words: Vec<&str> = words.collect();
    words
        .windows(2)
        .filter(|pair| pair[0].eq_ignore_ascii_case("in"))
        .find_map(|pair| UNITS.iter().find(|(_, _, names)| names.contains(&pair[1])).map(|(unit, ..)| *unit))
}

/// The unit that a type states.
fn of_type(entry: &TypeEntry) -> Option<&str> {
    match &entry.kind {
        TypeKind::Integer { unit, .. } => unit.as_deref(),
        _ => None,
    }
}

fn type_of<'a>(field: &FieldEntry, scopes: &[&'a Scope]) -> Option<&'a TypeEntry> {
    let ExprKind::Name(name) = &field.ty.as_ref()?.kind else { return None };
    scopes.iter().flat_map(|scope| &scope.types).find(|entry| entry.name.value == *name)
}

/// Names of fields and types that end with another unit than their type or their words state.
pub fn differing(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let Some(lexicon) = subject.lexicon() else { return };
    let of_engines = lexicon.engines.iter().map(|(_, scope)| vec![scope, &lexicon.shared]);
    for scopes in std::iter::once(vec![&lexicon.shared]).chain(of_engines) {
        let Some(own) = scopes.first() else { continue };
        for entry in &own.types {
            compare(&entry.name, of_type(entry), (entry.name.span, "this type"), diagnostics);
            compare(&entry.name, of_words(&entry.doc), (entry.name.span, "these words"), diagnostics);
        }
        for field in &own.fields {
            if let Some(of_field) = type_of(field, &scopes) {
                compare(&field.name, of_type(of_field), (of_field.name.span, "its type"), diagnostics);
                other_kind(&field.name, of_field, diagnostics);
            }
            let doc = field.doc.as_deref().unwrap_or_default();
            compare(&field.name, of_words(doc), (field.name.span, "these words"), diagnostics);
        }
    }
}

/// Fields that are a time, a place or an id by their name, `created_at`, and something else by their type.
fn other_kind(name: &Text, of_field: &TypeEntry, diagnostics: &mut Diagnostics) {
    let is_number = matches!(of_field.kind, TypeKind::Integer { .. });
    let is_free = matches!(of_field.kind, TypeKind::Text { free: true, .. });
    let is_enum = matches!(of_field.kind, TypeKind::Enum { .. });
    let (what, end) = match name.value.rsplit_once('_').map(|(_, end)| end) {
        Some("at") if !is_number && !is_free => ("a time", "_at"),
        Some("seq") if !is_number => ("a number", "_seq"),
        Some("id") if is_enum => ("an id", "_id"),
        Some("ref") if is_number => ("a reference", "_ref"),
        _ => return,
    };
    let message =
        format!("`{}` is {what} by its name, and a `{}` by its type", name.value, of_field.name.value);
    diagnostics.push(
        Diagnostic::new(codes::UNIT_AGAINST_NAME, message, name.span, "this name")
            .and(of_field.name.span, format!("not {what}"))
            .help(format!("give it the type of {what}, or a name that does not end with `{end}`")),
    );
}

fn compare(name: &Text, stated: Option<&str>, (place, what): (Span, &str), diagnostics: &mut Diagnostics) {
    let (Some(own), Some(stated)) = (of_name(&name.value), stated) else { return };
    if own == stated {
        return;
    }
    let message = format!("`{}` is in `{own}` by its name, and in `{stated}` by {what}", name.value);
    let finding = Diagnostic::new(codes::UNIT_AGAINST_NAME, message, name.span, "this name")
        .help("state one unit: in the name, in the `unit` of its type, and in its words");
    // An entry may contradict itself.
    diagnostics.push(if place == name.span { finding } else { finding.and(place, format!("in `{stated}`")) });
}
