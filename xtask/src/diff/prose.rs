//! Words of a page that reach no contract: introductions, boundaries, sources, titles.

use selene_codegen::contract::SpecKind;

use super::change::Changes;
use super::kinds;
use super::pair::Pair;
use super::side::Side;
use crate::parse::document::{Document, Text};
use crate::source::Span;

/// Says of each page of an engine that such words have changed, once, at the first of them.
pub(super) fn compare(pair: &Pair<'_>, changes: &mut Changes) {
    for half in [SpecKind::Ecm, SpecKind::DbWiring] {
        let page = |side: &Side, engine: &str| -> Option<Vec<Text>> {
            let pages = side.pages(engine)?;
            let page = if half == SpecKind::Ecm { pages.ecm } else { pages.db_wiring };
            page.map(words)
        };
        let old = page(pair.sides.old, &pair.old.engine.id);
        let (Some(old), Some(new)) = (old, page(pair.sides.new, &pair.new.engine.id)) else { continue };
        let (gone, come) = (only_in(&old, &new), only_in(&new, &old));
        let count = gone.len().max(come.len());
        if count == 0 {
            continue;
        }
        let words = format!(
            "{count} {} in its `{}` page",
            if count == 1 { "passage differs" } else { "passages differ" },
            half.as_str()
        );
        let places = (gone.first().copied(), come.first().copied());
        let at = pair.at(&["engine"]);
        pair.push_at(kinds::WORDS_CHANGED, &pair.new.engine.id, &words, places, &at, changes);
    }
}

/// The words of a page that are for people only.
fn words(page: &Document) -> Vec<Text> {
    let notes = page.header.notes.iter().chain(&page.ownership).map(|(_, text)| text);
    let tables = page.tables.iter().flat_map(|table| &table.notes).map(|(_, text)| text);
    let words = page.title.iter().chain(&page.prose).chain(&page.sources).chain(notes).chain(tables);
    words.cloned().collect()
}

/// Places of what only the first has, in order.
fn only_in(one: &[Text], other: &[Text]) -> Vec<Span> {
    let known: std::collections::BTreeSet<&str> = other.iter().map(|text| text.value.as_str()).collect();
    one.iter().filter(|text| !known.contains(text.value.as_str())).map(|text| text.span).collect()
}
