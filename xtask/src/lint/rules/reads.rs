//! What is read of others: every table belongs to somebody, or is stated as outside; and reads that are called as writes are.

use selene_codegen::contract::Effect;
use selene_codegen::naming::without_schema;

use crate::diagnostics::{Diagnostic, Diagnostics, codes, guess_or};
use crate::lint::Subject;
use crate::lint::sentence::{Word, code_spans};
use crate::lint::subject::{Declared, head};
use crate::parse::document::Document;

/// The bullet of a read that names tables which no spec describes.
const OUTSIDE: &str = "outside";

/// The tables that a wiring states as outside.
pub(super) fn outside<'a>(wiring: &Document, subject: &Subject<'a>) -> Vec<Word<'a>> {
    let notes = wiring.reads.iter().flat_map(|read| &read.notes);
    let stated = notes.filter(|(key, _)| key.value.eq_ignore_ascii_case(OUTSIDE));
    let names = stated.flat_map(|(_, note)| code_spans(note.span, subject.sources));
    names.filter(|(name, _)| *name != OUTSIDE).map(|(name, span)| (without_schema(name), span)).collect()
}

/// The declaration of a table that is named with another schema than all its declarations have.
pub(super) fn in_other_schema<'s, 'a>(name: &str, subject: &'s Subject<'a>) -> Option<&'s Declared<'a>> {
    let (schema, table) = name.rsplit_once('.')?;
    let declared = subject.tables.get(table)?;
    let differs =
        |one: &&Declared<'_>| one.text.name.value.rsplit_once('.').is_some_and(|(known, _)| known != schema);
    declared.iter().all(|one| differs(&one)).then(|| declared.first()).flatten()
}

/// Tables that are read and belong to nobody.
pub fn of_nobody(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    if !subject.is_whole {
        return;
    }
    for engine in &subject.engines {
        let Some(wiring) = engine.wiring else { continue };
        let outside = outside(wiring, subject);
        for table in wiring.reads.iter().flat_map(|read| &read.tables) {
            let name = without_schema(&table.value);
            if let Some(declared) = in_other_schema(&table.value, subject) {
                let known = &declared.text.name;
                let message = format!(
                    "`{}` reads `{}`, which is declared as `{}`",
                    engine.id.value, table.value, known.value
                );
                diagnostics.push(
                    Diagnostic::new(codes::READ_OF_NOBODY, message, table.span, "read here")
                        .and(known.span, "declared here")
                        .help("name the same schema, or none"),
                );
                continue;
            }
            if subject.tables.contains_key(name) || outside.iter().any(|(known, _)| *known == name) {
                continue;
            }
            let message = format!("`{}` reads `{name}`, which no DB wiring declares", engine.id.value);
            diagnostics.push(
                Diagnostic::new(codes::READ_OF_NOBODY, message, table.span, "read here")
                    .and(
                        wiring.tables.first().map_or(head(wiring), |table| table.name.span),
                        "not among these",
                    )
                    .help(guess_or(
                        name,
                        subject.tables.keys().copied(),
                        &format!("declare the table, or add a bullet to the read: `` - outside: `{name}` ``"),
                    )),
            );
        }
    }
}

/// Tables that are stated as outside and are declared.
pub fn outside_and_declared(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for engine in &subject.engines {
        let Some(wiring) = engine.wiring else { continue };
        for (name, span) in outside(wiring, subject) {
            let declared = subject.tables.get(name).and_then(|declared| declared.first());
            let Some(declared) = declared else { continue };
            let message = format!("`{name}` is stated as outside, and `{}` declares it", declared.engine);
            diagnostics.push(
                Diagnostic::new(codes::OUTSIDE_AND_DECLARED, message, span, "outside here")
                    .and(declared.text.name.span, "declared here")
                    .help("take it out of `outside`: what is declared is checked"),
            );
        }
    }
}

/// The side effects of what changes nothing, anywhere.
const NOTHING: &str = "NONE";

/// Reads and guards that take an idempotency key, or that only a simulation may call: both are for changes.
pub fn as_writes(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for engine in &subject.engines {
        let Some(ecm) = engine.ecm else { continue };
        for (capability, text) in engine.contract.capabilities.iter().zip(&ecm.capabilities) {
            let Some(effects) = text.side_effects.as_ref().filter(|effects| effects.value == NOTHING) else {
                continue;
            };
            if capability.effect == Effect::Write
                || subject.is_reported(codes::DUPLICATE_CAPABILITY, ecm.file)
            {
                continue;
            }
            let takes = capability.input_fields().any(|field| field.name == "idempotency_key");
            let key =
                text.input.as_ref().filter(|_| takes).map(|input| {
                    (input.text.span, "takes an idempotency key", "take the key out of the input")
                });
            let callers =
                text.allowed_callers.as_ref().filter(|_| text.simulation_gated).map(|callers| {
                    (callers.span, "is gated by a simulation", "take `(simulation-gated)` away")
                });
            for (place, what, help) in key.into_iter().chain(callers) {
                let message = format!("`{}` changes nothing, and {what}", capability.id);
                diagnostics.push(
                    Diagnostic::new(codes::READ_AS_WRITE, message, place, "as a write has it")
                        .and(effects.span, "no side effects")
                        .help(format!("{help}, or write `DECLARED (DB_WRITE)` if it changes rows")),
                );
            }
        }
    }
}
