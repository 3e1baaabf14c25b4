//! Bullets that are set in by a single blank, which Markdown takes for the next ones of their list, and bullets that are set in by so many blanks
//! that it takes them for words. People see both below the one above.
//!
//! Keys below a key stay beside it, because one that is set in by a blank too many is still one of its list. What must not live here: what a
//! bullet says.

use super::keys;
use crate::read::markdown::{Block, Inline, Item, Page};

/// The page with such bullets below the one from which they are set in.
#[must_use]
pub fn below(page: &Page) -> Page {
    let blocks = page.blocks.iter().map(|block| match block {
        Block::List(items) => Block::List(nested(items)),
        other => other.clone(),
    });
    page.with_blocks(blocks.collect())
}

fn nested(items: &[Item]) -> Vec<Item> {
    let mut found: Vec<Item> = Vec::with_capacity(items.len());
    for item in items {
        let mut children = Vec::new();
        let words = without_bullets(&item.words, &mut children);
        children.extend_from_slice(&item.children);
        let item = Item { words, children: nested(&children), ..item.clone() };
        match found.last_mut().filter(|above| is_below(above, &item)) {
            Some(above) => above.children.push(item),
            None => found.push(item),
        }
    }
    found
}

fn is_below(above: &Item, item: &Item) -> bool {
    let has_key = |item: &Item| keys::at_start(&item.words).is_some();
    item.column > above.column && !(has_key(above) && has_key(item))
}

/// Words up to the first line of them that begins with the mark of a bullet. Those lines are bullets, each with the lines behind it.
fn without_bullets(words: &Inline, found: &mut Vec<Item>) -> Inline {
    let is_bullet = |line: &Inline| line.raw().starts_with("- ") && line.span.start > words.span.start;
    let starts: Vec<Inline> = words.lines().into_iter().filter(is_bullet).collect();
    let Some(first) = starts.first() else { return words.clone() };
    let ends = starts.iter().skip(1).map(|line| line.span.start).chain([words.span.end]);
    for (line, end) in starts.iter().zip(ends) {
        let raw = &words.raw()[..line.span.start - words.span.start];
        let column = raw.len() - raw.rfind('\n').map_or(0, |at| at + 1);
        found.push(Item { column, ..Item::new(words.part(line.span.start + 2..end)) });
    }
    words.part(words.span.start..first.span.start)
}
