//! Whether rows of a table change: its truth type, what it says of itself, and the guards of its engine.

use selene_codegen::contract::{Capability, Effect, TruthType};
use selene_codegen::naming::without_schema;

use super::folds;
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::lint::Subject;
use crate::lint::sentence::{clauses, code_spans, is_capital, is_denied, raw};
use crate::lint::subject::Engine;
use crate::parse::document::{TableText, Text};
use crate::source::Span;

/// A column that only rows that change have.
const LAST_CHANGE: &str = "updated_at";

fn truth(table: &TableText) -> Option<(&str, Span)> {
    table.truth_type.as_ref().map(|truth| (truth.value.as_str(), truth.span))
}

/// A CURRENT table that calls itself append-only, a LEDGER whose rows have a time of their last change, and one that sentences
/// say to change.
pub fn contradicted(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    folds::of_current(subject, diagnostics);
    folds::of_titles(subject, diagnostics);
    changed_ledgers(subject, diagnostics);
    append_only_rows(subject, diagnostics);
    append_only_engines(subject, diagnostics);
    for declared in subject.tables.values().flatten() {
        let Some((truth, place)) = truth(declared.text) else { continue };
        let is_append_only = |invariant: &&crate::parse::document::Text| {
            invariant.value.to_ascii_lowercase().contains("append-only")
        };
        let name = &declared.text.name.value;
        let (message, other) = match truth {
            "CURRENT" => match declared.text.invariants.iter().find(is_append_only) {
                Some(sentence) => (format!("`{name}` is CURRENT, and append-only"), sentence.span),
                None => continue,
            },
            _ if declared.columns.iter().any(|column| column.name == LAST_CHANGE) => (
                format!("`{name}` is a LEDGER, and its rows have an `{LAST_CHANGE}`"),
                subject.column_place(declared, LAST_CHANGE),
            ),
            _ => continue,
        };
        diagnostics.push(
            Diagnostic::new(codes::TRUTH_CONTRADICTED, message, place, "this truth type")
                .and(other, "says otherwise")
                .help("rows of a LEDGER never change, those of a CURRENT table may: mend one of the two"),
        );
    }
}

/// What happens to a row that changes or goes away.
const CHANGED: [&str; 10] = [
    "changed",
    "corrected",
    "deleted",
    "edited",
    "modified",
    "mutated",
    "overwritten",
    "purged",
    "removed",
    "updated",
];
/// What it happens to.
const ROWS: [&str; 8] = ["row", "rows", "entry", "entries", "record", "records", "it", "they"];
/// What stands between the two.
const BECOMES: [&str; 6] = ["is", "are", "be", "being", "get", "gets"];
/// Words that keep rows from changing.
const DENIALS: [&str; 11] = [
    "prohibited",
    "forbidden",
    "denied",
    "disallowed",
    "refused",
    "rejected",
    "fail",
    "fails",
    "immutable",
    "without",
    "attempt",
];

/// The place of the words that say that rows change, in a part of a sentence that does not deny it. Values and other names say
/// nothing of rows: a row may say that something was DELETED.
fn claims_change(sentence: Span, table: &str, subject: &Subject<'_>) -> Option<Span> {
    clauses(sentence, subject.sources).into_iter().find(|clause| {
        let mut text = String::new();
        for (index, piece) in raw(*clause, subject.sources).split('`').enumerate() {
            text.push_str(match index % 2 {
                0 => piece,
                _ if without_schema(piece) == table => "rows",
                _ => "",
            });
        }
        let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-');
        let words: Vec<String> = words
            .filter(|word| !is_capital(word))
            .map(str::to_ascii_lowercase)
            .filter(|word| !word.is_empty())
            .collect();
        changes(&words) && !is_denied(*clause, &DENIALS, subject.sources)
    })
}

/// Whether words say that a row changes: in its place, or as what becomes of it.
fn changes(words: &[String]) -> bool {
    let has = |some: &[String], list: &[&str]| some.iter().any(|word| list.contains(&word.as_str()));
    let in_place = words
        .windows(3)
        .any(|three| CHANGED.contains(&three[0].as_str()) && three[1] == "in" && three[2] == "place");
    let becomes = words.iter().enumerate().any(|(at, word)| {
        let before = &words[..at];
        CHANGED.contains(&word.as_str()) && has(before, &BECOMES) && has(before, &ROWS)
    });
    // What a ledger is about is what its rows hold: `a turn may be edited`.
    let may = words.windows(3).any(|three| {
        matches!(three[0].as_str(), "may" | "can") && three[1] == "be" && CHANGED.contains(&three[2].as_str())
    });
    in_place || becomes || may || has(words, &["in-place", "mutable"])
}

/// Ledgers of which a sentence says that their rows change: one below the table, or one of the wiring that names it.
fn changed_ledgers(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for engine in &subject.engines {
        let Some(page) = engine.wiring else { continue };
        for table in ledgers(engine) {
            let Some((_, place)) = truth(table) else { continue };
            let name = without_schema(&table.name.value);
            let names = |sentence: &&Text| {
                code_spans(sentence.span, subject.sources)
                    .iter()
                    .any(|(code, _)| without_schema(code) == name)
            };
            let own = table.invariants.iter().chain(table.notes.iter().map(|(_, text)| text));
            let rules = page.relations.constraints.iter().chain(&page.audit_rules).filter(names);
            for sentence in own.chain(rules) {
                let Some(at) = claims_change(sentence.span, name, subject) else { continue };
                let message = format!("`{name}` is a LEDGER, and its rows change");
                diagnostics.push(
                    Diagnostic::new(codes::TRUTH_CONTRADICTED, message, place, "this truth type")
                        .and(at, "says otherwise")
                        .help("rows of a LEDGER never change, those of a CURRENT table may: mend one of the two"),
                );
            }
        }
    }
}

/// CURRENT tables that a sentence of the engine calls append-only: `` the append-only ledger `links` ``, `` `links` is append-only ``.
fn append_only_rows(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for engine in &subject.engines {
        let tables = engine.wiring.into_iter().flat_map(|page| &page.tables).zip(&engine.contract.tables);
        let current = tables.filter(|(_, table)| table.truth_type == TruthType::Current);
        let current: Vec<&TableText> = current.map(|(text, _)| text).collect();
        let sentences = engine.each_page().flat_map(|page| {
            let rules = page.relations.constraints.iter().chain(&page.audit_rules);
            rules.chain(&page.header.purpose).chain(&page.prose)
        });
        for clause in sentences.flat_map(|text| clauses(text.span, subject.sources)) {
            for (name, at) in code_spans(clause, subject.sources) {
                let table =
                    current.iter().find(|table| without_schema(&table.name.value) == without_schema(name));
                let Some((table, (_, place))) = table.and_then(|table| Some((table, truth(table)?))) else {
                    continue;
                };
                if !is_called_append_only(clause, at, subject) {
                    continue;
                }
                let message = format!("`{}` is CURRENT, and append-only by a sentence", table.name.value);
                diagnostics.push(
                    Diagnostic::new(codes::TRUTH_CONTRADICTED, message, place, "this truth type")
                        .and(at, "says otherwise")
                        .help("rows of a LEDGER never change, those of a CURRENT table may: mend one of the two"),
                );
            }
        }
    }
}

/// Engines that call themselves append-only by their purpose, and declare no ledger.
fn append_only_engines(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for engine in &subject.engines {
        let Some(first) = engine.wiring.and_then(|page| page.tables.iter().find_map(truth)) else { continue };
        if ledgers(engine).next().is_some() {
            continue;
        }
        for purpose in engine.each_page().filter_map(|page| page.header.purpose.as_ref()) {
            let is_append_only = purpose.value.to_ascii_lowercase().contains("append-only");
            if !is_append_only || is_denied(purpose.span, &DENIALS, subject.sources) {
                continue;
            }
            let message =
                format!("`{}` is append-only by its purpose, and declares no LEDGER", engine.id.value);
            diagnostics.push(
                Diagnostic::new(codes::TRUTH_CONTRADICTED, message, first.1, "a truth type of its tables")
                    .and(purpose.span, "says otherwise")
                    .help("rows of a LEDGER never change, those of a CURRENT table may: mend one of the two"),
            );
        }
    }
}

/// Whether the words around a table call it append-only.
fn is_called_append_only(clause: Span, at: Span, subject: &Subject<'_>) -> bool {
    const BEFORE: [&str; 3] = ["append-only", "append-only ledger", "append-only table"];
    const BEHIND: [&str; 2] = ["is append-only", "are append-only"];
    let text = &subject.sources.get(at.file).text;
    let before = text[clause.start..at.start].trim_end_matches('`').trim_end();
    let behind = text[at.end..clause.end].trim_start_matches('`').trim_start();
    let is_called = BEFORE.iter().any(|words| before.ends_with(words))
        || BEHIND.iter().any(|words| behind.starts_with(words));
    is_called && !is_denied(clause, &DENIALS, subject.sources)
}

/// The ledgers that the wiring of an engine declares.
fn ledgers<'a>(engine: &Engine<'a>) -> impl Iterator<Item = &'a TableText> {
    let tables = engine.wiring.into_iter().flat_map(|page| &page.tables).zip(&engine.contract.tables);
    tables.filter(|(_, table)| table.truth_type == TruthType::Ledger).map(|(text, _)| text)
}

/// Guards of engines that declare no ledger.
pub fn guard_without_ledger(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for engine in &subject.engines {
        let Some((ecm, wiring)) = engine.pages() else { continue };
        if ledgers(engine).next().is_some() {
            continue;
        }
        let at = wiring
            .tables
            .first()
            .and_then(truth)
            .map_or(super::super::subject::head(wiring), |(_, span)| span);
        for (capability, text) in engine.contract.capabilities.iter().zip(&ecm.capabilities) {
            if capability.effect == Effect::Guard {
                let message = format!("`{}` guards a ledger, and the DB wiring declares none", capability.id);
                diagnostics.push(
                    Diagnostic::new(codes::GUARD_WITHOUT_LEDGER, message, text.id.span, "this guard")
                        .and(at, "no LEDGER among the tables")
                        .help("mend the `truth_type` of the table that is guarded, or take the guard out"),
                );
            }
        }
    }
}

/// Ledgers that the ECM owns, of engines without a guard.
pub fn ledger_without_guard(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for engine in &subject.engines {
        let Some((ecm, _)) = engine.pages() else { continue };
        if engine.contract.capabilities.iter().any(|capability| capability.effect == Effect::Guard) {
            continue;
        }
        for table in ledgers(engine) {
            let name = without_schema(&table.name.value);
            let owned = ecm.header.data_owned.iter().find(|owned| owned.value == name);
            let Some(owned) = owned else { continue };
            let message =
                format!("no guard of `{}` proves that rows of `{name}` never change", engine.id.value);
            diagnostics.push(
                Diagnostic::new(codes::LEDGER_WITHOUT_GUARD, message, table.name.span, "this ledger")
                    .and(owned.span, "owned by an engine without a guard")
                    .help("add a capability whose id holds `APPEND_ONLY_GUARD`"),
            );
        }
    }
}

/// Ledgers that the ECM owns and of which no guard of the engine takes a key. Without any guard the engine has another finding.
pub fn ledger_outside_guards(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for engine in &subject.engines {
        let Some((ecm, _)) = engine.pages() else { continue };
        let guards = engine.contract.capabilities.iter().zip(&ecm.capabilities);
        let guards: Vec<_> = guards.filter(|(guard, _)| guard.effect == Effect::Guard).collect();
        let Some((_, first)) = guards.first() else { continue };
        let inputs: Vec<Vec<&str>> = guards.iter().flat_map(|(guard, _)| guard_inputs(guard)).collect();
        // An input that is no key has its finding, and may be meant for any ledger.
        let keys = ledger_keys(engine);
        if inputs.iter().any(|input| !keys.contains(input)) {
            continue;
        }
        for table in ledgers(engine) {
            let name = without_schema(&table.name.value);
            let is_owned = ecm.header.data_owned.iter().any(|owned| without_schema(&owned.value) == name);
            let mut keys = std::iter::once(&table.primary_key).chain(&table.unique_keys);
            if !is_owned || keys.any(|key| inputs.contains(&sorted(key.iter().map(|one| one.value.as_str()))))
            {
                continue;
            }
            let at = first.input.as_ref().map_or(first.id.span, |input| input.text.span);
            let key = table.primary_key.first().map_or(table.name.span, |column| column.span);
            let message = format!("no guard of `{}` takes a key of the ledger `{name}`", engine.id.value);
            diagnostics.push(
                Diagnostic::new(codes::LEDGER_OUTSIDE_GUARDS, message, key, "this key")
                    .and(at, "not among what the guards take")
                    .help("add the key of the ledger to the input of a guard, as one more alternative"),
            );
        }
    }
}

/// What a guard takes, alternative by alternative, each in the order of the names.
fn guard_inputs(guard: &Capability) -> impl Iterator<Item = Vec<&str>> {
    let alternatives = guard.input_alternatives.iter().map(|alternative| &alternative.fields);
    let inputs = std::iter::once(&guard.input).chain(alternatives).filter(|fields| !fields.is_empty());
    inputs.map(|fields| sorted(fields.iter().map(|field| field.name.as_str())))
}

/// The keys of the ledgers of an engine, each in the order of the names.
fn ledger_keys<'a>(engine: &Engine<'a>) -> Vec<Vec<&'a str>> {
    let keys =
        ledgers(engine).flat_map(|table| std::iter::once(&table.primary_key).chain(&table.unique_keys));
    keys.map(|key| sorted(key.iter().map(|column| column.value.as_str()))).collect()
}

fn sorted<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut names: Vec<&str> = names.collect();
    names.sort_unstable();
    names
}

/// Guards whose input is a key of no ledger of the engine: there would be no row that they try to change.
pub fn guard_against_key(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for engine in &subject.engines {
        let Some((ecm, _)) = engine.pages() else { continue };
        let keys = ledger_keys(engine);
        let Some(at) = ledgers(engine).find_map(|table| table.primary_key.first()) else { continue };
        for (capability, text) in engine.contract.capabilities.iter().zip(&ecm.capabilities) {
            if capability.effect != Effect::Guard {
                continue;
            }
            for names in guard_inputs(capability) {
                if keys.contains(&names) {
                    continue;
                }
                let input = text.input.as_ref().map_or(text.id.span, |input| input.text.span);
                let message = format!(
                    "`{}` takes `({})`, which is the key of no ledger",
                    capability.id,
                    names.join(", ")
                );
                diagnostics.push(
                    Diagnostic::new(codes::GUARD_AGAINST_KEY, message, input, "this input")
                        .and(at.span, "the key of a ledger")
                        .help("take the columns of a key of the ledger that is guarded"),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_change(text: &str) -> bool {
        let words: Vec<String> = text.split(' ').map(str::to_owned).collect();
        changes(&words)
    }

    #[test]
    fn a_change_of_rows_is_distinguished_from_one_of_other_things() {
        for text in [
            "a note is updated in place",
            "rows may be deleted after a year",
            "it is overwritten",
            "entries are mutable",
        ] {
            assert!(is_change(text), "{text}");
        }
        for text in [
            "says that a link was deleted",
            "three locks are in place",
            "a row for each updated link",
            "operation of the row",
        ] {
            assert!(!is_change(text), "{text}");
        }
    }
}
