//! Labels and keys that stand right behind a list, without a blank line: Markdown takes them for more words of the last bullet.
//!
//! What must not live here: what a label says.

use super::keys;
use crate::read::markdown::{Block, Inline, Item, Page};

/// The page with such labels as paragraphs between their lists.
#[must_use]
pub fn without(page: &Page) -> Page {
    let mut page = split(page, is_label);
    let blocks = std::mem::take(&mut page.blocks);
    page.blocks = blocks.into_iter().flat_map(without_empty_labels).collect();
    page
}

/// Labels line by line, of which only the last one leads to the list behind them: below the others nothing stands.
fn without_empty_labels(block: Block) -> Vec<Block> {
    match block {
        Block::Paragraph(words) => {
            let lines = words.lines();
            let are_labels = lines.len() > 1 && lines.iter().all(|line| line.raw().ends_with(':'));
            if are_labels {
                lines.into_iter().map(Block::Paragraph).collect()
            } else {
                vec![Block::Paragraph(words)]
            }
        }
        other => vec![other],
    }
}

/// The page with its lists cut at lines that are no words of their bullets; each is the start of a paragraph between two lists.
#[must_use]
pub fn split(page: &Page, is_cut: fn(&Inline) -> bool) -> Page {
    let mut blocks = Vec::with_capacity(page.blocks.len());
    for block in &page.blocks {
        match block {
            Block::List(items) => add_list(items, is_cut, &mut blocks),
            other => blocks.push(other.clone()),
        }
    }
    page.with_blocks(blocks)
}

fn add_list(items: &[Item], is_cut: fn(&Inline) -> bool, blocks: &mut Vec<Block>) {
    let mut list = Vec::new();
    for item in items {
        let mut item = item.clone();
        let label = take_label(&mut item, is_cut);
        list.push(item);
        if let Some(label) = label {
            blocks.push(Block::List(std::mem::take(&mut list)));
            blocks.push(Block::Paragraph(label));
        }
    }
    if !list.is_empty() {
        blocks.push(Block::List(list));
    }
}

/// Takes the label out of the last words of an item.
fn take_label(item: &mut Item, is_cut: fn(&Inline) -> bool) -> Option<Inline> {
    if let Some(last) = item.children.last_mut() {
        return take_label(last, is_cut);
    }
    let lines = item.words.lines();
    // A name is no sentence, so that none goes on behind it.
    let is_name = lines.first().is_some_and(|first| !first.raw().contains(' '));
    let is_next = |line: &Inline| is_cut(line) || is_name && is_sentence(line);
    let label = lines.iter().skip(1).find(|line| is_at_the_margin(&item.words, line) && is_next(line))?;
    let label = item.words.after(label.span.start);
    item.words = item.words.part(item.words.span.start..label.span.start);
    Some(label)
}

/// Whether nothing stands before a line: words of a bullet that go on are usually set in.
fn is_at_the_margin(words: &Inline, line: &Inline) -> bool {
    // Marks that were taken away are no blanks.
    words.raw()[..line.span.start - words.span.start].trim_end_matches('\u{c}').ends_with('\n')
}

/// `Notes are never deleted.`
fn is_sentence(line: &Inline) -> bool {
    let raw = line.raw();
    raw.starts_with(|c: char| c.is_ascii_uppercase()) && raw.contains(' ') && raw.ends_with('.')
}

/// `AT-X-01: a note is kept`
fn is_test(raw: &str) -> bool {
    raw.strip_prefix("AT-").is_some_and(|rest| {
        let id = rest.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).next().unwrap_or_default();
        id.contains('-') && id.ends_with(|c: char| c.is_ascii_digit())
    })
}

/// `Unique constraints:`, a test, or a key that is known.
fn is_label(line: &Inline) -> bool {
    let raw = line.raw();
    let is_key = || keys::at_start(line).is_some_and(|key| raw[key.end - line.span.start..].starts_with(':'));
    (raw.starts_with(|c: char| c.is_ascii_uppercase()) && raw.ends_with(':'))
        || keys::is_tight_bullet(line)
        || is_test(raw)
        || is_key()
}
