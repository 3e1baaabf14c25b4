//! A bullet as a key and what stands behind it.

use super::document::Text;
use super::keys;
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::read::markdown::{CodeSpan, Inline, Item};
use crate::read::remark::REMARK;
use crate::source::Spanned;

/// A bullet, cut at its first colon.
#[derive(Debug)]
pub struct Bullet<'a> {
    /// What stands before the colon, without backticks.
    pub key: Option<Text>,
    /// What stands behind it; the whole bullet where there is no key.
    pub value: Inline,
    /// The bullet with its text and its place.
    pub item: &'a Item,
}

impl<'a> Bullet<'a> {
    /// Cuts a bullet. What no spec form puts into one ends in a diagnostic.
    pub fn new(item: &'a Item, diagnostics: &mut Diagnostics) -> Self {
        for (what, span) in item.strays.iter().filter(|(what, _)| *what != REMARK) {
            diagnostics.push(
                Diagnostic::new(
                    codes::UNKNOWN_BLOCK,
                    format!("a {what} inside a bullet is not understood"),
                    *span,
                    "",
                )
                .help("write it as a nested bullet"),
            );
        }
        let (key, value) = match &item.key {
            Some(key) => (Some(Spanned::new(key.plain(), key.span)), item.words.clone()),
            None => split_key(&item.words),
        };
        let usual = key.as_ref().and_then(|key| keys::usual(&key.value));
        let value = usual.map_or_else(|| value.clone(), |usual| without_end(usual, &value));
        Self { key, value, item }
    }

    /// The same bullet; a code that gives one of these keys a value, `version=v1`, is a key with its value.
    #[must_use]
    pub fn or_assigned(mut self) -> Self {
        let words = &self.item.words;
        let assigned = words.only_code().filter(|_| self.key.is_none());
        if let Some((code, equals)) = assigned.and_then(|code| Some((code, assigned_at(code)?))) {
            let key = words.part(code.span.start..equals);
            self.key = Some(Spanned::new(key.text(), key.span));
            self.value = words.part(equals + 1..code.span.end);
        }
        self
    }

    /// The same bullet; words that are one of these names and nothing else are its key.
    #[must_use]
    pub fn or_lone_key(mut self, names: &[&str]) -> Self {
        let words = &self.item.words;
        let name = words.plain();
        let is_named = |name: &str| names.iter().any(|known| known.eq_ignore_ascii_case(name));
        if self.key.is_none() && (is_named(&name) || keys::usual(&name).is_some_and(is_named)) {
            self.key = Some(Spanned::new(words.plain(), words.span));
            self.value = words.after(words.span.end);
        }
        self
    }

    /// The key as it is usually spelled, else in lower case with single spaces; empty where there is none.
    #[must_use]
    pub fn name(&self) -> String {
        let Some(key) = &self.key else { return String::new() };
        keys::usual(&key.value).map_or_else(|| key.value.to_ascii_lowercase(), str::to_owned)
    }

    /// The nested bullets, cut.
    pub fn children(&self, diagnostics: &mut Diagnostics) -> Vec<Bullet<'a>> {
        self.item.children.iter().map(|child| Bullet::new(child, diagnostics)).collect()
    }

    /// Code spans of the value and of all nested bullets.
    #[must_use]
    pub fn all_codes(&self) -> Vec<&CodeSpan> {
        let mut codes: Vec<&CodeSpan> = self.value.codes.iter().collect();
        collect_codes(&self.item.children, &mut codes);
        codes
    }

    /// The value and all nested bullets as one line.
    #[must_use]
    pub fn flat(&self) -> String {
        let mut parts: Vec<String> = Vec::new();
        if !self.value.is_empty() {
            parts.push(self.value.text());
        }
        flatten(&self.item.children, &mut parts);
        parts.join("; ")
    }

    /// Key and flattened value, for what is kept in the spec's words.
    #[must_use]
    pub fn note(&self) -> (Text, Text) {
        let span = self.item.whole();
        let key = self.key.clone().unwrap_or_else(|| Spanned::new("note".to_owned(), span));
        (key, Spanned::new(self.flat(), span))
    }
}

/// Keys of which the value is a name, and no sentence.
const OF_NAMES: [&str; 7] =
    ["engine_id", "version", "status", "allowed_callers", "side_effects", "truth_type", "primary key"];

/// A value without the sign that ends an entry of a list, or a sentence where none is expected.
fn without_end(key: &str, value: &Inline) -> Inline {
    let raw = value.raw();
    let mut kept = raw.trim_end_matches([';', ',', ' ']);
    let is_name = OF_NAMES.contains(&key) || kept.ends_with("`.");
    if let Some(name) = kept.strip_suffix('.').filter(|name| is_name && !name.ends_with('.')) {
        kept = name;
    }
    if kept.len() == raw.len() {
        value.clone()
    } else {
        value.part(value.span.start..value.span.start + kept.len())
    }
}

/// A code span as text with its place.
#[must_use]
pub fn code_text(code: &CodeSpan) -> Text {
    Spanned::new(code.text.clone(), code.span)
}

fn collect_codes<'a>(items: &'a [Item], codes: &mut Vec<&'a CodeSpan>) {
    for item in items {
        codes.extend(&item.words.codes);
        collect_codes(&item.children, codes);
    }
}

fn flatten(items: &[Item], parts: &mut Vec<String>) {
    for item in items {
        parts.push(item.words.text());
        flatten(&item.children, parts);
    }
}

/// The first byte of the value: behind a key that is known and what joins it, else behind the first colon outside of code with white space
/// or nothing behind it.
#[must_use]
pub fn value_of(words: &Inline) -> Option<usize> {
    let colon = || words.find_outside_code(|c, next| c == ':' && next.is_none_or(char::is_whitespace));
    let first = words.codes.first().filter(|code| code.outer.start == words.span.start);
    let assigned = || first.and_then(assigned_at);
    keys::at_start(words).map(|key| key.value).or_else(|| colon().or_else(assigned).map(|at| at + 1))
}

/// Where a code gives a known key its value: `version=v1`, `version: v1`.
fn assigned_at(code: &CodeSpan) -> Option<usize> {
    let (key, _) = code.raw.split_once(['=', ':'])?;
    keys::usual(key).map(|_| code.span.start + key.len())
}

fn split_key(words: &Inline) -> (Option<Text>, Inline) {
    if let Some(key) = keys::at_start(words) {
        let written = words.part(key.start..key.end);
        return (Some(Spanned::new(written.plain(), written.span)), words.after(key.value));
    }
    let Some(colon) = words.find_outside_code(|c, next| c == ':' && next.is_none_or(char::is_whitespace))
    else {
        return (None, words.clone());
    };
    let key = words.part(keys::behind_pictures(words).min(colon)..colon);
    (Some(Spanned::new(key.plain(), key.span)), words.after(colon + 1))
}
