//! How many rows share the values of some columns: sentences and required indices against keys.

use selene_codegen::contract::{Constraint, Index, Table};
use selene_codegen::naming::without_schema;

use super::table_claims::sentences;
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::lint::Subject;
use crate::lint::sentence::{Word, clauses, code_spans, is_capital, names_of, number_of, raw, words};
use crate::lint::subject::Engine;
use crate::source::Span;

/// Words that let a value stand in several rows.
const REPEATED: [&str; 8] = [
    "is not unique",
    "are not unique",
    "need not be unique",
    "may repeat",
    "may stand twice",
    "may be shared by",
    "may occur twice",
    "may appear twice",
];

/// Sentences that let several rows have the values of a key, and those that ask one row of another state for each.
pub fn against_keys(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    of_indices(subject, diagnostics);
    in_words(subject, diagnostics);
    for engine in &subject.engines {
        let Some(page) = engine.wiring else { continue };
        let below = page.tables.iter().zip(&engine.contract.tables).flat_map(|(text, table)| {
            text.invariants.iter().map(move |sentence| (sentence, std::slice::from_ref(table)))
        });
        let all = engine.contract.tables.as_slice();
        let invariants = page.tables.iter().flat_map(|table| &table.invariants);
        let invariants: Vec<Span> = invariants.map(|sentence| sentence.span).collect();
        let others = sentences(page).chain(&page.relations.unique);
        let others = others.filter(|sentence| !invariants.contains(&sentence.span));
        for (sentence, tables) in below.chain(others.map(|sentence| (sentence, all))) {
            for clause in clauses(sentence.span, subject.sources) {
                for code in code_spans(clause, subject.sources) {
                    of_code(clause, code, (engine, tables), subject, diagnostics);
                }
            }
        }
    }
}

fn of_code(
    clause: Span,
    code: Word<'_>,
    (engine, tables): (&Engine<'_>, &[Table]),
    subject: &Subject<'_>,
    diagnostics: &mut Diagnostics,
) {
    let mut names: Vec<&str> = names_of(code).into_iter().map(|(name, _)| name).collect();
    names.sort_unstable();
    let before = Span::new(clause.file, clause.start, code.1.start - 1);
    let behind = Span::new(clause.file, (code.1.end + 1).min(clause.end), clause.end);
    let words_before = words(before, subject.sources);
    let per = words_before.last().is_some_and(|(word, _)| *word == "per");
    // `one note of five stars per …` counts notes: what stands behind `of` describes them.
    let is_described = |at: usize| at > 0 && words_before[at - 1].0 == "of";
    let number = words_before.iter().enumerate().rev().filter(|(at, _)| !is_described(*at)).find_map(
        |(_, (word, span))| match *word {
            "several" | "many" => Some((2, *span)),
            _ => number_of(word).map(|number| (number, *span)),
        },
    );
    let is_repeated =
        REPEATED.iter().any(|words| raw(behind, subject.sources).trim_start().starts_with(words));
    if let Some((1, place)) = number.filter(|_| per) {
        let states = words_before.iter().filter(|(word, span)| span.start > place.start && is_capital(word));
        of_states(&states.copied().collect::<Vec<_>>(), (code.0, &names), (engine, tables), diagnostics);
    }
    for table in tables {
        let Some(key) = key_of(table, &names) else { continue };
        let at = place_of(engine, table);
        match number {
            Some((number, place)) if per && number > 1 => {
                let message =
                    format!("rows of `{}` are {number} per `{}`, which is a key of them", table.name, code.0);
                push(message, place, at, diagnostics);
            }
            _ if is_repeated && matches!(key, Key::OfAll) => {
                let message =
                    format!("`{}` is a key of `{}`, and may repeat by a sentence", code.0, table.name);
                push(message, code.1, at, diagnostics);
            }
            _ => {}
        }
    }
}

/// `one session OPEN per (a, b)`, where no table keeps that and one keeps it of rows in another state.
fn of_states(
    states: &[Word<'_>],
    (code, names): (&str, &[&str]),
    (engine, tables): (&Engine<'_>, &[Table]),
    diagnostics: &mut Diagnostics,
) {
    let keys: Vec<(&Table, Key<'_>)> =
        tables.iter().filter_map(|table| Some((table, key_of(table, names)?))).collect();
    let missing = |key: &Key<'_>| match key {
        Key::OfAll => None,
        Key::OfSome(condition) => states.iter().find(|(word, _)| !condition.contains(&format!("'{word}'"))),
    };
    if keys.iter().any(|(_, key)| missing(key).is_none()) {
        return;
    }
    let first = keys.iter().find_map(|(table, key)| match key {
        Key::OfSome(condition) => Some((*table, *condition, missing(key)?)),
        Key::OfAll => None,
    });
    let Some((table, condition, (word, place))) = first else { return };
    let message = format!(
        "rows of `{}` are one per `{code}` where `{condition}`, not where they are `{word}`",
        table.name
    );
    push(message, *place, place_of(engine, table), diagnostics);
}

fn push(message: String, place: Span, at: Span, diagnostics: &mut Diagnostics) {
    diagnostics.push(
        Diagnostic::new(codes::SEVERAL_PER_KEY, message, place, "by this")
            .and(at, "the table with that key")
            .help("mend the sentence, or the key of the table"),
    );
}

/// A key of all rows, or of those that fulfil a condition.
enum Key<'a> {
    OfAll,
    OfSome(&'a str),
}

/// The key of a table with exactly these columns.
fn key_of<'a>(table: &'a Table, names: &[&str]) -> Option<Key<'a>> {
    let is_same = |key: &[String]| {
        let mut key: Vec<&str> = key.iter().map(String::as_str).collect();
        key.sort_unstable();
        !key.is_empty() && key == names
    };
    if is_same(&table.primary_key) || table.unique_keys.iter().any(|key| is_same(key)) {
        return Some(Key::OfAll);
    }
    let of_some = table.constraints.iter().filter_map(|one: &Constraint| one.unique_where.as_ref());
    let mut of_some = of_some.filter(|index| is_same(&index.columns));
    of_some.next().map(|index| Key::OfSome(index.condition.as_deref().unwrap_or_default()))
}

fn place_of(engine: &Engine<'_>, table: &Table) -> Span {
    let mut texts = engine.wiring.into_iter().flat_map(|page| &page.tables);
    texts.find(|text| text.name.value == table.name).map_or(engine.id.span, |text| text.name.span)
}

/// `one profile per device` below a table, or of the only table of a page, where each key of it has another column as well.
fn in_words(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for engine in &subject.engines {
        let Some(page) = engine.wiring else { continue };
        let purpose = page.header.purpose.iter().filter(|_| page.tables.len() == 1);
        let tables = page.tables.iter().zip(&engine.contract.tables);
        for (text, table) in tables.filter(|(_, table)| !table.columns.is_empty()) {
            for sentence in text.invariants.iter().chain(purpose.clone()) {
                let words = words(sentence.span, subject.sources);
                let Some((number, names, place)) = per_columns(&words, table) else { continue };
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                let keys = std::iter::once(&table.primary_key).chain(&table.unique_keys);
                let has_all =
                    |key: &&Vec<String>| names.iter().all(|name| key.iter().any(|column| column == name));
                let Some(wider) = keys.into_iter().find(has_all) else { continue };
                match (number, key_of(table, &names)) {
                    (1, None) => {}
                    (2.., Some(Key::OfAll)) => {
                        let message = format!(
                            "rows of `{}` are several per `{}` by a sentence, which is a key of them",
                            table.name,
                            names.join("`, `")
                        );
                        push(message, place, text.name.span, diagnostics);
                        continue;
                    }
                    _ => continue,
                }
                let message = format!(
                    "rows of `{}` are one per `{}` by a sentence, and one per `({})` by their key",
                    table.name,
                    names.join("`, `"),
                    wider.join(", ")
                );
                push(message, place, text.name.span, diagnostics);
            }
        }
    }
}

/// How many rows and the columns behind `one … per`, in order, where each word is one of the table: `per person and tenant`.
fn per_columns(words: &[Word<'_>], table: &Table) -> Option<(u64, Vec<String>, Span)> {
    const NEAR: usize = 4;
    let at = words.iter().position(|(word, _)| *word == "per")?;
    let before = &words[at.saturating_sub(NEAR)..at];
    let number = before.iter().find_map(|(word, _)| match *word {
        "several" | "many" | "Several" | "Many" => Some(2),
        // `counts 1, 2, 3 per user` counts no rows.
        _ => number_of(word).filter(|number| *number > 0 && !word.starts_with(|c: char| c.is_ascii_digit())),
    })?;
    let has = |name: &str| table.columns.iter().any(|column| column.name == name);
    let column = |noun: &str| match noun {
        "person" => "user_id".to_owned(),
        noun => format!("{noun}_id"),
    };
    let mut names: Vec<String> = Vec::new();
    let mut noun = String::new();
    for (word, _) in &words[at + 1..] {
        if *word == "and" && noun.is_empty() && !names.is_empty() {
            continue;
        }
        if !noun.is_empty() {
            noun.push('_');
        }
        noun += word;
        if has(&column(&noun)) {
            names.push(column(&noun));
            noun.clear();
        } else if noun.contains('_') {
            break;
        }
    }
    names.sort_unstable();
    (!names.is_empty()).then_some((number, names, words[at].1))
}

/// Required indices that are called unique and are no key, and those of some rows where the key is of others.
fn of_indices(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let tables = |name: &str| {
        let name = without_schema(name).to_owned();
        subject.engines.iter().find_map(|engine| {
            let table = engine.contract.tables.iter().find(|table| without_schema(&table.name) == name);
            table.filter(|table| !table.columns.is_empty()).map(|table| (engine, table))
        })
    };
    for read in subject.engines.iter().filter_map(|engine| engine.wiring).flat_map(|page| &page.reads) {
        for index in &read.required_indices {
            let behind = subject.sources.get(index.span.file).text.get(index.span.end..).unwrap_or_default();
            let behind = behind.lines().next().unwrap_or_default().trim_start_matches('`').trim();
            let Some((name, columns)) = Index::table_and_columns(&index.value) else { continue };
            let mut names: Vec<&str> = columns.iter().map(String::as_str).collect();
            names.sort_unstable();
            let Some((engine, table)) = tables(name) else { continue };
            let key = key_of(table, &names);
            let is_called_unique = behind.to_ascii_lowercase().starts_with("(unique");
            let message = match key {
                None if is_called_unique => {
                    format!("`{}` is unique by a read, and no key of `{name}`", index.value)
                }
                Some(Key::OfSome(condition)) => {
                    let word = behind.strip_prefix("(where ").and_then(|rest| rest.strip_suffix(')'));
                    let Some(word) = word.filter(|word| is_capital(word)) else { continue };
                    if condition.contains(&format!("'{word}'")) || !condition.contains('\'') {
                        continue;
                    }
                    format!(
                        "an index of `{name}` is of rows that are `{word}`, and its key of those where `{condition}`"
                    )
                }
                _ => continue,
            };
            push(message, index.span, place_of(engine, table), diagnostics);
        }
    }
}
