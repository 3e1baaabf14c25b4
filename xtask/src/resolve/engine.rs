//! One engine: its two documents become one contract.

use selene_codegen::contract::{AcceptanceTest, Contract, EngineHeader, Relations, SpecKind};
use selene_codegen::naming::module_name;

use super::documents::EngineDocuments;
use super::items::{records, type_defs};
use super::lost::Lost;
use super::names::Names;
use super::output::Outputs;
use super::provenance::Provenance;
use super::{alternatives, audit, capability, classes, reasons, tables};
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::parse::document::{Document, Text};
use crate::parse::lexicon::Lexicon;
use crate::parse::reason_codes::{Register, RegisteredEngine};
use crate::parse::rust_names;

/// An engine that is gone: what it stored stays readable by the names and numbers of its codes, and nothing else is left.
pub fn retired(
    engine: &RegisteredEngine,
    register: Option<&Register>,
    provenance: &mut Provenance,
) -> Contract {
    let id = engine.id.value.as_str();
    let file = module_name(id);
    provenance.add(&file, &["engine"], engine.id.span);
    let reason_codes =
        register.map(|register| reasons::codes_of(id, register, &file, provenance)).unwrap_or_default();
    Contract {
        engine: EngineHeader {
            id: id.to_owned(),
            repo_trait: None,
            purpose: "Retired: its events stay readable".to_owned(),
            version: String::new(),
            status: "RETIRED".to_owned(),
            data_owned: Vec::new(),
            missing: vec![SpecKind::Ecm, SpecKind::DbWiring],
        },
        capabilities: Vec::new(),
        types: Vec::new(),
        records: Vec::new(),
        reason_codes,
        refusals: std::collections::BTreeMap::new(),
        tables: Vec::new(),
        reads: Vec::new(),
        relations: Relations::default(),
        failure_rules: Vec::new(),
        audit_rules: Vec::new(),
        acceptance_tests: Vec::new(),
    }
}

/// Resolves one engine. Without a register it has no reason codes, and nothing is reported of them.
pub fn contract(
    documents: &EngineDocuments<'_>,
    lexicon: &Lexicon,
    register: Option<&Register>,
    lost: &Lost,
    provenance: &mut Provenance,
    diagnostics: &mut Diagnostics,
) -> Contract {
    let id = documents.id.value.as_str();
    let file = module_name(id);
    let names = Names::engine(lexicon, id);
    let mut outputs = Outputs { names: &names, file: &file, records: Vec::new() };
    let capabilities = documents.ecm.map_or(&[][..], |document| &document.capabilities);
    let mut contract = Contract {
        engine: header(documents, &file, provenance),
        capabilities: capabilities
            .iter()
            .map(|text| capability::resolve(text, lexicon, &names, &mut outputs, provenance, diagnostics))
            .collect(),
        types: Vec::new(),
        records: Vec::new(),
        reason_codes: register
            .map(|register| reasons::codes_of(id, register, &file, provenance))
            .unwrap_or_default(),
        refusals: std::collections::BTreeMap::new(),
        tables: Vec::new(),
        reads: Vec::new(),
        relations: Relations::default(),
        failure_rules: sentences(
            documents,
            &file,
            "failure_rules",
            |document| &document.failure_rules,
            provenance,
        ),
        audit_rules: sentences(documents, &file, "audit_rules", |document| &document.audit_rules, provenance),
        acceptance_tests: Vec::new(),
    };
    if let Some(first) = capabilities.first() {
        let at = first.id.span;
        alternatives::report_unknown(names.alternatives(), &contract.capabilities, at, diagnostics);
        outputs.report_additions(diagnostics);
    }
    if let Some(scope) = lexicon.engine(id) {
        contract.types = type_defs(scope);
        contract.records = records(&names, scope, &file, provenance, diagnostics);
        provenance.scope(&file, scope);
    }
    contract.records.extend(outputs.records.into_iter().map(|(record, _)| record));
    if let Some(register) = register {
        reasons::refusals(&mut contract, lexicon, register, &file, provenance);
        reasons::report_uses(&contract, documents, &names, register, diagnostics);
        if !lost.concerns(id) {
            reasons::report_unnamed(documents, register, diagnostics);
        }
    }
    if let Some(document) = documents.db_wiring {
        tables::resolve(document, &names, &file, &mut contract, provenance, diagnostics);
        contract.acceptance_tests = tests(document, Some(id), &file, provenance, diagnostics);
    }
    audit::link(documents, &names, &file, &mut contract, provenance, diagnostics);
    if let Some(register) = register {
        classes::apply(&mut contract, documents, lexicon.engine(id), &names, register, diagnostics);
        classes::check_uses(&contract, &file, &names, register, provenance, diagnostics);
    }
    contract
}

fn header(documents: &EngineDocuments<'_>, file: &str, provenance: &mut Provenance) -> EngineHeader {
    // The ECM's header describes the whole engine, the DB wiring's only its storage.
    let leading = documents.both().next();
    let text = |pick: fn(&crate::parse::document::Header) -> &Option<Text>| {
        leading
            .and_then(|document| pick(&document.header).as_ref())
            .map(|text| text.value.clone())
            .unwrap_or_default()
    };
    provenance.add(file, &["engine"], documents.id.span);
    if let Some(document) = leading {
        let header = &document.header;
        for (key, found) in [("version", &header.version), ("status", &header.status)] {
            if let Some(found) = found {
                provenance.add(file, &["engine", key], found.span);
            }
        }
        for table in &header.data_owned {
            provenance.add(file, &["engine", "data_owned"], table.span);
        }
    }
    let purpose = documents.purpose();
    if let Some(found) = purpose {
        provenance.add(file, &["engine", "purpose"], found.span);
    }
    let repo_trait = documents.ecm.and_then(|document| document.repo_trait.as_ref());
    if let Some(found) = repo_trait {
        provenance.add(file, &["engine", "trait"], found.span);
    }
    let mut missing = Vec::new();
    if documents.ecm.is_none() {
        missing.push(SpecKind::Ecm);
    }
    if documents.db_wiring.is_none() {
        missing.push(SpecKind::DbWiring);
    }
    EngineHeader {
        id: documents.id.value.clone(),
        repo_trait: repo_trait.map(|found| found.value.clone()),
        purpose: purpose.map(|found| found.value.clone()).unwrap_or_default(),
        version: text(|header| &header.version),
        status: text(|header| &header.status),
        data_owned: documents
            .ecm
            .map(|document| document.header.data_owned.iter().map(|table| table.value.clone()).collect())
            .unwrap_or_default(),
        missing,
    }
}

fn sentences(
    documents: &EngineDocuments<'_>,
    file: &str,
    key: &str,
    pick: fn(&Document) -> &[Text],
    provenance: &mut Provenance,
) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for text in documents.both().flat_map(pick) {
        provenance.add(file, &[key, &found.len().to_string()], text.span);
        found.push(text.value.clone());
    }
    found
}

fn tests(
    document: &Document,
    engine: Option<&str>,
    file: &str,
    provenance: &mut Provenance,
    diagnostics: &mut Diagnostics,
) -> Vec<AcceptanceTest> {
    let mut found = Vec::new();
    for test in &document.acceptance_tests {
        provenance.add(file, &["acceptance_tests", &test.id.value], test.id.span);
        if test.test_fn.is_none() {
            let name = selene_codegen::naming::upper_snake(&test.id.value).to_ascii_lowercase();
            diagnostics.push(
                Diagnostic::new(
                    codes::MISSING_TEST_FN,
                    format!("the acceptance test `{}` has no function", test.id.value),
                    test.id.span,
                    "this test",
                )
                .help(format!("add a bullet below it, such as `` - `{name}_…` ``"))
                .about(engine, &test.id.value),
            );
        }
        for test_fn in test.functions() {
            rust_names::check(test_fn, &test_fn.value, diagnostics);
            found.push(AcceptanceTest {
                id: test.id.value.clone(),
                test_fn: test_fn.value.clone(),
                title: test.title.value.clone(),
            });
        }
    }
    found
}
