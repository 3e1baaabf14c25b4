//! Which capability a write, an audit code or an event type belongs to, and what follows for the capability.

use std::collections::BTreeMap;

use selene_codegen::contract::{AuditRule, Capability, Contract, Effect};
use selene_codegen::naming::upper_snake;

use super::documents::EngineDocuments;
use super::input::is_understood;
use super::names::Names;
use super::provenance::Provenance;
use super::writes::{self, Places, report_event_fields, values};
use super::writes_by_words::WritesByWords;
use crate::diagnostics::{Diagnostic, Diagnostics, codes, guess_or};
use crate::parse::document::{Document, Text, WriteText};
use crate::source::Span;

/// Joins writes and audit rules with the capabilities of a contract.
pub fn link(
    documents: &EngineDocuments<'_>,
    names: &Names<'_>,
    file: &str,
    contract: &mut Contract,
    provenance: &mut Provenance,
    diagnostics: &mut Diagnostics,
) {
    let Some(ecm) = documents.ecm else { return };
    let engine_id = &documents.id.value;
    for write in documents.db_wiring.map_or(&[][..], |document| &document.writes) {
        check_engine(write, documents.id, diagnostics);
    }
    // Without capabilities nothing leads to one; their section has its own finding.
    if ecm.capabilities.is_empty() {
        return;
    }
    let by_words = WritesByWords::new(engine_id, &contract.capabilities);
    from_audit_section(ecm, &by_words, file, contract, provenance, diagnostics);
    let Some(db_wiring) = documents.db_wiring else { return };
    let mut linked: BTreeMap<String, Span> = BTreeMap::new();
    for write in &db_wiring.writes {
        let Some(index) = find(&write.heading, &by_words, &contract.capabilities, ecm, diagnostics) else {
            continue;
        };
        let capability = &mut contract.capabilities[index];
        if let Some(first) = linked.get(&capability.id) {
            let message = format!("two writes belong to `{}`", capability.id);
            diagnostics.push(
                Diagnostic::new(codes::DUPLICATE_WRITE, message, write.heading.span, "the second one")
                    .and(*first, "the first one")
                    .help("name the capability exactly: ``### `PH1W_ENROLL_START_DRAFT_ROW` ``"),
            );
            continue;
        }
        linked.insert(capability.id.clone(), write.heading.span);
        let input = ecm.capabilities[index].input.as_ref().and_then(|schema| schema.tree.as_ref());
        let is_understood = input.is_some_and(|tree| is_understood(tree, names));
        let text = &ecm.capabilities[index];
        let code = provenance.exact(file, &["capabilities", &capability.id, "audit", "reason_code"]);
        let places =
            Places { input: text.input.as_ref().map_or(text.id.span, |input| input.text.span), code };
        writes::apply(write, &places, is_understood, capability, diagnostics);
        for table in &write.tables {
            provenance.add(file, &["capabilities", &capability.id, "writes", &table.value], table.span);
        }
        for key in ["writes", "dedupe", "audit"] {
            let span = match (key, &write.dedupe) {
                ("dedupe", Some(dedupe)) => dedupe.span,
                _ => write.heading.span,
            };
            provenance.add(file, &["capabilities", &capability.id, key], span);
        }
        for (key, note) in &write.notes {
            provenance.add(file, &["capabilities", &capability.id, "notes", &key.value], note.span);
        }
    }
    if !db_wiring.lacks("Writes") {
        report_missing(contract, ecm, db_wiring, &linked, diagnostics);
    }
}

/// Reports capabilities that write, and that the DB wiring has no write for.
fn report_missing(
    contract: &Contract,
    ecm: &Document,
    db_wiring: &Document,
    linked: &BTreeMap<String, Span>,
    diagnostics: &mut Diagnostics,
) {
    for (capability, text) in contract.capabilities.iter().zip(&ecm.capabilities) {
        let must_be_stored = capability.effect == Effect::Write && !capability.planned;
        if must_be_stored && !linked.contains_key(&capability.id) {
            let message = format!("the DB wiring has no write for `{}`", capability.id);
            let at = head(db_wiring);
            diagnostics.push(
                Diagnostic::new(codes::MISSING_WRITE, message, text.id.span, "this capability writes")
                    .and(at, "this document does not say what")
                    .help(format!("add ``### `{}` `` to the section `Writes`", capability.id)),
            );
        }
    }
}

fn find(
    heading: &Text,
    by_words: &WritesByWords,
    capabilities: &[Capability],
    ecm: &Document,
    diagnostics: &mut Diagnostics,
) -> Option<usize> {
    let bare = heading.value.replace('`', "");
    let exact = capabilities.iter().position(|capability| capability.id == bare.trim());
    if let Some(index) = exact.filter(|index| capabilities[*index].effect == Effect::Write) {
        return Some(index);
    }
    let found = by_words.matching(&bare);
    if let [index] = found.as_slice() {
        return Some(*index);
    }
    let writes = capabilities.iter().filter(|capability| capability.effect == Effect::Write);
    let known: Vec<&str> = writes.map(|capability| capability.id.as_str()).collect();
    let message = match (exact, found.len()) {
        (Some(_), _) => format!("`{bare}` is a capability that does not write"),
        (None, 0) => format!("no capability that writes has the words of `{bare}`"),
        (None, count) => format!("{count} capabilities have the words of `{bare}`"),
    };
    let help = if known.is_empty() {
        "add the capability to the ECM, with `DECLARED (DB_WRITE)`".to_owned()
    } else {
        format!("name one of `{}` exactly", known.join("`, `"))
    };
    let finding = Diagnostic::new(codes::UNKNOWN_CAPABILITY, message, heading.span, "this write")
        .help(guess_or(&bare, known.iter().copied(), &help));
    let place = |index: &usize| ecm.capabilities.get(*index).map(|text| text.id.span);
    let meant: Vec<Span> = exact.iter().chain(&found).filter_map(place).collect();
    let first_write = || capabilities.iter().position(|capability| capability.effect == Effect::Write);
    diagnostics.push(if meant.is_empty() {
        let at = first_write().as_ref().and_then(place).unwrap_or_else(|| head(ecm));
        finding.beside(at, "the capabilities that write")
    } else {
        meant.into_iter().fold(finding, |finding, at| finding.beside(at, "a capability of these words"))
    });
    None
}

/// The place of a page as a whole.
fn head(document: &Document) -> Span {
    document.title.as_ref().map_or(Span::start_of(document.file), |title| title.span)
}

fn check_engine(write: &WriteText, id: &Text, diagnostics: &mut Diagnostics) {
    let Some(engine) = &write.engine else { return };
    let named = engine.value.trim_start_matches("Other(").trim_end_matches(')').trim_matches('"');
    let engine_id = &id.value;
    if named != engine_id {
        diagnostics.push(
            Diagnostic::new(
                codes::WRONG_ENGINE_ID,
                format!("this write of `{engine_id}` names the engine `{named}`"),
                engine.span,
                "another engine",
            )
            .beside(id.span, "the header's")
            .help(format!("write `engine={engine_id}`")),
        );
    }
}

/// What the ECM's audit section says: codes and event types by the words of a capability's id.
fn from_audit_section(
    ecm: &Document,
    by_words: &WritesByWords,
    file: &str,
    contract: &mut Contract,
    provenance: &mut Provenance,
    diagnostics: &mut Diagnostics,
) {
    let audit = &ecm.audit;
    report_event_fields(&audit.required_fields, diagnostics);
    let required = values(&audit.required_fields);
    if !required.is_empty() {
        for capability in
            contract.capabilities.iter_mut().filter(|capability| capability.effect == Effect::Write)
        {
            capability.audit.get_or_insert_with(AuditRule::default).required_fields.clone_from(&required);
        }
    }
    for code in &audit.codes {
        // The first word is the engine's prefix. A code that fits no write is one of reads, guards or failures.
        let found = code.value.split_once('_').map_or_else(Vec::new, |(_, rest)| by_words.matching(rest));
        match found.as_slice() {
            [] => {}
            [index] => {
                let capability = &mut contract.capabilities[*index];
                provenance.add(file, &["capabilities", &capability.id, "audit", "reason_code"], code.span);
                capability.audit.get_or_insert_with(AuditRule::default).reason_code =
                    Some(code.value.clone());
            }
            several => ambiguous(code, several, contract, ecm, diagnostics),
        }
    }
    for (label, event_type) in &audit.event_types {
        for part in label.value.split('/') {
            let found = by_words.matching(part);
            let [index] = found.as_slice() else {
                ambiguous(label, &found, contract, ecm, diagnostics);
                continue;
            };
            let capability = &mut contract.capabilities[*index];
            provenance.add(file, &["capabilities", &capability.id, "audit", "event_types"], event_type.span);
            let rule = capability.audit.get_or_insert_with(AuditRule::default);
            let name = upper_snake(&event_type.value);
            if !rule.event_types.contains(&name) {
                rule.event_types.push(name);
            }
        }
    }
}

fn ambiguous(
    text: &Text,
    found: &[usize],
    contract: &Contract,
    ecm: &Document,
    diagnostics: &mut Diagnostics,
) {
    let ids: Vec<&str> = found.iter().map(|index| contract.capabilities[*index].id.as_str()).collect();
    let message = if ids.is_empty() {
        format!("no capability that writes has the words of `{}`", text.value)
    } else {
        format!("`{}` fits `{}`", text.value, ids.join("` and `"))
    };
    let finding = Diagnostic::new(codes::UNKNOWN_CAPABILITY, message, text.span, "which capability?")
        .help("use words that stand in exactly one capability's id");
    let places = found.iter().filter_map(|index| ecm.capabilities.get(*index));
    let is_write = |index: &usize| contract.capabilities[*index].effect == Effect::Write;
    let first = (0..contract.capabilities.len()).find(is_write).and_then(|index| ecm.capabilities.get(index));
    diagnostics.push(match (found.is_empty(), first) {
        (true, Some(first)) => finding.beside(first.id.span, "the capabilities that write"),
        (true, None) => finding.beside(head(ecm), "no capability writes here"),
        (false, _) => places.fold(finding, |finding, one| finding.beside(one.id.span, "one of these words")),
    });
}
