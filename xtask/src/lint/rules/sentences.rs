//! Sentences about rows: the columns, values, keys and engines that they name.

use std::collections::{BTreeMap, BTreeSet};

use selene_codegen::contract::{EVENT_FIELDS, Table};

use super::named::is_engine_id;
use super::values::{bullet, notes};
use crate::diagnostics::{Diagnostic, Diagnostics, codes, guess_or};
use crate::lint::Subject;
use crate::lint::sentence::{
    code_spans, is_capital, is_code, is_lower_snake, is_tuple, names_of, raw, words,
};
use crate::parse::document::{Document, Text};
use crate::source::Span;

/// Columns that an invariant names and its table does not have. Where it is about payloads, their keys are meant too; where
/// it names another table, that one's columns are.
pub fn columns(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for engine in &subject.engines {
        let Some(wiring) = engine.wiring else { continue };
        let payload = wiring.writes.iter().flat_map(|write| &write.payload_keys);
        let payload: Vec<&str> = payload.map(|key| key.value.trim_end_matches('?')).collect();
        for table in &wiring.tables {
            let Some(declared) = subject.columns(&table.name.value) else { continue };
            for sentence in &table.invariants {
                let codes = code_spans(sentence.span, subject.sources);
                let named = codes.iter().flat_map(|code| names_of(*code));
                let named: Vec<_> = named.collect();
                let mut known: BTreeSet<&str> =
                    declared.columns.iter().map(|column| column.name.as_str()).collect();
                for (name, _) in &named {
                    let other = subject.tables.get_key_value(name);
                    known.extend(other.map(|(table, _)| *table));
                    known.extend(
                        subject
                            .columns(name)
                            .iter()
                            .flat_map(|other| other.columns)
                            .map(|column| column.name.as_str()),
                    );
                }
                if raw(sentence.span, subject.sources).contains("payload") {
                    known.extend(payload.iter().copied());
                }
                let at = declared.text.columns.as_ref().map_or(table.name.span, |columns| columns.text.span);
                for (name, span) in named.into_iter().filter(|(name, _)| !known.contains(name)) {
                    let message = format!("the table `{}` has no column `{name}`", table.name.value);
                    diagnostics.push(
                        Diagnostic::new(codes::UNKNOWN_COLUMN_IN_SENTENCE, message, span, "named here")
                            .and(at, "its columns")
                            .help(guess_or(
                                name,
                                known.iter().copied(),
                                "name a column of the table, or take the backticks away",
                            )),
                    );
                }
            }
        }
    }
}

/// Every sentence of a page about rows and states.
fn sentences(page: &Document) -> impl Iterator<Item = &Text> {
    let invariants = page.tables.iter().flat_map(|table| &table.invariants);
    invariants.chain(relations(page))
}

fn relations(page: &Document) -> impl Iterator<Item = &Text> {
    page.relations.unique.iter().chain(&page.relations.constraints)
}

/// Words in capitals that are no value: of an enum that the engine knows in an invariant, of any enum elsewhere.
pub fn values(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let Some(lexicon) = subject.lexicon() else { return };
    let all = Subject::values(subject.scopes());
    let others = Others::new(subject);
    for engine in &subject.engines {
        let own = Subject::values(std::iter::once(&lexicon.shared).chain(lexicon.engine(&engine.id.value)));
        for page in engine.each_page() {
            let invariants =
                page.tables.iter().flat_map(|table| &table.invariants).map(|text| (text.span, &own, 0));
            let relations = relations(page).map(|text| (text.span, &all, 0));
            // Notes name much else in capitals, so short words do not count there.
            let notes = notes(page).map(|(_, note)| (bullet(note.span, subject), &all, 6));
            let rules = page.audit_rules.iter().chain(&page.failure_rules).map(|text| (text.span, &all, 0));
            for (span, known, shortest) in invariants.chain(relations).chain(rules).chain(notes) {
                for (word, span) in words(span, subject.sources) {
                    // A reason code is another rule's business, and so is a word within a name.
                    if word.len() < shortest || !is_capital(word) || known.contains(word) || others.has(word)
                    {
                        continue;
                    }
                    let at = page.tables.first().map_or(engine.id.span, |table| table.name.span);
                    let message = format!("no enum that `{}` knows has the value `{word}`", engine.id.value);
                    diagnostics.push(
                        Diagnostic::new(codes::UNKNOWN_VALUE_IN_SENTENCE, message, span, "not a value")
                            .and(at, "in a page of this engine")
                            .help(guess_or(
                                word,
                                known.iter().copied(),
                                "write a value of the lexicon, or the word in lower case",
                            )),
                    );
                }
            }
        }
    }
}

/// Words in capitals that stand for something else than a value: parts of engine ids, and what begins as a reason code or a
/// capability does, which another rule looks up.
struct Others<'a> {
    prefixes: BTreeSet<&'a str>,
    of_engines: BTreeSet<&'a str>,
}

impl<'a> Others<'a> {
    fn new(subject: &Subject<'a>) -> Self {
        let contracts = || subject.resolved.contracts.iter();
        let codes = contracts().flat_map(|contract| &contract.reason_codes).map(|code| code.name.as_str());
        let prefixes = codes.chain(subject.capability_ids()).filter_map(|name| name.split('_').next());
        let of_engines = contracts().flat_map(|contract| contract.engine.id.split('.'));
        Self { prefixes: prefixes.collect(), of_engines: of_engines.collect() }
    }

    fn has(&self, word: &str) -> bool {
        const USUAL: [&str; 12] =
            ["AND", "API", "ECM", "JSON", "MVP", "NOT", "NULL", "SQL", "UTC", "UTF", "CURRENT", "LEDGER"];
        let prefix = word.split('_').next().unwrap_or_default();
        USUAL.contains(&word)
            || self.of_engines.contains(word)
            || is_code(word) && self.prefixes.contains(prefix)
    }
}

/// Sentences that say `one … per (a, b)` where no key has these columns: of the table of an invariant, else of any table.
pub fn unkept_unique(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    // Keys of some rows stand in the lexicon.
    if subject.lexicon().is_none() {
        return;
    }
    for engine in &subject.engines {
        let Some(page) = engine.wiring else { continue };
        let tables = engine.contract.tables.as_slice();
        for (text, table) in page.tables.iter().zip(tables).filter(|(_, table)| !table.columns.is_empty()) {
            for sentence in &text.invariants {
                unkept(sentence, std::slice::from_ref(table), text.name.span, subject, diagnostics);
                called_unique(sentence, table, text.name.span, subject, diagnostics);
            }
        }
        let first = page.tables.first().filter(|_| tables.iter().any(|table| !table.columns.is_empty()));
        let sentences = relations(page).chain(&page.header.purpose);
        for (sentence, first) in sentences.filter_map(|sentence| Some((sentence, first?))) {
            unkept(sentence, tables, first.name.span, subject, diagnostics);
        }
    }
}

fn unkept(sentence: &Text, tables: &[Table], at: Span, subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let text = raw(sentence.span, subject.sources);
    if !text.contains("one ") || !text.contains(" per ") {
        return;
    }
    let is_per = |code: &(&str, Span)| {
        let (before, behind) =
            (&text[..code.1.start - sentence.span.start], &text[code.1.end - sentence.span.start..]);
        // A name alone is a key only where nothing belongs to it: `` per `a` and `b` ``.
        before.trim_end_matches('`').ends_with(" per ")
            && behind.trim_start_matches('`').trim_matches(['.', ';', ',']).is_empty()
    };
    for code in
        code_spans(sentence.span, subject.sources).into_iter().filter(|code| is_tuple(code.0) || is_per(code))
    {
        let mut names: Vec<&str> = names_of(code).into_iter().map(|(name, _)| name).collect();
        names.sort_unstable();
        if names.is_empty() || tables.iter().any(|table| has_key(table, &names)) {
            continue;
        }
        let message = format!("rows are one per `{}`, and no key has these columns", code.0);
        diagnostics.push(
            Diagnostic::new(codes::UNKEPT_UNIQUE, message, code.1, "one per these")
                .and(at, "no such key here")
                .help("add a unique key to the table, or a `unique_where` under `tables` of lexicon.yaml"),
        );
    }
}

/// Invariants that call one column unique, or several: `` `draft_id` is unique ``. Within what, a longer sentence says.
fn called_unique(
    sentence: &Text,
    table: &Table,
    at: Span,
    subject: &Subject<'_>,
    diagnostics: &mut Diagnostics,
) {
    let text = &subject.sources.get(sentence.span.file).text;
    for code in code_spans(sentence.span, subject.sources) {
        let behind = text[code.1.end..sentence.span.end].trim_start_matches('`').trim_start();
        let Some(rest) = ["is unique", "are unique"].iter().find_map(|words| behind.strip_prefix(words))
        else {
            continue;
        };
        let mut names: Vec<&str> = names_of(code).into_iter().map(|(name, _)| name).collect();
        names.sort_unstable();
        let is_column = |name: &&str| table.columns.iter().any(|column| column.name == **name);
        let is_whole = rest.is_empty() || rest.starts_with(['.', ',', ';']);
        if !is_whole || names.is_empty() || !names.iter().all(is_column) || has_key(table, &names) {
            continue;
        }
        let message = format!("rows are unique by `{}`, and no key has these columns", code.0);
        diagnostics.push(
            Diagnostic::new(codes::UNKEPT_UNIQUE, message, code.1, "unique by this sentence")
                .and(at, "no such key here")
                .help("add a unique key to the table, or a `unique_where` under `tables` of lexicon.yaml"),
        );
    }
}

/// Whether a key of the table, of all its rows or of some, has exactly these columns.
fn has_key(table: &Table, names: &[&str]) -> bool {
    let whole = std::iter::once(&table.primary_key).chain(&table.unique_keys);
    let partial =
        table.constraints.iter().filter_map(|one| one.unique_where.as_ref()).map(|index| &index.columns);
    whole.chain(partial).any(|key| {
        let mut key: Vec<&str> = key.iter().map(String::as_str).collect();
        key.sort_unstable();
        key == names
    })
}

/// Engines that sentences name and nobody describes.
pub fn engines(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    if !subject.is_whole {
        return;
    }
    let known: Vec<&str> =
        subject.resolved.contracts.iter().map(|contract| contract.engine.id.as_str()).collect();
    for engine in &subject.engines {
        for page in engine.each_page() {
            for sentence in sentences(page).chain(&page.audit_rules).chain(&page.failure_rules) {
                for (word, span) in words(sentence.span, subject.sources) {
                    if is_engine_id(word) && !known.contains(&word) {
                        let message = format!("no spec describes the engine `{word}`");
                        diagnostics.push(
                            Diagnostic::new(codes::UNKNOWN_ENGINE_IN_SENTENCE, message, span, "named here")
                                .and(engine.id.span, "in a page of this engine")
                                .help(guess_or(
                                    word,
                                    known.iter().copied(),
                                    "add its pages to specs/, or name an engine that is there",
                                )),
                        );
                    }
                }
            }
        }
    }
}

/// Names in backticks that are nearly those of a column, a table, a field or a payload key that the engine knows.
pub fn nearly_names(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let Some(lexicon) = subject.lexicon() else { return };
    for engine in &subject.engines {
        let scopes = std::iter::once(&lexicon.shared).chain(lexicon.engine(&engine.id.value));
        let mut known: BTreeSet<&str> =
            scopes.flat_map(|scope| &scope.fields).map(|entry| entry.name.value.as_str()).collect();
        known.extend(subject.tables.keys().copied());
        known.extend(EVENT_FIELDS);
        for table in engine.seen_tables() {
            let columns = subject.columns(table).into_iter().flat_map(|declared| declared.columns);
            known.extend(columns.map(|column| column.name.as_str()));
        }
        let payload =
            engine.wiring.into_iter().flat_map(|page| &page.writes).flat_map(|write| &write.payload_keys);
        known.extend(payload.map(|key| key.value.trim_end_matches('?')));
        let mut looked_up: BTreeMap<&str, Option<&str>> = BTreeMap::new();
        for page in engine.each_page() {
            let names = page.capabilities.iter().filter_map(|capability| capability.name.as_ref());
            let rules = page.audit_rules.iter().chain(&page.failure_rules);
            let notes = notes(page).map(|(_, note)| bullet(note.span, subject));
            let spans = relations(page)
                .chain(rules)
                .chain(names)
                .chain(&page.header.purpose)
                .chain(page.acceptance_tests.iter().map(|test| &test.title))
                .map(|text| text.span)
                .chain(notes);
            for code in spans.flat_map(|span| code_spans(span, subject.sources)) {
                let names = names_of(code);
                // `Token_Id` and `TokenId` are no names of fields, and meant as one.
                let other = if names.is_empty() { vec![code] } else { names };
                for (name, span) in other.into_iter().filter(|(name, _)| !known.contains(name)) {
                    let slip = *looked_up.entry(name).or_insert_with(|| slip_of(name, &known));
                    let Some(slip) = slip else { continue };
                    let message = format!("nothing is called `{name}`");
                    diagnostics.push(
                        Diagnostic::new(codes::NEARLY_A_NAME, message, span, "named here")
                            .and(engine.id.span, "in a page of this engine")
                            .help(format!("did you mean `{slip}`?")),
                    );
                }
            }
        }
    }
}

/// The name that a longer word is a slip of: another spelling, or one table for all. Names of another length are no slips, which is
/// asked first: it costs nothing.
fn slip_of<'a>(word: &str, known: &BTreeSet<&'a str>) -> Option<&'a str> {
    if !is_lower_snake(word) {
        // `TokenId` may be a type, `Token_Id` and `tokenId` are none.
        let is_word = word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        let is_mixed = word.contains('_') || word.starts_with(|c: char| c.is_ascii_lowercase());
        let is_odd = is_word && is_mixed && word.contains(|c: char| c.is_ascii_lowercase());
        let folded = |name: &str| name.replace('_', "").to_ascii_lowercase();
        return known.iter().find(|name| is_odd && folded(name) == folded(word)).copied();
    }
    let many =
        [format!("{word}s"), word.strip_suffix('y').map_or_else(String::new, |stem| format!("{stem}ies"))];
    if let Some(table) = many.iter().find_map(|many| known.get(many.as_str())) {
        return Some(table);
    }
    let is_near =
        |name: &&&str| name.len().abs_diff(word.len()) <= 2 && strsim::osa_distance(word, name) <= 2;
    known.iter().filter(|_| word.len() > 4).find(is_near).copied()
}
