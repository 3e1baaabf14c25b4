//! One side of a comparison: what a revision of the specs says, and where.

use std::collections::{BTreeMap, BTreeSet};

use selene_codegen::contract::{Contract, Record, SpecKind, TypeDef};
use selene_codegen::naming::module_name;

use super::change::Change;
use super::line::Line;
use super::rewrite::with_token;
use super::stated::Rename;
use crate::parse::document::{Document, SchemaText, WriteText};
use crate::parse::schema::{Expr, ExprKind};
use crate::paths::SHARED;
use crate::resolve::{EngineDocuments, Lost, Resolved, group};
use crate::source::{FileId, Span};

/// What of a contract a DB wiring says.
const OF_WIRING: [&str; 4] = ["tables", "reads", "relations", "acceptance_tests"];

/// A revision of the specs, resolved as far as it could be read.
#[derive(Debug)]
pub struct Side {
    /// The contracts, and where everything in them comes from.
    pub resolved: Resolved,
    /// The pages as read.
    pub documents: Vec<Document>,
    /// Pages that are there and could not be read.
    pub lost: Lost,
    /// Whether reason codes have numbers and classes.
    pub has_register: bool,
    /// Types that no lexicon explains: only their names are known.
    pub guessed: BTreeSet<String>,
    /// Where the lexicon says who the callers of a group are, by the name of the group.
    pub callers: BTreeMap<String, Span>,
    /// The lines of its pages.
    pub lines: Vec<(FileId, Vec<Line>)>,
    /// Places of the pages that were not understood.
    pub unread: Vec<Span>,
    /// What its specs say of names that something had before.
    pub renames: Vec<Rename>,
    /// The names that it is written with, by those that it is read under.
    pub former_names: BTreeMap<String, String>,
    /// What the newer side has renamed.
    pub renamed: Vec<Change>,
}

impl Side {
    /// The contract of an engine.
    #[must_use]
    pub fn contract(&self, engine: &str) -> Option<&Contract> {
        self.resolved.contracts.iter().find(|contract| contract.engine.id == engine)
    }

    /// The pages of an engine.
    pub(super) fn pages(&self, engine: &str) -> Option<EngineDocuments<'_>> {
        group(&self.documents).into_iter().find(|documents| documents.id.value == engine)
    }

    /// Whether a half of an engine is there and could not be read, so that nothing of it is known.
    pub(super) fn is_lost(&self, contract: &Contract, half: SpecKind) -> bool {
        contract.engine.missing.contains(&half) && self.lost.concerns(&contract.engine.id)
    }

    /// A type that an engine knows by this name: its own, else the shared one. None where it is guessed.
    pub(super) fn type_of<'a>(&'a self, contract: Option<&'a Contract>, name: &str) -> Option<&'a TypeDef> {
        let own = contract.into_iter().flat_map(|contract| &contract.types);
        own.chain(&self.resolved.shared.types).find(|ty| ty.name == name && !self.guessed.contains(name))
    }

    /// A record that an engine knows by this name, with the file that holds it.
    pub(super) fn record_of<'a>(
        &'a self,
        contract: &'a Contract,
        name: &str,
    ) -> Option<(&'a Record, String)> {
        let own = contract.records.iter().find(|record| record.name == name);
        own.map(|record| (record, module_name(&contract.engine.id))).or_else(|| {
            let shared = self.resolved.shared.records.iter().find(|record| record.name == name);
            shared.map(|record| (record, SHARED.to_owned()))
        })
    }

    /// The place of an item, or of the nearest item that holds it, or of the page that would, or of the first page.
    pub(super) fn place(&self, file: &str, path: &[String]) -> Option<Span> {
        let provenance = &self.resolved.provenance;
        let of_wiring = || {
            let is_of_wiring = path.first().is_some_and(|part| OF_WIRING.contains(&part.as_str()));
            let ids = self.documents.iter().filter(|page| page.kind == Some(SpecKind::DbWiring));
            let mut ids = ids.filter_map(|page| page.header.engine_id.as_ref()).filter(|_| is_of_wiring);
            ids.find(|id| module_name(&id.value) == file).map(|id| id.span)
        };
        // An item under another name stands at the place of its former one.
        let former = self.former_path(path);
        let former = provenance.find_item(file, &former).filter(|_| !self.former_names.is_empty());
        let own = provenance.find_item(file, path);
        let deeper = |item: Option<(&str, Span)>| item.map_or(0, |(item, _)| item.split(" / ").count());
        let nearest = if deeper(former) > deeper(own) { former } else { own };
        let found = nearest.map(|(_, span)| span).or_else(of_wiring);
        let found = found.or_else(|| provenance.exact(file, &["engine"])).or_else(|| provenance.any(file));
        found.or_else(|| self.documents.first().map(|page| Span::start_of(page.file)))
    }

    /// A path under the names that this side is written with.
    fn former_path(&self, path: &[String]) -> Vec<String> {
        path.iter()
            .map(|part| {
                self.former_names.iter().fold(part.clone(), |part, (to, from)| with_token(&part, to, from))
            })
            .collect()
    }

    /// The place of the group of callers that a capability names, with the group's name.
    pub(super) fn callers_of(&self, engine: &str, id: &str) -> Option<(&str, Span)> {
        let page = self.pages(engine)?.ecm?;
        let capability = page.capabilities.iter().find(|one| one.id.value == id)?;
        let group = capability.callers.as_ref()?.value.as_str();
        self.callers.get_key_value(group).map(|(name, span)| (name.as_str(), *span))
    }

    /// The write of the DB wiring that belongs to a capability.
    pub(super) fn write_of(&self, engine: &str, id: &str) -> Option<&WriteText> {
        let heading =
            self.resolved.provenance.exact(&module_name(engine), &["capabilities", id, "writes"])?;
        let page = self.pages(engine)?.db_wiring?;
        page.writes.iter().find(|write| write.heading.span == heading)
    }

    /// Schemas of an engine as they stand, by what they belong to: `PH1W_X.input`, `devices.columns`. With each goes whether it
    /// was understood.
    pub(super) fn schemas(&self, engine: &str) -> BTreeMap<String, (&SchemaText, bool)> {
        let Some(pages) = self.pages(engine) else { return BTreeMap::new() };
        let capabilities = pages.ecm.into_iter().flat_map(|page| &page.capabilities).flat_map(|one| {
            let id = &one.id.value;
            [(format!("{id}.input"), one.input.as_ref()), (format!("{id}.output"), one.output.as_ref())]
        });
        let tables = pages.db_wiring.into_iter().flat_map(|page| &page.tables);
        let columns = tables.map(|table| (format!("{}.columns", table.name.value), table.columns.as_ref()));
        let schemas = capabilities.chain(columns);
        // Only an input may be put in words that stand for fields.
        let is_known =
            |item: &str, tree: &Expr| item.rsplit('.').next() == Some("input") || !holds_prose(tree);
        let is_read = |item: &str, schema: &SchemaText| {
            let span = schema.text.span;
            let holds =
                |place: &Span| place.file == span.file && span.start <= place.start && place.end <= span.end;
            schema.tree.as_ref().is_some_and(|tree| is_known(item, tree)) && !self.unread.iter().any(holds)
        };
        let read = schemas.filter_map(|(item, schema)| {
            let schema = schema?;
            let is_read = is_read(&item, schema);
            Some((item, (schema, is_read)))
        });
        read.collect()
    }
}

/// Whether a part of a schema is words.
fn holds_prose(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Prose(_) => true,
        ExprKind::Unit
        | ExprKind::Nothing
        | ExprKind::Name(_)
        | ExprKind::Fixed { .. }
        | ExprKind::Values { .. } => false,
        ExprKind::Optional(inner) | ExprKind::List(inner) => holds_prose(inner),
        ExprKind::Generic { args: parts, .. }
        | ExprKind::Record { fields: parts, .. }
        | ExprKind::Tuple(parts)
        | ExprKind::OneOf(parts) => parts.iter().any(holds_prose),
    }
}
