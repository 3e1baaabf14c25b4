//! Keys of bullets in whatever spelling: `input_schema`, `Input Schema`, `input-schema`, `inputSchema`, and what joins them to their values.
//!
//! What must not live here: what a key means.

use crate::read::markdown::Inline;

/// Every key that has a meaning somewhere, as specs spell it.
const KEYS: [&str; 29] = [
    "engine_id",
    "purpose",
    "data_owned",
    "version",
    "status",
    "role",
    "layer",
    "authority",
    "placement",
    "implementation_id",
    "active_implementation_ids",
    "capability_id",
    "name",
    "input_schema",
    "output_schema",
    "allowed_callers",
    "side_effects",
    "reason_codes",
    "failure_modes",
    "truth_type",
    "primary key",
    "unique keys",
    "invariants",
    "reads",
    "writes",
    "required fields",
    "required indices",
    "idempotency key rule",
    "tables owned",
];

/// Other names of keys, which only a colon joins to a value: they are words of sentences too.
const OTHER_NAMES: [(&str, &str); 12] = [
    ("input", "input_schema"),
    ("inputs", "input_schema"),
    ("request_schema", "input_schema"),
    ("output", "output_schema"),
    ("outputs", "output_schema"),
    ("response_schema", "output_schema"),
    ("callers", "allowed_callers"),
    ("caller", "allowed_callers"),
    ("effects", "side_effects"),
    ("failure_codes", "reason_codes"),
    ("error_codes", "reason_codes"),
    ("codes", "reason_codes"),
];

/// The longest key that may stand before a value, in bytes.
const LONGEST: usize = 32;

/// What joins a key to its value, besides a colon.
const JOINTS: [&str; 9] = [":=", ":", "\u{ff1a}", "=", "->", "\u{2192}", "\u{2013}", "\u{2014}", "|"];

/// The usual spelling of a key.
#[must_use]
pub fn usual(name: &str) -> Option<&'static str> {
    let other = || OTHER_NAMES.into_iter().find(|(other, _)| letters(other).eq(letters(name)));
    own(name).or_else(|| other().map(|(_, key)| key))
}

/// The key that is spelled so, and has no other name here.
fn own(name: &str) -> Option<&'static str> {
    KEYS.into_iter().find(|key| letters(key).eq(letters(name)))
}

/// What is left of a key without the signs that join its words.
fn letters(key: &str) -> impl Iterator<Item = char> {
    key.chars().filter(|c| !matches!(c, '_' | '-' | ' ' | '`')).map(|c| c.to_ascii_lowercase())
}

/// A key that words start with.
pub struct Key {
    /// As it is usually spelled.
    pub name: &'static str,
    /// Its first byte, behind pictures.
    pub start: usize,
    /// The last byte of the key.
    pub end: usize,
    /// The first byte behind what joins it to its value.
    pub value: usize,
}

/// The known key that words start with, joined to a value by a colon or another sign.
#[must_use]
pub fn at_start(words: &Inline) -> Option<Key> {
    let raw = &words.raw()[behind_pictures(words) - words.span.start..];
    let lead = raw.len() - raw.trim_start_matches('`').len();
    let is_of_key = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | ' ' | '`');
    let length = raw.find(|c: char| !is_of_key(c)).unwrap_or(raw.len()).min(LONGEST);
    let dash = raw[..length].find(" - ").map(|at| (at, at + 3));
    let joint = JOINTS.iter().find(|joint| raw[length..].starts_with(**joint));
    let joint = joint.map(|joint| (length, length + joint.len())).or_else(|| arrow(raw, length));
    // The first sign counts: `name - a=b`.
    let known = |(end, value): (usize, usize)| {
        let is_colon = matches!(&raw[end..value], ":" | "\u{ff1a}");
        let name = own(&raw[lead..end]).or_else(|| usual(&raw[lead..end]).filter(|_| is_colon));
        name.map(|name| (name, end, value))
    };
    let (name, end, value) = dash.and_then(known).or_else(|| joint.and_then(known))?;
    let start = words.span.end - raw.len();
    let around = words
        .codes
        .iter()
        .find(|code| code.outer.contains(&(start + end)) && code.outer.contains(&(start + value)));
    match around {
        None => Some(Key { name, start, end: start + end, value: start + value }),
        // The sign stands in the backticks of the key: `name:`.
        Some(code) if code.outer.start == start && code.outer.end - lead == start + value => {
            Some(Key { name, start: start + lead, end: start + end, value: code.outer.end })
        }
        Some(_) => None,
    }
}

/// The first byte of words behind the pictures that stand before them.
#[must_use]
pub fn behind_pictures(words: &Inline) -> usize {
    let raw = words.raw();
    let rest =
        if raw.starts_with(is_picture) { raw.trim_start_matches(is_picture).trim_start() } else { raw };
    words.span.end - rest.len()
}

/// A sign that says nothing before a key: a picture, and what belongs to it.
fn is_picture(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{2bff}' | '\u{fe0f}' | '\u{200d}' | '\u{1f000}'..='\u{1faff}')
}

/// Whether a line is a bullet with a key that lacks the blank behind its mark: `-refusal_order: …`.
#[must_use]
pub fn is_tight_bullet(line: &Inline) -> bool {
    let Some(words) = line.raw().strip_prefix('-') else { return false };
    let key = words.trim_start_matches('`');
    let length = key.find(|c: char| !(c.is_ascii_lowercase() || matches!(c, '_' | ' '))).unwrap_or(key.len());
    let behind = key[length..].trim_start_matches('`');
    let is_key = (1..=LONGEST).contains(&length) && key.starts_with(|c: char| c.is_ascii_lowercase());
    is_key && behind.strip_prefix(':').is_some_and(|value| value.is_empty() || value.starts_with(' '))
}

fn arrow(raw: &str, length: usize) -> Option<(usize, usize)> {
    let is_arrow = raw[..length].ends_with('-') && raw[length..].starts_with('>');
    is_arrow.then(|| (length - 1, length + 1))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::source::{Sources, Span};

    fn read(text: &str) -> Option<(&'static str, String)> {
        let source: Arc<str> = text.into();
        let file = Sources::default().add("", "", text);
        let words = Inline::of_stretch(Span::new(file, 0, text.len()), &source);
        at_start(&words).map(|key| (key.name, text[key.value..].trim().to_owned()))
    }

    #[test]
    fn keys_are_known_in_every_spelling() {
        for text in [
            "input_schema: a",
            "`input_schema`: a",
            "`input_schema` = a",
            "Input Schema: a",
            "input-schema:a",
            "inputSchema := a",
            "INPUT_SCHEMA \u{2013} a",
            "input schema - a",
            "input_schema -> a",
            "input_schema \u{2192} a",
            "input_schema\u{ff1a}a",
            "input_schema | a",
            "`input_schema`=a",
            "input_schema->a",
            "`input_schema:` a",
            "\u{2705} input_schema: a",
            "\u{1f512}\u{fe0f} `input_schema`: a",
            "input: a",
            "Inputs: a",
            "`inputs`: a",
        ] {
            assert_eq!(read(text), Some(("input_schema", "a".to_owned())), "{text}");
        }
        assert_eq!(read("Primary-Key: a"), Some(("primary key", "a".to_owned())));
    }

    #[test]
    fn words_are_no_keys() {
        for text in [
            "input_schema",
            "the input_schema: a",
            "`status=OPEN`",
            "input_schemas: a",
            "names: a",
            "",
            "- a",
            "`name` and `status`: a",
            "status is open - or not",
            "outputs -> a",
            "callers - a",
            "`name: a`",
            "`name:a` b",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
