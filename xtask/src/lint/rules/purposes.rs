//! What an engine says that it is for: the tables that its purpose names.

use std::collections::BTreeSet;

use selene_codegen::naming::without_schema;

use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::lint::Subject;
use crate::lint::sentence::{Word, clauses, is_denied, is_lower_snake, raw, words};
use crate::lint::subject::{Engine, head};
use crate::parse::document::Text;
use crate::source::Span;

/// Words of a purpose that keep rows, in the form that a sentence begins with.
const KEEPS: [&str; 9] =
    ["keep", "keeps", "persist", "persists", "store", "stores", "own", "owns", "maintain"];
/// Words behind which stands where rows are kept.
const INTO: [&str; 3] = ["in", "into", "to"];
/// Words that say what a name is.
const TABLES: [&str; 4] = ["table", "tables", "ledger", "rows"];

/// Tables of a purpose that its engine neither owns, reads nor writes, that it keeps rows in and does not write, or that are none.
pub fn tables(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for engine in subject.engines.iter().filter(|engine| engine.pages().is_some()) {
        let written = written(engine);
        let seen = engine.seen_tables();
        for purpose in engine.each_page().filter_map(|page| page.header.purpose.as_ref()) {
            for clause in clauses(purpose.span, subject.sources) {
                if is_denied(clause, &["without"], subject.sources) {
                    continue;
                }
                let words = words(clause, subject.sources);
                let mut keeps = false;
                for (index, word) in words.iter().enumerate() {
                    let name = without_schema(word.0);
                    let is_marked = is_in_code(word.1, subject);
                    let is_table = subject.tables.contains_key(name) && (is_marked || name.contains('_'));
                    let is_kept = keeps && is_kept_in(&words, index);
                    keeps |= KEEPS.contains(&word.0.to_ascii_lowercase().as_str());
                    let why = if is_table && !seen.contains(name) {
                        "and neither owns, reads nor writes it"
                    } else if is_table && is_kept && !written.contains(name) {
                        "and does not write it"
                    } else if !is_table
                        && is_marked
                        && subject.is_whole
                        && (is_kept || is_called_table(&words, index))
                        && is_none(name, engine, subject)
                    {
                        "which no DB wiring declares"
                    } else {
                        continue;
                    };
                    report((engine, purpose), *word, why, subject, diagnostics);
                }
            }
        }
    }
}

fn written<'a>(engine: &Engine<'a>) -> BTreeSet<&'a str> {
    let writes = engine.wiring.into_iter().flat_map(|page| &page.writes);
    let written = writes.flat_map(|write| &write.tables);
    let declared = engine.wiring.into_iter().flat_map(|page| &page.tables).map(|table| &table.name);
    written.chain(declared).map(|table| without_schema(&table.value)).collect()
}

/// Whether a word behind one that keeps rows is where they are kept: right behind it, or behind `in` and `into`.
fn is_kept_in(words: &[Word<'_>], index: usize) -> bool {
    let mut before = words[..index].iter().rev().map(|(word, _)| word.to_ascii_lowercase()).peekable();
    let is_of = before.peek().is_some_and(|word| word == "of");
    let last = before
        .find(|word| !["the", "a", "an", "of", "append", "only", "table", "ledger"].contains(&word.as_str()));
    !is_of && last.is_some_and(|word| INTO.contains(&word.as_str()) || KEEPS.contains(&word.as_str()))
}

/// Whether the word behind a name says that it is a table.
fn is_called_table(words: &[Word<'_>], index: usize) -> bool {
    words.get(index + 1).is_some_and(|(word, _)| TABLES.contains(word))
}

/// Whether a name is nothing that the engine knows.
fn is_none(name: &str, engine: &Engine<'_>, subject: &Subject<'_>) -> bool {
    let owned = engine.ecm.into_iter().flat_map(|page| &page.header.data_owned);
    let fields = subject.scopes().into_iter().flat_map(|scope| &scope.fields);
    is_lower_snake(name)
        && !fields.map(|entry| entry.name.value.as_str()).any(|known| known == name)
        && !owned.map(|table| without_schema(&table.value)).any(|known| known == name)
        && !engine.seen_tables().contains(name)
}

fn is_in_code(place: Span, subject: &Subject<'_>) -> bool {
    let text = &subject.sources.get(place.file).text;
    text[..place.start].ends_with('`') && text[place.end..].starts_with('`')
}

fn report(
    (engine, purpose): (&Engine<'_>, &Text),
    (name, place): Word<'_>,
    why: &str,
    subject: &Subject<'_>,
    diagnostics: &mut Diagnostics,
) {
    let declared = subject.tables.get(without_schema(name)).and_then(|declared| declared.first());
    let (at, label) = match declared {
        Some(declared) => (declared.text.name.span, "declared here"),
        None => (engine.wiring.map_or(purpose.span, head), "not declared here"),
    };
    let message = format!("the purpose of `{}` names the table `{name}`, {why}", engine.id.value);
    let raw = raw(place, subject.sources);
    diagnostics.push(
        Diagnostic::new(codes::TABLE_OF_PURPOSE, message, place, "named here")
            .and(at, label)
            .help(format!("name a table of the engine, or take `{raw}` out of the purpose")),
    );
}
