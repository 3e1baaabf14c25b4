//! Tables of which only the names are known: whether their rows change, their keys and their columns.

use selene_codegen::contract::{Capability, Effect};
use selene_codegen::naming::{upper_snake, without_schema};

use super::lines::{add, bare};
use crate::adopt::guess::singular;
use crate::adopt::records::written;
use crate::adopt::subject::{Adopted, Subject};
use crate::parse::document::{CapabilityText, Document, TableText};
use crate::parse::schema::{Expr, ExprKind};

/// A table as it is drafted.
#[derive(Debug)]
pub(super) struct TableDraft {
    pub(super) name: String,
    pub(super) is_ledger: bool,
    pub(super) key: Vec<String>,
    pub(super) columns: Vec<String>,
    /// What truth type, key and columns were guessed from.
    pub(super) from: String,
}

/// A capability with what the contract makes of it.
pub(super) type Of<'a> = (&'a CapabilityText, &'a Capability);

/// The last words of tables whose rows never change.
const LEDGERS: [&str; 6] = ["event", "ledger", "log", "history", "attempt", "entry"];
/// Columns that every row of a table that changes has.
const TIMES: [&str; 2] = ["created_at", "updated_at"];

/// The capabilities of an ECM.
pub(super) fn capabilities<'a>(engine: &Adopted<'a>, ecm: &'a Document) -> Vec<Of<'a>> {
    ecm.capabilities.iter().zip(&engine.contract.capabilities).collect()
}

/// What a capability takes, with marks, without what every call has.
pub(super) fn inputs(subject: &Subject<'_>, text: &CapabilityText) -> Vec<String> {
    let tree = text.input.as_ref().and_then(|input| input.tree.as_ref());
    let parts = match tree.map(|tree| &tree.kind) {
        Some(ExprKind::Tuple(parts)) => parts.as_slice(),
        _ => tree.map(std::slice::from_ref).unwrap_or_default(),
    };
    let is_ambient = |name: &str| subject.lexicon.ambient.iter().any(|known| known.value == name);
    parts.iter().filter_map(written).filter(|name| !is_ambient(bare(name))).collect()
}

/// The words of a table's name, each in the singular.
pub(super) fn words_of(table: &str) -> Vec<String> {
    without_schema(table).split('_').map(singular).collect()
}

/// Whether the id of a capability names a table.
pub(super) fn speaks_of(capability: &str, table: &str) -> bool {
    let of_id: Vec<String> = capability.split('_').map(|word| singular(&word.to_ascii_lowercase())).collect();
    words_of(table).iter().all(|word| of_id.contains(word))
}

/// Drafts the tables that an ECM owns.
pub(super) fn tables(subject: &Subject<'_>, engine: &Adopted<'_>, ecm: &Document) -> Vec<TableDraft> {
    let all = capabilities(engine, ecm);
    let others = || subject.contracts.iter().filter(|contract| contract.engine.id != engine.id);
    let is_of_another = |name: &str| {
        others().flat_map(|contract| &contract.tables).any(|table| without_schema(&table.name) == name)
    };
    let owned = ecm.header.data_owned.iter().map(|table| without_schema(&table.value));
    // Whose table it is has a finding of its own.
    let owned: Vec<&str> = owned.filter(|name| !is_of_another(name)).collect();
    let is_ledger = |name: &str| {
        let last = words_of(name).pop().unwrap_or_default();
        let has_guard = all.iter().any(|(_, capability)| capability.effect == Effect::Guard);
        LEDGERS.contains(&last.as_str()) || owned.len() == 1 && has_guard
    };
    owned
        .iter()
        .map(
            |name| {
                if is_ledger(name) {
                    ledger(subject, &all, name)
                } else {
                    current(subject, engine, &all, name)
                }
            },
        )
        .collect()
}

/// The columns of a table of which a page says the key: that, what the writes of the table take, and the times of every row. A
/// row of a ledger has the state that it is about.
pub(super) fn columns_of(
    subject: &Subject<'_>,
    engine: &Adopted<'_>,
    ecm: &Document,
    table: &TableText,
) -> Vec<String> {
    let name = without_schema(&table.name.value);
    let is_ledger = table.truth_type.as_ref().is_some_and(|truth| truth.value.starts_with("LEDGER"));
    let mut columns: Vec<String> = table.primary_key.iter().map(|column| column.value.clone()).collect();
    let writes = capabilities(engine, ecm).into_iter().filter(|(_, capability)| {
        let is_written = capability.writes.iter().any(|written| without_schema(written) == name);
        capability.effect == Effect::Write && !capability.planned && is_written
    });
    for (index, (text, _)) in writes.enumerate() {
        for field in inputs(subject, text) {
            let is_state = bare(&field).ends_with("_status") || bare(&field).ends_with("_state");
            // What only a later call brings is not there from the start.
            let is_later = (is_ledger || index > 0) && !field.ends_with(['?', ']']);
            let column = if is_later { format!("{field}?") } else { field.clone() };
            if !is_of_call(&field) && (is_state || !is_ledger) {
                add(&mut columns, &column);
            }
        }
    }
    let times = if is_ledger { &TIMES[..1] } else { &TIMES[..] };
    for time in times {
        add(&mut columns, time);
    }
    columns
}

/// What an input says of the call and not of a row.
fn is_of_call(field: &str) -> bool {
    matches!(bare(field), "idempotency_key" | "reason_code")
}

fn has_tenant(subject: &Subject<'_>, all: &[Of<'_>]) -> bool {
    all.iter().any(|(text, _)| inputs(subject, text).iter().any(|name| name == "tenant_id"))
}

/// The id of a row: `note_id` of `notes`.
fn id_of(table: &str) -> String {
    format!("{}_id", words_of(table).join("_"))
}

fn current(subject: &Subject<'_>, engine: &Adopted<'_>, all: &[Of<'_>], name: &str) -> TableDraft {
    let mut key: Vec<String> = has_tenant(subject, all).then(|| "tenant_id".to_owned()).into_iter().collect();
    key.push(id_of(name));
    let mut columns = key.clone();
    if let Some(fields) = record_fields(subject, engine, all, name) {
        for field in &fields {
            add(&mut columns, field);
        }
        let from = "the name of the table, and the record that reads give".to_owned();
        return TableDraft { name: name.to_owned(), is_ledger: false, key, columns, from };
    }
    let mut writes: Vec<&Of<'_>> = all
        .iter()
        .filter(|(_, capability)| capability.effect == Effect::Write && !capability.planned)
        .collect();
    if writes.iter().any(|(text, _)| speaks_of(&text.id.value, name)) {
        writes.retain(|(text, _)| speaks_of(&text.id.value, name));
    }
    for (index, (text, _)) in writes.into_iter().enumerate() {
        for field in inputs(subject, text) {
            // What only a later call brings is not there from the start.
            let is_later = index > 0 && !field.ends_with(['?', ']']);
            let column = if is_later { format!("{field}?") } else { field.clone() };
            if !is_of_call(&field) {
                add(&mut columns, &column);
            }
        }
    }
    for time in TIMES {
        add(&mut columns, time);
    }
    let from = "the name of the table, and what its writes take".to_owned();
    TableDraft { name: name.to_owned(), is_ledger: false, key, columns, from }
}

/// The fields of the record that a capability gives and that is about the table.
fn record_fields(
    subject: &Subject<'_>,
    engine: &Adopted<'_>,
    all: &[Of<'_>],
    table: &str,
) -> Option<Vec<String>> {
    let scopes = engine.scope.into_iter().chain([&subject.lexicon.shared]);
    let mut records = scopes.flat_map(|scope| &scope.records);
    let is_given = |name: &str| {
        let of_name: Vec<String> =
            upper_snake(name).split('_').map(|word| singular(&word.to_ascii_lowercase())).collect();
        let is_row = words_of(table).iter().all(|word| of_name.contains(word));
        let gives = |(text, _): &Of<'_>| {
            let tree = text.output.as_ref().and_then(|output| output.tree.as_ref());
            tree.is_some_and(|tree| names(tree, name))
        };
        is_row && all.iter().any(gives)
    };
    let record = records.find(|record| is_given(&record.name.value))?;
    Some(record.fields.iter().filter_map(|(field, _)| written(field)).collect())
}

fn names(expr: &Expr, wanted: &str) -> bool {
    match &expr.kind {
        ExprKind::Name(name) => name == wanted,
        ExprKind::Optional(inner) | ExprKind::List(inner) => names(inner, wanted),
        ExprKind::Generic { args: parts, .. } | ExprKind::OneOf(parts) => {
            parts.iter().any(|part| names(part, wanted))
        }
        _ => false,
    }
}

fn ledger(subject: &Subject<'_>, all: &[Of<'_>], name: &str) -> TableDraft {
    let guards = all.iter().filter(|(_, capability)| capability.effect == Effect::Guard);
    let of_guards = guards.map(|(text, _)| inputs(subject, text)).find(|names| !names.is_empty());
    let (key, from) = if let Some(names) = of_guards {
        (names, "the name of the table, and what the guard takes")
    } else {
        let mut key: Vec<String> =
            has_tenant(subject, all).then(|| "tenant_id".to_owned()).into_iter().collect();
        key.push(format!("{}_seq", words_of(name).join("_")));
        (key, "the name of the table")
    };
    let mut columns = key.clone();
    for (text, _) in all.iter().filter(|(_, capability)| capability.effect == Effect::Write) {
        for field in inputs(subject, text) {
            if bare(&field).ends_with("_status") || bare(&field).ends_with("_state") {
                add(&mut columns, &format!("{}?", bare(&field)));
            }
        }
    }
    add(&mut columns, TIMES[0]);
    TableDraft { name: name.to_owned(), is_ledger: true, key, columns, from: from.to_owned() }
}
