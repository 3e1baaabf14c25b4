//! Keys and indices of tables, and records that are their rows.

use selene_codegen::contract::{Field, Index, TypeRef};
use selene_codegen::naming::without_schema;

use super::schemas::differing;
use crate::diagnostics::{Diagnostic, Diagnostics, codes, guess_or};
use crate::lint::Subject;
use crate::lint::subject::Declared;
use crate::parse::document::{ReadText, Text};
use crate::source::Span;

/// Columns of keys that a row may lack: a key does not distinguish two rows without one.
pub fn optional(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for declared in subject.tables.values().flatten() {
        let keys = std::iter::once(&declared.text.primary_key).chain(&declared.text.unique_keys);
        for name in keys.flatten() {
            let column = declared.columns.iter().find(|column| column.name == name.value);
            if column.is_some_and(|column| matches!(column.ty, TypeRef::Option(_))) {
                let message = format!(
                    "`{}` is part of a key of `{}` and may be absent",
                    name.value, declared.text.name.value
                );
                diagnostics.push(
                    Diagnostic::new(codes::OPTIONAL_KEY, message, name.span, "part of this key")
                        .and(subject.column_place(declared, &name.value), "optional here")
                        .help("take the `?` away, or take the column out of the key"),
                );
            }
        }
    }
}

/// Columns that stand in a key twice, and keys that stand twice.
pub fn needless(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for write in subject.engines.iter().filter_map(|engine| engine.wiring).flat_map(|page| &page.writes) {
        for key in write.dedupe.iter().flat_map(|dedupe| &dedupe.value) {
            for (place, name) in key.iter().enumerate() {
                if let Some(first) = key[..place].iter().find(|known| known.value == name.value) {
                    let message =
                        format!("`{}` stands twice in the dedupe key of {}", name.value, write.heading.value);
                    repeated(message, name.span, first.span, diagnostics);
                }
            }
        }
    }
    for declared in subject.tables.values().flatten() {
        let table = declared.text;
        let mut keys: Vec<&[Text]> = Vec::new();
        for key in std::iter::once(&table.primary_key).chain(&table.unique_keys) {
            for (place, column) in key.iter().enumerate() {
                if let Some(first) = key[..place].iter().find(|known| known.value == column.value) {
                    let message =
                        format!("`{}` stands twice in a key of `{}`", column.value, table.name.value);
                    repeated(message, column.span, first.span, diagnostics);
                }
            }
            let names = |key: &[Text]| {
                let mut names: Vec<String> = key.iter().map(|column| column.value.clone()).collect();
                names.sort();
                names
            };
            let known = keys.iter().find(|known| names(known) == names(key));
            if let (Some(first), Some(again)) = (known.and_then(|key| key.first()), key.first()) {
                let message = format!("`{}` has the same key twice", table.name.value);
                repeated(message, again.span, first.span, diagnostics);
            }
            keys.push(key);
        }
    }
}

fn repeated(message: String, again: Span, first: Span, diagnostics: &mut Diagnostics) {
    diagnostics.push(
        Diagnostic::new(codes::NEEDLESS_KEY, message, again, "again")
            .and(first, "first here")
            .help("take one of them out"),
    );
}

/// Required indices that are none, or of tables that their read does not name.
pub fn unknown_index(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for read in subject.engines.iter().filter_map(|engine| engine.wiring).flat_map(|page| &page.reads) {
        for index in &read.required_indices {
            let named = Index::table_and_columns(&index.value).map(|(table, _)| table);
            let other = named.and_then(|table| {
                let does = ("a read", "needs an index of", "needed");
                differing(codes::UNKNOWN_INDEX, (table, index.span), does, subject)
            });
            if let Some(finding) = other {
                diagnostics.push(finding);
                continue;
            }
            let table = named.map(without_schema);
            let of_read = || read.tables.iter().map(|name| without_schema(&name.value));
            if table.is_some_and(|table| of_read().any(|name| name == table)) {
                continue;
            }
            let message = match table {
                Some(table) => format!("this read names no table `{table}`, and needs an index of it"),
                None => format!("`{}` is not an index", index.value),
            };
            let at = read.tables.first().map_or(read.title.span, |name| name.span);
            diagnostics.push(
                Diagnostic::new(codes::UNKNOWN_INDEX, message, index.span, "this index")
                    .and(at, "what is read")
                    .help(match table {
                        Some(table) => guess_or(table, of_read(), "name the table under `reads`"),
                        None => "write `table(column, …)`".to_owned(),
                    }),
            );
        }
    }
}

/// Whether `(PK)` stands behind a required index.
fn is_called_primary(index: &Text, subject: &Subject<'_>) -> bool {
    let behind = subject.sources.get(index.span.file).text.get(index.span.end..).unwrap_or_default();
    behind.strip_prefix('`').is_some_and(|behind| behind.trim_start_matches(' ').starts_with("(PK)"))
}

/// Indices that are called primary keys and are not.
pub fn wrong_primary(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let wirings = subject.engines.iter().filter_map(|engine| engine.wiring);
    let indices = wirings.flat_map(|page| &page.reads).flat_map(|read: &ReadText| &read.required_indices);
    for index in indices.filter(|index| is_called_primary(index, subject)) {
        let Some((table, columns)) = Index::table_and_columns(&index.value) else { continue };
        let declared = subject.tables.get(without_schema(table)).and_then(|declared| declared.first());
        let Some(declared) = declared else { continue };
        let key: Vec<&str> = declared.text.primary_key.iter().map(|column| column.value.as_str()).collect();
        if key == columns {
            continue;
        }
        let at = declared.text.primary_key.first().map_or(declared.text.name.span, |column| column.span);
        let message = format!("`{}` is not the primary key of `{table}`", index.value);
        diagnostics.push(
            Diagnostic::new(codes::WRONG_PRIMARY_INDEX, message, index.span, "called `(PK)`")
                .and(at, "the primary key")
                .help(format!("write `{table}({})`, or take `(PK)` away", key.join(", "))),
        );
    }
}

/// The record that is a row of a table, whole or but for two columns, against the table's columns.
pub fn records(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let Some(lexicon) = subject.lexicon() else { return };
    for declared in subject.tables.values().flatten() {
        let contract = subject.engines.iter().find(|engine| engine.id.value == declared.engine);
        let Some(contract) = contract.map(|engine| engine.contract) else { continue };
        let scope = lexicon.engine(declared.engine);
        for (records, scope) in
            [(&contract.records, scope), (&subject.resolved.shared.records, Some(&lexicon.shared))]
        {
            for record in records.iter().filter(|record| is_row(&record.fields, declared)) {
                let entry = scope
                    .and_then(|scope| scope.records.iter().find(|entry| entry.name.value == record.name));
                let Some(entry) = entry else { continue };
                compare(declared, &record.fields, &entry.name, subject, diagnostics);
            }
        }
    }
}

/// Whether all fields are columns, with the whole primary key, and at most two columns are left out.
pub(super) fn is_row(fields: &[Field], declared: &Declared<'_>) -> bool {
    let has = |name: &str| fields.iter().any(|field| field.name == name);
    let is_column = |field: &Field| declared.columns.iter().any(|column| column.name == field.name);
    let left_out = declared.columns.iter().filter(|column| !has(&column.name)).count();
    !fields.is_empty()
        && fields.iter().all(is_column)
        && declared.text.primary_key.iter().all(|column| has(&column.value))
        && left_out <= 2
        && left_out < fields.len()
}

fn compare(
    declared: &Declared<'_>,
    fields: &[Field],
    record: &Text,
    subject: &Subject<'_>,
    diagnostics: &mut Diagnostics,
) {
    for field in fields {
        let Some(column) = declared.columns.iter().find(|column| column.name == field.name) else { continue };
        let shape = |ty: &TypeRef| match ty {
            TypeRef::Option(_) => "optional",
            TypeRef::List(_) => "a list",
            _ => "one value",
        };
        let (of_record, of_table) = (shape(&field.ty), shape(&column.ty));
        if of_record != of_table {
            let table = &declared.text.name.value;
            let message =
                format!("`{}` is {of_table} in `{table}` and {of_record} in `{}`", field.name, record.value);
            diagnostics.push(
                Diagnostic::new(
                    codes::RECORD_AGAINST_TABLE,
                    message,
                    subject.column_place(declared, &field.name),
                    "this column",
                )
                .and(record.span, "this record")
                .help("give it the same marks in the table's `fields` and in the record of lexicon.yaml"),
            );
        }
    }
}
