//! Words of the lexicon about its own entries: bounds, first numbers and values that they state otherwise.

use selene_codegen::contract::TypeKind;

use super::stated_values::{Stated, bounds_of, stated, type_of};
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::lint::Subject;
use crate::lint::sentence::{is_capital, raw};
use crate::parse::lexicon::{FieldEntry, Scope, TypeEntry};
use crate::source::Span;

/// Words of types and fields that say otherwise than what stands beside them.
pub fn against_entries(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let Some(lexicon) = subject.lexicon() else { return };
    let own = lexicon.engines.iter().map(|(id, scope)| (id.value.as_str(), scope));
    for (engine, scope) in std::iter::once(("", &lexicon.shared)).chain(own) {
        for entry in &scope.types {
            of_type(entry, diagnostics);
        }
        for entry in &scope.fields {
            let Some(doc) = &entry.doc else { continue };
            of_bounds(entry, doc, engine, subject, diagnostics);
            of_start(entry, doc, engine, subject, diagnostics);
            of_time(entry, doc, scope, &lexicon.shared, diagnostics);
            if let Some(of_type) = type_of(entry).and_then(|name| type_entry(name, scope, &lexicon.shared)) {
                of_values(&entry.name.value, entry.name.span, doc, of_type, diagnostics);
            }
        }
    }
}

fn type_entry<'a>(name: &str, own: &'a Scope, shared: &'a Scope) -> Option<&'a TypeEntry> {
    own.types.iter().chain(&shared.types).find(|entry| entry.name.value == name)
}

fn finding(message: String, entry: Span, other: Span, label: &str) -> Diagnostic {
    Diagnostic::new(codes::DOC_AGAINST_ENTRY, message, entry, "its words")
        .and(other, label)
        .help("mend the words, or what the entry states; callers read the words only")
}

fn of_type(entry: &TypeEntry, diagnostics: &mut Diagnostics) {
    of_values(&entry.name.value, entry.name.span, &entry.doc, entry, diagnostics);
    let TypeKind::Text { max_len, .. } = &entry.kind else { return };
    for stated in statements(&entry.doc) {
        if let Stated::Bounds(_, Some(most), super::stated_values::Counted::Bytes) = stated
            && (most - f64::from(*max_len)).abs() > f64::EPSILON
        {
            let message = format!(
                "`{}` has at most {most} bytes by its words, and at most {max_len} by its bounds",
                entry.name.value
            );
            diagnostics.push(finding(message, entry.name.span, entry.name.span, "its bounds"));
        }
    }
}

/// The bounds that words state, wherever they stand.
fn statements(doc: &str) -> Vec<Stated> {
    const BEGINS: [&str; 9] =
        ["between", "at most", "at least", "up to", "no more than", "never above", "never below", "<=", ">="];
    let places = BEGINS.iter().flat_map(|begin| doc.match_indices(begin));
    places.filter_map(|(at, _)| stated(&format!(" {}", &doc[at..]))).collect()
}

fn of_bounds(
    entry: &FieldEntry,
    doc: &str,
    engine: &str,
    subject: &Subject<'_>,
    diagnostics: &mut Diagnostics,
) {
    for stated in statements(doc) {
        let Stated::Bounds(least, most, counted) = stated else { continue };
        let Some((known_least, known_most, at)) = bounds_of(engine, &entry.name.value, counted, subject)
        else {
            continue;
        };
        let differing = |stated: Option<f64>, known: Option<f64>| {
            stated.zip(known).filter(|(stated, known)| (stated - known).abs() > f64::EPSILON)
        };
        let found = differing(least, known_least).map(|pair| ("least", pair));
        let found = found.or_else(|| differing(most, known_most).map(|pair| ("most", pair)));
        if let Some((which, (stated, known))) = found {
            let message = format!(
                "`{}` is at {which} {stated} by its words, and at {which} {known} by its bounds",
                entry.name.value
            );
            diagnostics.push(finding(message, entry.name.span, at, "its bounds"));
        }
    }
}

/// The number behind `from` where words say that something is counted: `from 1`.
fn first_number(doc: &str) -> Option<f64> {
    let (_, rest) = doc.split_once("from ")?;
    let word = rest.split_whitespace().next()?;
    // `from 1 to 8` states bounds.
    let is_range = rest.split_whitespace().nth(1) == Some("to");
    word.trim_end_matches(['.', ',', ';']).parse().ok().filter(|_| !is_range)
}

/// Words that let a field begin at another number than its range, or than the invariant by which it counts.
fn of_start(
    entry: &FieldEntry,
    doc: &str,
    engine: &str,
    subject: &Subject<'_>,
    diagnostics: &mut Diagnostics,
) {
    let Some(first) = first_number(doc) else { return };
    let name = entry.name.value.as_str();
    let is_other = |known: f64| (known - first).abs() > f64::EPSILON;
    if let Some((least, _)) = &entry.range
        && least.value.parse().is_ok_and(is_other)
    {
        let message = format!("`{name}` begins at {first} by its words, and at {} by its range", least.value);
        diagnostics.push(finding(message, entry.name.span, least.span, "its range"));
        return;
    }
    let tables =
        subject.tables.values().flatten().filter(|declared| engine.is_empty() || declared.engine == engine);
    for sentence in tables.flat_map(|declared| &declared.text.invariants) {
        let text = raw(sentence.span, subject.sources);
        let counts = text.split_once(&format!("`{name}` counts ")).map(|(_, rest)| rest);
        let begins = counts.and_then(|rest| rest.split([',', ' ']).next()?.parse().ok());
        if let Some(begins) = begins.filter(|begins| is_other(*begins)) {
            let message = format!("`{name}` begins at {first} by its words, and at {begins} by an invariant");
            diagnostics.push(finding(message, entry.name.span, sentence.span, "this invariant"));
        }
    }
}

/// Words that give a time to what is an id: `When the link ends.`
fn of_time(entry: &FieldEntry, doc: &str, own: &Scope, shared: &Scope, diagnostics: &mut Diagnostics) {
    let Some(of_type) = type_of(entry).and_then(|name| type_entry(name, own, shared)) else { return };
    if !matches!(of_type.kind, TypeKind::Text { .. } | TypeKind::Enum { .. })
        || !doc.starts_with("When ")
        || !entry.name.value.ends_with("_id")
    {
        return;
    }
    let message = format!("`{}` is a time by its words, and not by its type", entry.name.value);
    diagnostics.push(finding(message, entry.name.span, of_type.name.span, "its type"));
}

/// Words that name some values of an enum, and others that it does not have.
fn of_values(name: &str, place: Span, doc: &str, of_type: &TypeEntry, diagnostics: &mut Diagnostics) {
    let TypeKind::Enum { values } = &of_type.kind else { return };
    let words = doc.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|word| is_capital(word));
    let (known, strange): (Vec<&str>, Vec<&str>) =
        words.partition(|word| values.iter().any(|value| value == word));
    if let (Some(_), Some(strange)) = (known.first(), strange.first()) {
        let message = format!("the words of `{name}` name the value `{strange}`, which it never has");
        diagnostics.push(finding(message, place, of_type.name.span, "its values"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_say_where_counting_begins() {
        assert_eq!(first_number("Place in the ledger, from 1."), Some(1.0));
        assert_eq!(first_number("Place in the ledger, from 0 without a gap."), Some(0.0));
        assert_eq!(first_number("From a device."), None);
        assert_eq!(first_number("How good it is, from 1 to 5."), None);
    }
}
