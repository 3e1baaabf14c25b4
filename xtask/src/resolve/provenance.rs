//! Where every item of a contract comes from: a file of the output, a path within it, a place in the specs.

use std::collections::BTreeMap;

use crate::parse::lexicon::Scope;
use crate::source::Span;

/// Between the parts of a path; names of tables hold dots, titles hold slashes.
const SEPARATOR: &str = " / ";

/// Contract items and their places. The order is that of the paths.
#[derive(Debug, Default)]
pub struct Provenance {
    items: BTreeMap<String, BTreeMap<String, Span>>,
}

/// Joins the parts of a path.
#[must_use]
pub fn path(parts: &[&str]) -> String {
    parts.join(SEPARATOR)
}

impl Provenance {
    /// Notes the place of an item; the first note counts.
    pub fn add(&mut self, file: &str, parts: &[&str], span: Span) {
        self.items.entry(file.to_owned()).or_default().entry(path(parts)).or_insert(span);
    }

    /// Notes a field: its place in the spec, and what the lexicon says about it at the lexicon's place.
    pub fn field(&mut self, file: &str, parts: &[&str], spec: Span, lexicon: Option<Span>) {
        self.add(file, parts, spec);
        if let Some(lexicon) = lexicon {
            for key in ["type", "range", "max_items", "classes", "own_step", "violation", "doc"] {
                self.add(file, &[parts, &[key]].concat(), lexicon);
            }
        }
    }

    /// Notes the types and records of a part of the lexicon.
    pub fn scope(&mut self, file: &str, scope: &Scope) {
        for entry in &scope.types {
            self.add(file, &["types", &entry.name.value], entry.name.span);
        }
        for entry in &scope.records {
            self.add(file, &["records", &entry.name.value], entry.name.span);
        }
    }

    /// The place of an item, or of the nearest item that holds it.
    #[must_use]
    pub fn find(&self, file: &str, parts: &[String]) -> Option<Span> {
        self.find_item(file, parts).map(|(_, span)| span)
    }

    /// An item and its place, or the nearest item that holds it.
    #[must_use]
    pub fn find_item(&self, file: &str, parts: &[String]) -> Option<(&str, Span)> {
        let items = self.items.get(file)?;
        let known = |length| items.get_key_value(&parts[..length].join(SEPARATOR));
        (1..=parts.len()).rev().find_map(known).map(|(item, span)| (item.as_str(), *span))
    }

    /// The place of exactly this item.
    #[must_use]
    pub fn exact(&self, file: &str, parts: &[&str]) -> Option<Span> {
        self.items.get(file)?.get(&path(parts)).copied()
    }

    /// Every item: its file, the parts of its path, its place.
    pub fn all(&self) -> impl Iterator<Item = (&str, Vec<&str>, Span)> {
        self.items.iter().flat_map(|(file, items)| {
            items.iter().map(move |(path, span)| (file.as_str(), path.split(SEPARATOR).collect(), *span))
        })
    }

    /// Some place of a file's items.
    #[must_use]
    pub fn any(&self, file: &str) -> Option<Span> {
        self.items.get(file)?.values().next().copied()
    }
}
