//! Values that stand in a line of their own, below their key: as its only bullet, or behind a colon as in a list of definitions.
//!
//! What must not live here: what a key means.

use super::keys;
use crate::read::markdown::{Block, Inline, Item, Page};

/// Keys with one value.
const OF_ONE_VALUE: [&str; 9] = [
    "engine_id",
    "purpose",
    "version",
    "status",
    "name",
    "allowed_callers",
    "side_effects",
    "truth_type",
    "primary key",
];

/// Keys of which a list below is a value of its own form.
const OF_SCHEMAS: [&str; 2] = ["input_schema", "output_schema"];

/// The page with such values behind their keys.
#[must_use]
pub fn lifted(page: &Page) -> Page {
    let blocks = page.blocks.iter().map(|block| match block {
        Block::List(items) => Block::List(items.iter().map(lifted_item).collect()),
        Block::Paragraph(words) => definitions(words).map_or_else(|| block.clone(), Block::List),
        other => other.clone(),
    });
    page.with_blocks(blocks.collect())
}

fn lifted_item(item: &Item) -> Item {
    let value = || {
        let key = keys::at_start(&item.words).filter(|_| item.key.is_none())?;
        let [child] = item.children.as_slice() else { return None };
        let is_of_one = OF_ONE_VALUE.contains(&key.name)
            || OF_SCHEMAS.contains(&key.name) && child.words.only_code().is_some();
        let is_alone = child.children.is_empty() && child.strays.is_empty() && item.strays.is_empty();
        let is_empty = item.words.after(key.value).is_empty();
        (is_of_one && is_alone && is_empty).then(|| (item.words.part(item.words.span.start..key.end), child))
    };
    match value() {
        Some((key, child)) => Item { key: Some(key), column: item.column, ..Item::new(child.words.clone()) },
        None => Item { children: item.children.iter().map(lifted_item).collect(), ..item.clone() },
    }
}

/// Lines that are keys, each with lines behind it that begin with a colon: the value, in as many lines as it has.
fn definitions(words: &Inline) -> Option<Vec<Item>> {
    let lines = words.lines();
    let begins = |line: &Inline| line.raw().starts_with(": ");
    let mut items: Vec<Item> = Vec::new();
    let mut at = 0;
    while let Some(key) = lines.get(at) {
        let value = lines.get(at + 1).filter(|line| begins(line));
        match (value, items.last_mut()) {
            (Some(value), _) if keys::usual(&key.plain()).is_some() => {
                items.push(Item { key: Some(key.clone()), ..Item::new(value.after(value.span.start + 1)) });
                at += 2;
            }
            (None, Some(last)) if !begins(key) => {
                last.words = last.words.with_more(key.span.end);
                at += 1;
            }
            _ => return None,
        }
    }
    (!items.is_empty()).then_some(items)
}
