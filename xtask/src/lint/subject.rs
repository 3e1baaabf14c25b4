//! What the rules look at, with what they ask of it again and again.

use std::collections::{BTreeMap, BTreeSet};

use selene_codegen::contract::{Capability, Contract, Field, TypeKind};
use selene_codegen::naming::{module_name, without_schema};

use crate::diagnostics::{Code, Diagnostics, Place, Severity, codes};
use crate::parse::Parsed;
use crate::parse::document::{CapabilityText, Document, TableText, Text, WriteText};
use crate::parse::lexicon::{Lexicon, Scope};
use crate::parse::reason_codes::Register;
use crate::parse::schema::ExprKind;
use crate::resolve::{Lost, Resolved, group};
use crate::source::{FileId, Sources, Span};
use crate::written::WrittenContracts;

/// One engine, with those of its pages that can be believed.
pub struct Engine<'a> {
    pub(super) id: &'a Text,
    pub(super) ecm: Option<&'a Document>,
    pub(super) wiring: Option<&'a Document>,
    pub(super) contract: &'a Contract,
}

/// A write, with the capability that it belongs to.
pub(super) struct Write<'a> {
    pub(super) text: &'a WriteText,
    pub(super) capability: &'a Capability,
    pub(super) of_ecm: &'a CapabilityText,
}

impl Write<'_> {
    /// Where the ECM says what it takes, else where it names the capability.
    pub(super) fn input_place(&self) -> Span {
        self.of_ecm.input.as_ref().map_or(self.of_ecm.id.span, |input| input.text.span)
    }
}

/// A table as one DB wiring declares it.
pub(super) struct Declared<'a> {
    pub(super) engine: &'a str,
    pub(super) text: &'a TableText,
    /// Its columns as they were resolved; empty where the wiring lists none.
    pub(super) columns: &'a [Field],
}

/// What the rules look at. What has an error of its own is left out: it would only come back as a contradiction.
pub struct Subject<'a> {
    pub(super) parsed: &'a Parsed,
    pub(super) resolved: &'a Resolved,
    pub(super) sources: &'a Sources,
    pub(super) written: &'a WrittenContracts,
    pub(super) engines: Vec<Engine<'a>>,
    /// By name without schema, in the order of the engines.
    pub(super) tables: BTreeMap<&'a str, Vec<Declared<'a>>>,
    /// Whether everything could be believed, so that what is missing is missing.
    pub(super) is_whole: bool,
    doubted: BTreeSet<FileId>,
    /// The codes of earlier findings, with the files that they are about.
    reported: Vec<(&'static Code, FileId)>,
}

impl<'a> Subject<'a> {
    /// Takes in what was resolved, and leaves out what `diagnostics` doubt.
    #[must_use]
    pub fn new(
        parsed: &'a Parsed,
        resolved: &'a Resolved,
        lost: &Lost,
        written: &'a WrittenContracts,
        sources: &'a Sources,
        diagnostics: &Diagnostics,
    ) -> Self {
        let errors = || diagnostics.iter().filter(|one| one.code.severity == Severity::Error);
        let reported: Vec<(&Code, FileId)> = errors()
            .flat_map(|one| one.own().map(move |label| (one.code, &label.place)))
            .filter_map(|(code, place)| match place {
                Place::Span(span) => Some((code, span.file)),
                Place::Outside { .. } => None,
            })
            .collect();
        let doubted: BTreeSet<FileId> =
            reported.iter().filter(|(code, _)| is_doubt(code)).map(|(_, file)| *file).collect();
        let mut engines = Vec::new();
        for documents in group(&parsed.documents) {
            let found = resolved.contracts.iter().find(|contract| contract.engine.id == documents.id.value);
            let Some(contract) = found else { continue };
            let believed = |document: &&Document| !doubted.contains(&document.file);
            let engine = Engine {
                id: documents.id,
                ecm: documents.ecm.filter(believed),
                wiring: documents.db_wiring.filter(believed),
                contract,
            };
            if !lost.concerns(&documents.id.value) {
                engines.push(engine);
            }
        }
        let mut tables: BTreeMap<&str, Vec<Declared<'_>>> = BTreeMap::new();
        for engine in &engines {
            for (text, table) in
                engine.wiring.iter().flat_map(|page| &page.tables).zip(&engine.contract.tables)
            {
                let name = without_schema(&text.name.value);
                let declared = Declared { engine: &engine.id.value, text, columns: &table.columns };
                tables.entry(name).or_default().push(declared);
            }
        }
        let is_whole = !errors().any(|one| !is_settled(one.code))
            && engines.len() == resolved.contracts.iter().filter(|contract| !is_gone(contract)).count()
            && engines.iter().all(|engine| engine.pages().is_some());
        Self { parsed, resolved, sources, written, engines, tables, is_whole, doubted, reported }
    }

    /// The files that people edit.
    pub(super) fn files(&self) -> impl Iterator<Item = FileId> {
        let pages = self.parsed.documents.iter().map(|document| document.file);
        let register = self.parsed.register.as_ref().map(|register| register.file);
        pages.chain(self.parsed.lexicon_file).chain(register)
    }

    pub(super) fn is_believed(&self, file: FileId) -> bool {
        !self.doubted.contains(&file)
    }

    /// Whether an earlier phase has an error of that code about a file.
    pub(super) fn is_reported(&self, code: &Code, file: FileId) -> bool {
        self.reported.iter().any(|(known, place)| *known == code && *place == file)
    }

    /// The lexicon, where it has no error.
    pub(super) fn lexicon(&self) -> Option<&'a Lexicon> {
        let file = self.parsed.lexicon_file.filter(|file| self.is_believed(*file));
        file.and(self.parsed.lexicon.as_ref())
    }

    /// The register, where it has no error.
    pub(super) fn register(&self) -> Option<&'a Register> {
        self.parsed.register.as_ref().filter(|register| self.is_believed(register.file))
    }

    /// The declaration of a table that lists its columns.
    pub(super) fn columns(&self, table: &str) -> Option<&Declared<'a>> {
        self.tables.get(without_schema(table))?.iter().find(|declared| !declared.columns.is_empty())
    }

    /// The ids of all capabilities.
    pub(super) fn capability_ids(&self) -> impl Iterator<Item = &'a str> {
        let contracts = self.resolved.contracts.iter();
        contracts.flat_map(|contract| &contract.capabilities).map(|capability| capability.id.as_str())
    }

    /// Every part of the lexicon: the shared one, then those of engines.
    pub(super) fn scopes(&self) -> Vec<&'a Scope> {
        let own = |lexicon: &'a Lexicon| lexicon.engines.iter().map(|(_, scope)| scope);
        self.lexicon()
            .map(|lexicon| std::iter::once(&lexicon.shared).chain(own(lexicon)).collect())
            .unwrap_or_default()
    }

    /// The values of every enum in these parts of the lexicon.
    pub(super) fn values<'s>(scopes: impl IntoIterator<Item = &'s Scope>) -> BTreeSet<&'s str> {
        let types = scopes.into_iter().flat_map(|scope| &scope.types);
        let values = types.flat_map(|entry| match &entry.kind {
            TypeKind::Enum { values } => values.as_slice(),
            _ => &[],
        });
        values.map(String::as_str).collect()
    }

    /// The values of a field that is an enum, as an engine knows it, with the place of the enum.
    pub(super) fn values_of(&self, engine: &str, field: &str) -> Option<(&'a [String], Span)> {
        let lexicon = self.lexicon()?;
        let scopes = || lexicon.engine(engine).into_iter().chain(std::iter::once(&lexicon.shared));
        let entry = scopes().flat_map(|scope| &scope.fields).find(|entry| entry.name.value == field)?;
        let ExprKind::Name(ty) = &entry.ty.as_ref()?.kind else { return None };
        let entry = scopes().flat_map(|scope| &scope.types).find(|entry| entry.name.value == *ty)?;
        match &entry.kind {
            TypeKind::Enum { values } => Some((values, entry.name.span)),
            _ => None,
        }
    }

    /// The column of a table as its wiring writes it, or the table's own place.
    pub(super) fn column_place(&self, declared: &Declared<'a>, column: &str) -> Span {
        let file = module_name(declared.engine);
        let path = ["tables", declared.text.name.value.as_str(), "columns", column];
        self.resolved.provenance.exact(&file, &path).unwrap_or(declared.text.name.span)
    }
}

impl<'a> Engine<'a> {
    /// Both pages, where both are there and can be believed.
    pub(super) fn pages(&self) -> Option<(&'a Document, &'a Document)> {
        Some((self.ecm?, self.wiring?))
    }

    /// The pages that can be believed.
    pub(super) fn each_page(&self) -> impl Iterator<Item = &'a Document> {
        self.ecm.into_iter().chain(self.wiring)
    }

    /// Every write that belongs to a capability; none where a page is missing.
    pub(super) fn writes(&self, subject: &Subject<'a>) -> Vec<Write<'a>> {
        let Some((ecm, wiring)) = self.pages() else { return Vec::new() };
        let file = module_name(&self.id.value);
        let provenance = &subject.resolved.provenance;
        let by_heading: BTreeMap<Span, &WriteText> =
            wiring.writes.iter().map(|write| (write.heading.span, write)).collect();
        let capabilities = self.contract.capabilities.iter().zip(&ecm.capabilities);
        let linked = capabilities.filter_map(|(capability, of_ecm)| {
            let span = provenance.exact(&file, &["capabilities", &capability.id, "writes"])?;
            let text = *by_heading.get(&span)?;
            Some(Write { text, capability, of_ecm })
        });
        linked.collect()
    }

    /// Every table that the wiring names: declared, read, written.
    pub(super) fn seen_tables(&self) -> BTreeSet<&'a str> {
        let wiring = self.wiring.into_iter();
        let names = wiring.flat_map(|page| {
            let declared = page.tables.iter().map(|table| &table.name);
            let read = page.reads.iter().flat_map(|read| &read.tables);
            declared.chain(read).chain(page.writes.iter().flat_map(|write| &write.tables))
        });
        names.map(|name| without_schema(&name.value)).collect()
    }
}

/// Whether a finding may mean that its file was not understood as it was meant: those of reading, forms and names, and of
/// pages that are not where they belong.
fn is_doubt(code: &Code) -> bool {
    code.id < "E0300"
        || [codes::DUPLICATE_ENGINE, codes::WRONG_ENGINE_ID, codes::WRONG_FOLDER].contains(&code)
}

/// Whether a finding takes nothing away from what is known: those of numbers, and of what was stored before.
fn is_settled(code: &Code) -> bool {
    code.id.starts_with("E03") || code.id.starts_with("E05")
}

/// Whether an engine has no pages any more.
fn is_gone(contract: &Contract) -> bool {
    contract.engine.missing.len() == 2
}

/// The place of a page's head, for what a page says as a whole.
pub(super) fn head(document: &Document) -> Span {
    document.title.as_ref().map_or(Span::start_of(document.file), |title| title.span)
}
