//! Foreign keys: both ends are there, the far one is a key, and they fit each other.

use std::collections::BTreeSet;

use selene_codegen::contract::TypeRef;
use selene_codegen::naming::without_schema;

use crate::diagnostics::{Diagnostic, Diagnostics, codes, guess_or};
use crate::lint::Subject;
use crate::lint::sentence::code_spans;
use crate::lint::subject::{Declared, Engine};
use crate::parse::document::Text;

/// A foreign key, cut at its dots.
struct Reference<'a> {
    from: &'a Text,
    table: &'a str,
    column: &'a str,
    to: &'a Text,
    far_table: &'a str,
    far_column: &'a str,
    remark: &'a str,
}

fn references<'a>(engine: &Engine<'a>) -> Vec<Reference<'a>> {
    let written = engine.wiring.into_iter().flat_map(|page| &page.relations.foreign_keys);
    let cut = written.map(|(from, to, remark)| {
        let (table, column) = from.value.rsplit_once('.').unwrap_or((&from.value, ""));
        let (far_table, far_column) = to.value.rsplit_once('.').unwrap_or((&to.value, ""));
        let (table, far_table) = (without_schema(table), without_schema(far_table));
        let remark = remark.as_deref().unwrap_or_default();
        Reference { from, table, column, to, far_table, far_column, remark }
    });
    cut.collect()
}

impl<'a> Reference<'a> {
    /// The near end as its own wiring declares it, and the far end as anybody does; where both list their columns.
    fn ends<'s>(&self, subject: &'s Subject<'a>) -> Option<(&'s Declared<'a>, &'s Declared<'a>)> {
        Some((subject.columns(self.table)?, subject.columns(self.far_table)?))
    }
}

/// References from tables that the wiring does not declare, and to tables that nobody declares.
pub fn unknown(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    unknown_in_invariant(subject, diagnostics);
    for engine in &subject.engines {
        let Some(wiring) = engine.wiring else { continue };
        let own = || wiring.tables.iter().map(|table| without_schema(&table.name.value));
        let outside = super::reads::outside(wiring, subject);
        let at = wiring.tables.first().map_or(engine.id.span, |table| table.name.span);
        for reference in references(engine) {
            let help = |name: &str| {
                let otherwise = format!(
                    "declare the table, or say under `Reads` that it lives elsewhere: `` - outside: `{name}` ``"
                );
                guess_or(name, subject.tables.keys().copied(), &otherwise)
            };
            if !own().any(|known| known == reference.table) || reference.column.is_empty() {
                let message = format!("`{}` is no column of a table of this wiring", reference.from.value);
                diagnostics.push(
                    Diagnostic::new(codes::UNKNOWN_REFERENCE, message, reference.from.span, "leads from there")
                        .and(at, "the tables of this wiring")
                        .help(guess_or(reference.table, own(), "write `table.column -> table.column`, and begin with a table that the wiring declares")),
                );
            }
            let is_known = subject.tables.contains_key(reference.far_table)
                || outside.iter().any(|(name, _)| *name == reference.far_table);
            if (!is_known && subject.is_whole) || reference.far_column.is_empty() {
                let message = format!("no DB wiring declares the table of `{}`", reference.to.value);
                diagnostics.push(
                    Diagnostic::new(codes::UNKNOWN_REFERENCE, message, reference.to.span, "leads to it")
                        .and(at, "the tables of this wiring")
                        .help(help(reference.far_table)),
                );
            }
        }
    }
}

/// Foreign keys that an invariant states: `` FK `device_id -> devices.device_id` ``.
fn unknown_in_invariant(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for engine in &subject.engines {
        let Some(wiring) = engine.wiring else { continue };
        let outside = super::reads::outside(wiring, subject);
        for table in &wiring.tables {
            for sentence in &table.invariants {
                let is_reference =
                    ["FK ", "optional FK "].iter().any(|start| sentence.value.starts_with(start));
                let first = code_spans(sentence.span, subject.sources).into_iter().next();
                let Some((code, span)) = first.filter(|_| is_reference) else { continue };
                let Some((from, to)) = code.split_once("->") else { continue };
                let (far_table, far_column) = to.trim().rsplit_once('.').unwrap_or((to.trim(), ""));
                let far_table = without_schema(far_table);
                if outside.iter().any(|(name, _)| *name == far_table) {
                    continue;
                }
                let lacks = |table: &str, column: &str| {
                    let declared = subject.columns(table);
                    declared.is_some_and(|declared| !declared.columns.iter().any(|one| one.name == column))
                };
                let own = from.trim().rsplit_once('.').map_or(from.trim(), |(_, column)| column);
                let message = if !subject.tables.contains_key(far_table) && subject.is_whole {
                    format!("no DB wiring declares the table of `{}`", to.trim())
                } else if lacks(far_table, far_column) {
                    format!("the table `{far_table}` has no column `{far_column}`")
                } else if lacks(&table.name.value, own) {
                    format!("the table `{}` has no column `{own}`", table.name.value)
                } else {
                    continue;
                };
                diagnostics.push(
                    Diagnostic::new(codes::UNKNOWN_REFERENCE, message, span, "this reference")
                        .and(table.name.span, "an invariant of this table")
                        .help(guess_or(
                            far_table,
                            subject.tables.keys().copied(),
                            "name a column of the table, and one of a table that is declared",
                        )),
                );
            }
        }
    }
}

/// References to columns that are part of no key.
pub fn to_no_key(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for engine in &subject.engines {
        for reference in references(engine) {
            let Some(declared) = subject.tables.get(reference.far_table) else { continue };
            let is_key = declared.iter().any(|declared| {
                let keys = std::iter::once(&declared.text.primary_key).chain(&declared.text.unique_keys);
                keys.flatten().any(|column| column.value == reference.far_column)
            });
            let Some(first) = declared.first().filter(|_| !is_key) else { continue };
            let key = first.text.primary_key.first().map_or(first.text.name.span, |column| column.span);
            let message =
                format!("`{}` is part of no key of `{}`", reference.far_column, reference.far_table);
            diagnostics.push(
                Diagnostic::new(codes::REFERENCE_TO_NO_KEY, message, reference.to.span, "leads to it")
                    .and(key, "the table's key")
                    .help("refer to a key of the table, or add a unique key"),
            );
        }
    }
}

/// References that lead to a part of a key, where no others of the same two tables lead to the rest of it.
pub fn to_part_of_key(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let all: Vec<Reference<'_>> = subject.engines.iter().flat_map(references).collect();
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
            Diagnostic::new(codes::REFERENCE_TO_PART_OF_KEY, message, reference.to.span, "leads to it")
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
        for reference in references(engine) {
            let Some(declared) = subject.columns(reference.table) else { continue };
            let column = declared.columns.iter().find(|column| column.name == reference.column);
            let Some(column) = column else { continue };
            let is_optional = matches!(column.ty, TypeRef::Option(_));
            let says = ["nullable", "optional"].iter().any(|word| reference.remark.contains(word));
            // A wiring that leaves the columns to the owner says only what it needs.
            let is_owner = declared.engine == engine.id.value;
            let message = match (says, is_optional) {
                (true, false) => {
                    format!("`{}` is nullable here, and its column is required", reference.from.value)
                }
                (false, true) if is_owner => {
                    format!("`{}` may be absent, and its foreign key does not say so", reference.from.value)
                }
                _ => continue,
            };
            diagnostics.push(
                Diagnostic::new(codes::DIFFERENT_NULLABILITY, message, reference.from.span, "this reference")
                    .and(subject.column_place(declared, reference.column), "its column")
                    .help("write `(nullable)` behind references of optional columns, and of no others"),
            );
        }
    }
}

/// References whose two ends have different types.
pub fn types(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for engine in &subject.engines {
        for reference in references(engine) {
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
                let message = format!(
                    "`{}` is a `{one}`, and `{}` a `{other}`",
                    reference.from.value, reference.to.value
                );
                diagnostics.push(
                    Diagnostic::new(
                        codes::DIFFERENT_REFERENCE_TYPES,
                        message,
                        subject.column_place(near, reference.column),
                        "this column",
                    )
                    .and(subject.column_place(far, reference.far_column), "the one it refers to")
                    .and(reference.from.span, "the reference")
                    .help("give both names the same type in lexicon.yaml, or refer to another column"),
                );
            }
        }
    }
}
