//! `lexicon.yaml` as read: what it declares and where, before any name is looked up.

mod alternatives;
mod classes;
mod tables;
pub(super) mod types;

use std::collections::BTreeMap;

use selene_codegen::contract::{RefusalClass, TypeKind};

pub use alternatives::{AlternativeEntry, AlternativesEntry};
pub use classes::{ClassList, ClassesEntry};
pub use tables::{ConstraintEntry, IndexEntry, TableEntry};

use super::document::Text;
use super::schema::{self, Expr};
use crate::diagnostics::{Diagnostic, Diagnostics, codes, guess_or};
use crate::read::yaml::{self, Kind, MapReader, Node};

/// The lexicon.
#[derive(Debug, Default)]
pub struct Lexicon {
    /// Names that every call context has.
    pub ambient: Vec<Text>,
    /// What `allowed_callers` may say, and which callers it means.
    pub callers: Vec<(Text, Vec<Text>)>,
    /// Types, fields and `Record.field`s that are meant to admit or to tell less than what may be stored.
    pub acknowledged: Vec<Text>,
    /// What holds for every engine.
    pub shared: Scope,
    /// What holds for one engine only.
    pub engines: Vec<(Text, Scope)>,
}

impl Lexicon {
    /// The scope of one engine, if the lexicon has one.
    #[must_use]
    pub fn engine(&self, id: &str) -> Option<&Scope> {
        self.engines.iter().find(|(name, _)| name.value == id).map(|(_, scope)| scope)
    }
}

/// Declarations that hold for all engines or for one. Order is the file's.
#[derive(Debug, Default)]
pub struct Scope {
    /// Named types.
    pub types: Vec<TypeEntry>,
    /// What field names mean.
    pub fields: Vec<FieldEntry>,
    /// Words that stand for several fields.
    pub groups: Vec<(Text, Vec<Text>)>,
    /// Records.
    pub records: Vec<RecordEntry>,
    /// The reason code of each class of refusal.
    pub refusals: BTreeMap<RefusalClass, Text>,
    /// Which alternative of an input gives which output; only engines have them.
    pub alternatives: Vec<AlternativesEntry>,
    /// Which classes of reason codes the inputs of a capability take, where it differs from others; only engines have them.
    pub classes: Vec<ClassesEntry>,
    /// Reads that tell the rows of every tenant; only engines have them.
    pub whole_ledger_reads: Vec<Text>,
    /// Fields that a record has beyond those that a schema writes in place; only engines have them.
    pub additions: Vec<RecordEntry>,
    /// What a database keeps of the engine's tables; only engines have them.
    pub tables: Vec<TableEntry>,
}

/// A named type.
#[derive(Debug)]
pub struct TypeEntry {
    /// `UserId`
    pub name: Text,
    /// What it is.
    pub kind: TypeKind,
    /// What it means.
    pub doc: String,
}

/// What a field name means.
#[derive(Debug)]
pub struct FieldEntry {
    /// `pass_target`
    pub name: Text,
    /// Its type, not looked up yet.
    pub ty: Option<Expr>,
    /// Smallest and largest value as written.
    pub range: Option<(Text, Text)>,
    /// Most items of a list.
    pub max_items: Option<u32>,
    /// Which classes of reason codes an input takes here.
    pub classes: Option<ClassList>,
    /// The reason code of a value out of bounds.
    pub violation: Option<Text>,
    /// What answers have that were stored before the field was there.
    pub absent: Option<Text>,
    /// What it means.
    pub doc: Option<String>,
}

/// A record.
#[derive(Debug)]
pub struct RecordEntry {
    /// `WakeEnrollmentSessionRecord`
    pub name: Text,
    /// Its fields in order: a name with its marks, and what overrides the lexicon here.
    pub fields: Vec<(Expr, Option<FieldEntry>)>,
    /// What it means.
    pub doc: String,
}

/// Reads the lexicon.
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
            scope.groups.push((name.clone(), yaml::scalars(node, "a group", diagnostics)));
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
            types::wrong_bounds("`range` is not a smallest and a largest value", node.span, diagnostics);
            return None;
        };
        Some((low.clone(), high.clone()))
    });
    let max_items = types::number(&mut map, "max_items", diagnostics).and_then(|most| {
        let narrow = u32::try_from(most.value).ok().filter(|most| *most > 0);
        if narrow.is_none() {
            types::wrong_bounds("`max_items` is not a number from 1 to 4294967295", most.span, diagnostics);
        }
        narrow
    });
    let classes = map.get("classes").map(|node| classes::read_list(node, diagnostics));
    let violation = map.text("violation", diagnostics);
    let absent = map.text("absent", diagnostics);
    let doc = map.text("doc", diagnostics).map(|doc| doc.value);
    map.finish(diagnostics);
    FieldEntry { name, ty, range, max_items, classes, violation, absent, doc }
}

fn read_record(name: &Text, node: &Node, diagnostics: &mut Diagnostics) -> RecordEntry {
    let mut record = RecordEntry { name: name.clone(), fields: Vec::new(), doc: String::new() };
    let list = if matches!(node.kind, Kind::List(_)) {
        Some(node)
    } else {
        let mut map = MapReader::new(node, format!("record `{}`", name.value), diagnostics);
        record.doc = map.text("doc", diagnostics).map(|doc| doc.value).unwrap_or_default();
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

/// Reads a type or a field with its marks in the schema language.
fn expression(text: &Text, diagnostics: &mut Diagnostics) -> Option<Expr> {
    // A quoted value may differ from its source, so that only the value as a whole has a place.
    let (tree, errors) = schema::parse(&text.value, text.span.file, text.span.start);
    for error in errors {
        diagnostics.push(
            Diagnostic::new(
                codes::MALFORMED_SCHEMA,
                format!("malformed type: {}", error.message),
                text.span,
                "",
            )
            .help(error.help),
        );
    }
    tree.map(|mut tree| {
        schema::put_at(&mut tree, text.span);
        tree
    })
}
