//! What sentences say of a capability: who may call it, and whether a simulation gates it.

use std::collections::BTreeMap;

use super::named::is_engine_id;
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::lint::Subject;
use crate::lint::sentence::{clauses, code_spans, is_denied, raw, words};
use crate::lint::subject::Engine;
use crate::parse::document::{CapabilityText, Document, Text};
use crate::source::Span;

/// Words that say that no simulation gates a call, and words that say that one does.
const UNGATED: [&str; 6] = [
    "needs no simulation",
    "need no simulation",
    "without a simulation",
    "not simulation-gated",
    "no simulation gates",
    "needs not be simulated",
];
const GATED: [&str; 4] =
    ["needs a simulation", "is simulation-gated", "is gated by a simulation", "requires a simulation"];

/// Words behind which the only callers stand, and words between which they stand.
const ONLY_BY: [&str; 4] =
    ["only called by ", "called only by ", "callable only by ", "called by nobody but "];

/// Words that let everybody call; no group of callers does.
const ANYBODY: [&str; 9] = [
    "may be called by anybody",
    "may be called by anyone",
    "may be called by everybody",
    "may be called by any engine",
    "anybody may call",
    "anyone may call",
    "everybody may call",
    "any engine may call",
    "every engine may call",
];

/// Sentences that say otherwise than the ECM who may call a capability, or whether a simulation gates it.
pub fn against_callers(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    super::call_words::against_calls(subject, diagnostics);
    for engine in &subject.engines {
        let Some(ecm) = engine.ecm else { continue };
        for (index, text) in ecm.capabilities.iter().enumerate() {
            for clause in text.notes.iter().flat_map(|(_, note)| clauses(note.span, subject.sources)) {
                of_clause(clause, (index, text), engine, subject, diagnostics);
            }
        }
        let by_id: BTreeMap<&str, (usize, &CapabilityText)> =
            ecm.capabilities.iter().enumerate().map(|one| (one.1.id.value.as_str(), one)).collect();
        let sentences = engine.each_page().flat_map(sentences);
        for clause in sentences.flat_map(|text| clauses(text.span, subject.sources)) {
            for (name, _) in code_spans(clause, subject.sources) {
                let Some(capability) = by_id.get(name) else { continue };
                of_clause(clause, *capability, engine, subject, diagnostics);
            }
        }
    }
}

fn of_clause(
    clause: Span,
    capability: (usize, &CapabilityText),
    engine: &Engine<'_>,
    subject: &Subject<'_>,
    diagnostics: &mut Diagnostics,
) {
    of_simulation(clause, capability.1, subject, diagnostics);
    of_caller(clause, capability, engine, subject, diagnostics);
}

fn sentences(page: &Document) -> impl Iterator<Item = &Text> {
    let invariants = page.tables.iter().flat_map(|table| &table.invariants);
    let rules = page.relations.constraints.iter().chain(&page.audit_rules).chain(&page.failure_rules);
    let writes = page.writes.iter().flat_map(|write| &write.notes).map(|(_, note)| note);
    invariants.chain(rules).chain(writes).chain(&page.prose)
}

fn callers_place(text: &CapabilityText) -> Span {
    text.allowed_callers.as_ref().map_or(text.id.span, |callers| callers.span)
}

fn of_simulation(clause: Span, text: &CapabilityText, subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let words = raw(clause, subject.sources);
    let has_any = |list: &[&str]| list.iter().any(|phrase| words.contains(phrase));
    let message = match (has_any(&UNGATED), has_any(&GATED), text.simulation_gated) {
        (true, _, true) => {
            format!("`{}` needs no simulation by a sentence, and is gated by one", text.id.value)
        }
        (false, true, false) => {
            format!("`{}` needs a simulation by a sentence, and may be called without one", text.id.value)
        }
        _ => return,
    };
    diagnostics.push(
        Diagnostic::new(codes::CALL_AGAINST_SENTENCE, message, clause, "this sentence")
            .and(callers_place(text), "by its callers")
            .help("write `(simulation-gated)` behind the callers, or mend the sentence"),
    );
}

fn of_caller(
    clause: Span,
    (index, text): (usize, &CapabilityText),
    engine: &Engine<'_>,
    subject: &Subject<'_>,
    diagnostics: &mut Diagnostics,
) {
    let Some(capability) = engine.contract.capabilities.get(index) else { return };
    let words_of_clause = raw(clause, subject.sources);
    // `only PH1.ONB may call it`, `called only by PH1.ONB`.
    let behind = ONLY_BY.iter().find_map(|phrase| words_of_clause.find(phrase).map(|at| at + phrase.len()));
    let between = words_of_clause
        .find("only ")
        .filter(|at| words_of_clause[*at..].contains(" may call"))
        .map(|at| at + "only ".len());
    let is_for_all = ANYBODY.iter().any(|phrase| words_of_clause.to_ascii_lowercase().contains(phrase));
    if is_for_all && !is_denied(clause, &[], subject.sources) {
        let message = format!("anybody may call `{}` by a sentence, and not by its callers", capability.id);
        diagnostics.push(
            Diagnostic::new(codes::CALL_AGAINST_SENTENCE, message, clause, "this sentence")
                .and(callers_place(text), "the allowed callers")
                .help("mend the sentence: only the allowed callers are served"),
        );
    }
    let Some(at) = behind.or(between) else { return };
    let known: Vec<&str> = subject
        .lexicon()
        .iter()
        .flat_map(|lexicon| &lexicon.callers)
        .flat_map(|(_, callers)| callers)
        .map(|caller| caller.value.as_str())
        .collect();
    let named = words(Span::new(clause.file, clause.start + at, clause.end), subject.sources);
    let Some((caller, place)) = named.first() else { return };
    let is_caller = is_engine_id(caller) || known.contains(caller);
    if !is_caller || capability.allowed_callers.iter().any(|allowed| allowed == caller) {
        return;
    }
    let message = format!(
        "only `{caller}` calls `{}` by a sentence, and it is not among the allowed callers",
        capability.id
    );
    diagnostics.push(
        Diagnostic::new(codes::CALL_AGAINST_SENTENCE, message, *place, "this caller")
            .and(callers_place(text), "the allowed callers")
            .help("name a group of callers that has it, or mend the sentence"),
    );
}
