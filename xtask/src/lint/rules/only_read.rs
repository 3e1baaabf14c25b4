//! Tables of which a sentence says that an engine only reads them.

use selene_codegen::naming::without_schema;

use super::named::is_engine_id;
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::lint::Subject;
use crate::lint::sentence::{clauses, code_spans, raw, words};
use crate::lint::subject::Engine;
use crate::parse::document::{Document, Text};
use crate::source::Span;

/// Words behind which the tables stand that are not written.
const BEFORE: [&str; 10] = [
    "only read",
    "only reads",
    "reads only",
    "never write",
    "never writes",
    "not write",
    "no write to",
    "no writes to",
    "must not change",
    "never changes rows of",
];
/// Words before which they stand.
const BEHIND: [&str; 6] =
    ["only read", "read only", "read-only", "never written", "not written", "never changed from here"];
/// What leaves room for some writes all the same.
const SAVE: [&str; 7] = ["but", "except", "save", "unless", "until", "directly", "only by"];

/// A table, and the sentence that it is only read.
struct Stated<'a> {
    table: &'a str,
    place: Span,
}

/// Writes of tables of which a page says that the engine only reads them.
pub fn written(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let pages = subject.engines.iter().flat_map(|engine| engine.each_page().map(move |page| (engine, page)));
    for (own, page) in pages {
        for sentence in sentences(page) {
            for clause in clauses(sentence.span, subject.sources) {
                let stated = stated(clause, &[], subject);
                let engines = named_in(clause, subject);
                let named = |engine: &&Engine<'_>| {
                    engines.contains(&engine.id.value.as_str())
                        || engines.is_empty() && engine.id.value == own.id.value
                };
                for engine in subject.engines.iter().filter(named) {
                    for stated in &stated {
                        report(engine, stated, diagnostics);
                    }
                }
            }
        }
        // A note of a read is about the tables that it reads, where it names none.
        for read in &page.reads {
            let tables: Vec<&str> = read.tables.iter().map(|table| without_schema(&table.value)).collect();
            let notes = read.notes.iter().map(|(_, note)| note).chain(std::iter::once(&read.title));
            for clause in notes.flat_map(|note| clauses(note.span, subject.sources)) {
                for stated in stated(clause, &tables, subject) {
                    report(own, &stated, diagnostics);
                }
            }
        }
    }
}

/// Every sentence of a page about what the engine does, but for the notes of its reads.
fn sentences(page: &Document) -> impl Iterator<Item = &Text> {
    let rules = page.audit_rules.iter().chain(&page.failure_rules).chain(&page.relations.constraints);
    let invariants = page.tables.iter().flat_map(|table| &table.invariants);
    let of_capabilities = page.capabilities.iter().flat_map(|capability| &capability.notes);
    let of_writes = page.writes.iter().flat_map(|write| &write.notes);
    let notes = of_capabilities.chain(of_writes).chain(&page.ownership).map(|(_, text)| text);
    rules.chain(invariants).chain(notes).chain(&page.header.purpose).chain(&page.prose)
}

/// The tables that a clause says are only read: those beside its words, else the given ones.
fn stated<'a>(clause: Span, otherwise: &[&'a str], subject: &Subject<'a>) -> Vec<Stated<'a>> {
    let text = raw(clause, subject.sources).to_ascii_lowercase().replace('\n', " ");
    if SAVE.iter().any(|word| place_of(&text, word).is_some()) {
        return Vec::new();
    }
    let names: Vec<Stated<'_>> = code_spans(clause, subject.sources)
        .into_iter()
        .map(|(name, place)| Stated { table: without_schema(name), place })
        .filter(|stated| subject.tables.contains_key(stated.table))
        .collect();
    let active = BEFORE.iter().filter_map(|words| Some(place_of(&text, words)? + words.len()));
    let passive = BEHIND.iter().filter_map(|words| place_of(&text, words));
    let is_stated = active.clone().next().is_some() || passive.clone().next().is_some();
    let mut found = Vec::new();
    for at in active {
        found.extend(joined(names.iter().filter(|name| name.place.start > clause.start + at), &text, clause));
    }
    for at in passive {
        let before = names.iter().rev().filter(|name| name.place.end < clause.start + at);
        found.extend(joined(before, &text, clause));
    }
    if names.is_empty() && is_stated {
        found.extend(otherwise.iter().map(|table| Stated { table, place: clause }));
    }
    found
}

/// Where words stand in a text, as whole words.
fn place_of(text: &str, words: &str) -> Option<usize> {
    let is_edge = |c: Option<char>| c.is_none_or(|c| !c.is_ascii_alphanumeric() && c != '_');
    let mut places = text.match_indices(words).map(|(at, _)| at);
    places.find(|at| {
        is_edge(text[..*at].chars().next_back()) && is_edge(text[at + words.len()..].chars().next())
    })
}

/// The first of the names, and those that commas, `and` and `or` join to it.
fn joined<'n, 'a: 'n>(
    names: impl Iterator<Item = &'n Stated<'a>>,
    text: &str,
    clause: Span,
) -> Vec<Stated<'a>> {
    let mut found: Vec<Stated<'a>> = Vec::new();
    for name in names {
        if let Some(last) = found.last() {
            let (from, to) = (last.place.end.min(name.place.end), last.place.start.max(name.place.start));
            let between = text.get(from - clause.start..to - clause.start).unwrap_or_default();
            let between = between.trim_matches(|c: char| c.is_whitespace() || c == '`');
            if !matches!(between, "," | "and" | "or" | ", and" | ", or" | "/") {
                break;
            }
        }
        found.push(Stated { table: name.table, place: name.place });
    }
    found
}

/// The engines that a clause names.
fn named_in<'a>(clause: Span, subject: &Subject<'a>) -> Vec<&'a str> {
    let words = words(clause, subject.sources);
    words.into_iter().map(|(word, _)| word).filter(|word| is_engine_id(word)).collect()
}

fn report(engine: &Engine<'_>, stated: &Stated<'_>, diagnostics: &mut Diagnostics) {
    let writes = engine.wiring.into_iter().flat_map(|page| &page.writes);
    let mut tables = writes.flat_map(|write| write.tables.iter().map(move |table| (write, table)));
    let found = tables.find(|(_, table)| without_schema(&table.value) == stated.table);
    let Some((write, table)) = found else { return };
    let message = format!(
        "a sentence says that `{}` only reads `{}`, and its write `{}` changes it",
        engine.id.value,
        stated.table,
        write.heading.value.replace('`', "")
    );
    diagnostics.push(
        Diagnostic::new(codes::WRITE_OF_ONLY_READ, message, table.span, "written here")
            .and(stated.place, "only read by this sentence")
            .help("take the table out of the write, or mend the sentence"),
    );
}
