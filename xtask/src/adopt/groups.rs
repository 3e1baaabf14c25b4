//! Words of a schema that stand for several fields, where the page names these fields beside the words.

use super::entry::{Entry, Part, list, quoted};
use super::guess::is_field_name;
use super::subject::{Adopted, Subject};
use crate::diagnostics::codes;
use crate::source::Span;

/// Drafts the groups of an engine whose words name fields. Whoever wrote the others has to say what they stand for.
pub(super) fn draft(subject: &Subject<'_>, engine: &Adopted<'_>, entries: &mut Vec<Entry>) {
    for (words, span) in subject.unknown_of(codes::UNKNOWN_GROUP, engine.id) {
        let fields = names_in(subject, words, span);
        if !fields.is_empty() {
            let from = "the names in the words".to_owned();
            entries.push(Entry { part: Part::Groups, key: quoted(words), value: list(&fields), from });
        }
    }
}

/// The names in the words with their marks and values: in backticks on the page, else every word of several parts. What a page
/// says of the inside of a field, as `(hint -> how often)`, is no field beside it.
fn names_in(subject: &Subject<'_>, words: &str, span: Span) -> Vec<String> {
    let raw = subject.text(span.file).get(span.start..span.end).unwrap_or_default();
    let raw = without_insides(raw);
    let in_backticks = raw.split('`').skip(1).step_by(2).flat_map(|code| code.split(','));
    let bare = raw.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '?' | '[' | ']' | '=')));
    let bare = bare.filter(|word| word.contains('_'));
    let mut found: Vec<(String, String)> = Vec::new();
    let is_ambient = |name: &str| subject.lexicon.ambient.iter().any(|known| known.value == name);
    for written in in_backticks.chain(bare).map(str::trim) {
        let name = written.split(['?', '[', ']', '=']).next().unwrap_or_default();
        let is_field = is_field_name(name) && !is_ambient(name);
        if is_field && !found.iter().any(|(known, _)| known == name) {
            found.push((name.to_owned(), marked(&raw, name, written)));
        }
    }
    found.sort_by_key(|(name, _)| words.find(name.as_str()));
    found.into_iter().map(|(_, written)| written).collect()
}

/// A name as a group writes it: `room?` where the words say that it is optional.
fn marked(raw: &str, name: &str, written: &str) -> String {
    let behind = &written[name.len()..];
    let is_plain = behind.chars().all(|c| matches!(c, '?' | '[' | ']'));
    let is_value = behind.strip_prefix('=').is_some_and(|value| {
        !value.is_empty() && value.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    });
    let mut marked = if is_plain || is_value { written.to_owned() } else { name.to_owned() };
    let mut places = raw.match_indices(name);
    let is_optional = places.any(|(at, _)| {
        let before = raw[..at].trim_end_matches(['`', ' ']);
        let after = raw[at + name.len()..].trim_start_matches(['`', ' ', '[', ']']);
        before.rsplit(|c: char| !c.is_ascii_alphanumeric()).next() == Some("optional")
            || after.starts_with("(optional)")
    });
    if is_optional && !is_value && !marked.ends_with('?') {
        marked.push('?');
    }
    marked
}

/// The words without brackets in which an arrow shows what a field holds.
fn without_insides(raw: &str) -> String {
    let (mut kept, mut rest) = (String::new(), raw);
    while let Some((before, inside, after)) = next_brackets(rest) {
        kept.push_str(before);
        if !inside.contains("->") && !inside.contains('→') {
            kept.extend(["(", inside, ")"]);
        }
        rest = after;
    }
    kept + rest
}

fn next_brackets(text: &str) -> Option<(&str, &str, &str)> {
    let (before, behind) = text.split_once('(')?;
    let (inside, after) = behind.split_once(')')?;
    Some((before, inside, after))
}
