//! What is read of others: every table belongs to somebody, or is stated as outside; and reads that are called as writes are.

use selene_codegen::contract::Effect;
use selene_codegen::naming::without_schema;

use super::schemas::differing;
use crate::diagnostics::{Diagnostic, Diagnostics, codes, guess_or};
use crate::lint::Subject;
use crate::lint::sentence::{Word, code_spans, raw};
use crate::lint::subject::head;
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
            let does = (engine.id.value.as_str(), "reads", "read");
            let named = (table.value.as_str(), table.span);
            if let Some(finding) = differing(codes::READ_OF_NOBODY, named, does, subject) {
                diagnostics.push(finding);
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

/// Columns that a read names and their table does not have: `identities.user_id`.
pub fn columns(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for read in subject.engines.iter().filter_map(|engine| engine.wiring).flat_map(|page| &page.reads) {
        for table in &read.tables {
            let written = raw(table.span, subject.sources);
            let behind = written.strip_prefix(table.value.as_str()).and_then(|rest| rest.strip_prefix('.'));
            let (Some(column), Some(declared)) = (behind, subject.columns(&table.value)) else { continue };
            if declared.columns.iter().any(|known| known.name == column) {
                continue;
            }
            let message = format!("this read names `{written}`, and `{}` has no such column", table.value);
            let at = declared.text.columns.as_ref().map_or(declared.text.name.span, |list| list.text.span);
            let known = declared.columns.iter().map(|known| known.name.as_str());
            diagnostics.push(
                Diagnostic::new(codes::UNKNOWN_COLUMN_OF_READ, message, table.span, "read here")
                    .and(at, "its columns")
                    .help(guess_or(column, known, "name the table alone, or a column that it has")),
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
            let moves =
                text.notes.iter().find(|(key, _)| key.value.replace(['`', ' '], "_").contains("state_move"));
            let moves = moves.map(|(_, note)| (note.span, "moves a state", "take the moves away"));
            for (place, what, help) in key.into_iter().chain(callers).chain(moves) {
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
