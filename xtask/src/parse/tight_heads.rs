//! Headings that lack the blank behind their signs: `##Reads`, `##1) Reads`. Markdown takes them for words.
//!
//! What must not live here: what a heading says.

use super::lazy;
use crate::read::markdown::{Block, Inline, Page};

/// The deepest level of a heading.
const DEEPEST: usize = 6;

/// The page with such lines as headings; `None` where it has none.
#[must_use]
pub fn restored(page: &Page) -> Option<Page> {
    if !page.text.lines().any(|line| level_of(line).is_some()) {
        return None;
    }
    let mut blocks = Vec::with_capacity(page.blocks.len());
    for block in lazy::split(page, |line| level_of(line.raw()).is_some()).blocks {
        match block {
            Block::Paragraph(words) => add_lines(&words, &mut blocks),
            other => blocks.push(other),
        }
    }
    Some(page.with_blocks(blocks))
}

/// Adds the lines of a paragraph: headings, and what stands between them.
fn add_lines(words: &Inline, blocks: &mut Vec<Block>) {
    let mut start = words.span.start;
    let is_first = !blocks.iter().any(|block| matches!(block, Block::Heading { .. }));
    let keep = |start: usize, end: usize, blocks: &mut Vec<Block>| {
        let before = words.part(start..end);
        if !before.is_empty() {
            blocks.push(Block::Paragraph(before));
        }
    };
    for line in words.lines() {
        let raw = line.raw();
        // A single sign is one of a title; elsewhere it may be that of a number or a name.
        let is_title =
            is_first && start == words.span.start && raw.starts_with('#') && !raw.starts_with("##");
        let level = level_of(raw).or_else(|| (is_title && is_name(&raw[1..])).then_some(1));
        let Some(level) = level else { continue };
        keep(start, line.span.start, blocks);
        let words = words.part(line.span.start + usize::from(level)..line.span.end);
        blocks.push(Block::Heading { level, words });
        start = line.span.end;
    }
    keep(start, words.span.end, blocks);
}

/// The level of a heading whose two signs at least stand right before its words.
fn level_of(line: &str) -> Option<u8> {
    let words = line.trim_start_matches('#');
    let level = line.len() - words.len();
    let fits = (2..=DEEPEST).contains(&level) && is_name(words);
    fits.then(|| u8::try_from(level).ok()).flatten()
}

fn is_name(words: &str) -> bool {
    words.starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '`' | '*' | '(' | '['))
}
