//! Names in the bullets of a read: columns of the tables that are read, inputs, fields.

use std::collections::BTreeSet;

use selene_codegen::contract::{Capability, EVENT_FIELDS};
use selene_codegen::naming::without_schema;

use super::values::bullet;
use crate::diagnostics::{Diagnostic, Diagnostics, codes, guess_or};
use crate::lint::Subject;
use crate::lint::sentence::{Word, code_spans, is_lower_snake, names_of};
use crate::lint::subject::Engine;
use crate::parse::document::ReadText;

/// Bullets whose names another rule looks up.
const OTHERS: [&str; 1] = ["outside"];

/// Names in backticks in the scope rules and further bullets of a read that are no column, table, input or field.
pub fn unknown_names(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    if !subject.is_whole {
        return;
    }
    for engine in &subject.engines {
        let known = known(engine, subject);
        for read in engine.wiring.iter().flat_map(|page| &page.reads) {
            let notes = read.notes.iter().filter(|(key, _)| !OTHERS.contains(&key.value.as_str()));
            for (_, note) in notes {
                for code in code_spans(bullet(note.span, subject), subject.sources) {
                    of_code(code, read, &known, subject, diagnostics);
                }
            }
        }
    }
}

fn known<'a>(engine: &Engine<'a>, subject: &Subject<'a>) -> BTreeSet<&'a str> {
    let mut known: BTreeSet<&str> = EVENT_FIELDS.iter().copied().collect();
    let scopes = subject.scopes();
    known.extend(scopes.iter().flat_map(|scope| &scope.fields).map(|entry| entry.name.value.as_str()));
    known.extend(subject.tables.keys().copied());
    for declared in subject.tables.values().flatten() {
        known.extend(declared.columns.iter().map(|column| column.name.as_str()));
    }
    let capabilities = &engine.contract.capabilities;
    known.extend(capabilities.iter().flat_map(Capability::input_fields).map(|field| field.name.as_str()));
    known.extend(capabilities.iter().flat_map(|one| &one.context).map(String::as_str));
    let wiring = || engine.wiring.into_iter();
    let payload = wiring().flat_map(|page| &page.writes).flat_map(|write| &write.payload_keys);
    known.extend(payload.map(|key| key.value.split('=').next().unwrap_or_default().trim_end_matches('?')));
    known.extend(
        wiring()
            .flat_map(|page| &page.reads)
            .flat_map(|read| &read.tables)
            .map(|table| without_schema(&table.value)),
    );
    for (_, note) in wiring()
        .flat_map(|page| &page.reads)
        .flat_map(|read| &read.notes)
        .filter(|(key, _)| OTHERS.contains(&key.value.as_str()))
    {
        known
            .extend(code_spans(note.span, subject.sources).into_iter().map(|(name, _)| without_schema(name)));
    }
    known
}

fn of_code(
    code: Word<'_>,
    read: &ReadText,
    known: &BTreeSet<&str>,
    subject: &Subject<'_>,
    diagnostics: &mut Diagnostics,
) {
    let place = read.tables.first().map_or(read.title.span, |table| table.span);
    // `identities.home_tenant`: a column of that table.
    let column = code
        .0
        .rsplit_once('.')
        .filter(|(table, column)| table.split('.').all(is_lower_snake) && is_lower_snake(column));
    if let Some((declared, column)) =
        column.and_then(|(table, column)| Some((subject.columns(table)?, column)))
    {
        if declared.columns.iter().any(|known| known.name == column) {
            return;
        }
        let message = format!("a bullet of this read names `{}`, and the table has no such column", code.0);
        let at = declared.text.columns.as_ref().map_or(declared.text.name.span, |list| list.text.span);
        let names = declared.columns.iter().map(|known| known.name.as_str());
        diagnostics.push(
            Diagnostic::new(codes::UNKNOWN_NAME_OF_READ, message, code.1, "named here")
                .and(at, "its columns")
                .help(guess_or(column, names, "name a column that the table has")),
        );
        return;
    }
    // A word without `_` may be one of any language.
    for (name, at) in
        names_of(code).into_iter().filter(|(name, _)| name.contains('_') && !known.contains(name))
    {
        let message = format!("a bullet of this read names `{name}`, and nothing is called so");
        diagnostics.push(
            Diagnostic::new(codes::UNKNOWN_NAME_OF_READ, message, at, "named here")
                .and(place, "what is read")
                .help(guess_or(
                    name,
                    known.iter().copied(),
                    "name a column of a table that is read, or take the backticks away",
                )),
        );
    }
}
