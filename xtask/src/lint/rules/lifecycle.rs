//! Where something begins, what refuses to go on and what stays as it is, against the moves that sentences state.

use std::collections::BTreeMap;

use selene_codegen::naming::without_schema;

use super::state_moves::{before, begins_in, ends_in, sentences, targets_in, tokens};
use super::states::{STARTS, enums, every_clause};
use super::values::bullet;
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::lint::Subject;
use crate::lint::sentence::{Word, clauses, is_capital, is_denied, raw, words};
use crate::lint::subject::Engine;
use crate::source::Span;

/// Starts of an engine that cannot be one: two of the same thing, an end, and a state that others lead to while nothing leads
/// to the state that they lead from.
pub fn starts(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    super::states::two_starts(subject, diagnostics);
    for engine in &subject.engines {
        let enums = enums(engine, subject);
        let is_state = |word: &str| is_capital(word) && enums.iter().any(|one| one.has(word));
        let mut starts: Vec<Word<'_>> = Vec::new();
        let (mut ends, mut left, mut reached) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        for clause in every_clause(engine, subject) {
            let words = tokens(clause, subject.sources);
            starts.extend(start_in(&words, &is_state));
            if is_denied(clause, &["unless", "refused"], subject.sources) {
                continue;
            }
            ends.extend(ends_in(&words, &is_state));
            left.extend(begins_in(&words, &is_state));
            reached.extend(targets_in(&words, &is_state));
        }
        for (state, place) in starts {
            let Some(one) = enums.iter().find(|one| one.has(state)) else { continue };
            let mut others = one.values().iter().map(String::as_str).filter(|other| *other != state);
            let lost = others.find(|other| left.contains_key(other) && !reached.contains_key(other));
            let (message, other, label) = match (ends.get(state), reached.get(state), lost) {
                (Some(end), ..) => {
                    (format!("something begins as `{state}`, which is an end"), end, "an end here")
                }
                (None, Some(to), Some(lost)) => (
                    format!(
                        "something begins as `{state}`, and nothing leads to `{lost}`, which it goes on from"
                    ),
                    to,
                    "a move leads to it",
                ),
                _ => continue,
            };
            diagnostics.push(
                Diagnostic::new(codes::TWO_STARTS, message, place, "begins here")
                    .and(*other, label)
                    .help("mend one of the two sentences"),
            );
        }
    }
}

/// The state that something begins in: `starts as DRAFT`, `begins OPEN`.
fn start_in<'a>(words: &[Word<'a>], is_state: &dyn Fn(&str) -> bool) -> Option<Word<'a>> {
    const OTHERWISE: [&str; 9] = ["no", "not", "never", "nothing", "or", "if", "when", "where", "unless"];
    words.iter().enumerate().filter(|(_, (word, _))| STARTS.contains(word)).find_map(|(at, _)| {
        let mut behind = words[at + 1..]
            .iter()
            .skip_while(|(word, _)| ["as", "in", "a", "an", "with", "state"].contains(word));
        let state = behind.next().filter(|(word, _)| is_state(word))?;
        let is_plain = !words[..at].iter().any(|(word, _)| OTHERWISE.contains(word));
        is_plain.then_some(*state)
    })
}

/// States that one part of a sentence lets go on and another one has refuse: `OPEN and SHUT go to LATE; SHUT refuses`.
pub fn from_end(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    super::state_moves::from_end(subject, diagnostics);
    for engine in &subject.engines {
        let enums = enums(engine, subject);
        let is_state = |word: &str| is_capital(word) && enums.iter().any(|one| one.has(word));
        for sentence in engine.each_page().flat_map(sentences) {
            let (mut refusing, mut moved) = (Vec::new(), Vec::new());
            for clause in clauses(bullet(sentence.span, subject), subject.sources) {
                let words = tokens(clause, subject.sources);
                let at = words.iter().position(|(word, _)| matches!(*word, "refuse" | "refuses"));
                refusing.extend(at.map(|at| before(&words[..at], &is_state)).unwrap_or_default());
                if at.is_none() && !is_denied(clause, &["unless"], subject.sources) {
                    moved.extend(begins_in(&words, &is_state));
                }
            }
            let both = moved.iter().find_map(|(state, place)| {
                let refuses = refusing.iter().find(|(other, _)| other == state)?;
                Some((state, *place, refuses.1))
            });
            let Some((state, place, refuses)) = both else { continue };
            let message = format!("`{state}` refuses by a sentence that lets it go on");
            diagnostics.push(
                Diagnostic::new(codes::MOVE_FROM_END, message, place, "goes on here")
                    .and(refuses, "refuses here")
                    .help("mend one of the two parts of the sentence"),
            );
        }
        kept_states(engine, subject, diagnostics);
    }
}

/// Names of columns that say where something stands.
const STANDS: [&str; 6] = ["state", "status", "lifecycle", "phase", "stage", "step"];

/// `the status never changes` below a table of which several writes report a status.
fn kept_states(engine: &Engine<'_>, subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let writes = engine.writes(subject);
    for (text, table) in engine.wiring.into_iter().flat_map(|page| &page.tables).zip(&engine.contract.tables)
    {
        for clause in text.invariants.iter().flat_map(|one| clauses(one.span, subject.sources)) {
            let lower = raw(clause, subject.sources).to_ascii_lowercase();
            let kept = ["never changes", "never change", "stays the same", "is fixed"];
            let Some(end) = kept.iter().find_map(|words| lower.find(words)) else { continue };
            let named = words(Span::new(clause.file, clause.start, clause.start + end), subject.sources);
            let is_named = |column: &str| {
                let last = column.rsplit('_').next().unwrap_or(column);
                STANDS.contains(&last) && named.iter().any(|(word, _)| *word == column || *word == last)
            };
            let mut columns = table.columns.iter().map(|column| column.name.as_str());
            let Some(column) = columns.find(|column| is_named(column)) else { continue };
            let reports: Vec<Span> = writes
                .iter()
                .filter(|write| {
                    let name = without_schema(&table.name);
                    write.capability.writes.iter().any(|written| without_schema(written) == name)
                })
                .flat_map(|write| &write.text.payload_keys)
                .filter(|key| key.value.trim_end_matches('?') == column)
                .map(|key| key.span)
                .collect();
            let [_, second, ..] = reports.as_slice() else { continue };
            let message =
                format!("`{column}` never changes by a sentence, and several writes report a new one");
            diagnostics.push(
                Diagnostic::new(codes::MOVE_FROM_END, message, clause, "never changes here")
                    .and(*second, "one of the writes that report it")
                    .help("mend the sentence, or take the key out of the writes"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    #[test]
    fn a_start_is_the_state_behind_its_word() {
        let start = |text: &str| {
            let mut sources = Sources::default();
            let file = sources.add("page.md", "page.md", text);
            let words = tokens(Span::new(file, 0, text.len()), &sources);
            start_in(&words, &is_capital).map(|(state, _)| state.to_owned())
        };
        assert_eq!(start("A start needs terms and begins OPEN with no passes").as_deref(), Some("OPEN"));
        assert_eq!(start("A link starts as SENT.").as_deref(), Some("SENT"));
        assert_eq!(start("Nobody knows whether it starts or ends"), None);
        assert_eq!(start("Without targets, or when late, it starts as SENT"), None);
    }
}
