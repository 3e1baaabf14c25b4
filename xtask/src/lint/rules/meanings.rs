//! Meanings of reason codes against the names of the codes, and against the lines about failures that name them.

use std::collections::BTreeSet;

use selene_codegen::contract::ReasonClass;

use super::facts::is_negative;
use super::meaning::is_reversed;
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::lint::Subject;
use crate::lint::sentence::denies;
use crate::lint::subject::Engine;
use crate::parse::document::Text;
use crate::parse::reason_codes::{RegisteredCode, RegisteredEngine};

/// Words of a name that say that something is not as it must be.
const LACKS: [&str; 7] =
    ["VIOLATION", "REQUIRED", "MISSING", "MISMATCH", "INVALID", "UNKNOWN", "UNAVAILABLE"];
/// Words of a name that say that something is there already.
const EXISTS: [&str; 3] = ["EXISTS", "DUPLICATE", "ALREADY"];

/// Meanings that contradict the name of their code, or the line about the failure.
pub fn against_names(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let Some(register) = subject.register() else { return };
    for engine in &subject.engines {
        let Some(registered) = register.engine(&engine.id.value) else { continue };
        for code in registered.codes.iter().filter(|code| !code.retired && !code.meaning.is_empty()) {
            let Some(named) = named(engine, &code.name.value) else { continue };
            if let Some(other_meaning) = by_name(code) {
                let message = format!(
                    "`{}` means \"{}\", and {other_meaning} by its name",
                    code.name.value, code.meaning
                );
                diagnostics.push(
                    Diagnostic::new(codes::MEANING_AGAINST_NAME, message, code.name.span, "this meaning")
                        .and(named.span, "named here")
                        .help("say what the code means by its name, or name another code"),
                );
            }
        }
        of_lines(engine, registered, diagnostics);
    }
}

fn named<'a>(engine: &Engine<'a>, code: &str) -> Option<&'a Text> {
    engine.each_page().flat_map(|page| &page.reason_codes).find(|named| named.value == code)
}

fn is_of(code: &RegisteredCode, class: ReasonClass) -> bool {
    code.class.as_ref().is_some_and(|known| known.value == class)
}

/// What a code says by its name or class and its meaning denies.
fn by_name(code: &RegisteredCode) -> Option<&'static str> {
    let parts: Vec<&str> = code.name.value.split('_').collect();
    let has = |words: &[&str]| parts.iter().any(|part| words.contains(part));
    let meaning = code.meaning.to_ascii_lowercase();
    let is_denied = denies(&meaning, &[]);
    if is_of(code, ReasonClass::Replay) {
        return (meaning.contains("written") && !is_denied).then_some("is a replay, which writes nothing,");
    }
    if !is_of(code, ReasonClass::Refusal) {
        return None;
    }
    if meaning.starts_with("the call was applied") && !is_denied && !meaning.contains("before") {
        return Some("refuses the call");
    }
    if has(&EXISTS) && is_denied && meaning.contains("exist") {
        return Some("is about what exists already");
    }
    if has(&LACKS) && affirms(&meaning) && !is_negative(&meaning) && !parts.contains(&"NOT") {
        return Some("is about what is not as it must be");
    }
    is_of_another(&parts, &meaning).then_some("is about something else")
}

/// Whether a meaning says plainly that something is so: `the terms are accepted`.
fn affirms(meaning: &str) -> bool {
    const VERBS: [&str; 14] = [
        "is", "are", "allows", "allow", "exists", "exist", "fits", "fit", "belongs", "belong", "owns", "own",
        "matches", "match",
    ];
    let mut words = meaning.split(|c: char| !c.is_ascii_alphanumeric());
    let has_verb = words.any(|word| VERBS.contains(&word));
    let asks = ["out of", "must", "needs", "already", "contradict", "no longer", "lies"];
    has_verb && !asks.iter().any(|words| meaning.contains(words))
}

/// `COMPANY_NOT_ACTIVE` with the meaning "The position is not active.".
fn is_of_another(parts: &[&str], meaning: &str) -> bool {
    let Some(at) = parts.iter().position(|part| *part == "NOT").filter(|at| *at > 1) else { return false };
    let (noun, what) =
        (parts[at - 1].to_ascii_lowercase(), parts.get(at + 1).map(|part| part.to_ascii_lowercase()));
    let words: Vec<&str> = meaning.trim_end_matches('.').split(' ').collect();
    let [_, about, "is" | "are", "not", stated] = words.as_slice() else { return false };
    what.is_some_and(|what| what == *stated) && stem(about) != stem(&noun)
}

fn stem(word: &str) -> String {
    word.chars().take(4).collect()
}

/// Lines about one failure that say the opposite of what their code means.
fn of_lines(engine: &Engine<'_>, registered: &RegisteredEngine, diagnostics: &mut Diagnostics) {
    for line in engine.each_page().flat_map(|page| &page.failure_rules) {
        let Some((words, name)) = line.value.rsplit_once(':') else { continue };
        let name = name.trim().trim_matches('`');
        let Some(code) = registered.code(name).filter(|code| !code.retired) else { continue };
        if is_opposite(words, &code.meaning) && by_name(code).is_none() {
            let message = format!("`{name}` means \"{}\", and this line says the opposite", code.meaning);
            diagnostics.push(
                Diagnostic::new(codes::MEANING_AGAINST_NAME, message, line.span, "this line")
                    .and(code.name.span, "this meaning")
                    .help("mend the line, or the meaning of the code"),
            );
        }
    }
}

/// Whether two plain sentences are in the same words, and one of them denies what the other says.
fn is_opposite(one: &str, other: &str) -> bool {
    const ENOUGH: usize = 3;
    let is_plain =
        |text: &str| !text.contains([',', ';']) && !text.contains(" or ") && !text.contains(" and ");
    let (own, others) = (stems(one), stems(other));
    let alike = own.intersection(&others).count();
    is_plain(one)
        && is_plain(other)
        && alike >= ENOUGH.min(own.len())
        && alike + 1 >= own.len().max(others.len())
        && alike > 1
        && is_reversed(one, other)
}

/// The words of a sentence that say something, cut to what their forms have in common.
fn stems(text: &str) -> BTreeSet<String> {
    const COMMON: [&str; 14] =
        ["the", "a", "an", "of", "to", "is", "are", "not", "no", "does", "do", "that", "never", "cannot"];
    let text = text.replace("'s", " ");
    let words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let words = words.map(str::to_ascii_lowercase).filter(|word| !COMMON.contains(&word.as_str()));
    words.map(|word| stem(&word)).collect()
}

/// Lines that say that a call was replayed, and name a code of another class.
pub fn of_replays(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let Some(register) = subject.register() else { return };
    for engine in &subject.engines {
        let Some(registered) = register.engine(&engine.id.value) else { continue };
        for line in engine.each_page().flat_map(|page| &page.failure_rules) {
            let Some((words, name)) = line.value.rsplit_once(':') else { continue };
            let words = words.to_ascii_lowercase();
            let code = registered.code(name.trim().trim_matches('`')).filter(|code| !code.retired);
            let is_replay =
                words.contains("replay") && (words.contains("no-op") || words.contains("idempot"));
            let Some(code) = code.filter(|code| is_replay && code.name.value.contains("REPLAY")) else {
                continue;
            };
            let Some(class) = code.class.as_ref().filter(|class| class.value != ReasonClass::Replay) else {
                continue;
            };
            let message = format!(
                "`{}` is the code of a replay, and of class `{}`",
                code.name.value,
                class.value.as_str()
            );
            diagnostics.push(
                Diagnostic::new(codes::REPLAY_OF_OTHER_CLASS, message, class.span, "this class")
                    .and(line.span, "a replay by this line")
                    .help(
                        "register the code with `class: replay`: callers distinguish a replay from a refusal by it",
                    ),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_in_the_same_words_may_be_opposite() {
        let line = "the link's state does not allow the call";
        assert!(is_opposite(line, "The state of the link allows the call."));
        assert!(!is_opposite(line, "The state of the link does not allow the call."));
        assert!(!is_opposite("value out of bounds", "A value is out of its bounds."));
        assert!(!is_opposite("person unknown", "The person or the tenant is not known."));
    }
}
