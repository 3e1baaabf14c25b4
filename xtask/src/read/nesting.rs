//! Bullets below the bullet under which they are set, where Markdown would want them set in further.
//!
//! Behind `-` with a tab, or behind `10.`, Markdown takes a bullet that is set in by two blanks for the next one of the same list. People see it
//! below, and they see `o` below `•` and `1.1.` below `1.` where nothing is set in. What must not live here: what a bullet says.

use super::block::{Block, Item};

/// How many levels are made here, so that input of any depth does not exhaust the stack.
const DEEPEST: usize = 4;

/// How much further a bullet is set in at least, where the one above leads to nothing.
const FEWEST_BLANKS: usize = 2;

/// The bullets of a list, each below the one that it is set in from.
pub(super) fn nested(items: Vec<Item>) -> Vec<Item> {
    let mut found: Vec<Item> = Vec::with_capacity(items.len());
    for item in items {
        add(&mut found, item, 0);
    }
    found
}

/// Adds a list to those before it; whether it stands below the last bullet of them.
pub(super) fn joined(blocks: &mut [Block], items: Vec<Item>) -> Option<Vec<Item>> {
    let Some(Block::List(before)) = blocks.last_mut() else { return Some(items) };
    let is_below_last = before.last().zip(items.first()).is_some_and(|(above, item)| is_below(above, item));
    if !is_below_last {
        return Some(items);
    }
    for item in items {
        add(before, item, 0);
    }
    None
}

fn add(found: &mut Vec<Item>, item: Item, depth: usize) {
    match found.last_mut().filter(|above| depth < DEEPEST && is_below(above, &item)) {
        Some(above) => add(&mut above.children, item, depth + 1),
        None => found.push(item),
    }
}

fn is_below(above: &Item, item: &Item) -> bool {
    let leads = above.words.raw().ends_with(':');
    let is_set_in = item.column >= above.column + if leads { 1 } else { FEWEST_BLANKS };
    is_set_in || (item.rank > above.rank && item.column == above.column)
}

/// The column of what stands at a place of a text, or behind the blanks there, with tabs to every fourth one.
pub(super) fn column(text: &str, at: usize) -> usize {
    // Behind a tab, the reader of Markdown lets a bullet start at the end of the line above.
    let is_blank = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r');
    let at = text[at..].find(|c| !is_blank(c)).map_or(at, |blanks| at + blanks);
    let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
    text[line..at].chars().fold(0, |column, c| if c == '\t' { column / 4 * 4 + 4 } else { column + 1 })
}
