//! The names of registered codes against their meanings, and lines about failures against both.

use std::collections::BTreeSet;

use selene_codegen::contract::ReasonClass;

use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::lint::Subject;
use crate::parse::document::Text;
use crate::parse::reason_codes::{RegisteredCode, RegisteredEngine};

/// Meanings that have no word of their own code, and the words of another one of the engine.
pub fn of_another(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let Some(register) = subject.register() else { return };
    for engine in &register.engines {
        for code in engine.codes.iter().filter(|code| !code.retired) {
            let meaning = stems(&code.meaning);
            let own = own_words(code, engine);
            if own.is_empty() || fits(&own, &meaning) > 0 {
                continue;
            }
            let others = engine.codes.iter().filter(|other| other.name.value != code.name.value);
            let fitting = others.filter_map(|other| {
                let words = own_words(other, engine);
                let fits =
                    words.len() > 1 && words.is_disjoint(&own) && fits(&words, &meaning) == words.len();
                fits.then_some((other, words.len()))
            });
            let Some((other, _)) = fitting.max_by_key(|(_, words)| *words) else { continue };
            let message = format!(
                "`{}` means \"{}\", which are the words of `{}`",
                code.name.value, code.meaning, other.name.value
            );
            diagnostics.push(
                Diagnostic::new(codes::MEANING_OF_ANOTHER, message, code.name.span, "this code")
                    .and(other.name.span, "the code of these words")
                    .help("say what the code means by its name"),
            );
        }
    }
}

/// Lines about one failure that have no word of their code's name and meaning, and several of another code's.
pub fn of_lines(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    const ENOUGH: usize = 2;
    let Some(register) = subject.register() else { return };
    for engine in &subject.engines {
        let Some(registered) = register.engine(&engine.id.value) else { continue };
        let refusals = || registered.codes.iter().filter(|code| !code.retired && is_refusal(code));
        let words_of = |code: &RegisteredCode| &own_words(code, registered) | &stems(&code.meaning);
        for line in engine.ecm.into_iter().flat_map(|page| &page.failure_rules) {
            let Some((words, name)) = line.value.rsplit_once(':') else { continue };
            let name = name.trim().trim_matches('`');
            of_replay(line, words, name, registered, diagnostics);
            let Some(code) = refusals().find(|code| code.name.value == name) else { continue };
            let of_line = stems(words);
            if fits(&words_of(code), &of_line) > 0 {
                continue;
            }
            let others = refusals().filter(|other| other.name.value != name);
            let other = others.max_by_key(|other| fits(&words_of(other), &of_line));
            let Some(other) = other.filter(|other| fits(&words_of(other), &of_line) >= ENOUGH) else {
                continue;
            };
            let message =
                format!("a failure is reported with `{name}` in the words of `{}`", other.name.value);
            diagnostics.push(
                Diagnostic::new(codes::LINE_OF_ANOTHER_CODE, message, line.span, "this line")
                    .and(other.name.span, "the code of these words")
                    .help("name the code that means this, or say what the code means"),
            );
        }
    }
}

/// Lines that give something else than a call that was applied before the code of a replay.
fn of_replay(
    line: &Text,
    words: &str,
    name: &str,
    registered: &RegisteredEngine,
    diagnostics: &mut Diagnostics,
) {
    const REPLAYS: [&str; 9] =
        ["replay", "idempot", "no-op", "again", "before", "same", "retr", "already", "duplicate"];
    let lower = words.to_ascii_lowercase();
    let code = registered.codes.iter().find(|code| code.name.value == name);
    let is_replay =
        |code: &&RegisteredCode| code.class.as_ref().is_some_and(|class| class.value == ReasonClass::Replay);
    let Some(code) = code.filter(is_replay) else { return };
    if words.trim().is_empty() || REPLAYS.iter().any(|word| lower.contains(word)) {
        return;
    }
    let message = format!("a failure is reported with `{name}`, which is the code of a replay");
    diagnostics.push(
        Diagnostic::new(codes::LINE_OF_ANOTHER_CODE, message, line.span, "this line")
            .and(code.name.span, "registered as a replay")
            .help("name the code of the refusal"),
    );
}

fn is_refusal(code: &RegisteredCode) -> bool {
    code.class.as_ref().is_some_and(|class| class.value == ReasonClass::Refusal)
}

/// The words of a code that those of all other codes of its engine do not begin with.
fn own_words(code: &RegisteredCode, engine: &RegisteredEngine) -> BTreeSet<String> {
    let own: Vec<&str> = code.name.value.split('_').collect();
    let longest = engine
        .codes
        .iter()
        .filter(|other| other.name.value != code.name.value)
        .map(|other| other.name.value.split('_').zip(&own).take_while(|(one, own)| one == *own).count())
        .max()
        .unwrap_or(0)
        .max(1);
    stems(&own[longest.min(own.len())..].join(" "))
}

fn fits(words: &BTreeSet<String>, meaning: &BTreeSet<String>) -> usize {
    words.iter().filter(|word| meaning.iter().any(|other| is_alike(word, other))).count()
}

/// Whether two words are forms of one: the first four letters are the same.
fn is_alike(one: &str, other: &str) -> bool {
    let length = 4.min(one.len()).min(other.len());
    length > 2 && one.as_bytes()[..length] == other.as_bytes()[..length]
}

/// The words of a text that say something.
fn stems(text: &str) -> BTreeSet<String> {
    const COMMON: [&str; 22] = [
        "the", "and", "not", "does", "that", "its", "was", "were", "are", "has", "have", "call", "for",
        "with", "this", "from", "which", "any", "may", "must", "one", "than",
    ];
    let words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| word.len() > 2);
    words.map(str::to_ascii_lowercase).filter(|word| !COMMON.contains(&word.as_str())).collect()
}
