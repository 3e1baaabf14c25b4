//! Labels that stand right behind a list, without a blank line: Markdown takes them for more words of the last bullet.
//!
//! What must not live here: what a label says.

use std::sync::Arc;

use crate::read::markdown::{Block, Inline, Item, Page};

/// The page with such labels as paragraphs between their lists.
#[must_use]
pub fn without(page: &Page) -> Page {
    let mut blocks = Vec::with_capacity(page.blocks.len());
    for block in &page.blocks {
        match block {
            Block::List(items) => add_list(items, &mut blocks),
            other => blocks.push(other.clone()),
        }
    }
    Page { file: page.file, text: Arc::clone(&page.text), written: Arc::clone(&page.written), blocks }
}

fn add_list(items: &[Item], blocks: &mut Vec<Block>) {
    let mut list = Vec::new();
    for item in items {
        let mut item = item.clone();
        let label = take_label(&mut item);
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
fn take_label(item: &mut Item) -> Option<Inline> {
    if let Some(last) = item.children.last_mut() {
        return take_label(last);
    }
    let raw = item.words.raw();
    let start = raw.rfind('\n')? + 1;
    let line = &raw[start..];
    let is_label = line.starts_with(|c: char| c.is_ascii_uppercase()) && line.ends_with(':');
    if !is_label {
        return None;
    }
    let at = item.words.span.start + start;
    let label = item.words.after(at);
    item.words = item.words.part(item.words.span.start..at);
    Some(label)
}
