//! Types of events that sentences name in plain words, against those that writes make.

use std::collections::BTreeSet;

use selene_codegen::contract::TypeKind;
use selene_codegen::naming::upper_snake;

use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::lint::Subject;
use crate::lint::sentence::{clauses, is_denied, words};
use crate::parse::document::{Document, Text};
use crate::parse::schema::ExprKind;

const FIELD: &str = "event_type";

/// Sentences of an engine that name a type of event which no write of it makes. A capability that takes the type from its
/// caller makes them all.
pub fn of_no_write(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let Some((types, _)) = subject.values_of("", FIELD) else { return };
    for engine in subject.engines.iter().filter(|engine| engine.pages().is_some()) {
        let writes = engine.writes(subject);
        let is_open =
            writes.iter().any(|write| write.capability.input_fields().any(|field| field.name == FIELD));
        let made: BTreeSet<&str> = writes
            .iter()
            .filter_map(|write| write.capability.audit.as_ref())
            .flat_map(|audit| &audit.event_types)
            .map(String::as_str)
            .collect();
        let Some(at) = writes.iter().find_map(|write| write.text.event_types.first()) else { continue };
        if is_open || made.is_empty() {
            continue;
        }
        let others = values_of_other_types(subject, &engine.id.value);
        let is_event = |name: &str| types.iter().any(|value| value == name) && !others.contains(name);
        for sentence in engine.each_page().flat_map(sentences) {
            for clause in clauses(sentence.span, subject.sources) {
                if is_denied(clause, &[], subject.sources) {
                    continue;
                }
                for (word, span) in words(clause, subject.sources) {
                    let name = upper_snake(word);
                    // `OTHER` and its like are words of every sentence.
                    if !name.contains('_') || !is_event(&name) || made.contains(name.as_str()) {
                        continue;
                    }
                    let message = format!("no write of `{}` makes the event `{word}`", engine.id.value);
                    diagnostics.push(
                        Diagnostic::new(codes::EVENT_OF_NO_WRITE, message, span, "named here")
                            .and(at.span, "what a write makes")
                            .help("add it to the `event_type` of the write that makes it, or name the type that is made"),
                    );
                }
            }
        }
    }
}

/// The values of the enums that an engine knows, but for the types of events.
fn values_of_other_types<'a>(subject: &Subject<'a>, engine: &str) -> BTreeSet<&'a str> {
    let Some(lexicon) = subject.lexicon() else { return BTreeSet::new() };
    let scopes = || lexicon.engine(engine).into_iter().chain(std::iter::once(&lexicon.shared));
    let field = scopes().flat_map(|scope| &scope.fields).find(|entry| entry.name.value == FIELD);
    let of_events = match field.and_then(|entry| entry.ty.as_ref()).map(|ty| &ty.kind) {
        Some(ExprKind::Name(name)) => name.as_str(),
        _ => "",
    };
    let types = scopes().flat_map(|scope| &scope.types).filter(|entry| entry.name.value != of_events);
    let values = types.flat_map(|entry| match &entry.kind {
        TypeKind::Enum { values } => values.as_slice(),
        _ => &[],
    });
    values.map(String::as_str).collect()
}

/// Sentences of a page about what happens. The types that a list gives an event are stated at the writes themselves.
fn sentences(page: &Document) -> impl Iterator<Item = &Text> {
    let invariants = page.tables.iter().flat_map(|table| &table.invariants);
    let notes = page.capabilities.iter().flat_map(|capability| &capability.notes).map(|(_, text)| text);
    let rules = page.audit_rules.iter().chain(&page.failure_rules).chain(&page.relations.constraints);
    let is_listed = |text: &&Text| {
        let listed = page.audit.event_types.iter().map(|(_, stated)| stated.span);
        text.value.contains(FIELD)
            || listed.into_iter().any(|span| text.span.start <= span.start && span.end <= text.span.end)
    };
    rules.chain(invariants).chain(notes).filter(move |text| !is_listed(text))
}
