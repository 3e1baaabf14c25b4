//! What the lines of a page state, by what the parser read each stretch of it as: items where they lie in the site.

use std::collections::BTreeSet;

use selene_codegen::naming::module_name;

use super::places::{Item, Places};
use crate::parse::document::Document;
use crate::pipeline::Run;
use crate::source::Span;

/// An item and the stretch that states it.
pub(super) type Stated = (Span, Item);

/// What the stretches before one are about.
#[derive(Default)]
struct Owners<'t> {
    capability: Option<&'t str>,
    /// The capability that a heading of a write was taken for, where its words are not the id.
    written: Option<&'t str>,
    table: Option<&'t str>,
    read: Option<&'t str>,
    test: Option<&'t str>,
}

/// Everything that a page states and names.
pub(super) fn of_page(document: &Document, run: &Run, places: &Places<'_>) -> Vec<Stated> {
    let text = &*run.sources.get(document.file).text;
    let Some(module) = document.header.engine_id.as_ref().map(|id| module_name(&id.value)) else {
        return Vec::new();
    };
    let mut owners = Owners::default();
    let mut found: Vec<Stated> = Vec::new();
    let written = written(document, run);
    for stretch in &document.stretches {
        let is_in = |span: &Span| (span.start..span.end).contains(&stretch.span.start);
        owners.written = written.iter().find(|(span, _)| is_in(span)).map(|(_, id)| *id);
        let Some(words) = text.get(stretch.span.start..stretch.span.end) else { continue };
        let mut add = |item: Option<Item>| found.extend(item.map(|item| (stretch.span, item)));
        for item in owners.items(&stretch.read_as, words, &module, places) {
            add(Some(item));
        }
        for word in names(words) {
            add(places.named(word).cloned());
        }
    }
    // A table is a common word; only what stands between backticks means one.
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        for (place, part) in line.split('`').enumerate() {
            let span = Span::new(document.file, at, at + part.len());
            let tables = names(part).filter(|_| place % 2 == 1).filter_map(|word| places.table(word));
            found.extend(tables.map(|item| (span, item)));
            at += part.len() + 1;
        }
        at -= 1;
    }
    found
}

impl<'t> Owners<'t> {
    /// What a stretch states.
    fn items(&mut self, read_as: &str, words: &'t str, module: &str, places: &Places<'_>) -> Vec<Item> {
        let (kind, part) = read_as.split_once('.').unwrap_or((read_as, ""));
        let word = || names(words).find(|word| places.named(word).is_some() || places.table(word).is_some());
        match (kind, part) {
            ("capability" | "write", "") => {
                let named = names(words).find(|word| places.capability(word).is_some());
                self.capability = named.or(self.written);
            }
            ("table", "") => self.table = word(),
            ("read", "") => self.read = Some(bare(words)),
            ("acceptance_test", "id") => self.test = Some(bare(words)),
            _ => {}
        }
        let engine = || places.engine(module);
        let item = match kind {
            "mark" | "key" | "heading" | "comment" | "struck out" => None,
            _ if kind.starts_with("diagnostic ") => None,
            "write" if part == "payload_key" => {
                let key = self.capability.and_then(|id| places.payload_key(id, bare(words)));
                key.or_else(|| self.capability.and_then(|id| places.part_of_capability(id, part)))
                    .or_else(engine)
            }
            "capability" | "write" => {
                self.capability.and_then(|id| places.part_of_capability(id, part)).or_else(engine)
            }
            "table" => {
                let part = match part {
                    "primary_key" | "unique_key" => "keys",
                    "columns" | "renamed_column" => "columns",
                    _ => "",
                };
                self.table.and_then(|name| places.part_of_table(name, part)).or_else(engine)
            }
            "read" => self.read.and_then(|title| places.read(module, title)).or_else(engine),
            "acceptance_test" => {
                let own = || self.test.and_then(|id| places.named(id));
                places.named(bare(words)).or_else(own).cloned().or_else(engine)
            }
            "foreign_key" => places.reference(bare(words)).or_else(engine),
            "reason_code" => word().and_then(|name| places.named(name)).cloned().or_else(engine),
            _ => engine(),
        };
        item.into_iter().collect()
    }
}

/// Headings of writes with the capabilities that they were taken for.
fn written<'t>(document: &Document, run: &'t Run) -> Vec<(Span, &'t str)> {
    let items = run.resolved.provenance.all();
    items
        .filter_map(|(_, parts, span)| match parts.as_slice() {
            ["capabilities", id, "writes" | "audit"] if span.file == document.file => Some((span, *id)),
            _ => None,
        })
        .collect()
}

/// The names in words: letters, digits and `_`, and `-` between them.
pub(super) fn names(words: &str) -> impl Iterator<Item = &str> {
    let is_of_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    let whole = words.split(move |c: char| !is_of_name(c)).map(|word| word.trim_matches('-'));
    whole.filter(|word| !word.is_empty())
}

/// Words without the marks around them.
fn bare(words: &str) -> &str {
    words.trim_matches(|c: char| c == '`' || c.is_whitespace())
}

/// Leaves out what another item of the same line says as well: in a heading the parts of a page that it is about, elsewhere a page of
/// which the line states a part.
pub(super) fn without_doubles(items: &mut BTreeSet<Item>, is_heading: bool) {
    let hrefs: BTreeSet<String> = items.iter().map(|(_, href)| href.clone()).collect();
    let page = |href: &str| href.split('#').next().unwrap_or(href).to_owned();
    if is_heading {
        items.retain(|(_, href)| !href.contains('#') || !hrefs.contains(&page(href)));
    } else {
        let parts: BTreeSet<String> =
            hrefs.iter().filter(|href| href.contains('#')).map(|href| page(href)).collect();
        items.retain(|(_, href)| !parts.contains(href));
    }
}
