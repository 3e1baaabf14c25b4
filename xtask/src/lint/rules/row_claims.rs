//! What words say of the rows of a table: that they never change, that they lack nothing, what becomes of them.

use selene_codegen::contract::{Effect, TruthType, TypeRef};
use selene_codegen::naming::without_schema;

use super::table_claims::sentences;
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::lint::Subject;
use crate::lint::references;
use crate::lint::sentence::{clauses, code_spans, raw};
use crate::lint::subject::Engine;
use crate::parse::document::TableText;
use crate::source::Span;

/// Words behind a table that say that its rows stay as they are.
const UNCHANGED: [&str; 10] = [
    "is never changed",
    "are never changed",
    "never changes",
    "never change",
    "is never updated",
    "are never updated",
    "is immutable",
    "are immutable",
    "is append-only",
    "are append-only",
];
/// The column of rows that change.
const LAST_CHANGE: &str = "updated_at";

/// CURRENT tables whose rows have a time of their last change, and never change by a sentence that names them.
pub fn unchanged(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let pages = subject.engines.iter().flat_map(Engine::each_page);
    for clause in pages.flat_map(sentences).flat_map(|text| clauses(text.span, subject.sources)) {
        for (name, place) in code_spans(clause, subject.sources) {
            let Some(declared) = subject.tables.get(without_schema(name)).and_then(|all| all.first()) else {
                continue;
            };
            let behind =
                raw(Span::new(clause.file, (place.end + 1).min(clause.end), clause.end), subject.sources);
            let has_change = declared.columns.iter().any(|column| column.name == LAST_CHANGE);
            let is_unchanged = UNCHANGED.iter().any(|words| {
                behind
                    .trim_start()
                    .strip_prefix(words)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', ',', ';']))
            });
            let truth = declared.text.truth_type.as_ref().filter(|truth| truth.value == "CURRENT");
            let (true, true, Some(truth)) = (is_unchanged, has_change, truth) else { continue };
            let message = format!("rows of `{name}` never change by a sentence, and have an `{LAST_CHANGE}`");
            diagnostics.push(
                Diagnostic::new(codes::FACT_AGAINST_SENTENCE, message, place, "by this sentence")
                    .and(truth.span, "its truth type")
                    .help("mend the sentence, or the truth type and the columns of the table"),
            );
        }
    }
}

/// Words beside a table in `data_owned` that give it another truth type than its DB wiring.
pub fn owned(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for engine in &subject.engines {
        let Some((ecm, wiring)) = engine.pages() else { continue };
        for owned in &ecm.header.data_owned {
            let text = &subject.sources.get(owned.span.file).text;
            let behind = text[owned.span.end..].lines().next().unwrap_or_default().trim_start_matches('`');
            // `notes (append-only), labels`: the words up to the next table.
            let Some(words) = behind.trim_start().strip_prefix('(').and_then(|rest| rest.split(')').next())
            else {
                continue;
            };
            let lower = words.to_ascii_lowercase();
            let of_header = if lower.contains("append-only") || lower.split(' ').any(|word| word == "ledger")
            {
                "LEDGER"
            } else if lower.split([' ', ',']).any(|word| word == "current") {
                "CURRENT"
            } else {
                continue;
            };
            let name = without_schema(&owned.value);
            let mut tables = wiring.tables.iter().filter(|table| without_schema(&table.name.value) == name);
            let truth = tables
                .next()
                .and_then(|table| table.truth_type.as_ref())
                .filter(|truth| truth.value != of_header);
            let Some(truth) = truth else { continue };
            let message =
                format!("`{name}` is `{of_header}` by the ECM, and `{}` by the DB wiring", truth.value);
            diagnostics.push(
                Diagnostic::new(codes::FACT_AGAINST_SENTENCE, message, owned.span, "by this header")
                    .and(truth.span, "its truth type")
                    .help("mend the words of `data_owned`, or the `truth_type` of the table"),
            );
        }
    }
}

/// Invariants that say that every column has a value, of tables with a column that may be absent.
pub fn complete(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    const EVERY: [&str; 5] = [
        "every column is always there",
        "every column has a value",
        "no column is optional",
        "no column may be absent",
        "all columns are required",
    ];
    for declared in subject.tables.values().flatten() {
        let optional = declared.columns.iter().find(|column| matches!(column.ty, TypeRef::Option(_)));
        let Some(optional) = optional else { continue };
        for sentence in &declared.text.invariants {
            let text = raw(sentence.span, subject.sources).to_ascii_lowercase();
            if !EVERY.iter().any(|words| text.starts_with(words)) {
                continue;
            }
            let name = &optional.name;
            let message = format!("every column is there by a sentence, and `{name}` may be absent");
            diagnostics.push(
                Diagnostic::new(codes::ABSENCE_AGAINST_FIELD, message, sentence.span, "this sentence")
                    .and(subject.column_place(declared, name), "this column")
                    .help(format!("take the sentence out, or write `{name}` without `?`")),
            );
        }
    }
}

/// Words of an id that change a row in its place.
const CHANGES: [&str; 7] = ["UPDATE", "DELETE", "OVERWRITE", "EDIT", "PURGE", "REPLACE", "ERASE"];

/// Writes that change or delete by their id, of tables that are all ledgers.
pub fn changed_ledgers(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for engine in &subject.engines {
        let Some((ecm, _)) = engine.pages() else { continue };
        let tables: Vec<(&TableText, TruthType)> = subject
            .engines
            .iter()
            .flat_map(|other| {
                other.wiring.into_iter().flat_map(|page| &page.tables).zip(&other.contract.tables)
            })
            .map(|(text, table)| (text, table.truth_type))
            .collect();
        for (capability, text) in engine.contract.capabilities.iter().zip(&ecm.capabilities) {
            let Some(word) = capability.id.split('_').find(|word| CHANGES.contains(word)) else { continue };
            let written = |name: &String| {
                tables.iter().find(|(table, _)| without_schema(&table.name.value) == without_schema(name))
            };
            let written: Vec<_> = capability.writes.iter().filter_map(written).collect();
            let all = written.len() == capability.writes.len()
                && written.iter().all(|(_, truth)| *truth == TruthType::Ledger);
            let Some((first, _)) = written.first().filter(|_| all && capability.effect == Effect::Write)
            else {
                continue;
            };
            let name = without_schema(&first.name.value);
            let at = first.truth_type.as_ref().map_or(first.name.span, |truth| truth.span);
            let message = format!(
                "`{}` changes rows by the word {word} of its id, and `{name}` is a LEDGER",
                capability.id
            );
            diagnostics.push(
                Diagnostic::new(codes::LEDGER_CHANGED_BY_CALL, message, text.id.span, "this write")
                    .and(at, "its truth type")
                    .help("call the write after the row that it adds, or write a CURRENT table as well"),
            );
        }
    }
}

/// Words behind a foreign key that say what becomes of its row, where the row cannot change so.
pub fn reference_actions(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for engine in &subject.engines {
        for reference in references::all(engine, subject) {
            let text = &subject.sources.get(reference.to.1.file).text;
            let line = text[reference.to.1.end..].lines().next().unwrap_or_default().to_ascii_lowercase();
            let Some(near) = subject.columns(reference.table) else { continue };
            let truth = near.text.truth_type.as_ref();
            let is_ledger = truth.is_some_and(|truth| truth.value == "LEDGER");
            let column = near.columns.iter().find(|column| column.name == reference.column);
            let is_optional = column.is_some_and(|column| matches!(column.ty, TypeRef::Option(_)));
            let (what, at) = if is_ledger && ["cascade", "set null"].iter().any(|words| line.contains(words))
            {
                ("changes or deletes rows of a LEDGER", truth.map_or(near.text.name.span, |truth| truth.span))
            } else if line.contains("set null") && !is_optional {
                ("empties a column that every row has", subject.column_place(near, reference.column))
            } else {
                continue;
            };
            let message = format!("what stands behind the foreign key of `{}` {what}", reference.from.0);
            diagnostics.push(
                Diagnostic::new(codes::REFERENCE_ACTION, message, reference.to.1, "this foreign key")
                    .and(at, "against this")
                    .help("take the words behind the foreign key away, or mend the table"),
            );
        }
    }
}
