//! States that sentences call an end, and moves that sentences let begin there.

use std::collections::{BTreeMap, BTreeSet};

use super::values::{bullet, notes};
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::lint::Subject;
use crate::lint::sentence::{Word, clauses, is_capital, is_denied, raw, words};
use crate::parse::document::{Document, Text};
use crate::source::{Sources, Span};

/// Words between where a move begins and where it leads.
const GOES: [&str; 7] = ["goes", "go", "becomes", "become", "returns", "return", ARROW];
/// `->` and `→`, as one word.
const ARROW: &str = "->";
/// Words before where a move begins: `moves OPEN to CLOSED`.
const MOVES: [&str; 6] = ["moves", "takes", "brings", "sets", "turns", "from"];
/// What may be done to something in a state and leaves it as it is.
const LEAVES: [&str; 8] = ["read", "listed", "shown", "seen", "asked", "replayed", "answered", "audited"];

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
            let found = tokens(clause, subject.sources);
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

pub(super) fn sentences(page: &Document) -> impl Iterator<Item = &Text> {
    let invariants = page.tables.iter().flat_map(|table| &table.invariants);
    let rules = page.relations.constraints.iter().chain(&page.audit_rules).chain(&page.failure_rules);
    invariants.chain(rules).chain(notes(page).map(|(_, note)| note)).chain(&page.prose)
}

/// The words of a clause, with arrows among them.
pub(super) fn tokens(clause: Span, sources: &Sources) -> Vec<Word<'_>> {
    let mut found: Vec<Word<'_>> = Vec::new();
    for (word, place) in words(clause, sources) {
        if let Some((_, last)) = found.last() {
            let gap = Span::new(clause.file, last.end, place.start);
            if ["->", "\u{2192}", "=>"].iter().any(|arrow| raw(gap, sources).contains(arrow)) {
                found.push((ARROW, gap));
            }
        }
        found.push((word, place));
    }
    found
}

/// The states right before `is the end`, `is terminal` and `are ends`, joined by commas and `and`, and those behind `terminal states`.
pub(super) fn ends_in<'a>(words: &[Word<'a>], is_state: &dyn Fn(&str) -> bool) -> Vec<Word<'a>> {
    let is_end = |at: usize| match words[at..] {
        [("is", _), ("the" | "an", _), ("end", _), ..] => true,
        [("is" | "are", _), (end, _), ..] => matches!(end, "ends" | "terminal" | "final"),
        _ => false,
    };
    if let Some(at) = (0..words.len()).find(|at| is_end(*at)) {
        let mut found = before(&words[..at], is_state);
        // `CLOSED is the end, and so is LATE`
        let so = words.windows(2).position(|two| two[0].0 == "so" && matches!(two[1].0, "is" | "are"));
        found.extend(so.map(|so| behind(&words[so + 2..], is_state)).unwrap_or_default());
        return found;
    }
    let is_list =
        |pair: &[Word<'a>]| matches!(pair, [("terminal" | "end" | "final", _), ("states" | "state", _)]);
    let Some(at) = words.windows(2).position(is_list) else { return Vec::new() };
    behind(&words[at + 2..], is_state)
}

/// The states right before a word of going, behind one of moving, and before what may be done to them.
pub(super) fn begins_in<'a>(words: &[Word<'a>], is_state: &dyn Fn(&str) -> bool) -> Vec<Word<'a>> {
    let mut found = Vec::new();
    for (at, (word, _)) in words.iter().enumerate() {
        let next = |by: usize| words.get(at + by).map_or("", |(word, _)| *word);
        if GOES.contains(word) {
            let states = before(&words[..at], is_state);
            // `a CLOSED session goes back to OPEN`
            let of_noun =
                states.is_empty() && at > 1 && is_noun(words[at - 1].0) && is_state(words[at - 2].0);
            found.extend(if of_noun { vec![words[at - 2]] } else { states });
        } else if MOVES.contains(word) {
            let rest = &words[at + 1..];
            let to = rest.iter().position(|(word, _)| matches!(*word, "to" | "into"));
            found.extend(to.map(|to| behind(&rest[..to], is_state)).unwrap_or_default());
        } else if matches!(*word, "may" | "can") {
            let done = if next(1) == "be" { next(2) } else { "" };
            let is_move =
                done.ends_with("ed") && !LEAVES.contains(&done) || matches!(next(1), "go" | "become");
            found.extend(before(&words[..at], is_state).into_iter().filter(|_| is_move));
        } else if matches!(*word, "makes" | "turns") && matches!(next(1), "it" | "them") {
            // `a deferral of a PENDING session makes it PENDING`
            let of =
                if at > 0 && words[at - 1].0.chars().all(|c| c.is_ascii_lowercase()) { at - 1 } else { at };
            found.extend(before(&words[..of], is_state));
        }
    }
    found
}

fn is_noun(word: &str) -> bool {
    word.chars().all(|c| c.is_ascii_lowercase())
}

/// Where the moves of a clause lead: the states behind each word of going.
pub(super) fn targets_in<'a>(words: &[Word<'a>], is_state: &dyn Fn(&str) -> bool) -> Vec<Word<'a>> {
    let places = words.iter().enumerate().filter(|(_, (word, _))| GOES.contains(word));
    places.flat_map(|(at, _)| behind(&words[at + 1..], is_state)).collect()
}

/// The states at the start of some words, joined by small words.
fn behind<'a>(words: &[Word<'a>], is_state: &dyn Fn(&str) -> bool) -> Vec<Word<'a>> {
    const JOINTS: [&str; 10] = ["and", "or", "to", "on", "back", "into", "either", "each", "other", "are"];
    let head = words.iter().take_while(|(word, _)| is_state(word) || JOINTS.contains(word));
    head.filter(|(word, _)| is_state(word)).copied().collect()
}

/// The states at the end of some words, joined by commas, `and` and `or`. Behind `to` they are where another move leads, but
/// for the last one: `OPEN goes to CLOSED, and SHUT`.
pub(super) fn before<'a>(words: &[Word<'a>], is_state: &dyn Fn(&str) -> bool) -> Vec<Word<'a>> {
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
        let mut sources = Sources::default();
        let file: FileId = sources.add("page.md", "page.md", text);
        let found = tokens(Span::new(file, 0, text.len()), &sources);
        begins_in(&found, &is_capital).into_iter().map(|(word, _)| word.to_owned()).collect()
    }

    #[test]
    fn a_move_begins_at_the_states_before_its_word() {
        assert_eq!(begins("OPEN goes to CLOSED"), ["OPEN"]);
        assert_eq!(begins("OPEN, SHUT and LATE go to CLOSED"), ["LATE", "SHUT", "OPEN"]);
        assert_eq!(begins("OPEN goes to CLOSED, and SHUT goes to OPEN"), ["OPEN", "SHUT"]);
        assert_eq!(begins("the door becomes CLOSED"), [""; 0]);
        assert_eq!(begins("a CLOSED door goes back to OPEN"), ["CLOSED"]);
        assert_eq!(begins("OPEN -> CLOSED -> LATE"), ["OPEN", "CLOSED"]);
        assert_eq!(begins("a call moves OPEN or LATE to SHUT"), ["OPEN", "LATE"]);
        assert_eq!(begins("a SHUT door may be opened"), [""; 0]);
        assert_eq!(begins("SHUT and LATE may be opened"), ["LATE", "SHUT"]);
        assert_eq!(begins("LATE may be read"), [""; 0]);
        assert_eq!(begins("shutting an OPEN or LATE door makes it LATE"), ["LATE", "OPEN"]);
    }
}
