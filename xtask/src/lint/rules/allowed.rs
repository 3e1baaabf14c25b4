//! What a sentence allows, and another one, the line about a failure or the input refuses.

use selene_codegen::contract::{ReasonClass, TypeRef};

use super::table_claims::sentences;
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::lint::Subject;
use crate::lint::sentence::{Word, clauses, denies, is_capital, raw, words};
use crate::lint::subject::Engine;
use crate::source::Span;

/// Sentences of an engine that allow what it refuses.
pub fn and_refused(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for engine in &subject.engines {
        in_other_states(engine, subject, diagnostics);
        for sentence in engine.each_page().flat_map(sentences) {
            for clause in clauses(sentence.span, subject.sources) {
                let found = earlier_times(clause, engine, subject)
                    .or_else(|| needless_inputs(clause, engine, subject))
                    .or_else(|| untold_replays(clause, engine, subject));
                let Some((message, other, label)) = found else { continue };
                diagnostics.push(
                    Diagnostic::new(codes::ALLOWED_AND_REFUSED, message, clause, "this sentence")
                        .and(other, label)
                        .help("mend one of the two"),
                );
            }
        }
    }
}

type Found = (String, Span, &'static str);

/// `a move may lie before the last change`, where the line about a failure refuses a time before the last change.
fn earlier_times(clause: Span, engine: &Engine<'_>, subject: &Subject<'_>) -> Option<Found> {
    let text = raw(clause, subject.sources).to_ascii_lowercase();
    let behind = ["may lie before ", "may come before ", "may be before "];
    let (_, behind) = behind.iter().find_map(|words| text.split_once(words))?;
    let what: Vec<&str> = behind.split(|c: char| !c.is_ascii_alphanumeric()).take(3).collect();
    let what = what.join(" ");
    let lines = engine.each_page().flat_map(|page| &page.failure_rules);
    let line = lines.into_iter().find(|line| {
        let line = line.value.to_ascii_lowercase();
        line.contains(&format!("time before {what}")) || line.contains(&format!("earlier than {what}"))
    })?;
    let message = format!("a time may lie before {what} by a sentence, and is refused there");
    Some((message, line.span, "refuses such a time"))
}

/// `a start needs no consent`, where the input of the start has one that is never left out.
fn needless_inputs(clause: Span, engine: &Engine<'_>, subject: &Subject<'_>) -> Option<Found> {
    let words = words(clause, subject.sources);
    let at = words
        .windows(2)
        .position(|two| matches!(two[0].0, "needs" | "need" | "requires") && two[1].0 == "no")?;
    let (needed, _) = words.get(at + 2)?;
    let who =
        words[..at].iter().rev().map(|(word, _)| word.to_ascii_uppercase()).find(|word| word.len() > 3)?;
    let texts = engine.ecm.into_iter().flat_map(|ecm| &ecm.capabilities);
    let mut calls = engine.contract.capabilities.iter().zip(texts);
    let (capability, text) = calls.find(|(capability, _)| {
        let of = |name: &str| name.split('_').next() == Some(needed) && needed.len() > 3;
        let mut inputs = capability.input_fields();
        capability.id.split('_').any(|part| part == who)
            && inputs.any(|input| of(&input.name) && !matches!(input.ty, TypeRef::Option(_)))
    })?;
    let place = text.input.as_ref().map_or(text.id.span, |input| input.text.span);
    let message = format!("`{}` needs no {needed} by a sentence, and its input names one", capability.id);
    Some((message, place, "its input"))
}

/// `a caller hears nothing under its key`, where the engine answers a call that comes again.
fn untold_replays(clause: Span, engine: &Engine<'_>, subject: &Subject<'_>) -> Option<Found> {
    const KEYS: [&str; 4] =
        ["under its key", "under the same key", "under a used key", "under a key that was used"];
    const SOME: [&str; 5] = ["another", "other", "when", "where", "if"];
    let text = raw(clause, subject.sources).to_ascii_lowercase();
    let is_untold = [
        "hears nothing",
        "is told nothing",
        "answers nothing",
        "is told again nothing",
        "is never told again",
    ]
    .iter()
    .any(|words| text.contains(words));
    let all: Vec<Word<'_>> = words(clause, subject.sources);
    if !is_untold
        || !KEYS.iter().any(|key| text.contains(key))
        || all.iter().any(|(word, _)| SOME.contains(word))
    {
        return None;
    }
    let registered = subject.register()?.engine(&engine.id.value)?;
    let replay = registered.codes.iter().find(|code| {
        !code.retired && code.class.as_ref().is_some_and(|class| class.value == ReasonClass::Replay)
    })?;
    let mut named = engine.each_page().flat_map(|page| &page.reason_codes);
    let place = named.find(|named| named.value == replay.name.value)?.span;
    let is_told = !denies(&replay.meaning.to_ascii_lowercase().replace("nothing was written", ""), &[]);
    is_told.then(|| {
        (
            "a call under a used key is told nothing by a sentence, and is a replay".to_owned(),
            place,
            "a replay has this code",
        )
    })
}

/// A sentence that something is done while it is in some states, and the state that another one does it in:
/// `a sample is taken while OPEN`, `a CLOSED session takes samples`.
struct While<'a> {
    done: Vec<String>,
    states: Vec<&'a str>,
    place: Span,
}

fn stem(word: &str) -> String {
    word.to_ascii_lowercase().chars().take(4).collect()
}

/// `a sample is taken while OPEN or LATE`.
fn done_while<'a>(clause: Span, subject: &Subject<'a>) -> Option<While<'a>> {
    let words = words(clause, subject.sources);
    let at = words.iter().position(|(word, _)| *word == "while")?;
    let states = words[at + 1..].iter().take_while(|(word, _)| is_capital(word) || *word == "or");
    let states: Vec<&str> = states.map(|(word, _)| *word).filter(|word| *word != "or").collect();
    let small = ["a", "an", "the", "is", "are", "only", "A", "An", "The"];
    let done = words[..at].iter().filter(|(word, _)| !small.contains(word)).map(|(word, _)| stem(word));
    let done: Vec<String> = done.collect();
    (!states.is_empty() && done.len() == 2).then_some(While { done, states, place: clause })
}

/// Sentences of an engine that do something in another state than the sentence that says while which states it is done.
fn in_other_states(engine: &Engine<'_>, subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let clauses: Vec<Span> = engine
        .each_page()
        .flat_map(sentences)
        .flat_map(|sentence| clauses(sentence.span, subject.sources))
        .collect();
    let stated: Vec<While<'_>> = clauses.iter().filter_map(|clause| done_while(*clause, subject)).collect();
    for clause in clauses.iter().filter(|_| !stated.is_empty()) {
        let words = words(*clause, subject.sources);
        let Some(at) = words.iter().take(3).position(|(word, _)| is_capital(word)) else { continue };
        let [(state, place), _, (verb, _), (what, _), ..] = &words[at..] else { continue };
        let said = [stem(verb), stem(what)];
        let is_same = |one: &&While<'_>| said.iter().all(|word| one.done.contains(word));
        let text = raw(*clause, subject.sources);
        let Some(known) = stated.iter().find(is_same).filter(|_| !denies(text, &["if", "when"])) else {
            continue;
        };
        if known.states.contains(state) {
            continue;
        }
        let message = format!(
            "something is done while {} by one sentence, and by another one while {state}",
            known.states.join(" or ")
        );
        diagnostics.push(
            Diagnostic::new(codes::ALLOWED_AND_REFUSED, message, *place, "this state")
                .and(known.place, "the states of this sentence")
                .help("mend one of the two"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_what_is_done_have_one_stem() {
        assert_eq!(stem("taken"), stem("takes"));
        assert_eq!(stem("samples"), stem("sample"));
        assert_ne!(stem("bound"), stem("binds"));
    }
}
