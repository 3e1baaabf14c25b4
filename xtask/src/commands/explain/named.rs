//! What the lexicon names beside fields, and engines: types, records, and what a page is about as a whole.

use selene_codegen::contract::{Contract, Record, TypeDef, TypeKind};

use super::field;
use super::known::{Known, contract_file, field as shown};
use super::page::Page;
use crate::paths::SHARED;

/// The pages of types and records of that name.
pub fn pages(known: &Known<'_>, name: &str) -> Vec<Page> {
    let shared = &known.run.resolved.shared;
    let of_engines = known.contracts().iter();
    let scopes = of_engines.map(|contract| (contract.engine.id.as_str(), &contract.types, &contract.records));
    let mut pages = Vec::new();
    for (engine, types, records) in std::iter::once((SHARED, &shared.types, &shared.records)).chain(scopes) {
        let owner = Some(engine).filter(|engine| *engine != SHARED);
        let found = types.iter().find(|one| one.name.eq_ignore_ascii_case(name));
        pages.extend(found.map(|one| of_type(known, (engine, owner), one)));
        let found = records.iter().find(|one| one.name.eq_ignore_ascii_case(name));
        pages.extend(found.map(|one| of_record(known, (engine, owner), one)));
    }
    pages
}

fn of_type(known: &Known<'_>, (engine, owner): (&str, Option<&str>), one: &TypeDef) -> Page {
    let states = match &one.kind {
        TypeKind::Enum { values } => format!("one of {}", values.join(", ")),
        TypeKind::Text { min_len, max_len, .. } => format!("{min_len} to {max_len} bytes"),
        TypeKind::Integer { repr, .. } => repr.as_str().to_owned(),
    };
    Page::new("type", &one.name, owner)
        .with("spec", lines(known, (engine, "types"), &one.name))
        .with("contract", [file(engine), format!("{states}. {}", one.doc)])
        .with("fields", field::of_type(known, &one.name))
}

fn of_record(known: &Known<'_>, (engine, owner): (&str, Option<&str>), one: &Record) -> Page {
    let answers = known.contracts().iter().flat_map(|contract| &contract.capabilities);
    let answers = answers.filter(|one_of| {
        one_of.output.types().iter().any(|ty| field::names_type(&ty.to_string(), &one.name))
    });
    Page::new("record", &one.name, owner)
        .with("spec", lines(known, (engine, "records"), &one.name))
        .with("contract", std::iter::once(file(engine)).chain(one.fields.iter().map(shown)))
        .with("answers", answers.map(|capability| capability.id.clone()))
        .with("fields", field::of_type(known, &one.name))
}

fn file(engine: &str) -> String {
    if engine == SHARED { "generated/contracts/shared.yaml".to_owned() } else { contract_file(engine) }
}

/// Where it is declared, else every line that names it.
fn lines(known: &Known<'_>, (engine, kind): (&str, &str), name: &str) -> Vec<String> {
    let declared = known.spec_lines(engine, &[&[kind, name]]);
    if declared.is_empty() { known.lines_that_name(name) } else { declared }
}

/// The page of an engine: its header, and what there is of it.
pub fn engine(known: &Known<'_>, contract: &Contract) -> Page {
    let header = &contract.engine;
    let id = header.id.as_str();
    let names = contract.tables.iter().map(|table| table.name.clone());
    Page::new("engine", id, None)
        .with("spec", known.spec_lines(id, &[&["engine", "id"], &["engine"], &["engine", "purpose"]]))
        .with("contract", [contract_file(id), header.purpose.clone()])
        .with("trait", header.repo_trait.clone())
        .with("capabilities", contract.capabilities.iter().map(|capability| capability.id.clone()))
        .with("tables", names)
        .with("reason codes", contract.reason_codes.iter().map(|code| code.name.clone()))
        .with("tests", contract.acceptance_tests.iter().map(|test| format!("{}: {}", test.id, test.title)))
}
