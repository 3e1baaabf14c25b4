//! From items to lines of the specs, and from lines back to items.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use selene_codegen::contract::{Contract, Field, Table, TypeRef};
use selene_codegen::naming::{module_name, without_schema};

use super::hrefs;
use super::machine::Machine;
use super::places::{Item, Places};
use super::{listed, stated};
use crate::parse::Parsed;
use crate::paths::SHARED;
use crate::pipeline::Run;
use crate::source::{FileId, SourceFile, Span};

/// A line of the specs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SpecLine {
    /// `ecm/PH1_W.md:31`
    pub label: String,
    /// The words of the link.
    pub text: String,
    /// Where it lies in the site.
    pub href: String,
}

/// Something in a contract.
struct Place {
    module: String,
    path: Vec<String>,
}

impl Place {
    fn new(module: &str, parts: &[&str]) -> Self {
        Self { module: module.to_owned(), path: parts.iter().map(|part| (*part).to_owned()).collect() }
    }

    fn parts(&self) -> Vec<&str> {
        self.path.iter().map(String::as_str).collect()
    }
}

/// A line by its document, in the order in which people ask: what an engine is for, how it is stored, what its names mean.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Line<'a> {
    kind: usize,
    relative: &'a str,
    number: usize,
}

/// Links from pages to others, and to pages from others.
pub(super) struct Links<'a> {
    run: &'a Run,
    places: Places<'a>,
    /// Items by the line that they come from.
    items: BTreeMap<(FileId, usize), BTreeSet<Item>>,
    /// The lines of every place of the site.
    lines: BTreeMap<String, BTreeSet<Line<'a>>>,
    /// The engine of every reason code.
    codes: BTreeMap<&'a str, &'a Contract>,
}

impl<'a> Links<'a> {
    pub fn of(run: &'a Run, parsed: &'a Parsed, machines: &[Machine]) -> Self {
        let contracts = &run.resolved.contracts;
        let codes = contracts
            .iter()
            .flat_map(|one| one.reason_codes.iter().map(move |code| (code.name.as_str(), one)));
        let places = Places::of(&run.resolved, parsed);
        let mut links =
            Self { run, places, items: BTreeMap::new(), lines: BTreeMap::new(), codes: codes.collect() };
        for (module, parts, span) in run.resolved.provenance.all() {
            if let Some(item) = links.places.item(module, &parts) {
                links.add(span, &item);
            }
        }
        for machine in machines {
            let item = (format!("states: {}", machine.title), hrefs::machine(&machine.table));
            for place in links.places_of(machine) {
                if let Some(span) = run.resolved.provenance.exact(&place.module, &place.parts()) {
                    links.add(span, &item);
                }
            }
        }
        links.add_stated(parsed);
        links.turn_round();
        links
    }

    /// What the pages and the lists state beside what contracts were made of.
    fn add_stated(&mut self, parsed: &Parsed) {
        for document in &parsed.documents {
            for (span, item) in stated::of_page(document, self.run, &self.places) {
                self.add(span, &item);
            }
        }
        for (file, source) in self.documents() {
            if Path::new(&source.relative).extension().is_some_and(|extension| extension == "yaml") {
                let listed = listed::of_list(file, source, &self.places);
                listed.stated.into_iter().for_each(|(span, item)| self.add(span, &item));
                for (span, item) in listed.otherwise {
                    let line = (file, self.run.sources.line(span));
                    if !self.items.contains_key(&line) {
                        self.add(span, &item);
                    }
                }
            }
        }
        for (file, source) in self.documents() {
            for (line, text) in (1..).zip(source.text.lines()) {
                if let Some(items) = self.items.get_mut(&(file, line)) {
                    stated::without_doubles(items, text.starts_with('#'));
                }
            }
        }
    }

    /// An item is of every line of its stretch.
    fn add(&mut self, span: Span, item: &Item) {
        let end = self.run.sources.position(span.file, span.end.max(span.start + 1) - 1).line;
        for line in self.run.sources.line(span)..=end {
            self.items.entry((span.file, line)).or_default().insert(item.clone());
        }
    }

    /// From every place of the site back to the lines that lead there.
    fn turn_round(&mut self) {
        for ((file, line), items) in &self.items {
            let relative = self.run.sources.get(*file).relative.as_str();
            for (_, href) in items.iter().filter(|_| is_spec(relative)) {
                self.lines.entry(href.clone()).or_default().insert(Line {
                    kind: kind(relative),
                    relative,
                    number: *line,
                });
            }
        }
    }

    /// The lines that lead to exactly this place.
    pub fn lines_at(&self, href: &str) -> Vec<SpecLine> {
        self.lines.get(href).into_iter().flatten().filter_map(|place| self.spec_line(*place)).collect()
    }

    /// The lines that lead to a page, or to any part of it.
    pub fn lines_of_page(&self, path: &str) -> Vec<SpecLine> {
        let parts = self.lines.range(path.to_owned()..);
        let parts = parts.take_while(|(href, _)| href.starts_with(path));
        let all: BTreeSet<Line<'_>> = parts
            .filter(|(href, _)| href.split('#').next() == Some(path))
            .flat_map(|(_, lines)| lines.iter().copied())
            .collect();
        all.into_iter().filter_map(|place| self.spec_line(place)).collect()
    }

    fn spec_line(&self, Line { relative, number, .. }: Line<'_>) -> Option<SpecLine> {
        let (_, file) = self.run.sources.iter().find(|(_, file)| file.relative == relative)?;
        let text = file.text[file.line_of(file.offset_of(number, 0))].trim().to_owned();
        Some(SpecLine {
            label: format!("{relative}:{number}"),
            text,
            href: hrefs::spec_line(relative, number),
        })
    }

    /// What has a place in the site.
    pub const fn places(&self) -> &Places<'a> {
        &self.places
    }

    /// What a machine comes from: the type of its states, their column, and the calls that move it; each by its contract and its place
    /// there.
    fn places_of(&self, machine: &Machine) -> Vec<Place> {
        let calls: BTreeSet<&str> = machine.moves.iter().map(|one| one.call.as_str()).collect();
        let calls = calls.into_iter().filter_map(|call| self.place_of_call(call));
        self.places_of_states(machine).into_iter().chain(calls).collect()
    }

    fn places_of_states(&self, machine: &Machine) -> Vec<Place> {
        let Some((contract, table, column)) = self.column_of(machine) else { return Vec::new() };
        let (module, ty) = (module_name(&contract.engine.id), leaf(&column.ty).to_string());
        let home = [module.as_str(), SHARED].into_iter().find(|home| self.declares(home, &ty));
        let of_type = home.map(|home| Place::new(home, &["types", &ty]));
        let of_column = Place::new(&module, &["tables", &table.name, "columns", &column.name]);
        of_type.into_iter().chain([of_column]).collect()
    }

    fn place_of_call(&self, call: &str) -> Option<Place> {
        let has = |contract: &&Contract| contract.capabilities.iter().any(|one| one.id == call);
        let contract = self.run.resolved.contracts.iter().find(has)?;
        Some(Place::new(&module_name(&contract.engine.id), &["capabilities", call]))
    }

    /// The lines that state the states of a machine.
    pub fn lines_of_states(&self, machine: &Machine) -> Vec<SpecLine> {
        self.places_of_states(machine)
            .iter()
            .filter_map(|place| self.line(&place.module, &place.parts()))
            .collect()
    }

    /// The line that states a capability.
    pub fn line_of_call(&self, call: &str) -> Option<SpecLine> {
        let place = self.place_of_call(call)?;
        self.line(&place.module, &place.parts())
    }

    /// The column that holds the states of a machine, with its table and the contract that lists it.
    pub fn column_of(&self, machine: &Machine) -> Option<(&'a Contract, &'a Table, &'a Field)> {
        let contracts = self.run.resolved.contracts.iter();
        let tables = contracts.flat_map(|one| one.tables.iter().map(move |table| (one, table)));
        let mut own = tables.filter(|(_, table)| without_schema(&table.name) == machine.table);
        own.find_map(|(contract, table)| {
            let column = table.columns.iter().find(|column| column.name == machine.column)?;
            Some((contract, table, column))
        })
    }

    /// The documents of the specs, in the order of their paths.
    pub fn documents(&self) -> Vec<(FileId, &'a SourceFile)> {
        let mut documents: Vec<(FileId, &SourceFile)> =
            self.run.sources.iter().filter(|(_, file)| is_spec(&file.relative)).collect();
        documents.sort_by_key(|(_, file)| file.relative.as_str());
        documents.dedup_by_key(|(_, file)| file.relative.as_str());
        documents
    }

    /// What comes from a line, by its number from 1.
    pub fn items_of(&self, file: FileId, line: usize) -> impl Iterator<Item = &Item> {
        self.items.get(&(file, line)).into_iter().flatten()
    }

    /// The line of a place of a contract.
    pub fn line(&self, module: &str, path: &[&str]) -> Option<SpecLine> {
        let span = self.run.resolved.provenance.exact(module, path)?;
        let file = self.run.sources.get(span.file);
        let number = self.run.sources.line(span);
        let text = file.text[file.line_of(span.start)].trim().to_owned();
        let (label, href) = (format!("{}:{number}", file.relative), hrefs::spec_line(&file.relative, number));
        is_spec(&file.relative).then_some(SpecLine { label, text, href })
    }

    /// The engine that registers a code.
    pub fn engine_of(&self, code: &str) -> Option<&'a Contract> {
        self.codes.get(code.rsplit(':').next().unwrap_or(code)).copied()
    }

    /// Where a type is described, as an engine understands its name.
    pub fn type_href(&self, module: &str, name: &str) -> Option<String> {
        let home = [module, SHARED].into_iter().find(|home| self.declares(home, name))?;
        Some(hrefs::ty(home, name))
    }

    fn declares(&self, module: &str, name: &str) -> bool {
        self.places.declares(module, name)
    }
}

/// The place of the kind of a document among the kinds.
fn kind(relative: &str) -> usize {
    let folders = ["ecm/", "db_wiring/"];
    folders.iter().position(|folder| relative.starts_with(folder)).unwrap_or(folders.len())
}

fn is_spec(relative: &str) -> bool {
    let is_page = relative.starts_with("ecm/") || relative.starts_with("db_wiring/");
    is_page || ["lexicon.yaml", "reason_codes.yaml"].contains(&relative)
}

/// What stands within all lists, maps and options.
pub(super) fn leaf(ty: &TypeRef) -> &TypeRef {
    match ty {
        TypeRef::Option(inner) | TypeRef::List(inner) | TypeRef::Map(_, inner) => leaf(inner),
        TypeRef::Unit | TypeRef::Builtin(_) | TypeRef::Named(_) => ty,
    }
}
