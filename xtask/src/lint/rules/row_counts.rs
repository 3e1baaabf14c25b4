//! How many rows a read gives: by its id, by what it takes, and by what it answers; and guards, which give none.

use selene_codegen::contract::{Capability, Constraint, Effect, Field, TypeRef};
use selene_codegen::naming::without_schema;

use super::keys::is_row;
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::lint::Subject;
use crate::lint::subject::{Declared, Engine};
use crate::parse::document::CapabilityText;
use crate::source::Span;

fn output_place(text: &CapabilityText) -> Span {
    text.output.as_ref().map_or(text.id.span, |output| output.text.span)
}

fn is_many(ty: &TypeRef) -> bool {
    matches!(ty, TypeRef::List(_) | TypeRef::Map(..))
}

/// The capabilities of an engine that are no writes, with their words.
fn others<'a>(engine: &Engine<'a>) -> impl Iterator<Item = (&'a Capability, &'a CapabilityText)> {
    let texts = engine.ecm.into_iter().flat_map(|ecm| &ecm.capabilities);
    engine.contract.capabilities.iter().zip(texts).filter(|(one, _)| one.effect != Effect::Write)
}

/// Reads that are called `…_ROW` and answer with a list, and those called `…_ROWS` that answer with one row.
pub fn against_id(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    // Without the lexicon nobody knows what is a list.
    if subject.lexicon().is_none() {
        return;
    }
    let is_twice = |engine: &&Engine<'_>| {
        engine.ecm.is_some_and(|ecm| subject.is_reported(codes::DUPLICATE_CAPABILITY, ecm.file))
    };
    let engines = subject.engines.iter().filter(|engine| !is_twice(engine));
    for (capability, text) in engines.flat_map(others) {
        let types = capability.output.types();
        let (rows_by_id, answers) = if capability.id.ends_with("_ROWS") && !types.iter().any(is_many) {
            ("several rows", "one")
        } else if capability.id.ends_with("_ROW") && types.iter().any(is_many) {
            ("one row", "a list")
        } else {
            continue;
        };
        if capability.effect != Effect::Read || types.is_empty() {
            continue;
        }
        let message = format!("`{}` reads {rows_by_id} by its id, and answers with {answers}", capability.id);
        diagnostics.push(
            Diagnostic::new(codes::ROWS_AGAINST_ID, message, output_place(text), "this answer")
                .and(text.id.span, "this id")
                .help("answer with `Record[]` for `…_ROWS` and with `Option<Record>` for `…_ROW`, or mend the id"),
        );
    }
}

/// Words of an id that say which of several rows is read.
const CHOICES: [&str; 9] =
    ["ACTIVE", "CURRENT", "EARLIEST", "FIRST", "LAST", "LATEST", "NEWEST", "OLDEST", "RECENT"];

/// Reads of one row that are not given a key of it: several rows may be meant.
pub fn without_key(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for engine in &subject.engines {
        for (capability, text) in others(engine).filter(|(one, _)| one.effect == Effect::Read) {
            // An id that says which of several rows is read needs no key: `…_READ_LATEST_AUDIT_ROW`.
            if capability.id.split('_').any(|word| CHOICES.contains(&word)) {
                continue;
            }
            let [TypeRef::Option(inner)] = capability.output.types() else { continue };
            let TypeRef::Named(name) = &**inner else { continue };
            let mut records = engine.contract.records.iter().chain(&subject.resolved.shared.records);
            let Some(record) = records.find(|record| record.name == *name) else { continue };
            let tables: Vec<&Declared<'_>> =
                subject.tables.values().flatten().filter(|one| is_row(&record.fields, one)).collect();
            let Some(first) = tables.first() else { continue };
            let inputs: Vec<&Field> = capability.input_fields().collect();
            let is_given = |key: &[String]| {
                !key.is_empty() && key.iter().all(|column| inputs.iter().any(|field| field.name == *column))
            };
            if inputs.is_empty()
                || tables.iter().any(|one| keys_of(one, subject).iter().any(|key| is_given(key)))
            {
                continue;
            }
            let place = text.input.as_ref().map_or(text.id.span, |input| input.text.span);
            let key = first.text.primary_key.first().map_or(first.text.name.span, |column| column.span);
            let message = format!("`{}` answers with one `{name}`, and takes no key of it", capability.id);
            diagnostics.push(
                Diagnostic::new(codes::READ_WITHOUT_KEY, message, place, "this input")
                    .and(key, "the key of such rows")
                    .help("take a whole key of the table, or answer with a list"),
            );
        }
    }
}

/// The keys of a table: of all its rows, and of some.
fn keys_of(declared: &Declared<'_>, subject: &Subject<'_>) -> Vec<Vec<String>> {
    let engine = subject.engines.iter().find(|engine| engine.id.value == declared.engine);
    let mut tables = engine.into_iter().flat_map(|engine| &engine.contract.tables);
    let name = without_schema(&declared.text.name.value);
    let Some(table) = tables.find(|table| without_schema(&table.name) == name) else { return Vec::new() };
    let of_some = |one: &Constraint| one.unique_where.as_ref().map(|index| index.columns.clone());
    let whole = std::iter::once(&table.primary_key).chain(&table.unique_keys).cloned();
    whole.chain(table.constraints.iter().filter_map(of_some)).collect()
}

/// Guards that answer with something: they must fail, and have nothing to give.
pub fn of_guards(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for engine in &subject.engines {
        for (capability, text) in others(engine).filter(|(one, _)| one.effect == Effect::Guard) {
            let types = capability.output.types();
            if types.iter().all(|ty| *ty == TypeRef::Unit) {
                continue;
            }
            let message = format!("`{}` is a guard, and answers with something", capability.id);
            diagnostics.push(
                Diagnostic::new(codes::ANSWER_OF_GUARD, message, output_place(text), "this answer")
                    .and(text.id.span, "this guard")
                    .help("write `Result<(), StorageError>`: a guard must fail"),
            );
        }
    }
}
