//! A bullet as a key and what stands behind it.

use super::document::Text;
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
    /// The bullet itself.
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
        let (key, value) = split_key(&item.words);
        Self { key, value, item }
    }

    /// The same bullet; words that are one of these names and nothing else are its key.
    #[must_use]
    pub fn or_lone_key(mut self, names: &[&str]) -> Self {
        let words = &self.item.words;
        if self.key.is_none() && names.contains(&words.plain().to_ascii_lowercase().as_str()) {
            self.key = Some(Spanned::new(words.plain(), words.span));
            self.value = words.after(words.span.end);
        }
        self
    }

    /// The key in lower case with single spaces; empty where there is none.
    #[must_use]
    pub fn name(&self) -> String {
        self.key.as_ref().map(|key| key.value.to_ascii_lowercase()).unwrap_or_default()
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

/// A key ends at the first colon outside of code with white space or nothing behind it.
fn split_key(words: &Inline) -> (Option<Text>, Inline) {
    let Some(colon) = words.find_outside_code(|c, next| c == ':' && next.is_none_or(char::is_whitespace))
    else {
        return (None, words.clone());
    };
    let key = words.part(words.span.start..colon);
    (Some(Spanned::new(key.plain(), key.span)), words.after(colon + 1))
}
