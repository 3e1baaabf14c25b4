//! A field: every input, record and table that has it, with its type, bounds and lines.

use std::collections::BTreeSet;

use selene_codegen::contract::Field;
use selene_codegen::naming::without_schema;

use super::capability::method;
use super::known::{Known, field};
use super::page::Page;
use super::statements::statements_of_column;
use crate::coverage::item::Kind;
use crate::coverage::place::line_of;
use crate::paths::SHARED;

/// A place that has the field.
struct Use<'a> {
    engine: &'a str,
    kind: &'static str,
    owner: &'a str,
    field: &'a Field,
    /// Where its line stands among the places of the contract.
    path: Vec<&'a str>,
}

/// The page of a field by its name; of one table, record or capability alone where `owner` is given.
pub fn page(known: &Known<'_>, name: &str, owner: Option<&str>) -> Option<Page> {
    let mut uses = uses(known);
    uses.retain(|one| one.field.name == name && owner.is_none_or(|owner| one.owner == owner));
    let shown = |kind: &'static str| {
        let of_kind = uses.iter().filter(move |one| one.kind == kind);
        of_kind.map(|one| format!("{}: {}.{}", one.engine, one.owner, field(one.field))).collect::<Vec<_>>()
    };
    let mut lines: Vec<String> = Vec::new();
    for one in &uses {
        let at = |length| line_of(known.run, one.engine, &one.path[..length]);
        let of_page = (1..=one.path.len()).rev().find_map(at);
        // What the lexicon says of it.
        let of_lexicon = line_of(known.run, one.engine, &[&one.path[..], &["type"]].concat());
        for line in of_page.into_iter().chain(of_lexicon).map(|line| line.to_string()) {
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
    }
    let columns = uses.iter().any(|one| one.kind == "column");
    let statements = if columns { statements_of_column(known.rust, name) } else { Vec::new() };
    let codes: BTreeSet<&str> = uses.iter().filter_map(|one| one.field.violation.as_deref()).collect();
    let full = owner.map_or_else(|| name.to_owned(), |owner| format!("{owner}.{name}"));
    let page = Page::new("field", &full, None)
        .with("spec", lines)
        .with("inputs", shown("input"))
        .with("columns", shown("column"))
        .with("records", shown("record"))
        .with("trait", methods(known, &uses))
        .with("statements", statements)
        .with("tests", known.tests(Kind::ReasonCode, |row| codes.contains(row.name.as_str())));
    (!uses.is_empty()).then_some(page)
}

/// The methods whose inputs have the field.
fn methods(known: &Known<'_>, uses: &[Use<'_>]) -> Vec<String> {
    let is_used = |id: &str| uses.iter().any(|one| one.kind == "input" && one.owner == id);
    let contracts = known.contracts().iter();
    let capabilities =
        contracts.flat_map(|contract| contract.capabilities.iter().map(move |one| (contract, one)));
    let with_field = capabilities.filter(|(_, capability)| is_used(&capability.id));
    with_field.flat_map(|(contract, capability)| method(contract, capability)).collect()
}

/// Every input, column and field of a record that is of a type, with its bounds.
pub fn of_type(known: &Known<'_>, name: &str) -> Vec<String> {
    let uses = uses(known);
    let of_type = uses.iter().filter(|one| names_type(&one.field.ty.to_string(), name));
    of_type.map(|one| format!("{}: {} {}.{}", one.engine, one.kind, one.owner, one.field.name)).collect()
}

/// Whether a type in words is one of that name, or holds one: `Option<UserId>`.
pub fn names_type(ty: &str, name: &str) -> bool {
    ty.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').any(|word| word == name)
}

/// The names of all fields, each also behind its owner.
pub fn names(known: &Known<'_>) -> Vec<String> {
    let uses = uses(known);
    uses.iter()
        .flat_map(|one| [one.field.name.clone(), format!("{}.{}", one.owner, one.field.name)])
        .collect()
}

fn uses<'a>(known: &Known<'a>) -> Vec<Use<'a>> {
    let mut uses = Vec::new();
    let records = known.run.resolved.shared.records.iter().map(|record| (SHARED, record));
    let of_engines = known.contracts().iter();
    let of_engines = of_engines.flat_map(|contract| {
        contract.records.iter().map(move |record| (contract.engine.id.as_str(), record))
    });
    for contract in known.contracts() {
        let engine = contract.engine.id.as_str();
        for capability in &contract.capabilities {
            let owner = capability.id.as_str();
            for field in capability.input_fields() {
                let path = vec!["capabilities", owner, "input", field.name.as_str()];
                uses.push(Use { engine, kind: "input", owner, field, path });
            }
        }
        for table in &contract.tables {
            let owner = without_schema(&table.name);
            for field in &table.columns {
                let path = vec!["tables", table.name.as_str(), "columns", field.name.as_str()];
                uses.push(Use { engine, kind: "column", owner, field, path });
            }
        }
    }
    for (engine, record) in records.chain(of_engines) {
        for field in &record.fields {
            let path = vec!["records", record.name.as_str(), "fields", field.name.as_str()];
            uses.push(Use { engine, kind: "record", owner: &record.name, field, path });
        }
    }
    uses
}
