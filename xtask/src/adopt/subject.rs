//! What drafts are made from: what one run of the phases read and found, and the engines that are adopted.

use std::collections::{BTreeMap, BTreeSet};

use selene_codegen::contract::Contract;

use crate::diagnostics::{Code, Diagnostics};
use crate::parse::Parsed;
use crate::parse::document::Document;
use crate::parse::lexicon::{Lexicon, Scope};
use crate::parse::reason_codes::Register;
use crate::parse::schema::{Expr, ExprKind};
use crate::resolve::{EngineDocuments, Names, group};
use crate::source::{FileId, Sources, Span};

use super::unknown::{Unknown, unknown};

/// Drafts of one round: whole texts by their path below the specs folder.
pub type Drafts = BTreeMap<String, String>;

/// What one run of the phases read and found.
pub struct Subject<'a> {
    pub(super) lexicon: &'a Lexicon,
    pub(super) lexicon_file: FileId,
    pub(super) register: &'a Register,
    pub(super) contracts: &'a [Contract],
    pub(super) sources: &'a Sources,
    pub(super) engines: Vec<Adopted<'a>>,
    unknown: Vec<Unknown<'a>>,
}

/// An engine that is adopted.
pub struct Adopted<'a> {
    pub(super) id: &'a str,
    pub(super) pages: EngineDocuments<'a>,
    pub(super) contract: &'a Contract,
    pub(super) names: Names<'a>,
    pub(super) scope: Option<&'a Scope>,
}

impl<'a> Subject<'a> {
    /// Takes in one run. `None` where the lexicon or the register could not be read: nothing could be drafted into them.
    #[must_use]
    pub fn new(
        parsed: &'a Parsed,
        contracts: &'a [Contract],
        sources: &'a Sources,
        diagnostics: &'a Diagnostics,
        adopted: &BTreeSet<String>,
    ) -> Option<Self> {
        let lexicon = parsed.lexicon.as_ref()?;
        let mut engines = Vec::new();
        for pages in group(&parsed.documents) {
            let id = pages.id.value.as_str();
            let contract = contracts.iter().find(|contract| contract.engine.id == id);
            if let Some(contract) = contract.filter(|_| adopted.contains(id)) {
                let (names, scope) = (Names::engine(lexicon, id), lexicon.engine(id));
                engines.push(Adopted { id, pages, contract, names, scope });
            }
        }
        Some(Self {
            lexicon,
            lexicon_file: parsed.lexicon_file?,
            register: parsed.register.as_ref()?,
            contracts,
            sources,
            engines,
            unknown: unknown(diagnostics),
        })
    }

    /// The names of an engine that findings of that code are about, each with its first place.
    pub(super) fn unknown_of(
        &self,
        code: &'static Code,
        engine: &str,
    ) -> impl Iterator<Item = (&'a str, Span)> {
        let found = self.unknown.iter().filter(move |one| one.code == code && one.engine == engine);
        found.map(|one| (one.name, one.span))
    }

    /// The text of a file.
    pub(super) fn text(&self, file: FileId) -> &'a str {
        &self.sources.get(file).text
    }
}

impl<'a> Adopted<'a> {
    /// The pages of the engine: capability map and DB wiring.
    pub(super) fn each_page(&self) -> impl Iterator<Item = &'a Document> {
        self.pages.ecm.into_iter().chain(self.pages.db_wiring)
    }

    /// `NOTES` of `PH1.NOTES`.
    pub(super) fn short_name(&self) -> &'a str {
        self.id.rsplit('.').next().unwrap_or(self.id)
    }

    /// Every schema of its pages: inputs, outputs, columns.
    pub(super) fn schemas(&self) -> impl Iterator<Item = &'a Expr> {
        self.each_page().flat_map(|page| {
            let inputs = page.capabilities.iter().filter_map(|capability| capability.input.as_ref());
            let outputs = page.capabilities.iter().filter_map(|capability| capability.output.as_ref());
            let columns = page.tables.iter().filter_map(|table| table.columns.as_ref());
            inputs.chain(outputs).chain(columns).filter_map(|schema| schema.tree.as_ref())
        })
    }

    /// Whether a field is written as a list somewhere: `tags[]`.
    pub(super) fn is_list(&self, field: &str) -> bool {
        let of_records = self.scope.into_iter().flat_map(|scope| &scope.records);
        let of_records = of_records.flat_map(|record| record.fields.iter().map(|(expr, _)| expr));
        let of_groups = self.scope.into_iter().flat_map(|scope| &scope.groups).flat_map(|(_, fields)| fields);
        self.schemas().chain(of_records).chain(of_groups).any(|expr| lists(expr, field))
    }

    /// Whether a name is part of a key of its tables or writes.
    pub(super) fn is_in_a_key(&self, field: &str) -> bool {
        self.pages.db_wiring.is_some_and(|page| {
            let of_tables = page
                .tables
                .iter()
                .flat_map(|table| table.primary_key.iter().chain(table.unique_keys.iter().flatten()));
            let of_writes = page.writes.iter().filter_map(|write| write.dedupe.as_ref());
            of_tables
                .chain(of_writes.flat_map(|dedupe| dedupe.value.iter().flatten()))
                .any(|name| name.value == field)
        })
    }
}

fn lists(expr: &Expr, field: &str) -> bool {
    let is_it = |expr: &Expr| matches!(&expr.kind, ExprKind::Name(name) if name == field);
    match &expr.kind {
        ExprKind::List(inner) => is_it(inner) || lists(inner, field),
        ExprKind::Optional(inner) => lists(inner, field),
        ExprKind::Generic { args: parts, .. }
        | ExprKind::Record { fields: parts, .. }
        | ExprKind::Tuple(parts)
        | ExprKind::OneOf(parts) => parts.iter().any(|part| lists(part, field)),
        _ => false,
    }
}
