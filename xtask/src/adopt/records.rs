//! Records that outputs name and the lexicon does not have.

use selene_codegen::contract::Effect;
use selene_codegen::naming::{upper_snake, without_schema};

use super::entry::{Entry, Part, list, quoted, words};
use super::guess::is_field_name;
use super::slips::is_slip;
use super::subject::{Adopted, Subject};
use crate::diagnostics::codes;
use crate::parse::document::{CapabilityText, TableText};
use crate::parse::schema::{Expr, ExprKind};

/// How names of records end. What ends otherwise is a type of one value.
const ENDS: [&str; 14] = [
    "Record", "Records", "Row", "Result", "Output", "Ok", "Summary", "Snapshot", "View", "Entry", "Bundle",
    "Packet", "Response", "Report",
];

/// Whether a type is a record by its name.
pub(super) fn is_record(name: &str) -> bool {
    ENDS.iter().any(|end| name.ends_with(end))
}

/// Drafts every unknown record of an engine for which fields are found.
pub(super) fn draft(subject: &Subject<'_>, engine: &Adopted<'_>, entries: &mut Vec<Entry>) {
    for (name, _) in subject.unknown_of(codes::UNKNOWN_TYPE, engine.id) {
        if !is_record(name) || engine.names.type_names().any(|known| is_slip(name, known)) {
            continue;
        }
        let found = by_table(engine, name)
            .or_else(|| by_words(subject, engine, name))
            .or_else(|| by_inputs(subject, engine, name));
        let Some((fields, from)) = found.filter(|(fields, _)| !fields.is_empty()) else { continue };
        let stem = ENDS.iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
        let doc = quoted(&format!("One {}.", words(&upper_snake(stem))));
        let value = format!("{{ doc: {doc}, fields: {} }}", list(&fields));
        entries.push(Entry { part: Part::Records, key: name.to_owned(), value, from });
    }
}

/// Capabilities that give a record.
fn givers<'a>(engine: &Adopted<'a>, name: &str) -> Vec<&'a CapabilityText> {
    let capabilities = engine.pages.ecm.into_iter().flat_map(|page| &page.capabilities);
    let gives = |capability: &&CapabilityText| {
        let tree = capability.output.as_ref().and_then(|output| output.tree.as_ref());
        tree.is_some_and(|tree| holds(tree, name))
    };
    capabilities.filter(gives).collect()
}

fn holds(expr: &Expr, wanted: &str) -> bool {
    match &expr.kind {
        ExprKind::Name(name) => name == wanted,
        ExprKind::Optional(inner) | ExprKind::List(inner) => holds(inner, wanted),
        ExprKind::Generic { args: parts, .. } | ExprKind::OneOf(parts) => {
            parts.iter().any(|part| holds(part, wanted))
        }
        _ => false,
    }
}

/// The row of a table that a giver writes, or whose name is in the record's.
fn by_table(engine: &Adopted<'_>, name: &str) -> Option<(Vec<String>, String)> {
    let table = table_of(engine, name)?;
    let ExprKind::Tuple(columns) = &table.columns.as_ref()?.tree.as_ref()?.kind else { return None };
    let from = format!("the fields of the table `{}`", without_schema(&table.name.value));
    Some((columns.iter().filter_map(written).collect(), from))
}

/// A field with its marks, as the lexicon writes it.
pub(super) fn written(expr: &Expr) -> Option<String> {
    match &expr.kind {
        ExprKind::Name(name) => Some(name.clone()),
        ExprKind::Fixed { name, .. } | ExprKind::Values { name, .. } => Some(name.value.clone()),
        ExprKind::Optional(inner) => Some(format!("{}?", written(inner)?)),
        ExprKind::List(inner) => Some(format!("{}[]", written(inner)?)),
        _ => None,
    }
}

/// The table that a record is a row of: the one with the most words of the record's name; else the one that its giver writes.
fn table_of<'a>(engine: &Adopted<'a>, name: &str) -> Option<&'a TableText> {
    let tables = || engine.pages.db_wiring.into_iter().flat_map(|page| &page.tables);
    let of_record: Vec<String> = upper_snake(name).split('_').map(stem).collect();
    let shared = |table: &TableText| {
        let of_table = without_schema(&table.name.value).split('_').map(stem).collect::<Vec<_>>();
        of_table.iter().filter(|word| of_record.contains(word)).count()
    };
    let best = tables().rev().max_by_key(|table| shared(table)).filter(|table| shared(table) > 0);
    best.or_else(|| {
        let written = givers(engine, name).into_iter().flat_map(|giver| {
            let of_contract = engine.contract.capabilities.iter().filter(|one| one.id == giver.id.value);
            of_contract.flat_map(|one| &one.writes).collect::<Vec<_>>()
        });
        let names: Vec<&str> = written.map(|table| without_schema(table)).collect();
        tables().find(|table| names.contains(&without_schema(&table.name.value)))
    })
}

/// A word as it is compared: without case, and in the singular.
fn stem(word: &str) -> String {
    super::guess::singular(&word.to_ascii_lowercase())
}

/// How names of lists end that are written without brackets.
const PLURALS: [&str; 8] = ["_ids", "_refs", "_keys", "_tags", "_codes", "_fields", "_flags", "_items"];

fn is_plural(name: &str) -> bool {
    PLURALS.iter().any(|end| name.ends_with(end))
}

/// The names in backticks; on a page without these, what stands between commas in brackets and has several words.
fn names_in(raw: &str) -> Vec<&str> {
    if raw.contains('`') {
        return raw.split('`').skip(1).step_by(2).flat_map(|code| code.split(',')).collect();
    }
    let parts = raw.split([',', ';', '(', ')']).map(str::trim);
    parts.filter(|part| part.contains('_')).collect()
}

/// The names that stand behind an output.
fn by_words(subject: &Subject<'_>, engine: &Adopted<'_>, name: &str) -> Option<(Vec<String>, String)> {
    let mut found: Vec<String> = Vec::new();
    for giver in givers(engine, name) {
        let notes = giver.notes.iter().filter(|(key, _)| key.value.starts_with("output_schema"));
        for (_, note) in notes {
            let raw = subject.text(note.span.file).get(note.span.start..note.span.end).unwrap_or_default();
            for code in
                names_in(raw).into_iter().map(|code| code.split('=').next().unwrap_or_default().trim())
            {
                let field = if is_plural(code) { format!("{code}[]") } else { code.to_owned() };
                if is_field_name(code) && !found.contains(&field) {
                    found.push(field);
                }
            }
        }
    }
    (!found.is_empty()).then(|| (found, "the names behind the output".to_owned()))
}

/// What the writes that give it take, and when it was made.
fn by_inputs(subject: &Subject<'_>, engine: &Adopted<'_>, name: &str) -> Option<(Vec<String>, String)> {
    let mut found: Vec<String> = Vec::new();
    let ambient = |name: &str| subject.lexicon.ambient.iter().any(|known| known.value == name);
    for giver in givers(engine, name) {
        let contract = engine.contract.capabilities.iter().find(|one| one.id == giver.id.value)?;
        let tree = giver.input.as_ref().and_then(|input| input.tree.as_ref());
        let parts = match tree.map(|tree| &tree.kind) {
            Some(ExprKind::Tuple(parts)) => parts.as_slice(),
            _ => &[],
        };
        if contract.effect != Effect::Write {
            continue;
        }
        for field in parts.iter().filter_map(written) {
            let bare = field.trim_end_matches(['?', '[', ']']);
            let is_of_row = !ambient(bare) && bare != "idempotency_key";
            if is_of_row && !found.contains(&field) {
                found.push(field);
            }
        }
    }
    if found.is_empty() {
        return None;
    }
    found.push("created_at".to_owned());
    Some((found, "what the writes take that give it".to_owned()))
}
