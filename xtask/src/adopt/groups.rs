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

/// The names in the words: in backticks on the page, else every word of several parts.
fn names_in(subject: &Subject<'_>, words: &str, span: Span) -> Vec<String> {
    let raw = subject.text(span.file).get(span.start..span.end).unwrap_or_default();
    let in_backticks = raw.split('`').skip(1).step_by(2).flat_map(|code| code.split(','));
    let bare =
        words.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|word| word.contains('_'));
    let mut found: Vec<String> = Vec::new();
    let is_ambient = |name: &str| subject.lexicon.ambient.iter().any(|known| known.value == name);
    for name in in_backticks.chain(bare).map(|name| name.trim().trim_end_matches(['?', ']', '['])) {
        let is_field = is_field_name(name) && !is_ambient(name);
        if is_field && !found.iter().any(|known| known == name) {
            found.push(name.to_owned());
        }
    }
    found.sort_by_key(|name| words.find(name.as_str()));
    found
}
