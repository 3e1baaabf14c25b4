//! Gates: what pages call one, against classes of codes and types of events.

use selene_codegen::contract::ReasonClass;
use selene_codegen::naming::upper_snake;

use super::codes_of_pages::class_of;
use super::values::notes;
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::lint::Subject;
use crate::lint::sentence::{Word, clauses, is_denied, words};
use crate::lint::subject::Engine;
use crate::parse::document::{Document, Text};
use crate::parse::reason_codes::RegisteredEngine;
use crate::source::Span;

/// How the types of events begin that say that a gate was passed or not.
const GATE: &str = "GATE_";

/// Codes and types of events that a sentence calls a gate and that are of none, and writes of a step whose events are those of
/// gates only.
pub fn of_other_class(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let Some(register) = subject.register() else { return };
    for engine in &subject.engines {
        let Some(registered) = register.engine(&engine.id.value) else { continue };
        of_writes(engine, registered, diagnostics);
        let sentences = engine.each_page().flat_map(sentences);
        for clause in sentences.flat_map(|text| clauses(text.span, subject.sources)) {
            if is_denied(clause, &[], subject.sources) {
                continue;
            }
            let words = words(clause, subject.sources);
            for index in 0..words.len() {
                if is_called_gate(&words, index) {
                    of_word(words[index], engine, registered, subject, diagnostics);
                }
            }
        }
    }
}

fn sentences(page: &Document) -> impl Iterator<Item = &Text> {
    let invariants = page.tables.iter().flat_map(|table| &table.invariants);
    let rules = page.relations.constraints.iter().chain(&page.audit_rules).chain(&page.failure_rules);
    invariants.chain(rules).chain(notes(page).map(|(_, note)| note))
}

/// Whether a word stands where a sentence names a gate: `the gate X`, `gated by X`, `X is a gate`, `X gates …`.
fn is_called_gate(words: &[Word<'_>], index: usize) -> bool {
    let is = |at: Option<usize>, list: &[&str]| {
        let word = at.and_then(|at| words.get(at));
        word.is_some_and(|(word, _)| list.contains(&word.to_ascii_lowercase().as_str()))
    };
    let before = |back: usize| index.checked_sub(back);
    is(before(1), &["gate", "gates"])
        || is(before(1), &["by"]) && is(before(2), &["gated"])
        || is(before(1), &["the"]) && is(before(2), &["gate"])
        || is(Some(index + 1), &["gates"])
        || is(Some(index + 1), &["is"])
            && is(Some(index + 2), &["a", "the"])
            && is(Some(index + 3), &["gate"])
        || is(before(1), &["the", "a"]) && is(Some(index + 1), &["gate"])
}

fn of_word(
    (word, place): Word<'_>,
    engine: &Engine<'_>,
    registered: &RegisteredEngine,
    subject: &Subject<'_>,
    diagnostics: &mut Diagnostics,
) {
    let of_code = registered.code(word).and_then(|code| {
        let class = class_of(code).filter(|class| *class != ReasonClass::Gate)?;
        let at = code.class.as_ref().map_or(code.name.span, |class| class.span);
        Some((format!("a reason code of class `{}`", class.as_str()), at, "its class"))
    });
    let of_event = subject.values_of("", "event_type").and_then(|(values, at)| {
        let name = upper_snake(word);
        let is_event = name.contains('_') && values.contains(&name) && !name.starts_with(GATE);
        is_event.then(|| ("a type of event that is of no gate".to_owned(), at, "the types of events"))
    });
    let Some((what, at, label)) = of_code.or(of_event) else { return };
    let message = format!("a sentence of `{}` calls `{word}` a gate, and it is {what}", engine.id.value);
    report(message, place, (at, label), diagnostics);
}

fn report(message: String, place: Span, (at, label): (Span, &str), diagnostics: &mut Diagnostics) {
    diagnostics.push(
        Diagnostic::new(codes::GATE_OF_OTHER_CLASS, message, place, "as a gate")
            .and(at, label)
            .help("name a gate, or say what else happens"),
    );
}

fn of_writes(engine: &Engine<'_>, registered: &RegisteredEngine, diagnostics: &mut Diagnostics) {
    for write in engine.wiring.into_iter().flat_map(|page| &page.writes) {
        let Some(first) = write.event_types.first() else { continue };
        let Some(code) = write.reason_code.as_ref().and_then(|code| registered.code(&code.value)) else {
            continue;
        };
        let is_gate = |event: &Text| upper_snake(&event.value).starts_with(GATE);
        if class_of(code) != Some(ReasonClass::Step) || !write.event_types.iter().all(is_gate) {
            continue;
        }
        let message = format!(
            "every event of `{}` is `{}`, and its code `{}` is that of a step",
            write.heading.value.replace('`', ""),
            first.value,
            code.name.value
        );
        let at = code.class.as_ref().map_or(code.name.span, |class| class.span);
        report(message, first.span, (at, "its class"), diagnostics);
    }
}
