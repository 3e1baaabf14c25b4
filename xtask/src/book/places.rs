//! What has a place in the site: the words of a link to it, and where it lies. Only places that the pages make are given.

use std::collections::{BTreeMap, BTreeSet};

use selene_codegen::contract::{Capability, Contract, Table};
use selene_codegen::naming::{module_name, without_schema};

use super::hrefs;
use crate::parse::Parsed;
use crate::paths::SHARED;
use crate::resolve::Resolved;

/// Between the name of an item and the part of its page that is meant.
pub(super) const PART: &str = " › ";

/// The words of a link, and where it leads.
pub(super) type Item = (String, String);

/// The places of a site, by the names that specs have for them.
pub(super) struct Places<'a> {
    resolved: &'a Resolved,
    /// Reason codes, capabilities and test functions: names that mean nothing else, wherever they stand.
    named: BTreeMap<&'a str, Item>,
    /// Names of types and records that a contract declares itself, by its module.
    declared: BTreeMap<String, BTreeSet<&'a str>>,
    /// What every call has beside its input.
    ambient: BTreeSet<&'a str>,
    /// Every table by its bare name: its module, and itself, as its page shows it.
    tables: BTreeMap<&'a str, (String, &'a Table)>,
}

impl<'a> Places<'a> {
    pub fn of(resolved: &'a Resolved, parsed: &'a Parsed) -> Self {
        let mut named: BTreeMap<&str, Item> = BTreeMap::new();
        for contract in &resolved.contracts {
            for code in &contract.reason_codes {
                named.insert(&code.name, (code.name.clone(), hrefs::code(&code.name)));
            }
            for one in &contract.capabilities {
                named.insert(&one.id, (one.id.clone(), hrefs::capability(&one.id)));
            }
            for (place, test) in contract.acceptance_tests.iter().enumerate() {
                let href = format!("tests.html#{}", hrefs::test_entry(&contract.acceptance_tests, place));
                let item = (test.id.clone(), href);
                named.entry(&test.id).or_insert_with(|| item.clone());
                named.insert(&test.test_fn, item);
            }
        }
        let tables = tables(&resolved.contracts).into_iter();
        let tables = tables.map(|(contract, table)| {
            (without_schema(&table.name), (module_name(&contract.engine.id), table))
        });
        let ambient = parsed.lexicon.iter().flat_map(|lexicon| &lexicon.ambient);
        let ambient = ambient.map(|name| name.value.as_str()).collect();
        Self { resolved, named, declared: declared(resolved), ambient, tables: tables.collect() }
    }

    /// Whether a contract declares a type or a record of this name.
    pub fn declares(&self, module: &str, name: &str) -> bool {
        self.declared.get(module).is_some_and(|names| names.contains(name))
    }

    /// A field of the lexicon that is in no row and no input: a private column, or what every call has.
    pub fn hidden_field(&self, module: &str, name: &str) -> Option<Item> {
        if module == SHARED {
            let item = (
                name.to_owned(),
                format!("{}#{}", hrefs::types(SHARED), hrefs::slug(&format!("ambient.{name}"))),
            );
            return self.ambient.contains(name).then_some(item);
        }
        let own = self.tables.iter().filter(|(_, (home, _))| home == module);
        let is_private = |table: &Table| table.private.iter().any(|one| one.column.name == name);
        let mut tables = own.filter(|(_, (_, table))| is_private(table));
        tables.next().and_then(|(bare, _)| self.part_of_table(bare, "columns"))
    }

    /// What a name means, wherever it stands.
    pub fn named(&self, word: &str) -> Option<&Item> {
        self.named.get(word)
    }

    /// The page of a table.
    pub fn table(&self, name: &str) -> Option<Item> {
        let bare = without_schema(name);
        self.tables.contains_key(bare).then(|| (bare.to_owned(), hrefs::table(bare)))
    }

    /// A part of the page of a table; the page where it has no such part.
    pub fn part_of_table(&self, name: &str, part: &str) -> Option<Item> {
        let item = self.table(name)?;
        let (_, table) = self.tables.get(item.0.as_str())?;
        let has = match part {
            "invariants" => !table.invariants.is_empty(),
            _ => ["columns", "keys"].contains(&part),
        };
        Some(if has { at_part(&item, part, part) } else { item })
    }

    /// A part of the page of a capability, by what a contract or a reading of a page calls it.
    pub fn part_of_capability(&self, id: &str, key: &str) -> Option<Item> {
        let item = (id.to_owned(), hrefs::capability(id));
        let one = self.capability(id)?;
        let (part, has) = match key {
            "input" | "input_schema" => ("input", true),
            "output" | "output_schema" => ("output", true),
            "allowed_callers" | "simulation_gated" => ("gates", true),
            "reason_code" | "failure_mode" => ("codes", true),
            "writes" | "table" => ("writes", !one.writes.is_empty()),
            "dedupe" | "dedupe_key" => ("same-call", one.dedupe.is_some()),
            "audit" | "required_field" | "event_type" | "payload_key" | "engine" => {
                ("event", one.audit.is_some())
            }
            "notes" | "note" => ("notes", !one.notes.is_empty()),
            _ => ("", false),
        };
        let words = match part {
            "same-call" => "the same call",
            "event" => "audit event",
            "codes" => "reason codes",
            other => other,
        };
        Some(if has { at_part(&item, part, words) } else { item })
    }

    /// A key of the payload of a capability's event, as a spec writes it: `user_id?`, `action=UNLOCK`.
    pub fn payload_key(&self, id: &str, written: &str) -> Option<Item> {
        let name = payload_name(written);
        let keys = &self.capability(id)?.audit.as_ref()?.payload_keys;
        let item = (id.to_owned(), hrefs::capability(id));
        keys.iter()
            .any(|key| payload_name(key) == name)
            .then(|| at_part(&item, &format!("payload.{name}"), name))
    }

    pub fn capability(&self, id: &str) -> Option<&'a Capability> {
        self.resolved.contracts.iter().flat_map(|one| &one.capabilities).find(|one| one.id == id)
    }

    /// The page of an engine, by its module.
    pub fn engine(&self, module: &str) -> Option<Item> {
        let id = self.contract(module)?.engine.id.as_str();
        Some((id.to_owned(), hrefs::engine(id)))
    }

    /// A sentence of a list that the page of an engine shows.
    pub fn sentence(&self, module: &str, kind: &str, place: usize) -> Option<Item> {
        let item = self.engine(module)?;
        let contract = self.contract(module)?;
        let (list, words, count) = match kind {
            "failure_rules" => ("failure", "failures", contract.failure_rules.len()),
            "audit_rules" => ("audit", "audit", contract.audit_rules.len()),
            "unique" => ("unique", "keys", contract.relations.unique.len()),
            "constraints" => ("constraint", "constraints", contract.relations.constraints.len()),
            "reads" => ("read", "reads", contract.reads.len()),
            _ => return Some(item),
        };
        Some(if place < count { at_part(&item, &format!("{list}.{place}"), words) } else { item })
    }

    /// What an engine reads, by its title.
    pub fn read(&self, module: &str, title: &str) -> Option<Item> {
        let contract = self.contract(module)?;
        match contract.reads.iter().position(|read| read.title == title) {
            Some(place) => self.sentence(module, "reads", place),
            None => self.engine(module),
        }
    }

    fn contract(&self, module: &str) -> Option<&'a Contract> {
        self.resolved.contracts.iter().find(|one| module_name(&one.engine.id) == module)
    }

    /// An item of a contract by its path there.
    pub fn item(&self, module: &str, parts: &[&str]) -> Option<Item> {
        let number = |text: &str| text.parse().unwrap_or(usize::MAX);
        match parts {
            // A name that is stated and that no contract took has no place.
            ["types" | "records", name, ..] if !self.declares(module, name) => None,
            ["capabilities", id, "input", field, ..] => {
                let href = format!("{}#{}", hrefs::capability(id), hrefs::slug(&format!("input.{field}")));
                Some((format!("{id}.{field}"), href))
            }
            ["capabilities", id, key, ..] => self.part_of_capability(id, key),
            ["capabilities", id] => Some(((*id).to_owned(), hrefs::capability(id))),
            ["tables", name, rest @ ..] => self.of_table(module, name, rest),
            ["reason_codes", name, ..] => Some(((*name).to_owned(), hrefs::code(name))),
            ["acceptance_tests", id, ..] => Some(((*id).to_owned(), hrefs::test(id))),
            ["records", name, "fields", field, ..] => {
                let field = format!("{name}.{field}");
                let href = hrefs::ty(module, &field);
                Some((field, href))
            }
            ["types" | "records", name, ..] => Some(((*name).to_owned(), hrefs::ty(module, name))),
            ["relations", "foreign_keys", from] => self.reference(from),
            ["relations", kind, place] | [kind @ ("failure_rules" | "audit_rules"), place] => {
                self.sentence(module, kind, number(place))
            }
            ["reads", title, ..] => self.read(module, title),
            ["refusals", ..] => {
                let has = self.contract(module).is_some_and(|one| !one.refusals.is_empty());
                let engine = self.engine(module)?;
                Some(if has { at_part(&engine, "refusals", "refusals") } else { engine })
            }
            _ if module == SHARED => Some(("shared types".to_owned(), hrefs::types(SHARED))),
            _ => self.engine(module),
        }
    }

    fn of_table(&self, module: &str, name: &str, rest: &[&str]) -> Option<Item> {
        let item = self.table(name)?;
        let (shown_by, table) = self.tables.get(item.0.as_str())?;
        Some(match rest {
            ["columns", column, ..] if table.columns.iter().any(|one| one.name == *column) => {
                let href = format!("{}#{}", item.1, hrefs::slug(&format!("column.{column}")));
                (format!("{}.{column}", item.0), href)
            }
            ["invariants", place] if shown_by == module => {
                at_part(&item, &format!("invariant.{place}"), "invariant")
            }
            ["primary_key" | "unique_keys" | "constraints" | "indices" | "clustered_by", ..] => {
                at_part(&item, "keys", "keys")
            }
            _ => item,
        })
    }

    /// Where the page of a table says what one of its columns names.
    pub fn reference(&self, from: &str) -> Option<Item> {
        let (table, column) = from.rsplit_once('.')?;
        let item = self.table(table)?;
        let mut keys = self.resolved.contracts.iter().flat_map(|one| &one.relations.foreign_keys);
        let is_shown = keys.any(|key| {
            key.from
                .rsplit_once('.')
                .is_some_and(|(other, own)| without_schema(other) == item.0 && own == column)
        });
        Some(if is_shown { at_part(&item, &format!("reference.{column}"), "reference") } else { item })
    }
}

fn declared(resolved: &Resolved) -> BTreeMap<String, BTreeSet<&str>> {
    let own = resolved.contracts.iter().map(|one| (module_name(&one.engine.id), &one.types, &one.records));
    let shared = (SHARED.to_owned(), &resolved.shared.types, &resolved.shared.records);
    own.chain([shared])
        .map(|(module, types, records)| {
            let types = types.iter().map(|ty| ty.name.as_str());
            (module, types.chain(records.iter().map(|record| record.name.as_str())).collect())
        })
        .collect()
}

/// Every table once, by the first contract that lists its columns, else the first that has it.
pub(super) fn tables(contracts: &[Contract]) -> Vec<(&Contract, &Table)> {
    let all = || contracts.iter().flat_map(|one| one.tables.iter().map(move |table| (one, table)));
    let mut found: Vec<(&Contract, &Table)> = Vec::new();
    for (contract, table) in all().filter(|(_, table)| !table.columns.is_empty()).chain(all()) {
        let bare = without_schema(&table.name);
        if !found.iter().any(|(_, known)| without_schema(&known.name) == bare) {
            found.push((contract, table));
        }
    }
    found
}

/// The name of a key of a payload, without the words about its value.
pub(super) fn payload_name(written: &str) -> &str {
    written.split(['?', '=']).next().unwrap_or(written).trim()
}

/// The anchor of a key of a payload.
pub(super) fn payload_anchor(name: &str) -> String {
    hrefs::slug(&format!("payload.{name}"))
}

/// A part of a page as an item of its own.
pub(super) fn at_part((label, href): &Item, part: &str, words: &str) -> Item {
    (format!("{label}{PART}{words}"), format!("{href}#{}", hrefs::slug(part)))
}
