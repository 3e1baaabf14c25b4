//! Events of writes: simulations, fields, and what kind of thing they say happened.

use std::collections::BTreeSet;
use std::ops::Bound;

use selene_codegen::contract::{Effect, TypeRef};
use selene_codegen::naming::upper_snake;

use crate::diagnostics::{Diagnostic, Diagnostics, codes, guess_or};
use crate::lint::Subject;
use crate::lint::sentence::code_spans;
use crate::lint::subject::{Engine, Write};
use crate::parse::document::Text;
use crate::resolve::WritesByWords;
use crate::source::Span;

const SIMULATION: &str = "simulation_id";
/// Fields that every event has, whatever a capability sees.
const ALWAYS: [&str; 8] = [
    "engine",
    "event_type",
    "reason_code",
    "severity",
    "correlation_id",
    "turn_id",
    SIMULATION,
    "idempotency_key",
];

fn callers_place(write: &Write<'_>) -> Span {
    write.of_ecm.allowed_callers.as_ref().map_or(write.of_ecm.id.span, |callers| callers.span)
}

/// Events that need a simulation, of capabilities that anybody may call without one.
pub fn ungated_simulation(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for engine in &subject.engines {
        for write in engine.writes(subject).iter().filter(|write| !write.capability.simulation_gated) {
            let required = write.text.required_fields.iter().find(|field| field.value == SIMULATION);
            // An input of that name is there, unless it is optional.
            let is_taken = write
                .capability
                .input_fields()
                .any(|field| field.name == SIMULATION && !matches!(field.ty, TypeRef::Option(_)));
            let Some(required) = required.filter(|_| !is_taken) else { continue };
            let message = format!(
                "the event of `{}` needs a simulation, and a call may come without one",
                write.capability.id
            );
            diagnostics.push(
                Diagnostic::new(codes::UNGATED_SIMULATION, message, required.span, "required here")
                    .and(callers_place(write), "not simulation-gated")
                    .help("write `(simulation-gated)` behind the callers, or do not require `simulation_id`"),
            );
        }
    }
}

/// Capabilities that a simulation gates, whose events do not have to name it.
pub fn unrequired_simulation(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for engine in &subject.engines {
        for write in engine.writes(subject).iter().filter(|write| write.capability.simulation_gated) {
            if write.text.required_fields.iter().any(|field| field.value == SIMULATION) {
                continue;
            }
            let message =
                format!("`{}` is simulation-gated, and its event need not say by which", write.capability.id);
            diagnostics.push(
                Diagnostic::new(codes::UNREQUIRED_SIMULATION, message, write.text.heading.span, "this event")
                    .and(callers_place(write), "gated here")
                    .help("add `simulation_id` to the required fields"),
            );
        }
    }
}

/// Names that a capability sees: its inputs, columns of the tables that its wiring names, fields of its answer.
pub(super) struct Seen<'a, 't> {
    own: BTreeSet<&'a str>,
    of_tables: &'t BTreeSet<&'a str>,
}

impl<'a> Seen<'a, '_> {
    pub(super) fn has(&self, name: &str) -> bool {
        self.own.contains(name) || self.of_tables.contains(name)
    }

    /// Whether a name begins with these letters.
    pub(super) fn has_start(&self, start: &str) -> bool {
        let begins = |names: &BTreeSet<&str>| {
            let next = names.range::<str, _>((Bound::Included(start), Bound::Unbounded)).next();
            next.is_some_and(|name| name.starts_with(start))
        };
        begins(&self.own) || begins(self.of_tables)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &'a str> {
        self.own.iter().chain(self.of_tables).copied()
    }
}

/// The columns of every table that the wiring of an engine names.
pub(super) fn seen_columns<'a>(subject: &Subject<'a>, engine: &Engine<'a>) -> BTreeSet<&'a str> {
    let declared = engine.seen_tables().into_iter().filter_map(|table| subject.columns(table));
    declared.flat_map(|declared| declared.columns).map(|column| column.name.as_str()).collect()
}

/// What the capability of a write sees.
pub(super) fn seen<'a, 't>(
    subject: &Subject<'a>,
    engine: &Engine<'a>,
    of_tables: &'t BTreeSet<&'a str>,
    write: &Write<'a>,
) -> Seen<'a, 't> {
    let inputs = write.capability.input_fields().map(|field| field.name.as_str());
    let context = write.capability.context.iter().map(String::as_str);
    let mut own: BTreeSet<&str> = inputs.chain(context).collect();
    let records = || engine.contract.records.iter().chain(&subject.resolved.shared.records);
    for ty in write.capability.output.types() {
        let name = ty.to_string();
        let record = records().find(|record| name.contains(record.name.as_str()));
        own.extend(record.into_iter().flat_map(|record| &record.fields).map(|field| field.name.as_str()));
    }
    Seen { own, of_tables }
}

/// Whether a call or a row that it writes says which session an event is about. No other row does: a table of sessions has
/// that of every other call too.
fn is_of_call(subject: &Subject<'_>, seen: &Seen<'_, '_>, write: &Write<'_>, name: &str) -> bool {
    let tables = write.text.tables.iter().filter_map(|table| subject.columns(&table.value));
    let mut columns = tables.flat_map(|declared| declared.columns);
    name != "session_id" || seen.own.contains(name) || columns.any(|column| column.name == name)
}

/// Fields that a page requires of an event, and that come from nowhere.
pub fn unreachable_field(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for engine in &subject.engines {
        let of_tables = seen_columns(subject, engine);
        for write in engine.writes(subject) {
            let seen = seen(subject, engine, &of_tables, &write);
            let of_ecm = engine.ecm.into_iter().flat_map(|page| &page.audit.required_fields);
            for field in write.text.required_fields.iter().chain(of_ecm) {
                let name = field.value.as_str();
                if ALWAYS.contains(&name) || seen.has(name) && is_of_call(subject, &seen, &write, name) {
                    continue;
                }
                let message = format!("nothing that `{}` takes or sees has a `{name}`", write.capability.id);
                diagnostics.push(
                    Diagnostic::new(
                        codes::UNREACHABLE_EVENT_FIELD,
                        message,
                        field.span,
                        "required of the event",
                    )
                    .and(write.input_place(), "not taken here")
                    .help("take it as an input, or name under `Reads` the table that holds it"),
                );
            }
        }
    }
}

/// Fields that the ECM requires of every event and that a write of the DB wiring leaves out.
pub fn one_sided_required(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for engine in &subject.engines {
        let of_ecm = engine.ecm.into_iter().flat_map(|page| &page.audit.required_fields);
        let writes = engine.writes(subject);
        for field in of_ecm {
            let lists = |write: &&Write<'_>| {
                write.text.required_fields.iter().any(|known| known.value == field.value)
            };
            for write in writes.iter().filter(|write| !lists(write)) {
                let message = format!(
                    "the write of `{}` does not list the required `{}`",
                    write.capability.id, field.value
                );
                diagnostics.push(
                    Diagnostic::new(
                        codes::ONE_SIDED_REQUIRED,
                        message,
                        write.text.heading.span,
                        "this write",
                    )
                    .and(field.span, "required by the ECM")
                    .help(format!(
                        "add `{}` to its required fields, or do not require it of every event",
                        field.value
                    )),
                );
            }
        }
    }
}

/// Event types of writes and audit sections that the vocabulary does not have.
pub fn unknown_type(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    // The vocabulary is the shared one: the events of all engines lie in one table.
    let Some((values, place)) = subject.values_of("", "event_type") else { return };
    for page in subject.engines.iter().flat_map(Engine::each_page) {
        let of_writes = page.writes.iter().flat_map(|write| &write.event_types);
        let of_audit = page.audit.event_types.iter().map(|(_, event_type)| event_type);
        for event_type in of_writes.chain(of_audit) {
            let name = upper_snake(&event_type.value);
            if values.contains(&name) {
                continue;
            }
            let known = values.iter().map(String::as_str);
            let message = format!("`{}` is no type of event", event_type.value);
            diagnostics.push(
                Diagnostic::new(codes::UNKNOWN_EVENT_TYPE, message, event_type.span, "not known")
                    .and(place, "the vocabulary")
                    .help(guess_or(&name, known, "add it to the values of the lexicon's `event_type`")),
            );
        }
    }
}

/// Event types of the ECM's audit section and of sentences, against those of the writes.
pub fn different_types(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for engine in &subject.engines {
        let Some((ecm, wiring)) = engine.pages() else { continue };
        let writes = engine.writes(subject);
        let capabilities = &engine.contract.capabilities;
        let by_words = WritesByWords::new(&engine.id.value, capabilities);
        for (label, event_type) in &ecm.audit.event_types {
            for index in label.value.split('/').flat_map(|part| by_words.matching(part)) {
                let write = writes.iter().find(|write| write.capability.id == capabilities[index].id);
                if let Some(write) = write {
                    differs(event_type, &write.text.event_types, &write.capability.id, diagnostics);
                }
            }
        }
        let types: Vec<Text> = wiring.writes.iter().flat_map(|write| write.event_types.clone()).collect();
        let lists = wiring.audit_rules.iter().filter(|rule| rule.value.starts_with("`event_type`: `"));
        for list in lists {
            for (code, span) in code_spans(list.span, subject.sources).into_iter().skip(1) {
                differs(&Text::new(code.to_owned(), span), &types, &engine.id.value, diagnostics);
            }
        }
        let invariants = wiring.tables.iter().flat_map(|table| &table.invariants);
        for sentence in invariants.chain(&wiring.audit_rules).chain(&wiring.relations.constraints) {
            for (code, span) in code_spans(sentence.span, subject.sources) {
                if let Some(value) = code.strip_prefix("event_type=") {
                    differs(&Text::new(value.trim().to_owned(), span), &types, &engine.id.value, diagnostics);
                }
            }
        }
    }
}

fn differs(stated: &Text, of_writes: &[Text], whose: &str, diagnostics: &mut Diagnostics) {
    let name = upper_snake(&stated.value);
    let Some(first) = of_writes.first() else { return };
    if of_writes.iter().any(|known| upper_snake(&known.value) == name) {
        return;
    }
    let message =
        format!("an event of `{whose}` is `{}` here and `{}` by its write", stated.value, first.value);
    diagnostics.push(
        Diagnostic::new(codes::DIFFERENT_EVENT_TYPES, message, stated.span, "this type")
            .and(first.span, "the write's")
            .help("say the same in both places"),
    );
}

/// Capabilities whose name says that they write, or that they do not, and whose side effects say otherwise.
pub fn effect_against_id(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    const WRITES: [&str; 3] = ["COMMIT", "DRAFT", "INSERT"];
    // The first words of names.
    const READING: [&str; 4] = ["Read", "List", "Get", "Find"];
    const WRITING: [&str; 8] =
        ["Commit", "Insert", "Append", "Create", "Update", "Delete", "Complete", "Revoke"];
    for engine in &subject.engines {
        let Some(ecm) = engine.ecm else { continue };
        // Which of two capabilities an id means is not known.
        if subject.is_reported(codes::DUPLICATE_CAPABILITY, ecm.file) {
            continue;
        }
        for (capability, text) in engine.contract.capabilities.iter().zip(&ecm.capabilities) {
            let words: Vec<&str> = capability.id.split('_').collect();
            let reads = words.contains(&"READ") || capability.id.contains("APPEND_ONLY_GUARD");
            let writes = !reads && WRITES.iter().any(|word| words.contains(word));
            let is_write = capability.effect == Effect::Write;
            let by_name = text.name.as_ref().filter(|name| {
                let first = name.value.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
                let list: &[&str] = if is_write { &READING } else { &WRITING };
                list.contains(&first)
            });
            let (place, what) = match (by_name, is_write && reads || !is_write && writes) {
                (_, true) => (text.id.span, "id"),
                (Some(name), false) => (name.span, "name"),
                (None, false) => continue,
            };
            let Some(effects) = &text.side_effects else { continue };
            let verb = if is_write { "reads" } else { "writes" };
            let message = format!(
                "`{}` {verb} by its {what}, and its side effects are `{}`",
                capability.id, effects.value
            );
            diagnostics.push(
                Diagnostic::new(codes::EFFECT_AGAINST_ID, message, effects.span, "these side effects")
                    .and(place, format!("this {what}"))
                    .help("write `DECLARED (DB_WRITE)` for what writes and `NONE` for what reads, or call it otherwise"),
            );
        }
    }
}
