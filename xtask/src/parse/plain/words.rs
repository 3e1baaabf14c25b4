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

/// Paragraphs that no list follows: sentences of their own.
pub(super) fn lone_paragraphs(section: &Section<'_>) -> Vec<Text> {
    let mut found = Vec::new();
    for (index, block) in section.blocks.iter().enumerate() {
        let list_follows = matches!(section.blocks.get(index + 1), Some(Block::List(_)));
        if let Block::Paragraph(words) = block
            && !list_follows
        {
            found.push(Spanned::new(words.text(), words.span));
        }
    }
    found
}

/// The value of a bullet as one text: its only code span, or its words.
pub(super) fn value_text(bullet: &Bullet<'_>) -> Text {
    match bullet.value.only_code() {
        Some(code) => Spanned::new(code.text.clone(), code.span),
        None => Spanned::new(bullet.value.text(), bullet.value.span),
    }
}

/// `UPPER_SNAKE` of at least two words.
pub(super) fn looks_like_reason_code(text: &str) -> bool {
    let words: Vec<&str> = text.split('_').collect();
    words.len() > 1
        && text.starts_with(|c: char| c.is_ascii_uppercase())
        && words.iter().all(|word| {
            !word.is_empty() && word.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
        })
}

/// `lower_snake`.
pub(super) fn is_lower_snake(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// Reads the bullets of a section, each key once; a key that is repeated is reported and left out.
pub(super) fn each_key<'a>(
    section: &Section<'a>,
    diagnostics: &mut Diagnostics,
    mut read: impl FnMut(&str, &Bullet<'a>, &mut Diagnostics),
) {
    let mut seen: BTreeMap<String, Span> = BTreeMap::new();
    for item in section.items() {
        let bullet = Bullet::new(item, diagnostics);
        let name = bullet.name();
        if let Some(first) = seen.get(&name).filter(|_| !name.is_empty()) {
            diagnostics.push(
                Diagnostic::new(
                    codes::DUPLICATE_KEY,
                    format!("`{name}` stands here twice"),
                    item.words.span,
                    "again",
                )
                .and(*first, "first here")
                .help("keep one of them"),
            );
            continue;
        }
        seen.insert(name.clone(), item.words.span);
        read(&name, &bullet, diagnostics);
    }
}
