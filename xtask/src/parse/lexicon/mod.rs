//! `lexicon.yaml` as read: what it declares and where, before any name is looked up.

mod alternatives;
mod classes;
mod entries;
mod tables;
mod types;

use selene_codegen::contract::RefusalClass;

pub use alternatives::{AlternativeEntry, AlternativesEntry};
pub use classes::{ClassList, ClassesEntry};
pub use entries::{FieldEntry, Lexicon, RecordEntry, Scope, TypeEntry};
pub use tables::{ConstraintEntry, IndexEntry, TableEntry};

use super::document::Text;
use super::values::{expression, number, wrong_bounds};
use crate::diagnostics::{Diagnostic, Diagnostics, codes, guess_or};
use crate::read::yaml::{self, Kind, MapReader, Node};

/// Reads `lexicon.yaml`. What is malformed is reported and left out.
pub fn read(node: &Node, diagnostics: &mut Diagnostics) -> Lexicon {
    let mut lexicon = Lexicon::default();
    let mut map = MapReader::new(node, "the lexicon", diagnostics);
    if let Some(node) = map.require("ambient", diagnostics) {
        lexicon.ambient = yaml::scalars(node, "`ambient`", diagnostics);
    }
    if let Some(node) = map.require("callers", diagnostics) {
        for (name, node) in yaml::entries(node, "`callers`", diagnostics) {
            lexicon.callers.push((name.clone(), yaml::scalars(node, "a list of callers", diagnostics)));
        }
    }
    if let Some(node) = map.get("acknowledged") {
        lexicon.acknowledged = yaml::scalars(node, "`acknowledged`", diagnostics);
    }
    lexicon.shared = read_scope(&mut map, diagnostics);
    if let Some(node) = map.get("engines") {
        for (name, node) in yaml::entries(node, "`engines`", diagnostics) {
            let mut map = MapReader::new(node, format!("engine `{}`", name.value), diagnostics);
            let mut scope = read_scope(&mut map, diagnostics);
            if let Some(node) = map.get("alternatives") {
                for (name, node) in yaml::entries(node, "`alternatives`", diagnostics) {
                    scope.alternatives.push(alternatives::read(name, node, diagnostics));
                }
            }
            if let Some(node) = map.get("classes") {
                for (name, node) in yaml::entries(node, "`classes`", diagnostics) {
                    scope.classes.push(classes::read(name, node, diagnostics));
                }
            }
            if let Some(node) = map.get("whole_ledger_reads") {
                scope.whole_ledger_reads = yaml::scalars(node, "`whole_ledger_reads`", diagnostics);
            }
            if let Some(node) = map.get("additions") {
                for (name, node) in yaml::entries(node, "`additions`", diagnostics) {
                    scope.additions.push(read_record(name, node, diagnostics));
                }
            }
            if let Some(node) = map.get("tables") {
                for (name, node) in yaml::entries(node, "`tables`", diagnostics) {
                    scope.tables.push(tables::read(name, node, diagnostics));
                }
            }
            map.finish(diagnostics);
            lexicon.engines.push((name.clone(), scope));
        }
    }
    map.finish(diagnostics);
    lexicon
}

fn read_scope(map: &mut MapReader<'_>, diagnostics: &mut Diagnostics) -> Scope {
    let mut scope = Scope::default();
    if let Some(node) = map.get("refusals") {
        for (name, node) in yaml::entries(node, "`refusals`", diagnostics) {
            read_refusal(&mut scope, name, node, diagnostics);
        }
    }
    if let Some(node) = map.get("types") {
        for (name, node) in yaml::entries(node, "`types`", diagnostics) {
            scope.types.push(types::read(name, node, diagnostics));
        }
    }
    if let Some(node) = map.get("fields") {
        for (name, node) in yaml::entries(node, "`fields`", diagnostics) {
            scope.fields.push(read_field(name.clone(), node, true, diagnostics));
        }
    }
    if let Some(node) = map.get("groups") {
        for (name, node) in yaml::entries(node, "`groups`", diagnostics) {
            let names = yaml::scalars(node, "a group", diagnostics);
            let fields = names.iter().filter_map(|name| expression(name, diagnostics)).collect();
            scope.groups.push((name.clone(), fields));
        }
    }
    if let Some(node) = map.get("records") {
        for (name, node) in yaml::entries(node, "`records`", diagnostics) {
            scope.records.push(read_record(name, node, diagnostics));
        }
    }
    scope
}

fn read_refusal(scope: &mut Scope, name: &Text, node: &Node, diagnostics: &mut Diagnostics) {
    let class = RefusalClass::ALL.into_iter().find(|class| class.as_str() == name.value);
    let code = yaml::scalar(node, "a refusal", diagnostics);
    match (class, code) {
        (Some(class), Some(code)) => {
            scope.refusals.insert(class, code);
        }
        (None, _) => diagnostics.push(
            Diagnostic::new(
                codes::UNKNOWN_KEY,
                format!("`{}` is not a class of refusal", name.value),
                name.span,
                "not known",
            )
            .help(guess_or(
                &name.value,
                RefusalClass::ALL.iter().map(|class| class.as_str()),
                &format!("use one of `{}`", RefusalClass::ALL.map(RefusalClass::as_str).join("`, `")),
            )),
        ),
        _ => {}
    }
}

/// Reads a field; inside of a record `name` stands among the keys.
fn read_field(name: Text, node: &Node, is_map_entry: bool, diagnostics: &mut Diagnostics) -> FieldEntry {
    let mut map = MapReader::new(node, format!("field `{}`", name.value), diagnostics);
    if !is_map_entry {
        map.get("name");
    }
    let ty = map
        .require("type", diagnostics)
        .and_then(|node| yaml::scalar(node, "`type`", diagnostics))
        .and_then(|text| expression(&text, diagnostics));
    let range = map.get("range").and_then(|node| {
        let bounds = yaml::scalars(node, "`range`", diagnostics);
        let [low, high] = bounds.as_slice() else {
            wrong_bounds("`range` is not a smallest and a largest value", node.span, diagnostics);
            return None;
        };
        Some((low.clone(), high.clone()))
    });
    let max_items = number(&mut map, "max_items", diagnostics).and_then(|most| {
        let narrow = u32::try_from(most.value).ok().filter(|most| *most > 0);
        if narrow.is_none() {
            wrong_bounds("`max_items` is not a number from 1 to 4294967295", most.span, diagnostics);
        }
        narrow
    });
    let classes = map.get("classes").map(|node| classes::read_list(node, diagnostics));
    let violation = map.text("violation", diagnostics);
    let absent = map.text("absent", diagnostics);
    let renamed_from = map.text("renamed_from", diagnostics);
    let doc = map.text("doc", diagnostics).map(|doc| doc.value);
    map.finish(diagnostics);
    FieldEntry { name, ty, range, max_items, classes, violation, absent, renamed_from, doc }
}

fn read_record(name: &Text, node: &Node, diagnostics: &mut Diagnostics) -> RecordEntry {
    let mut record =
        RecordEntry { name: name.clone(), fields: Vec::new(), renamed_from: None, doc: String::new() };
    let list = if matches!(node.kind, Kind::List(_)) {
        Some(node)
    } else {
        let mut map = MapReader::new(node, format!("record `{}`", name.value), diagnostics);
        record.doc = map.text("doc", diagnostics).map(|doc| doc.value).unwrap_or_default();
        record.renamed_from = map.text("renamed_from", diagnostics);
        let list = map.require("fields", diagnostics);
        map.finish(diagnostics);
        list
    };
    let Some(list) = list else { return record };
    for item in yaml::items(list, "the fields of a record", diagnostics) {
        let (text, inline) = match &item.kind {
            Kind::Map(entries) => {
                let name = entries.iter().find(|(key, _)| key.value == "name");
                let Some(text) = name.and_then(|(_, node)| yaml::scalar(node, "`name`", diagnostics)) else {
                    yaml::wrong_shape(
                        item,
                        "a field with a type of its own",
                        "`{ name: x, type: Y }`",
                        diagnostics,
                    );
                    continue;
                };
                (text, true)
            }
            _ => match yaml::scalar(item, "a field", diagnostics) {
                Some(text) => (text, false),
                None => continue,
            },
        };
        if let Some(expr) = expression(&text, diagnostics) {
            let own = inline.then(|| read_field(text, item, false, diagnostics));
            record.fields.push((expr, own));
        }
    }
    record
}
