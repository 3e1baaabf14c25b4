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
        // The label of a list that lost its last entry is read as a sentence of it.
        let labels = |side: &Side, engine: &str| -> Vec<Text> {
            let page = side.pages(engine).and_then(|pages| pages.db_wiring);
            let relations = page.into_iter().map(|page| &page.relations);
            let of_relations =
                relations.flat_map(|relations| relations.unique.iter().chain(&relations.constraints));
            of_relations.filter(|text| text.value.ends_with(':')).cloned().collect()
        };
        let old = page(pair.sides.old, &pair.old.engine.id);
        let (Some(old), Some(new)) = (old, page(pair.sides.new, &pair.new.engine.id)) else { continue };
        let of_old = [old.as_slice(), &labels(pair.sides.old, &pair.old.engine.id)].concat();
        let of_new = [new.as_slice(), &labels(pair.sides.new, &pair.new.engine.id)].concat();
        let (gone, come) = (only_in(&old, &of_new), only_in(&new, &of_old));
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
