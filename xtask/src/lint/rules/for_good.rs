//! Sentences that let something change, or belong to several, which another sentence keeps as it is; and sentences that give
//! a column to rows of another state than its invariant does.

use std::collections::BTreeSet;

use selene_codegen::contract::TypeKind;
use selene_codegen::naming::without_schema;

use super::table_claims::sentences;
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::lint::Subject;
use crate::lint::sentence::{clauses, code_spans, is_capital, is_denied, raw, words};
use crate::lint::subject::Engine;
use crate::source::Span;

/// Words that keep something as it is.
const KEEPS: [&str; 7] = [
    "never changes",
    "never change",
    "belongs to one",
    "belongs to at most one",
    "belong to one",
    "are an end",
    "is an end",
];
/// Words that let the same change, or be shared.
const CHANGES: [&str; 14] = [
    "may change",
    "can change",
    "changes when",
    "may be changed",
    "moves to another",
    "move to another",
    "may belong to two",
    "may belong to several",
    "may belong to many",
    "may belong to more than one",
    "belongs to several",
    "belongs to two",
    "belongs to many",
    "may be given to another",
];

/// A clause, with what it is about.
struct Clause<'a> {
    engine: &'a str,
    /// The words of the table that it stands below.
    of_table: BTreeSet<String>,
    about: BTreeSet<String>,
    place: Span,
}

/// Sentences that let something change, or be shared, which another sentence keeps for good.
pub fn changed(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let all = every_clause(subject);
    let of = |list: &[&str]| -> Vec<Clause<'_>> {
        all.iter()
            .filter_map(|(engine, table, clause)| read(engine, *table, *clause, list, subject))
            .collect()
    };
    let (kept, changing) = (of(&KEEPS), of(&CHANGES));
    for change in changing.iter().filter(|change| !is_denied(change.place, &[], subject.sources)) {
        let contradicts = |keep: &&Clause<'_>| {
            let known = &keep.about | &keep.of_table;
            let is_near = keep.engine == change.engine || change.about.len() > 1;
            is_near
                && !change.about.is_empty()
                && change.about.is_subset(&known)
                && !change.about.is_disjoint(&keep.about)
                && (change.about.len() > 1 || keep.of_table == change.of_table)
        };
        let Some(keep) = kept.iter().find(contradicts) else { continue };
        let message =
            "a sentence lets something change, or be shared, that another one keeps for good".to_owned();
        diagnostics.push(
            Diagnostic::new(codes::CHANGE_AGAINST_SENTENCE, message, change.place, "this lets it change")
                .and(keep.place, "this keeps it")
                .help("mend one of the two sentences"),
        );
    }
}

/// Every clause with its engine and the table that it stands below.
fn every_clause<'a>(subject: &Subject<'a>) -> Vec<(&'a str, Option<&'a str>, Span)> {
    let mut found = Vec::new();
    for engine in &subject.engines {
        let tables = engine.wiring.into_iter().flat_map(|page| &page.tables);
        let invariants: Vec<(Span, &str)> = tables
            .flat_map(|table| {
                table.invariants.iter().map(|one| (one.span, without_schema(&table.name.value)))
            })
            .collect();
        for sentence in engine.each_page().flat_map(sentences) {
            let table = invariants.iter().find(|(span, _)| *span == sentence.span).map(|(_, table)| *table);
            for clause in clauses(sentence.span, subject.sources) {
                found.push((engine.id.value.as_str(), table, clause));
            }
        }
    }
    found
}

fn read<'a>(
    engine: &'a str,
    table: Option<&str>,
    place: Span,
    list: &[&str],
    subject: &Subject<'_>,
) -> Option<Clause<'a>> {
    let text = raw(place, subject.sources).to_ascii_lowercase();
    let phrase = list.iter().find_map(|phrase| Some((text.find(phrase)?, phrase.len())));
    let later = || later(&text).filter(|_| list == CHANGES);
    let (at, length) = phrase.or_else(later)?;
    // What stands behind `when` is about something else, and whose something is says no more of it.
    let behind = &text[at + length..];
    let end = [" when ", " if ", " where ", " once ", " by ", " of its ", " of their ", ","]
        .iter()
        .filter_map(|word| behind.find(word))
        .min();
    // The key of a bullet is no part of what it says.
    let before = text[..at].rsplit("`: ").next().unwrap_or_default();
    let about = format!("{before} {}", &behind[..end.unwrap_or(behind.len())]);
    Some(Clause { engine, of_table: stems(table.unwrap_or_default()), about: stems(&about), place })
}

/// `may be accepted later`: what is over goes on. Its place, and its length.
fn later(text: &str) -> Option<(usize, usize)> {
    let at = text.find(" may be ")?;
    let behind = &text[at + 1..];
    let mut words = behind.split(|c: char| !c.is_ascii_alphanumeric()).skip(2);
    let is_done = words.next()?.ends_with("ed");
    let is_later = matches!(words.next()?, "later" | "again" | "afterwards" | "after");
    (is_done && is_later).then_some((at + 1, behind.len()))
}

/// The words that say something, cut to what their forms have in common.
fn stems(text: &str) -> BTreeSet<String> {
    const COMMON: [&str; 22] = [
        "a", "an", "the", "its", "their", "of", "and", "or", "nor", "for", "good", "to", "it", "this",
        "that", "in", "is", "what", "who", "each", "every", "id",
    ];
    let words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let words = words.filter(|word| !COMMON.contains(word));
    words.map(|word| word.chars().take(5).collect::<String>().trim_end_matches('s').to_owned()).collect()
}

/// `` `closed_at` is there exactly when the state is CLOSED ``: the column, the state, and the sentence.
struct Presence<'a> {
    column: &'a str,
    state: &'a str,
    place: Span,
}

/// Sentences that give a column to rows of another state than the invariant of the column.
pub fn of_another_state(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for engine in &subject.engines {
        let tables = engine.wiring.into_iter().flat_map(|page| &page.tables);
        let invariants = tables.flat_map(|table| &table.invariants);
        let presences: Vec<Presence<'_>> = invariants.filter_map(|one| presence(one.span, subject)).collect();
        for presence in &presences {
            against(presence, engine, subject, diagnostics);
        }
    }
}

fn presence<'a>(place: Span, subject: &Subject<'a>) -> Option<Presence<'a>> {
    let spans = code_spans(place, subject.sources);
    let [(column, at)] = spans.as_slice() else { return None };
    let behind = raw(Span::new(place.file, at.end + 1, place.end), subject.sources).trim();
    let rest = ["is there exactly when the ", "is there only when the "]
        .iter()
        .find_map(|start| behind.strip_prefix(start))?;
    let (_, state) = rest.split_once(" is ")?;
    (!state.contains(' ')).then_some(Presence { column, state: state.trim_end_matches('.'), place })
}

fn against(
    presence: &Presence<'_>,
    engine: &Engine<'_>,
    subject: &Subject<'_>,
    diagnostics: &mut Diagnostics,
) {
    let others = engine.each_page().flat_map(sentences).filter(|other| other.span != presence.place);
    for clause in others.flat_map(|other| clauses(other.span, subject.sources)) {
        let Some((state, place)) = other_state(clause, presence, subject) else { continue };
        let message = format!(
            "`{}` is there when the state is {} by an invariant, and a sentence gives it to {state}",
            presence.column, presence.state
        );
        diagnostics.push(
            Diagnostic::new(codes::COLUMN_OF_ANOTHER_STATE, message, place, "by this sentence")
                .and(presence.place, "by this invariant")
                .help("mend one of the two sentences"),
        );
    }
}

/// The state that a clause gives the column to, where that is another one: `an active binding has an `unbound_at``,
/// `FORGET needs a value reference`.
fn other_state<'a>(clause: Span, presence: &Presence<'_>, subject: &Subject<'a>) -> Option<(&'a str, Span)> {
    const HAS: [&str; 6] = ["has", "have", "needs", "need", "requires", "require"];
    let words = words(clause, subject.sources);
    let at = words.iter().position(|(word, _)| HAS.contains(word))?;
    if is_denied(Span::new(clause.file, clause.start, words[at].1.end), &["may", "only"], subject.sources) {
        return None;
    }
    let (_, article) = words.get(at + 1).filter(|(word, _)| matches!(*word, "a" | "an" | "its" | "the"))?;
    // What stands behind a comma is another statement.
    let behind = Span::new(clause.file, article.end, clause.end);
    let length = raw(behind, subject.sources).find(',').unwrap_or(behind.end - behind.start);
    let named: Vec<&str> = words[at + 2..]
        .iter()
        .filter(|(_, span)| span.start < behind.start + length)
        .map(|(word, _)| *word)
        .collect();
    let is_column = named.first().is_some_and(|word| *word == presence.column)
        || named.len() > 1 && named.iter().all(|word| is_part(word, presence.column));
    let found = words[..at].iter().find(|(word, _)| is_opposite(word, presence.state, subject))?;
    let names_own = words[..at].iter().any(|(word, _)| *word == presence.state);
    (is_column && !names_own).then_some(*found)
}

/// Whether a word is one of those that a column is called by: `reference` of `value_ref`.
fn is_part(word: &str, column: &str) -> bool {
    column.split('_').any(|part| part.len() > 2 && (word.starts_with(part) || part.starts_with(word)))
}

fn is_opposite(word: &str, state: &str, subject: &Subject<'_>) -> bool {
    if !is_capital(word) {
        let is = |one: &str, other: &str| ["in", "un"].iter().any(|no| one.strip_prefix(no) == Some(other));
        return is(word, state) || is(state, word);
    }
    let types = subject.scopes().into_iter().flat_map(|scope| &scope.types);
    let mut enums = types.filter_map(|entry| match &entry.kind {
        TypeKind::Enum { values } => Some(values),
        _ => None,
    });
    let has = |values: &[String], name: &str| values.iter().any(|value| value == name);
    word != state && enums.any(|values| has(values, word) && has(values, state))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_parts_of_the_name_of_a_column() {
        assert!(is_part("reference", "memory_value_ref"));
        assert!(is_part("value", "memory_value_ref"));
        assert!(!is_part("device", "memory_value_ref"));
    }

    #[test]
    fn what_may_be_done_later_goes_on() {
        assert_eq!(later("terms may be accepted later"), Some((6, 21)));
        assert_eq!(later("terms may be accepted"), None);
        assert_eq!(later("terms may be late again"), None);
    }

    #[test]
    fn forms_of_a_word_are_one() {
        assert_eq!(stems("the devices of its user"), stems("a device and a user"));
    }
}
