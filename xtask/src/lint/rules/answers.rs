//! What a call takes and gives, against the rows that it is about.

use std::collections::BTreeSet;

use selene_codegen::contract::{Capability, Effect, Field, Record, TypeRef};
use selene_codegen::naming::without_schema;

use super::keys::is_row;
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::lint::Subject;
use crate::lint::subject::{Declared, Engine, Write};
use crate::parse::document::CapabilityText;
use crate::parse::schema::{Expr, ExprKind};
use crate::source::Span;

/// The words of an id that say that a capability brings something to its end.
const ENDS: [&str; 5] = ["COMPLETE", "CLOSE", "FINISH", "END", "CONFIRM"];

fn output_place(capability: &CapabilityText) -> Span {
    capability.output.as_ref().map_or(capability.id.span, |output| output.text.span)
}

/// The records of an answer, and the tables that have such rows.
fn rows_of<'s, 'a>(
    types: &[TypeRef],
    engine: &Engine<'a>,
    subject: &'s Subject<'a>,
) -> Vec<(&'a Record, Vec<&'s Declared<'a>>)> {
    let names: Vec<&str> = types.iter().flat_map(names_in).collect();
    let records = engine.contract.records.iter().chain(&subject.resolved.shared.records);
    let found = records.filter(|record| names.contains(&record.name.as_str()));
    let with_tables = found.map(|record| {
        let tables = subject.tables.values().flatten();
        (record, tables.filter(|declared| is_row(&record.fields, declared)).collect())
    });
    with_tables.collect()
}

fn names_in(ty: &TypeRef) -> Vec<&str> {
    match ty {
        TypeRef::Unit | TypeRef::Builtin(_) => Vec::new(),
        TypeRef::Named(name) => vec![name],
        TypeRef::Option(inner) | TypeRef::List(inner) => names_in(inner),
        TypeRef::Map(key, value) => [names_in(key), names_in(value)].concat(),
    }
}

/// Writes that answer with a row of a table that they do not write, reads with one that what they take does not lead to, and
/// ends of something that answer with something else.
pub fn of_another_table(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for engine in &subject.engines {
        // A table that nobody declares has its finding.
        let is_known = |write: &Write<'_>| {
            let mut tables = write.text.tables.iter().map(|table| without_schema(&table.value));
            tables.all(|table| subject.tables.contains_key(table))
        };
        for write in engine.writes(subject).into_iter().filter(is_known) {
            for (record, tables) in rows_of(write.capability.output.types(), engine, subject) {
                key_of_another(&write, record, engine, subject, diagnostics);
                of_write(&write, record, &tables, subject, diagnostics);
            }
        }
        let Some(ecm) = engine.ecm else { continue };
        let reads = engine.contract.capabilities.iter().zip(&ecm.capabilities);
        for (capability, text) in reads.filter(|(one, _)| one.effect == Effect::Read) {
            for (inputs, outputs) in ways(capability) {
                of_read((&capability.id, text), inputs, outputs, engine, subject, diagnostics);
            }
        }
    }
}

/// What a capability takes, with what it gives for it.
fn ways(capability: &Capability) -> Vec<(&[Field], &[TypeRef])> {
    let all = capability.output.types();
    let alternatives = capability.input_alternatives.iter();
    let mut ways: Vec<(&[Field], &[TypeRef])> = alternatives
        .map(|one| (one.fields.as_slice(), one.output.as_ref().map_or(all, std::slice::from_ref)))
        .collect();
    ways.push((&capability.input, all));
    ways
}

fn of_read(
    (id, text): (&str, &CapabilityText),
    inputs: &[Field],
    outputs: &[TypeRef],
    engine: &Engine<'_>,
    subject: &Subject<'_>,
    diagnostics: &mut Diagnostics,
) {
    let rows = rows_of(outputs, engine, subject);
    let is_column = |field: &&Field| {
        let mut columns = rows.iter().flat_map(|(_, tables)| tables).flat_map(|declared| declared.columns);
        columns.any(|column| column.name == field.name)
    };
    let found = rows.iter().find_map(|(record, tables)| Some((record, tables.first()?)));
    let (Some((record, first)), Some(field)) = (found, inputs.iter().find(|field| !is_column(field))) else {
        return;
    };
    // What is no column anywhere says how much is read, or from where on.
    let Some(other) = column_of(&field.name, engine, subject) else { return };
    let message =
        format!("`{id}` takes `{}` and answers with `{}`, whose rows have none", field.name, record.name);
    diagnostics.push(
        Diagnostic::new(codes::ANSWER_OF_ANOTHER_TABLE, message, output_place(text), "this answer")
            .and(first.text.name.span, "the table of such rows")
            .and(other, "a table that has the column")
            .help(
                "answer with the record of the table that the input leads to, or take a column of this one",
            ),
    );
}

/// The table of an engine that has a column of that name.
fn column_of(name: &str, engine: &Engine<'_>, subject: &Subject<'_>) -> Option<Span> {
    let tables = engine.wiring.into_iter().flat_map(|page| &page.tables);
    let mut declared = tables.filter_map(|table| subject.columns(&table.name.value));
    let found = declared.find(|declared| declared.columns.iter().any(|column| column.name == name))?;
    Some(found.text.name.span)
}

/// Answers that hold the key of a row of the engine's own which the write neither is given nor writes.
fn key_of_another(
    write: &Write<'_>,
    record: &Record,
    engine: &Engine<'_>,
    subject: &Subject<'_>,
    diagnostics: &mut Diagnostics,
) {
    let written = || write.text.tables.iter().map(|table| without_schema(&table.value));
    let columns: Vec<&Field> =
        written().filter_map(|table| subject.columns(table)).flat_map(|declared| declared.columns).collect();
    for table in engine.wiring.into_iter().flat_map(|page| &page.tables) {
        let [key] = table.primary_key.as_slice() else { continue };
        let is_key = |field: &Field| field.name == key.value;
        if written().any(|name| name == without_schema(&table.name.value))
            || !record.fields.iter().any(is_key)
            || write.capability.input_fields().any(is_key)
            || columns.iter().copied().any(is_key)
        {
            continue;
        }
        let message = format!(
            "`{}` answers with `{}`, the key of a row that it is not given and does not write",
            write.capability.id, key.value
        );
        let at = write.text.tables.first().map_or(write.text.heading.span, |table| table.span);
        diagnostics.push(
            Diagnostic::new(
                codes::ANSWER_OF_ANOTHER_TABLE,
                message,
                output_place(write.of_ecm),
                "this answer",
            )
            .and(at, "what it writes")
            .and(key.span, "the key of such rows")
            .help("answer with the key of a row that is written, or take this one"),
        );
    }
}

fn of_write(
    write: &Write<'_>,
    record: &Record,
    tables: &[&Declared<'_>],
    subject: &Subject<'_>,
    diagnostics: &mut Diagnostics,
) {
    let Some(first) = tables.first() else { return };
    let is_written = |declared: &Declared<'_>| {
        let name = without_schema(&declared.text.name.value);
        write.text.tables.iter().any(|table| without_schema(&table.value) == name)
    };
    let id = &write.capability.id;
    if !tables.iter().any(|declared| is_written(declared)) {
        let message =
            format!("`{id}` answers with `{}`, a row of a table that it does not write", record.name);
        let at = write.text.tables.first().map_or(write.text.heading.span, |table| table.span);
        diagnostics.push(
            Diagnostic::new(
                codes::ANSWER_OF_ANOTHER_TABLE,
                message,
                output_place(write.of_ecm),
                "this answer",
            )
            .and(at, "what it writes")
            .and(first.text.name.span, "the table of such rows")
            .help("answer with the record of a table that is written, or add the table to the write"),
        );
        return;
    }
    let inputs: BTreeSet<&str> = write.capability.input_fields().map(|field| field.name.as_str()).collect();
    let is_found = |declared: &Declared<'_>| {
        let key = &declared.text.primary_key;
        !key.is_empty() && key.iter().all(|column| inputs.contains(column.value.as_str()))
    };
    let is_end = id.split('_').any(|word| ENDS.contains(&word));
    if !is_end || tables.iter().any(|declared| is_found(declared)) {
        return;
    }
    let written = write.text.tables.iter().filter_map(|table| subject.columns(&table.value));
    let Some(ended) = written.into_iter().find(|declared| is_found(declared)) else { return };
    let message = format!(
        "`{id}` is given the key of `{}`, and answers with `{}` of another table",
        ended.text.name.value, record.name
    );
    let key = ended.text.primary_key.first().map_or(ended.text.name.span, |column| column.span);
    diagnostics.push(
        Diagnostic::new(codes::ANSWER_OF_ANOTHER_TABLE, message, output_place(write.of_ecm), "this answer")
            .and(key, "the key that it takes")
            .and(first.text.name.span, "the table of such rows")
            .help("answer with the record of what is brought to its end"),
    );
}

/// Inputs that may be absent or hold many values, and are written to a column that has exactly one.
pub fn input_of_column(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for engine in &subject.engines {
        for write in engine.writes(subject) {
            for field in write.capability.input_fields() {
                let columns = write.text.tables.iter().filter_map(|table| {
                    let declared = subject.columns(&table.value)?;
                    Some((declared, declared.columns.iter().find(|column| column.name == field.name)?))
                });
                let columns: Vec<_> = columns.collect();
                let Some((declared, column)) = columns.first() else { continue };
                let differs = columns.iter().all(|(_, column)| form(&field.ty) > form(&column.ty));
                if !differs {
                    continue;
                }
                let message = format!(
                    "`{}` takes `{}` as {}, and its column in `{}` holds {}",
                    write.capability.id,
                    field.name,
                    form(&field.ty).words(),
                    declared.text.name.value,
                    form(&column.ty).words(),
                );
                diagnostics.push(
                    Diagnostic::new(codes::INPUT_AGAINST_COLUMN, message, write.input_place(), "taken here")
                        .and(subject.column_place(declared, &field.name), "this column")
                        .help("give input and column the same marks, or say under another name what is optional"),
                );
            }
        }
    }
}

/// How many values something has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Form {
    One,
    AtMostOne,
    Many,
}

impl Form {
    const fn words(self) -> &'static str {
        match self {
            Self::One => "exactly one value",
            Self::AtMostOne => "at most one value",
            Self::Many => "a list",
        }
    }
}

fn form(ty: &TypeRef) -> Form {
    match ty {
        TypeRef::Option(_) => Form::AtMostOne,
        TypeRef::List(_) => Form::Many,
        _ => Form::One,
    }
}

/// What every call has, marked as optional or as a list in an input.
pub fn context(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    const SIMULATION: &str = "simulation_id";
    let Some(lexicon) = subject.lexicon() else { return };
    for engine in &subject.engines {
        let Some(ecm) = engine.ecm else { continue };
        for capability in &ecm.capabilities {
            let Some(tree) = capability.input.as_ref().and_then(|input| input.tree.as_ref()) else {
                continue;
            };
            for (name, marked) in marked_in(tree) {
                let Some(known) = lexicon.ambient.iter().find(|known| known.value == name) else { continue };
                let gate = capability.allowed_callers.as_ref().filter(|_| capability.simulation_gated);
                let (place, what) = match (name, gate, &marked.kind) {
                    (SIMULATION, Some(callers), ExprKind::Optional(_)) => (callers.span, "gated by one"),
                    (SIMULATION, None, ExprKind::Optional(_)) => continue,
                    _ => (known.span, "part of every call"),
                };
                let message = format!(
                    "`{}` takes `{name}` as it never comes: every call has exactly one",
                    capability.id.value
                );
                diagnostics.push(
                    Diagnostic::new(codes::MARKED_CONTEXT, message, marked.span, "this mark")
                        .and(place, what)
                        .help(format!("write `{name}`, or leave it out")),
                );
            }
        }
    }
}

/// The names of an input that have a mark, with the part that has it.
fn marked_in(expr: &Expr) -> Vec<(&str, &Expr)> {
    match &expr.kind {
        ExprKind::Optional(inner) | ExprKind::List(inner) => match &inner.kind {
            ExprKind::Name(name) => vec![(name, expr)],
            _ => marked_in(inner),
        },
        ExprKind::Fixed { name, .. } => vec![(&name.value, expr)],
        ExprKind::Tuple(parts) | ExprKind::OneOf(parts) => parts.iter().flat_map(marked_in).collect(),
        _ => Vec::new(),
    }
}
