//! Bullets, paragraphs and spellings that the sections have in common.

use std::collections::BTreeMap;

use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::parse::bullet::Bullet;
use crate::parse::document::Text;
use crate::parse::section::Section;
use crate::read::markdown::{Block, Inline, Item};
use crate::source::{Span, Spanned};

/// Bullets with the paragraph that stands right before their list.
pub(super) fn labelled<'a>(section: &Section<'a>) -> Vec<(Option<&'a Inline>, &'a Item)> {
    let mut label = None;
    let mut found = Vec::new();
    for block in &section.blocks {
        match block {
            Block::Paragraph(words) => label = Some(words),
            Block::List(items) => found.extend(items.iter().map(|item| (label, item))),
            _ => label = None,
        }
    }
    found
}

/// Paragraphs that lead a list, and those that say so and have none below them.
pub(super) fn labels<'a>(section: &Section<'a>) -> impl Iterator<Item = &'a Inline> {
    with_next(section).filter(|(words, next)| leads(*next) || is_label(words)).map(|(words, _)| words)
}

/// Labels of lists that are not there.
pub(super) fn empty_labels<'a>(section: &Section<'a>) -> impl Iterator<Item = &'a Inline> {
    with_next(section).filter(|(words, next)| !leads(*next) && is_label(words)).map(|(words, _)| words)
}

/// Paragraphs, each with the block behind it.
fn with_next<'a>(section: &Section<'a>) -> impl Iterator<Item = (&'a Inline, Option<&'a Block>)> {
    let next = section.blocks.iter().skip(1).copied().map(Some).chain([None]);
    section.blocks.iter().zip(next).filter_map(|(block, next)| match block {
        Block::Paragraph(words) => Some((words, next)),
        _ => None,
    })
}

const fn leads(next: Option<&Block>) -> bool {
    matches!(next, Some(Block::List(_)))
}

fn is_label(words: &Inline) -> bool {
    words.raw().ends_with(':')
}

/// A label as a name, without its colon.
pub(super) fn label_text(label: &Inline) -> Text {
    let length = label.raw().trim_end_matches([':', ' ']).len();
    let words = label.part(label.span.start..label.span.start + length);
    Spanned::new(words.text(), words.span)
}

/// The words of paragraphs that no list follows, and that are no labels.
pub(super) fn lone_words<'a>(section: &Section<'a>) -> impl Iterator<Item = &'a Inline> {
    with_next(section).filter(|(words, next)| !leads(*next) && !is_label(words)).map(|(words, _)| words)
}

/// Every paragraph that stands right below the heading.
pub(super) fn paragraphs<'a>(section: &Section<'a>) -> impl Iterator<Item = &'a Inline> {
    section.blocks.iter().filter_map(|block| match block {
        Block::Paragraph(words) => Some(words),
        _ => None,
    })
}

/// Paragraphs that no list follows: sentences of their own.
pub(super) fn lone_paragraphs(section: &Section<'_>) -> Vec<Text> {
    lone_words(section).map(|words| Spanned::new(words.text(), words.span)).collect()
}

/// The value of a bullet as one text: its only code span, or its words.
pub(super) fn value_text(bullet: &Bullet<'_>) -> Text {
    match bullet.value.only_code() {
        Some(code) => Spanned::new(code.text.clone(), code.span),
        None => Spanned::new(bullet.value.text(), bullet.value.span),
    }
}

/// `reason codes`, `reason_code(s)`.
pub(super) fn names_reason_codes(head: &str) -> bool {
    head.replace('_', " ").contains("reason code")
}

/// `UPPER_SNAKE` of at least two words.
pub fn looks_like_reason_code(text: &str) -> bool {
    let words: Vec<&str> = text.split('_').collect();
    words.len() > 1
        && text.starts_with(|c: char| c.is_ascii_uppercase())
        && words.iter().all(|word| {
            !word.is_empty() && word.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
        })
}

/// Reason codes among words, each with its place: in backticks, several in one pair joined by marks, or bare.
pub(super) fn codes_in(words: &Inline) -> Vec<Text> {
    if words.codes.is_empty() {
        return pieces(words.raw(), words.span, |c| !(c.is_ascii_alphanumeric() || c == '_'))
            .filter(|piece| looks_like_reason_code(&piece.value))
            .collect();
    }
    words.codes.iter().flat_map(|code| codes_of_span(&code.raw, code.span)).collect()
}

/// Reason codes in a bullet and in those below it.
pub(super) fn codes_below(item: &Item) -> Vec<Text> {
    let mut found = Vec::new();
    let mut items: Vec<&Item> = vec![item];
    while let Some(item) = items.pop() {
        found.extend(codes_in(&item.words));
        items.extend(item.children.iter().rev());
    }
    found
}

/// `A_B`, or `A_B | A_C`; nothing where anything else stands in the code span.
pub(super) fn codes_of_span(raw: &str, span: Span) -> Vec<Text> {
    let found: Vec<Text> = pieces(raw, span, |c| matches!(c, '|' | ',' | '/') || c.is_whitespace()).collect();
    if found.iter().all(|piece| looks_like_reason_code(&piece.value)) { found } else { Vec::new() }
}

/// The stretches between separators, with their places.
pub(super) fn pieces(raw: &str, span: Span, separates: impl Fn(char) -> bool) -> impl Iterator<Item = Text> {
    raw.split(separates).filter(|piece| !piece.is_empty()).map(move |piece| {
        let start = span.start + (piece.as_ptr().addr() - raw.as_ptr().addr());
        Spanned::new(piece.to_owned(), Span::new(span.file, start, start + piece.len()))
    })
}

/// Names among words without backticks.
pub(super) fn bare_names(words: &Inline, is_name: impl Fn(&str) -> bool) -> Vec<Text> {
    let separates = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')' | '+' | '/');
    pieces(words.raw(), words.span, separates).filter(|piece| is_name(&piece.value)).collect()
}

/// `lower_snake`, maybe with the name of a schema before it: `os_core.audit_events`.
pub(super) fn is_table_name(text: &str) -> bool {
    text.contains(['_', '.']) && text.split('.').all(is_lower_snake)
}

/// `lower_snake`.
pub fn is_lower_snake(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// Reads the bullets of a section, each key once; a key that is repeated is reported and left out.
pub(super) fn each_key<'a>(
    section: &Section<'a>,
    diagnostics: &mut Diagnostics,
    read: impl FnMut(&str, &Bullet<'a>, &mut Diagnostics),
) {
    each_key_of(section.items(), &[], diagnostics, read);
}

/// Reads bullets, each key once; a key that is repeated is reported and left out. A name in `lone` is a key even without a
/// colon.
pub(super) fn each_key_of<'a>(
    items: impl Iterator<Item = &'a Item>,
    lone: &[&str],
    diagnostics: &mut Diagnostics,
    mut read: impl FnMut(&str, &Bullet<'a>, &mut Diagnostics),
) {
    let mut seen: BTreeMap<String, Span> = BTreeMap::new();
    for item in items {
        let bullet = Bullet::new(item, diagnostics).or_assigned().or_lone_key(lone);
        let name = bullet.name();
        if let Some(first) = seen.get(&name).filter(|_| !name.is_empty()) {
            repeated(&name, item.words.span, *first, diagnostics);
            continue;
        }
        seen.insert(name.clone(), item.words.span);
        read(&name, &bullet, diagnostics);
    }
}

/// Reports a key that stands in one list twice.
pub(super) fn repeated(name: &str, again: Span, first: Span, diagnostics: &mut Diagnostics) {
    diagnostics.push(
        Diagnostic::new(codes::DUPLICATE_KEY, format!("`{name}` stands here twice"), again, "again")
            .and(first, "first here")
            .help("keep one of them"),
    );
}
