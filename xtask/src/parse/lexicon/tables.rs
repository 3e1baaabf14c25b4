//! What a database keeps of the rows of a table: the lexicon's form of invariants, and what no sentence says.

use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::parse::document::Text;
use crate::parse::schema::Expr;
use crate::read::yaml::{self, Kind, MapReader, Node};
use crate::source::Span;

/// What the lexicon says about one table.
#[derive(Debug)]
pub struct TableEntry {
    /// `sessions`, without the schema.
    pub name: Text,
    /// What is kept, invariants first.
    pub constraints: Vec<ConstraintEntry>,
    /// Indices that no key and no whole read brings.
    pub indices: Vec<IndexEntry>,
    /// Columns of no row, with their defaults.
    pub private: Vec<(Expr, Option<Text>)>,
    /// The unique key in whose order rows lie; empty where none is stated.
    pub clustered_by: Vec<Text>,
}

/// One thing that is kept.
#[derive(Debug)]
pub struct ConstraintEntry {
    /// The sentence of the DB wiring that it keeps.
    pub keeps: Option<Text>,
    /// Columns that never change.
    pub fixed: Vec<Text>,
    /// Columns that never change once they have a value.
    pub set_once: Vec<Text>,
    /// A column that counts from 1.
    pub counter: Option<Text>,
    /// Conditions of every row.
    pub checks: Vec<Text>,
    /// A key of some rows.
    pub unique_where: Option<IndexEntry>,
    /// The place of the whole entry in the file.
    pub span: Span,
}

/// An index that the lexicon gives a table.
#[derive(Debug)]
pub struct IndexEntry {
    /// What stands behind the table's name.
    pub name: Text,
    /// Columns that it is over, in order.
    pub columns: Vec<Text>,
    /// Which rows it holds.
    pub condition: Option<Text>,
}

/// Reads the entry of one table.
pub(super) fn read(name: &Text, node: &Node, diagnostics: &mut Diagnostics) -> TableEntry {
    let what = format!("table `{}`", name.value);
    let mut map = MapReader::new(node, what, diagnostics);
    let mut entry = TableEntry {
        name: name.clone(),
        constraints: Vec::new(),
        indices: Vec::new(),
        private: Vec::new(),
        clustered_by: texts(&mut map, "clustered_by", diagnostics),
    };
    if let Some(node) = map.get("invariants") {
        for (sentence, node) in yaml::entries(node, "`invariants`", diagnostics) {
            let mut map = MapReader::new(node, "what keeps an invariant", diagnostics);
            let constraint = constraint(&mut map, Some(sentence.clone()), sentence.span, diagnostics);
            map.finish(diagnostics);
            entry.constraints.push(constraint);
        }
    }
    let beside = constraint(&mut map, None, name.span, diagnostics);
    if !beside.is_empty() {
        entry.constraints.push(beside);
    }
    if let Some(node) = map.get("indices") {
        let items = yaml::items(node, "`indices`", diagnostics);
        entry.indices = items.iter().filter_map(|item| index(item, diagnostics)).collect();
    }
    if let Some(node) = map.get("private") {
        for (name, node) in yaml::entries(node, "`private`", diagnostics) {
            let default = match node.kind {
                Kind::Null => None,
                _ => yaml::scalar(node, "a default", diagnostics),
            };
            if let Some(column) = super::expression(name, diagnostics) {
                entry.private.push((column, default));
            }
        }
    }
    map.finish(diagnostics);
    entry
}

impl ConstraintEntry {
    fn is_empty(&self) -> bool {
        self.fixed.is_empty()
            && self.set_once.is_empty()
            && self.checks.is_empty()
            && self.counter.is_none()
            && self.unique_where.is_none()
    }
}

/// The keys that stand at an invariant, and at a table for what no sentence says.
fn constraint(
    map: &mut MapReader<'_>,
    keeps: Option<Text>,
    span: Span,
    diagnostics: &mut Diagnostics,
) -> ConstraintEntry {
    let entry = ConstraintEntry {
        fixed: texts(map, "fixed", diagnostics),
        set_once: texts(map, "set_once", diagnostics),
        counter: map.text("counter", diagnostics),
        checks: texts(map, "check", diagnostics),
        unique_where: map.get("unique_where").and_then(|node| index(node, diagnostics)),
        keeps,
        span,
    };
    if let (Some(sentence), true) = (&entry.keeps, entry.is_empty()) {
        let message = "nothing keeps the invariant";
        diagnostics.push(
            Diagnostic::new(codes::MISSING_KEY, message, sentence.span, "this sentence").help(
                "add `fixed`, `set_once`, `counter`, `check` or `unique_where`, or take the sentence out",
            ),
        );
    }
    entry
}

/// One text or a list of them.
fn texts(map: &mut MapReader<'_>, key: &'static str, diagnostics: &mut Diagnostics) -> Vec<Text> {
    match map.get(key) {
        None => Vec::new(),
        Some(node) if matches!(node.kind, Kind::Scalar(_)) => {
            yaml::scalar(node, key, diagnostics).into_iter().collect()
        }
        Some(node) => yaml::scalars(node, &format!("`{key}`"), diagnostics),
    }
}

fn index(node: &Node, diagnostics: &mut Diagnostics) -> Option<IndexEntry> {
    let mut map = MapReader::new(node, "an index", diagnostics);
    let name = map.require("name", diagnostics);
    let name = name.and_then(|node| yaml::scalar(node, "`name`", diagnostics));
    let columns = map.require("columns", diagnostics);
    let columns = columns.map(|node| yaml::scalars(node, "`columns`", diagnostics));
    let condition = map.text("where", diagnostics);
    map.finish(diagnostics);
    Some(IndexEntry { name: name?, columns: columns?, condition })
}
