//! Names of contracts as names of Rust: the items of one module and the variants of one enum must have different names.
//!
//! Enum values and reason codes are looked at where the lexicon and the register are read; this is about names that
//! several documents bring together, or that are made of others.

use std::collections::BTreeMap;

use selene_codegen::contract::{Capability, Contract, Output};
use selene_codegen::naming;

use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::parse::rust_names::{TAKEN, check_at};
use crate::resolve::Provenance;
use crate::source::Span;

/// Engine modules that would stand beside modules, types and macros of `selene_contracts` of the same name.
const MODULES: [&str; 40] = [
    "admitted",
    "all",
    "bool",
    "bounded",
    "capability",
    "check",
    "committed",
    "context",
    "core",
    "cursor",
    "digest",
    "engines",
    "error",
    "error_json",
    "every_repo",
    "f32",
    "f64",
    "foreign",
    "known",
    "look_alike",
    "outcome",
    "page",
    "pages",
    "payload",
    "reason",
    "registered",
    "row",
    "selene",
    "serde",
    "shared",
    "skeleton",
    "std",
    "str",
    "u128",
    "u16",
    "u32",
    "u64",
    "u8",
    "value",
    "violation",
];

/// Fields that the generated functions of an input with alternatives have names of their own for.
const LOCALS: [&str; 2] = ["context", "violations"];

/// Checks that no two names of an engine become the same name in Rust.
pub fn check_rust_names(contracts: &[Contract], provenance: &Provenance, diagnostics: &mut Diagnostics) {
    for contract in contracts {
        let file = naming::module_name(&contract.engine.id);
        let places = Places { provenance, file: &file };
        check_module(contract, &places, diagnostics);
        check_types(contract, &places, diagnostics);
        for capability in &contract.capabilities {
            check_variants(capability, &places, diagnostics);
        }
    }
}

struct Places<'a> {
    provenance: &'a Provenance,
    file: &'a str,
}

impl Places<'_> {
    fn find(&self, path: &[&str]) -> Option<Span> {
        let parts: Vec<String> = path.iter().map(|part| (*part).to_owned()).collect();
        self.provenance.find(self.file, &parts)
    }
}

/// The engine's id becomes a module.
fn check_module(contract: &Contract, places: &Places<'_>, diagnostics: &mut Diagnostics) {
    let Some(span) = places.find(&["engine"]) else { return };
    let (id, module) = (&contract.engine.id, places.file);
    // The file that calls the macros is text, in which no word is made raw.
    let is_raw = naming::identifier(module) == Some(naming::Identifier::Raw);
    if is_raw || MODULES.contains(&module) {
        let message = format!("the engine `{id}` would be the module `{module}`, which has another meaning");
        diagnostics.push(
            Diagnostic::new(codes::NO_RUST_NAME, message, span, "")
                .help("give the id a second word, as `PH1.W`"),
        );
    }
}

/// A name in the engine's module: what it is for people, what brings it, and where that stands.
type Named = (String, String, Span);

/// Types, records, inputs, outputs, traits and the enum of reason codes stand side by side.
fn check_types(contract: &Contract, places: &Places<'_>, diagnostics: &mut Diagnostics) {
    let mut seen: BTreeMap<String, Named> = BTreeMap::new();
    for (rust, (what, name, span)) in types_of(contract, places) {
        if what == "capability" {
            check_at(&name, &naming::method_name(&name), span, diagnostics);
            check_at(&name, &rust, span, diagnostics);
        }
        let is_declared = matches!(what.as_str(), "type" | "record");
        if !is_declared && TAKEN.contains(&rust.as_str()) && rust != "Self" {
            let message = format!("the {what} `{name}` becomes `{rust}`, which has another meaning in Rust");
            diagnostics.push(
                Diagnostic::new(codes::NO_RUST_NAME, message, span, "")
                    .help("give it another name, or a second word"),
            );
        }
        match seen.get(&rust) {
            // What is declared twice under one name, or a capability that stands twice, has a finding of its own.
            Some((first_what, first, _))
                if *first == name && (*first_what == what || is_declared && first_what != "capability") => {}
            Some((first_what, first, first_span)) => {
                let message = format!(
                    "the {first_what} `{first}` and the {what} `{name}` both become `{rust}` in Rust"
                );
                let diagnostic = Diagnostic::new(codes::SAME_RUST_NAME, message, span, "this one");
                let diagnostic = if *first_span == span {
                    diagnostic
                } else {
                    diagnostic.and(*first_span, "and this one")
                };
                diagnostics.push(diagnostic.help("give one of them another name"));
            }
            None => {
                seen.insert(rust, (what, name, span));
            }
        }
    }
}

fn types_of(contract: &Contract, places: &Places<'_>) -> Vec<(String, Named)> {
    let mut found: Vec<(String, Named)> = Vec::new();
    let mut add = |rust: String, what: &str, name: &str, path: &[&str]| {
        if let Some(span) = places.find(path).or_else(|| places.find(&["engine"])) {
            found.push((rust, (what.to_owned(), name.to_owned(), span)));
        }
    };
    let id = &contract.engine.id;
    if let Some(repo) = &contract.engine.repo_trait {
        add(repo.clone(), "repository trait", repo, &["engine", "trait"]);
        let backend = naming::backend_trait(repo);
        add(backend.clone(), "backend trait", &backend, &["engine", "trait"]);
    }
    let stem = naming::engine_stem(id);
    if !contract.reason_codes.is_empty() {
        add(format!("{stem}ReasonCode"), "reason codes of", id, &["engine"]);
    }
    if !contract.acceptance_tests.is_empty() {
        add(format!("{stem}Acceptance"), "acceptance trait of", id, &["engine"]);
    }
    for ty in &contract.types {
        add(ty.name.clone(), "type", &ty.name, &["types", &ty.name]);
    }
    for record in &contract.records {
        // A record without a name of its own is named after its capability, and stands in its schema.
        add(record.name.clone(), "record", &record.name, &["records", &record.name]);
    }
    for capability in &contract.capabilities {
        let pascal = naming::pascal(&capability.id);
        let path = ["capabilities", &capability.id];
        if matches!(capability.output, Output::OneOf { .. }) {
            add(format!("{pascal}Output"), "output of", &capability.id, &path);
        }
        add(pascal, "capability", &capability.id, &path);
        // Callers of before find it by its first name.
        if let Some(first) = &capability.stored_name {
            let path = ["capabilities", &capability.id, "notes", "renamed_from"];
            add(naming::pascal(first), "first name", first, &path);
        }
    }
    found
}

/// Alternatives of an input and of an output become variants.
fn check_variants(capability: &Capability, places: &Places<'_>, diagnostics: &mut Diagnostics) {
    let id = capability.id.as_str();
    let mut seen: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for alternative in &capability.input_alternatives {
        let variant = alternative.variant.as_str();
        let Some(span) = places.find(&["capabilities", id, "input_alternatives", variant]) else { continue };
        let names: Vec<&str> = alternative.fields.iter().map(|field| field.name.as_str()).collect();
        let shown = format!("({})", names.join(", "));
        check_at(&shown, variant, span, diagnostics);
        for field in names.iter().filter(|name| is_local(name)) {
            let message = format!("the field `{field}` cannot stand in an alternative of an input");
            diagnostics.push(
                Diagnostic::new(codes::NO_RUST_NAME, message, span, "in this input")
                    .help("give the field another name; the generated code of alternatives uses this one"),
            );
        }
        // What the lexicon names, and alternatives with the same fields, have findings of their own.
        let is_made_of_fields = naming::alternative_variant(names.iter().copied()) == variant;
        if is_made_of_fields && seen.insert(variant, names.clone()).is_some_and(|first| first != names) {
            let message = format!("two alternatives of the input of `{id}` become the variant `{variant}`");
            let help =
                format!("name the variants: `{id}` under `alternatives` of the engine in lexicon.yaml");
            diagnostics
                .push(Diagnostic::new(codes::SAME_RUST_NAME, message, span, "in this capability").help(help));
        }
    }
    let Output::OneOf { one_of } = &capability.output else { return };
    let mut outputs = BTreeMap::new();
    for ty in one_of {
        let variant = naming::output_variant(ty);
        let first = outputs.insert(variant.clone(), ty);
        if let (Some(first), Some(span)) =
            (first.filter(|first| *first != ty), places.find(&["capabilities", id, "output"]))
        {
            let message =
                format!("the outputs `{first}` and `{ty}` of `{id}` both become the variant `{variant}`");
            diagnostics.push(
                Diagnostic::new(codes::SAME_RUST_NAME, message, span, "in this capability")
                    .help("let one of them be a record with a name of its own"),
            );
        }
    }
}

fn is_local(field: &str) -> bool {
    let is_part = field
        .strip_prefix("part_")
        .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()));
    LOCALS.contains(&field) || is_part
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_engine_takes_the_name_of_a_module_of_the_contracts() {
        let package = std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo runs the tests");
        let root = std::path::Path::new(&package).join("../generated/src/lib.rs");
        let text = std::fs::read_to_string(root).expect("the root of the contracts");
        let modules = text.lines().filter_map(|line| {
            line.strip_prefix("pub ").unwrap_or(line).strip_prefix("mod ")?.strip_suffix(';')
        });
        let missing: Vec<&str> = modules.filter(|module| !MODULES.contains(module)).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }
}
