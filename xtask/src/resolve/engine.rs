//! One engine: its two documents become one contract.

use selene_codegen::contract::{
    AcceptanceTest, Capability, Contract, EngineHeader, ReasonCode, ReasonRef, RefusalClass, Relations,
    SpecKind,
};
use selene_codegen::naming::module_name;

use super::names::{Names, type_defs};
use super::output::Outputs;
use super::provenance::Provenance;
use super::{alternatives, audit, capability, records, tables};
use crate::diagnostics::{Diagnostic, Diagnostics, codes, guess_or};
use crate::parse::document::{Document, Text};
use crate::parse::lexicon::Lexicon;
use crate::parse::reason_codes::Register;
use crate::source::Span;

/// The documents of one engine.
#[derive(Debug)]
pub struct EngineDocuments<'a> {
    /// `PH1.W`
    pub id: &'a Text,
    /// Its capability map.
    pub ecm: Option<&'a Document>,
    /// Its DB wiring.
    pub db_wiring: Option<&'a Document>,
}

impl EngineDocuments<'_> {
    /// The halves that are there.
    pub fn both(&self) -> impl Iterator<Item = &Document> {
        self.ecm.into_iter().chain(self.db_wiring)
    }
}

/// Documents by engine id. Of two documents for the same half the first counts; the next phase reports the other.
#[must_use]
pub fn group(documents: &[Document]) -> Vec<EngineDocuments<'_>> {
    let mut engines: Vec<EngineDocuments<'_>> = Vec::new();
    for document in documents {
        let (Some(id), Some(kind)) = (&document.header.engine_id, document.kind) else { continue };
        if !engines.iter().any(|engine| engine.id.value == id.value) {
            engines.push(EngineDocuments { id, ecm: None, db_wiring: None });
        }
        for engine in engines.iter_mut().filter(|engine| engine.id.value == id.value) {
            let half = match kind {
                SpecKind::Ecm => &mut engine.ecm,
                SpecKind::DbWiring => &mut engine.db_wiring,
            };
            half.get_or_insert(document);
        }
    }
    engines.sort_by(|a, b| a.id.value.cmp(&b.id.value));
    engines
}

/// Resolves one engine.
pub fn contract(
    documents: &EngineDocuments<'_>,
    lexicon: &Lexicon,
    register: &Register,
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
        reason_codes: reason_codes(id, register, &file, provenance),
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
    if documents.ecm.is_some() {
        alternatives::report_strangers(names.alternatives(), &contract.capabilities, diagnostics);
    }
    if let Some(scope) = lexicon.engine(id) {
        contract.types = type_defs(scope);
        contract.records = records(&names, scope, &file, provenance, diagnostics);
        provenance.scope(&file, scope);
    }
    contract.records.extend(outputs.records.into_iter().map(|(record, _)| record));
    refusals(&mut contract, lexicon, register, &file, provenance, diagnostics);
    report_codes(documents, register, diagnostics);
    if let Some(document) = documents.db_wiring {
        tables::resolve(document, &names, &file, &mut contract, provenance, diagnostics);
        contract.acceptance_tests = tests(document, &file, provenance, diagnostics);
    }
    audit::link(documents, &file, &mut contract, provenance, diagnostics);
    check_violations(&contract, documents, &names, register, diagnostics);
    contract
}

fn header(documents: &EngineDocuments<'_>, file: &str, provenance: &mut Provenance) -> EngineHeader {
    // The ECM speaks for the whole engine; the DB wiring's header describes the slice of storage only.
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
        for (key, found) in
            [("purpose", &header.purpose), ("version", &header.version), ("status", &header.status)]
        {
            if let Some(found) = found {
                provenance.add(file, &["engine", key], found.span);
            }
        }
        for table in &header.data_owned {
            provenance.add(file, &["engine", "data_owned"], table.span);
        }
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
        purpose: text(|header| &header.purpose),
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

fn reason_codes(id: &str, register: &Register, file: &str, provenance: &mut Provenance) -> Vec<ReasonCode> {
    let Some(engine) = register.engine(id) else {
        return Vec::new();
    };
    let mut codes = Vec::new();
    for code in &engine.codes {
        // A code without a number has its own diagnostic; nothing is written then.
        if let Some(number) = &code.number {
            provenance.add(file, &["reason_codes", &code.name.value], code.name.span);
            codes.push(ReasonCode {
                name: code.name.value.clone(),
                number: number.value,
                meaning: code.meaning.clone(),
                source: code.source.clone(),
                retired: code.retired,
            });
        }
    }
    codes.sort_by_key(|code| code.number);
    codes
}

fn refusals(
    contract: &mut Contract,
    lexicon: &Lexicon,
    register: &Register,
    file: &str,
    provenance: &mut Provenance,
    diagnostics: &mut Diagnostics,
) {
    let own = lexicon.engine(&contract.engine.id).map(|scope| &scope.refusals);
    for class in RefusalClass::ALL {
        let code = own.and_then(|own| own.get(&class)).or_else(|| lexicon.shared.refusals.get(&class));
        let Some(code) = code else { continue };
        let own_engine =
            register.engine(&contract.engine.id).and_then(|engine| engine.code(&code.value).map(|_| engine));
        let Some(engine) = own_engine.or_else(|| register.find(&code.value).map(|(engine, _)| engine)) else {
            unknown_code(code, register, diagnostics);
            continue;
        };
        if engine.code(&code.value).is_some_and(|code| code.retired) {
            retired(code, diagnostics);
        }
        provenance.add(file, &["refusals", class.as_str()], code.span);
        let reference = ReasonRef { engine: engine.id.value.clone(), name: code.value.clone() };
        contract.refusals.insert(class, reference);
    }
}

fn unknown_code(code: &Text, register: &Register, diagnostics: &mut Diagnostics) {
    let known = register.engines.iter().flat_map(|engine| &engine.codes).map(|code| code.name.value.as_str());
    diagnostics.push(
        Diagnostic::new(
            codes::UNREGISTERED_CODE,
            format!("no engine registers the reason code `{}`", code.value),
            code.span,
            "not registered",
        )
        .help(guess_or(&code.value, known, "register it in reason_codes.yaml")),
    );
}

fn retired(code: &Text, diagnostics: &mut Diagnostics) {
    diagnostics.push(
        Diagnostic::new(
            codes::RETIRED_CODE,
            format!("the reason code `{}` is retired", code.value),
            code.span,
            "still in use here",
        )
        .help("use another code here, or take `retired: true` away in reason_codes.yaml"),
    );
}

/// Codes that the specs name must be registered, and codes that are registered must be named.
fn report_codes(documents: &EngineDocuments<'_>, register: &Register, diagnostics: &mut Diagnostics) {
    let id = &documents.id.value;
    let named: Vec<&Text> = documents.both().flat_map(|document| &document.reason_codes).collect();
    let engine = register.engine(id);
    for code in &named {
        match engine.and_then(|engine| engine.code(&code.value)) {
            Some(registered) if registered.retired => retired(code, diagnostics),
            Some(_) => {}
            None => {
                let next = engine.and_then(crate::parse::reason_codes::RegisteredEngine::next_number);
                let help = match (next, register.find(&code.value)) {
                    (_, Some((other, _))) => {
                        format!("`{}` registers it; name a code of `{id}`", other.id.value)
                    }
                    (Some(next), _) => guess_or(
                        &code.value,
                        engine
                            .into_iter()
                            .flat_map(|engine| &engine.codes)
                            .map(|known| known.name.value.as_str()),
                        &format!(
                            "add `{}: {{ number: 0x{next:08X}, meaning: \"…\", source: \"…\" }}` under `{id}` in reason_codes.yaml",
                            code.value
                        ),
                    ),
                    (None, _) => format!(
                        "add `{id}:` with a `block` of its own to reason_codes.yaml, and the code under it"
                    ),
                };
                diagnostics.push(
                    Diagnostic::new(
                        codes::UNREGISTERED_CODE,
                        format!("`{id}` does not register the reason code `{}`", code.value),
                        code.span,
                        "not registered",
                    )
                    .help(help),
                );
            }
        }
    }
    let is_whole = documents.ecm.is_some() && documents.db_wiring.is_some();
    for code in engine.map_or(&[][..], |engine| &engine.codes) {
        if !code.retired && !named.iter().any(|known| known.value == code.name.value) {
            let kind = if is_whole { codes::UNNAMED_CODE } else { codes::UNNAMED_CODE_SO_FAR };
            diagnostics.push(
                Diagnostic::new(
                    kind,
                    format!("no spec of `{id}` names the reason code `{}`", code.name.value),
                    code.name.span,
                    "registered here",
                )
                .help(
                    "name it in the spec's `Failure Modes + Reason Codes`, or mark it with `retired: true`",
                ),
            );
        }
    }
}

/// The code of a value out of bounds must be the engine's own.
fn check_violations(
    contract: &Contract,
    documents: &EngineDocuments<'_>,
    names: &Names<'_>,
    register: &Register,
    diagnostics: &mut Diagnostics,
) {
    let engine = register.engine(&contract.engine.id);
    for field in contract.capabilities.iter().flat_map(Capability::input_fields) {
        let Some(violation) = &field.violation else { continue };
        let span: Span = names.lexicon_span(&field.name, None).unwrap_or(documents.id.span);
        let code = Text::new(violation.clone(), span);
        match engine.and_then(|engine| engine.code(violation)) {
            Some(registered) if registered.retired => retired(&code, diagnostics),
            Some(_) => {}
            None => diagnostics.push(
                Diagnostic::new(
                    codes::UNREGISTERED_CODE,
                    format!("`{}` does not register the reason code `{violation}`", contract.engine.id),
                    span,
                    format!("the `violation` of `{}`", field.name),
                )
                .help(guess_or(
                    violation,
                    engine.into_iter().flat_map(|engine| &engine.codes).map(|code| code.name.value.as_str()),
                    "register it for this engine, or override the field under the engine in lexicon.yaml",
                )),
            ),
        }
    }
}

fn tests(
    document: &Document,
    file: &str,
    provenance: &mut Provenance,
    diagnostics: &mut Diagnostics,
) -> Vec<AcceptanceTest> {
    let mut found = Vec::new();
    for test in &document.acceptance_tests {
        provenance.add(file, &["acceptance_tests", &test.id.value], test.id.span);
        let Some(test_fn) = &test.test_fn else {
            let name = selene_codegen::naming::upper_snake(&test.id.value).to_ascii_lowercase();
            diagnostics.push(
                Diagnostic::new(
                    codes::MISSING_TEST_FN,
                    format!("the acceptance test `{}` has no function", test.id.value),
                    test.id.span,
                    "this test",
                )
                .help(format!("add a bullet below it, such as `` - `{name}_…` ``")),
            );
            continue;
        };
        found.push(AcceptanceTest {
            id: test.id.value.clone(),
            test_fn: test_fn.value.clone(),
            title: test.title.value.clone(),
        });
    }
    found
}
