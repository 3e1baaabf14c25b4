//! What the lines of the lexicon and of the register state: every key and value by the keys above it, as items where they lie in the site.

use selene_codegen::naming::module_name;

use super::hrefs;
use super::places::{Item, Places};
use super::stated::{Stated, names};
use crate::diagnostics::Diagnostics;
use crate::paths::SHARED;
use crate::read::yaml::{self, Kind, Node};
use crate::source::{FileId, SourceFile, Span};

/// What a file of lists states and names.
#[derive(Default)]
pub(super) struct Listed {
    pub stated: Vec<Stated>,
    /// Where a line leads that states nothing with a closer place.
    pub otherwise: Vec<Stated>,
}

/// Everything that a file of lists states and names.
pub(super) fn of_list(file: FileId, source: &SourceFile, places: &Places<'_>) -> Listed {
    let mut list = List { places, found: Listed::default() };
    // It was read without an error before.
    if let Some(tree) = yaml::read(file, source, &mut Diagnostics::default()) {
        list.node(&tree, &mut Vec::new());
    }
    list.found
}

struct List<'a, 'p> {
    places: &'a Places<'p>,
    found: Listed,
}

impl List<'_, '_> {
    fn node<'t>(&mut self, node: &'t Node, path: &mut Vec<&'t str>) {
        match &node.kind {
            Kind::Null => {}
            Kind::Scalar(text) => self.words(node.span, text, path),
            Kind::List(items) => items.iter().for_each(|item| self.node(item, path)),
            Kind::Map(entries) => {
                for (key, value) in entries {
                    path.push(&key.value);
                    self.words(key.span, &key.value, path);
                    self.node(value, path);
                    path.pop();
                }
            }
        }
    }

    fn words(&mut self, span: Span, words: &str, path: &[&str]) {
        let named = names(words).filter_map(|word| self.places.named(word));
        let items: Vec<Item> = named.cloned().chain(self.item(path)).collect();
        self.found.stated.extend(items.into_iter().map(|item| (span, item)));
        self.found.otherwise.extend(self.page(path).map(|item| (span, item)));
    }

    /// What stands below these keys, where the site has a place for it.
    fn item(&self, path: &[&str]) -> Option<Item> {
        let (module, rest) = split(path);
        match rest {
            ["types" | "records" | "additions", name, ..] => self.places.item(&module, &["records", *name]),
            ["fields", name, ..] => self.places.hidden_field(&module, name),
            ["tables", name] => self.places.table(name),
            ["tables", name, "invariants", ..] => self.places.part_of_table(name, "invariants"),
            ["tables", name, "private", ..] => self.places.part_of_table(name, "columns"),
            ["tables", name, ..] => self.places.part_of_table(name, "keys"),
            ["classes" | "alternatives", id, ..] => self.places.part_of_capability(id, "input"),
            ["refusals", ..] if module != SHARED => self.places.item(&module, &["refusals"]),
            ["codes", name, ..] => self.places.item(&module, &["reason_codes", *name]),
            _ => None,
        }
    }

    /// The page that a key belongs to.
    fn page(&self, path: &[&str]) -> Option<Item> {
        let (module, rest) = split(path);
        let at = |part: &str| {
            let words =
                if module == SHARED { "shared types".to_owned() } else { format!("types of {module}") };
            let has = module == SHARED || self.places.engine(&module).is_some();
            has.then(|| (words, format!("{}{part}", hrefs::types(&module))))
        };
        match rest {
            [] | ["engines"] if module == SHARED => None,
            ["ambient"] => at("#ambient"),
            ["callers", ..] => at("#callers"),
            ["types" | "fields" | "groups" | "records" | "additions" | "acknowledged", ..] => at(""),
            _ => self.places.engine(&module),
        }
    }
}

/// The module that keys belong to, and those below its own.
fn split<'p, 't>(path: &'p [&'t str]) -> (String, &'p [&'t str]) {
    match path {
        ["engines", engine, rest @ ..] => (module_name(engine), rest),
        rest => (SHARED.to_owned(), rest),
    }
}
