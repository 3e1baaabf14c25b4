//! Foreign keys: both ends are there, the far one is a key, and they fit each other.

use std::collections::BTreeSet;

use selene_codegen::contract::TypeRef;
use selene_codegen::naming::without_schema;

use super::schemas::differing;
use crate::diagnostics::{Diagnostic, Diagnostics, codes, guess_or};
use crate::lint::Subject;
use crate::lint::references::{self, Reference};
use crate::lint::subject::Declared;
use crate::source::Span;

/// References from tables that the wiring does not declare, and to tables that nobody declares.
pub fn unknown(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for engine in &subject.engines {
        let Some(wiring) = engine.wiring else { continue };
        let own = || wiring.tables.iter().map(|table| without_schema(&table.name.value));
        let outside = super::reads::outside(wiring, subject);
        let first = wiring.tables.first().map_or(engine.id.span, |table| table.name.span);
        for reference in references::all(engine, subject) {
            let (at, whose) = match reference.below {
                Some(table) => (table.name.span, "an invariant of this table"),
                None => (first, "the tables of this wiring"),
            };
            let (from, to) = (reference.from, reference.to);
            if !own().any(|known| known == reference.table) || reference.column.is_empty() {
                let message = format!("`{}` is no column of a table of this wiring", from.0);
                diagnostics.push(
                    Diagnostic::new(codes::UNKNOWN_REFERENCE, message, from.1, "leads from there")
                        .and(at, whose)
                        .help(guess_or(reference.table, own(), "write `table.column -> table.column`, and begin with a table that the wiring declares")),
                );
            }
            let does = (engine.id.value.as_str(), "refers to", "referred to");
            let named = (reference.far_name(), to.1);
            if let Some(finding) = differing(codes::UNKNOWN_REFERENCE, named, does, subject) {
                diagnostics.push(finding);
                continue;
            }
            let is_outside = outside.iter().any(|(name, _)| *name == reference.far_table);
            let is_known = subject.tables.contains_key(reference.far_table) || is_outside;
            if (!is_known && subject.is_whole) || reference.far_column.is_empty() {
                let message = if reference.far_column.is_empty() {
                    format!("`{}` names no column of a table", to.0)
                } else {
                    format!("no DB wiring declares the table of `{}`", to.0)
                };
                let otherwise = format!(
                    "declare the table, or say under `Reads` that it lives elsewhere: `` - outside: `{}` ``",
                    reference.far_table
                );
                let known = subject.tables.keys().copied();
                diagnostics.push(
                    Diagnostic::new(codes::UNKNOWN_REFERENCE, message, to.1, "leads to it")
                        .and(at, whose)
                        .help(guess_or(reference.far_table, known, &otherwise)),
                );
            } else if !is_outside && reference.below.is_some() {
                unknown_columns(&reference, at, subject, diagnostics);
            }
        }
    }
}

/// Columns of a reference in an invariant that their tables do not have. Those of the list of keys are asked for earlier.
fn unknown_columns(
    reference: &Reference<'_>,
    at: Span,
    subject: &Subject<'_>,
    diagnostics: &mut Diagnostics,
) {
    let ends = [
        (reference.table, reference.column, reference.from.1),
        (reference.far_table, reference.far_column, reference.to.1),
    ];
    for (table, column, place) in ends {
        let Some(declared) = subject.columns(table) else { continue };
        let known = || declared.columns.iter().map(|known| known.name.as_str());
        if known().any(|known| known == column) {
            continue;
        }
        let list = declared.text.columns.as_ref().map_or(declared.text.name.span, |list| list.text.span);
        diagnostics.push(
            Diagnostic::new(
                codes::UNKNOWN_REFERENCE,
                format!("the table `{table}` has no column `{column}`"),
                place,
                "this reference",
            )
            .and(list, "its columns")
            .and(at, "an invariant of this table")
            .help(guess_or(column, known(), "name a column of each of the two tables")),
        );
    }
}

/// Words that look like a reference and are not read as one.
pub fn unread(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for engine in &subject.engines {
        let Some(wiring) = engine.wiring else { continue };
        let first = wiring.relations.foreign_keys.first();
        let (at, what) = match (first, wiring.tables.first()) {
            (Some((from, ..)), _) => (from.span, "a reference that is read"),
            (None, Some(table)) => (table.name.span, "the tables of this wiring"),
            (None, None) => (engine.id.span, "the engine"),
        };
        for form in references::unread(engine, subject) {
            let message = format!(
                "`{}` looks like a reference to `{}`, and is not read as one",
                form.from.0, form.to.0
            );
            diagnostics.push(
                Diagnostic::new(codes::UNREAD_REFERENCE, message, form.span, "these words").and(at, what).help(
                    "write `` - `table.column -> table.column` `` under the foreign keys, or say it without the names of columns",
                ),
            );
        }
    }
}

/// References to columns that are part of no key.
pub fn to_no_key(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for engine in &subject.engines {
        for reference in references::all(engine, subject) {
            let Some(declared) = subject.tables.get(reference.far_table) else { continue };
            // A column that the table does not have has its finding.
            let columns = subject.columns(reference.far_table).map_or(&[][..], |declared| declared.columns);
            let is_lost =
                !columns.is_empty() && !columns.iter().any(|column| column.name == reference.far_column);
            if is_lost || reference.far_column.is_empty() {
                continue;
            }
            let is_key = declared.iter().any(|declared| {
                let keys = std::iter::once(&declared.text.primary_key).chain(&declared.text.unique_keys);
                keys.flatten().any(|column| column.value == reference.far_column)
            });
            let Some(first) = declared.first().filter(|_| !is_key) else { continue };
            let key = first.text.primary_key.first().map_or(first.text.name.span, |column| column.span);
            let message =
                format!("`{}` is part of no key of `{}`", reference.far_column, reference.far_table);
            diagnostics.push(
                Diagnostic::new(codes::REFERENCE_TO_NO_KEY, message, reference.to.1, "leads to it")
                    .and(key, "the table's key")
                    .help("refer to a key of the table, or add a unique key"),
            );
        }
    }
}

/// References that lead to a part of a key, where no others of the same two tables lead to the rest of it.
pub fn to_part_of_key(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let all: Vec<Reference<'_>> =
        subject.engines.iter().flat_map(|engine| references::all(engine, subject)).collect();
    for reference in &all {
        let Some(declared) = subject.tables.get(reference.far_table) else { continue };
        let together: BTreeSet<&str> = all
            .iter()
            .filter(|other| (other.table, other.far_table) == (reference.table, reference.far_table))
            .map(|other| other.far_column)
            .collect();
        let keys = || {
            let tables = declared.iter().map(|declared| declared.text);
            let keys = tables.flat_map(|text| std::iter::once(&text.primary_key).chain(&text.unique_keys));
            keys.filter(|key| key.iter().any(|column| column.value == reference.far_column))
        };
        if keys().any(|key| key.iter().all(|column| together.contains(column.value.as_str()))) {
            continue;
        }
        // A column of no key has a finding of its own.
        let missing = keys().next().and_then(|key| {
            let names: Vec<&str> = key.iter().map(|column| column.value.as_str()).collect();
            let rest = key.iter().find(|column| !together.contains(column.value.as_str()))?;
            Some((names.join(", "), rest))
        });
        let Some((key, missing)) = missing else { continue };
        let message = format!(
            "`{}` is a part of the key `({key})` of `{}`, and no reference of `{}` leads to the rest",
            reference.far_column, reference.far_table, reference.table
        );
        diagnostics.push(
            Diagnostic::new(codes::REFERENCE_TO_PART_OF_KEY, message, reference.to.1, "leads to it")
                .and(missing.span, "the rest of the key")
                .help(format!(
                    "add `{}.… -> {}.{}`, or refer to a whole key",
                    reference.table, reference.far_table, missing.value
                )),
        );
    }
}

/// References that are nullable from columns that are not, and the other way round.
pub fn nullability(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for engine in &subject.engines {
        for reference in references::all(engine, subject) {
            let Some(declared) = subject.columns(reference.table) else { continue };
            let column = declared.columns.iter().find(|column| column.name == reference.column);
            let Some(column) = column else { continue };
            let is_optional = matches!(column.ty, TypeRef::Option(_));
            let states_optional = ["nullable", "optional"].iter().any(|word| reference.remark.contains(word));
            // A wiring that leaves the columns to the owner says only what it needs.
            let is_owner = declared.engine == engine.id.value && reference.below.is_none();
            let message = match (states_optional, is_optional) {
                (true, false) => {
                    format!("`{}` is nullable here, and its column is required", reference.from.0)
                }
                (false, true) if is_owner => {
                    format!("`{}` may be absent, and its foreign key does not say so", reference.from.0)
                }
                _ => continue,
            };
            diagnostics.push(
                Diagnostic::new(codes::DIFFERENT_NULLABILITY, message, reference.from.1, "this reference")
                    .and(subject.column_place(declared, reference.column), "its column")
                    .help("write `(nullable)` behind references of optional columns, and of no others"),
            );
        }
    }
}

/// References whose two ends have different types.
pub fn types(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for engine in &subject.engines {
        for reference in references::all(engine, subject) {
            let Some((near, far)) = reference.ends(subject) else { continue };
            let ty = |declared: &Declared<'_>, name: &str| {
                let column = declared.columns.iter().find(|column| column.name == name)?;
                Some(match &column.ty {
                    TypeRef::Option(inner) => inner.to_string(),
                    other => other.to_string(),
                })
            };
            let types = (ty(near, reference.column), ty(far, reference.far_column));
            let (Some(one), Some(other)) = types else { continue };
            if one != other {
                let message =
                    format!("`{}` is a `{one}`, and `{}` a `{other}`", reference.from.0, reference.to.0);
                diagnostics.push(
                    Diagnostic::new(
                        codes::DIFFERENT_REFERENCE_TYPES,
                        message,
                        subject.column_place(near, reference.column),
                        "this column",
                    )
                    .and(subject.column_place(far, reference.far_column), "the one it refers to")
                    .and(reference.from.1, "the reference")
                    .help("give both names the same type in lexicon.yaml, or refer to another column"),
                );
            }
        }
    }
}
