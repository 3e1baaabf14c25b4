//! Meanings of reason codes against those that were released: a number keeps what it means.

use selene_codegen::contract::ReasonCode;

use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::lint::Subject;
use crate::parse::reason_codes::RegisteredCode;
use crate::source::Span;

/// Words that turn a sentence round.
const NEGATIONS: [&str; 12] = [
    "not", "no", "never", "cannot", "nobody", "nothing", "none", "without", "neither", "nor", "non", "lacks",
];

/// Words that mean the opposite of each other.
const OPPOSITES: [(&str, &str); 40] = [
    ("above", "below"),
    ("absent", "present"),
    ("accepted", "declined"),
    ("accepted", "refused"),
    ("accepted", "rejected"),
    ("active", "inactive"),
    ("added", "removed"),
    ("after", "before"),
    ("allowed", "forbidden"),
    ("allows", "forbids"),
    ("another", "same"),
    ("another", "the"),
    ("applied", "refused"),
    ("bound", "unbound"),
    ("closed", "open"),
    ("closed", "opened"),
    ("confirmed", "rejected"),
    ("early", "late"),
    ("enabled", "disabled"),
    ("ended", "started"),
    ("exists", "missing"),
    ("fail", "pass"),
    ("failed", "passed"),
    ("first", "last"),
    ("granted", "denied"),
    ("in", "out"),
    ("inside", "outside"),
    ("known", "unknown"),
    ("less", "more"),
    ("locked", "unlocked"),
    ("long", "short"),
    ("low", "high"),
    ("online", "offline"),
    ("other", "own"),
    ("satisfied", "unsatisfied"),
    ("started", "stopped"),
    ("succeeded", "failed"),
    ("true", "false"),
    ("valid", "invalid"),
    ("within", "outside"),
];

fn words(meaning: &str) -> Vec<String> {
    let words = meaning.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_ascii_lowercase).collect()
}

/// What only the first of two lists of words has.
fn only_in(one: &[String], other: &[String]) -> Vec<String> {
    let mut rest = other.to_vec();
    let mut only = Vec::new();
    for word in one {
        match rest.iter().position(|known| known == word) {
            Some(place) => {
                rest.remove(place);
            }
            None => only.push(word.clone()),
        }
    }
    only
}

/// Whether two meanings say opposite things: one of them is negated, or a word of one has its opposite in the other.
#[must_use]
pub fn is_reversed(old: &str, new: &str) -> bool {
    let (old, new) = (words(old), words(new));
    let negations = |words: &[String]| words.iter().filter(|word| NEGATIONS.contains(&word.as_str())).count();
    let (gone, come) = (only_in(&old, &new), only_in(&new, &old));
    let is_opposite = |one: &str, other: &str| {
        let by_prefix = ["un", "in", "dis", "non"]
            .iter()
            .any(|prefix| one.strip_prefix(prefix) == Some(other) || other.strip_prefix(prefix) == Some(one));
        by_prefix || OPPOSITES.iter().any(|pair| *pair == (one, other) || *pair == (other, one))
    };
    let turns = gone.iter().filter(|one| come.iter().any(|other| is_opposite(one, other))).count();
    // Denied twice, a sentence has its first meaning.
    (negations(&old) + negations(&new) + turns) % 2 == 1
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Change {
    Reversed,
    Worded,
}

/// A reason code as it was released, and its place there.
struct Released<'a> {
    code: &'a ReasonCode,
    place: Span,
}

fn changes<'a>(subject: &'a Subject<'_>, wanted: Change) -> Vec<(Released<'a>, &'a RegisteredCode)> {
    let Some(register) = subject.register() else { return Vec::new() };
    let both = subject.written.engines.iter().flat_map(|written| {
        let engine = register.engine(&written.contract.engine.id);
        let codes = written.contract.reason_codes.iter();
        codes.filter_map(move |old| {
            let new = engine?.code(&old.name)?;
            Some((Released { code: old, place: written.code_place(&old.name) }, new))
        })
    });
    let changed = both.filter(|(old, new)| {
        let kept = new.number.as_ref().is_some_and(|number| number.value == old.code.number);
        kept && words(&old.code.meaning) != words(&new.meaning)
    });
    changed
        .filter(|(old, new)| is_reversed(&old.code.meaning, &new.meaning) == (wanted == Change::Reversed))
        .collect()
}

/// Meanings that were reversed.
pub fn reversed(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for (old, new) in changes(subject, Change::Reversed) {
        let message =
            format!("`{}` meant \"{}\" and means \"{}\" now", old.code.name, old.code.meaning, new.meaning);
        diagnostics.push(
            Diagnostic::new(
                codes::REVERSED_MEANING,
                message,
                new.name.span,
                "the opposite, under the same number",
            )
            .and(old.place, "released here")
            .help(
                "stored rows have this number: put the meaning back, and give what is meant now a new code",
            ),
        );
    }
}

/// Meanings that were put in other words.
pub fn changed(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for (old, new) in changes(subject, Change::Worded) {
        let message =
            format!("`{}` meant \"{}\" and means \"{}\" now", old.code.name, old.code.meaning, new.meaning);
        diagnostics.push(
            Diagnostic::new(codes::CHANGED_MEANING, message, new.name.span, "in other words")
                .and(old.place, "released here")
                .help("make sure that it says the same; another meaning needs a new code"),
        );
    }
}
