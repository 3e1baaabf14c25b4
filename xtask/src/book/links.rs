//! From items to lines of the specs, and from lines back to items.

use std::collections::{BTreeMap, BTreeSet};

use selene_codegen::contract::{Contract, Field, Table, TypeRef};
use selene_codegen::naming::{module_name, without_schema};

use super::hrefs;
use super::machine::Machine;
use crate::paths::SHARED;
use crate::pipeline::Run;
use crate::source::{FileId, SourceFile};

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

/// Links from pages to others, and to pages from others.
pub(super) struct Links<'a> {
    run: &'a Run,
    /// Items by the line that they come from: label and place in the site.
    items: BTreeMap<(FileId, usize), BTreeSet<(String, String)>>,
    /// The engine of every reason code.
    codes: BTreeMap<&'a str, &'a Contract>,
    /// Names that a contract declares itself, by its module.
    declared: BTreeMap<String, BTreeSet<&'a str>>,
}

impl<'a> Links<'a> {
    pub fn of(run: &'a Run, machines: &[Machine]) -> Self {
        let resolved = &run.resolved;
        let contracts = &resolved.contracts;
        let ids: BTreeMap<String, &str> =
            contracts.iter().map(|one| (module_name(&one.engine.id), one.engine.id.as_str())).collect();
        let mut declared: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
        for contract in contracts {
            let types = contract.types.iter().map(|ty| ty.name.as_str());
            let names = types.chain(contract.records.iter().map(|record| record.name.as_str()));
            declared.insert(module_name(&contract.engine.id), names.collect());
        }
        let shared = &resolved.shared;
        let names = shared.types.iter().map(|ty| ty.name.as_str());
        declared.insert(
            SHARED.to_owned(),
            names.chain(shared.records.iter().map(|record| record.name.as_str())).collect(),
        );
        let codes = contracts
            .iter()
            .flat_map(|one| one.reason_codes.iter().map(move |code| (code.name.as_str(), one)));
        let mut links = Self { run, items: BTreeMap::new(), codes: codes.collect(), declared };
        for (module, parts, span) in resolved.provenance.all() {
            let engine = ids.get(module).copied().unwrap_or(SHARED);
            // A name that is stated and that no contract took has no place in the site.
            if let ["types" | "records", name, ..] = parts.as_slice()
                && !links.declares(module, name)
            {
                continue;
            }
            let item = hrefs::item(module, engine, &parts);
            links.items.entry((span.file, run.sources.line(span))).or_default().insert(item);
        }
        for machine in machines {
            let item = (format!("states: {}", machine.title), hrefs::machine(&machine.table));
            for place in links.places_of(machine) {
                if let Some(span) = resolved.provenance.exact(&place.module, &place.parts()) {
                    let line = (span.file, run.sources.line(span));
                    links.items.entry(line).or_default().insert(item.clone());
                }
            }
        }
        links
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
    pub fn items_of(&self, file: FileId, line: usize) -> impl Iterator<Item = &(String, String)> {
        self.items.get(&(file, line)).into_iter().flatten()
    }

    /// The lines of these places of a contract, each once, in this order.
    pub fn lines(&self, module: &str, paths: &[Vec<&str>]) -> Vec<SpecLine> {
        let mut lines: Vec<SpecLine> = Vec::new();
        for path in paths {
            if let Some(line) = self.line(module, path)
                && !lines.contains(&line)
            {
                lines.push(line);
            }
        }
        lines
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
        self.declared.get(module).is_some_and(|names| names.contains(name))
    }
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
