//! States that sentences call an end, and moves that sentences let begin there.

use std::collections::{BTreeMap, BTreeSet};

use super::values::{bullet, notes};
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::lint::Subject;
use crate::lint::sentence::{clauses, is_capital, is_denied, words};
use crate::parse::document::{Document, Text};
use crate::source::Span;

/// Words between where a move begins and where it leads.
const GOES: [&str; 6] = ["goes", "go", "becomes", "become", "returns", "return"];

/// Moves from a state that another sentence of the engine calls an end.
pub fn from_end(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for engine in &subject.engines {
        let mut ends: BTreeMap<&str, Span> = BTreeMap::new();
        let mut moves: Vec<(&str, Span)> = Vec::new();
        let Some(lexicon) = subject.lexicon() else { return };
        let known = Subject::values(std::iter::once(&lexicon.shared).chain(lexicon.engine(&engine.id.value)));
        let sentences = engine.each_page().flat_map(sentences).map(|text| bullet(text.span, subject));
        for clause in sentences.flat_map(|span| clauses(span, subject.sources)) {
            if is_denied(clause, &["refused", "unless"], subject.sources) {
                continue;
            }
            let found = words(clause, subject.sources);
            let is_state = |word: &str| is_capital(word) && known.contains(word);
            for (state, place) in ends_in(&found, &is_state) {
                ends.entry(state).or_insert(place);
            }
            moves.extend(begins_in(&found, &is_state));
        }
        let mut reported = BTreeSet::new();
        for (state, place) in moves {
            let Some(end) = ends.get(state).filter(|_| reported.insert((state, place))) else { continue };
            let message = format!("`{state}` is an end, and a sentence lets it go on");
            diagnostics.push(
                Diagnostic::new(codes::MOVE_FROM_END, message, place, "goes on here")
                    .and(*end, "an end here")
                    .help("mend one of the two sentences: nothing leads on from an end"),
            );
        }
    }
}

fn sentences(page: &Document) -> impl Iterator<Item = &Text> {
    let invariants = page.tables.iter().flat_map(|table| &table.invariants);
    let rules = page.relations.constraints.iter().chain(&page.audit_rules).chain(&page.failure_rules);
    invariants.chain(rules).chain(notes(page).map(|(_, note)| note)).chain(&page.prose)
}

type Word<'a> = (&'a str, Span);

/// The states right before `is the end`, `is an end` and `are ends`, joined by commas and `and`.
fn ends_in<'a>(words: &[Word<'a>], is_state: &dyn Fn(&str) -> bool) -> Vec<Word<'a>> {
    let is_end = |at: usize| match words[at..] {
        [(verb, _), (article, _), (end, _), ..] if matches!((verb, end), ("is", "end")) => {
            matches!(article, "the" | "an")
        }
        [(verb, _), (ends, _), ..] => matches!((verb, ends), ("are", "ends")),
        _ => false,
    };
    let Some(at) = (0..words.len()).find(|at| is_end(*at)) else { return Vec::new() };
    before(&words[..at], is_state)
}

/// The states right before a word of going.
fn begins_in<'a>(words: &[Word<'a>], is_state: &dyn Fn(&str) -> bool) -> Vec<Word<'a>> {
    let places = words.iter().enumerate().filter(|(_, (word, _))| GOES.contains(word));
    places.flat_map(|(at, _)| before(&words[..at], is_state)).collect()
}

/// The states at the end of some words, joined by commas, `and` and `or`. Behind `to` they are where another move leads, but
/// for the last one: `OPEN goes to CLOSED, and SHUT`.
fn before<'a>(words: &[Word<'a>], is_state: &dyn Fn(&str) -> bool) -> Vec<Word<'a>> {
    let tail = words.iter().rev().take_while(|(word, _)| is_state(word) || matches!(*word, "and" | "or"));
    let length = tail.clone().count();
    let states = tail.filter(|(word, _)| is_state(word)).copied();
    let is_target = words
        .len()
        .checked_sub(length + 1)
        .is_some_and(|at| matches!(words[at].0, "to" | "become" | "becomes"));
    states.take(if is_target { 1 } else { usize::MAX }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;

    fn begins(text: &str) -> Vec<String> {
        let mut sources = crate::source::Sources::default();
        let file: FileId = sources.add("page.md", "page.md", text);
        let found = words(Span::new(file, 0, text.len()), &sources);
        begins_in(&found, &is_capital).into_iter().map(|(word, _)| word.to_owned()).collect()
    }

    #[test]
    fn a_move_begins_at_the_states_before_its_word() {
        assert_eq!(begins("OPEN goes to CLOSED"), ["OPEN"]);
        assert_eq!(begins("OPEN, SHUT and LATE go to CLOSED"), ["LATE", "SHUT", "OPEN"]);
        assert_eq!(begins("OPEN goes to CLOSED, and SHUT goes to OPEN"), ["OPEN", "SHUT"]);
        assert_eq!(begins("the door becomes CLOSED"), [""; 0]);
    }
}
