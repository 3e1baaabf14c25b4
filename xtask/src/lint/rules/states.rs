//! States that sentences lead from and to, against the enums of the lexicon: which of them belong together, where something
//! begins, and which no sentence names.

use std::collections::{BTreeMap, BTreeSet};

use selene_codegen::contract::TypeKind;

use super::state_moves::{begins_in, ends_in, sentences, targets_in, tokens};
use super::values::bullet;
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::lint::Subject;
use crate::lint::sentence::{Word, clauses, is_capital, is_denied, words};
use crate::lint::subject::Engine;
use crate::parse::lexicon::TypeEntry;
use crate::source::Span;

/// An enum of the lexicon.
pub(super) struct Enum<'a> {
    entry: &'a TypeEntry,
    values: &'a [String],
}

impl<'a> Enum<'a> {
    pub(super) fn values(&self) -> &'a [String] {
        self.values
    }

    pub(super) fn has(&self, word: &str) -> bool {
        self.values.iter().any(|value| value == word)
    }
}

/// The enums that an engine knows: its own, then the shared ones.
pub(super) fn enums<'a>(engine: &Engine<'a>, subject: &Subject<'a>) -> Vec<Enum<'a>> {
    let Some(lexicon) = subject.lexicon() else { return Vec::new() };
    let scopes = lexicon.engine(&engine.id.value).into_iter().chain(std::iter::once(&lexicon.shared));
    let types = scopes.flat_map(|scope| &scope.types);
    types
        .filter_map(|entry| match &entry.kind {
            TypeKind::Enum { values } => Some(Enum { entry, values }),
            _ => None,
        })
        .collect()
}

pub(super) fn every_clause(engine: &Engine<'_>, subject: &Subject<'_>) -> Vec<Span> {
    let spans = engine.each_page().flat_map(sentences).map(|text| bullet(text.span, subject));
    spans.flat_map(|span| clauses(span, subject.sources)).collect()
}

/// The clauses of an engine, each with the enums that it may be about: those of the inputs, where it stands below a capability.
fn clauses_with_enums<'e, 'a>(
    engine: &Engine<'a>,
    enums: &'e [Enum<'a>],
    subject: &Subject<'a>,
) -> Vec<(Span, Vec<&'e Enum<'a>>)> {
    let mut found: Vec<(Span, Vec<&Enum<'_>>)> = Vec::new();
    let texts = engine.ecm.into_iter().flat_map(|ecm| &ecm.capabilities);
    for (capability, text) in engine.contract.capabilities.iter().zip(texts) {
        let types: Vec<String> = capability.input_fields().map(|field| field.ty.to_string()).collect();
        let own: Vec<&Enum<'_>> = enums.iter().filter(|one| types.contains(&one.entry.name.value)).collect();
        for (_, note) in &text.notes {
            let clauses = clauses(bullet(note.span, subject), subject.sources);
            found.extend(clauses.into_iter().map(|clause| (clause, own.clone())));
        }
    }
    let known: BTreeSet<Span> = found.iter().map(|(clause, _)| *clause).collect();
    let others = every_clause(engine, subject).into_iter().filter(|clause| !known.contains(clause));
    found.extend(others.map(|clause| (clause, Vec::new())));
    found
}

/// Moves between states that no enum has together.
pub fn of_no_enum(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    // A state may be one of another engine.
    let known = Subject::values(subject.scopes());
    for engine in &subject.engines {
        let enums = enums(engine, subject);
        let is_state = |word: &str| is_capital(word) && known.contains(word);
        let mut reported = BTreeSet::new();
        for (clause, own) in clauses_with_enums(engine, &enums, subject) {
            let words = tokens(clause, subject.sources);
            let (from, to) = (begins_in(&words, &is_state), targets_in(&words, &is_state));
            let is_mutual = words.windows(2).any(|two| two[0].0 == "each" && two[1].0 == "other");
            if from.is_empty() || to.is_empty() && !is_mutual {
                continue;
            }
            let all: Vec<Word<'_>> = from.into_iter().chain(to).collect();
            let kept = |one: &&Enum<'_>| all.iter().filter(|(word, _)| one.has(word)).count();
            let of_input = own.into_iter().filter(|one| kept(one) > 1).max_by_key(kept);
            let Some(nearest) = of_input.or_else(|| enums.iter().max_by_key(kept)) else { continue };
            let Some((state, place)) = all.iter().find(|(word, _)| !nearest.has(word)) else { continue };
            if !reported.insert((*state, *place)) {
                continue;
            }
            let name = &nearest.entry.name;
            let message =
                format!("a sentence leads between states of `{}` and `{state}`, which is none", name.value);
            diagnostics.push(
                Diagnostic::new(codes::STATE_OF_ANOTHER_ENUM, message, *place, "this state")
                    .and(name.span, "its values")
                    .help("name a value of the enum, or add it there"),
            );
        }
    }
}

/// Words before the state that something begins in.
pub(super) const STARTS: [&str; 5] = ["starts", "begins", "start", "begin", "created"];

/// Sentences of an engine that let something begin in two states of one enum.
pub fn two_starts(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for engine in &subject.engines {
        let enums = enums(engine, subject);
        let mut first: BTreeMap<&str, Word<'_>> = BTreeMap::new();
        for clause in every_clause(engine, subject) {
            if is_denied(clause, &["or", "if", "when", "where", "unless", "else"], subject.sources) {
                continue;
            }
            let words = words(clause, subject.sources);
            let Some(at) = words.iter().position(|(word, _)| STARTS.contains(word)) else { continue };
            let behind = words[at + 1..]
                .iter()
                .find(|(word, _)| !["as", "in", "a", "an", "with", "state"].contains(word));
            let Some((state, place)) = behind.filter(|(word, _)| is_capital(word)) else { continue };
            let Some(one) = enums.iter().find(|one| one.has(state)) else { continue };
            let name = one.entry.name.value.as_str();
            let (known, at) = *first.entry(name).or_insert((*state, *place));
            if known == *state {
                continue;
            }
            let message =
                format!("something begins as `{state}` by one sentence, and as `{known}` by another one");
            diagnostics.push(
                Diagnostic::new(codes::TWO_STARTS, message, *place, "begins here")
                    .and(at, "and here")
                    .help("mend one of the two sentences"),
            );
        }
    }
}

/// Enums of whose values the sentences about moves name all but one, which no sentence of the engine names at all.
pub fn forgotten(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let Some(lexicon) = subject.lexicon() else { return };
    for engine in subject.engines.iter().filter(|engine| engine.pages().is_some()) {
        let Some(scope) = lexicon.engine(&engine.id.value) else { continue };
        let enums = enums(engine, subject);
        let is_state = |word: &str| is_capital(word) && enums.iter().any(|one| one.has(word));
        let mut moved: BTreeMap<&str, Span> = BTreeMap::new();
        let mut named: BTreeSet<&str> = BTreeSet::new();
        for clause in every_clause(engine, subject) {
            let words = tokens(clause, subject.sources);
            named.extend(words.iter().map(|(word, _)| *word));
            let found = begins_in(&words, &is_state).into_iter().chain(targets_in(&words, &is_state));
            moved.extend(found.chain(ends_in(&words, &is_state)));
        }
        for one in enums.iter().filter(|one| scope.types.iter().any(|entry| std::ptr::eq(entry, one.entry))) {
            let lost: Vec<&String> =
                one.values.iter().filter(|value| !moved.contains_key(value.as_str())).collect();
            let [lost] = lost.as_slice() else { continue };
            let Some(place) = one.values.iter().find_map(|value| moved.get(value.as_str())) else { continue };
            if one.values.len() < 4 || named.contains(lost.as_str()) {
                continue;
            }
            let name = &one.entry.name;
            let message =
                format!("no sentence of `{}` leads to or from `{lost}` of `{}`", engine.id.value, name.value);
            diagnostics.push(
                Diagnostic::new(codes::FORGOTTEN_STATE, message, name.span, "a value of this enum")
                    .and(*place, "the others are led from and to")
                    .help("say how something comes to that state, or take the value out"),
            );
        }
    }
}
