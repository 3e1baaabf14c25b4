//! Reason codes and capabilities that the words of a page name, wherever they stand.

use std::collections::{BTreeMap, BTreeSet};

use super::values::bullet;
use crate::diagnostics::{Diagnostic, Diagnostics, codes, guess_or};
use crate::lint::Subject;
use crate::lint::sentence::{self, clauses, raw, words};
use crate::lint::subject::Engine;
use crate::parse::document::{Document, Text};
use crate::parse::reason_codes::{RegisteredCode, RegisteredEngine};
use crate::source::Span;

/// `W` of `W_ENROLL_TIMEOUT`, and `PH1_DOC` of `PH1_DOC_REFUSED`: there the number of the phase says nothing yet.
fn prefix(name: &str) -> &str {
    let first = name.split('_').next().unwrap_or_default();
    let is_phase = first
        .strip_prefix("PH")
        .is_some_and(|rest| !rest.is_empty() && rest.chars().all(|c| c.is_ascii_digit()));
    let second = name[first.len()..].strip_prefix('_').filter(|_| is_phase);
    second.map_or(first, |rest| {
        let length = first.len() + 1 + rest.split('_').next().map_or(0, str::len);
        &name[..length]
    })
}

/// Words that begin as the codes of an engine or as capabilities do, and are none; and codes that are retired.
pub fn unknown(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let Some(register) = subject.register() else { return };
    let all = || register.engines.iter().flat_map(|engine| &engine.codes);
    let values = Subject::values(subject.scopes());
    let capabilities: BTreeSet<&str> = subject.capability_ids().collect();
    let registered: BTreeMap<&str, &RegisteredCode> =
        all().map(|code| (code.name.value.as_str(), code)).collect();
    let of_codes: BTreeMap<&str, Span> = register
        .engines
        .iter()
        .flat_map(|engine| engine.codes.iter().map(|code| (prefix(&code.name.value), engine.id.span)))
        .collect();
    let callable: BTreeSet<&str> = capabilities.iter().map(|id| prefix(id)).collect();
    for engine in &subject.engines {
        let own: BTreeSet<&str> = register
            .engine(&engine.id.value)
            .into_iter()
            .flat_map(|engine| &engine.codes)
            .map(|code| prefix(&code.name.value))
            .collect();
        for Named { word, span, is_code } in named(engine, subject) {
            // A start alone names an engine.
            if values.contains(word) || capabilities.contains(word) || prefix(word) == word {
                continue;
            }
            if let Some(code) = registered.get(word) {
                if code.retired {
                    retired(word, span, code, diagnostics);
                }
                continue;
            }
            let place = of_codes.get(prefix(word));
            let is_meant = match is_code {
                IsCode::ByItsStart => own.contains(prefix(word)),
                IsCode::ByItsSentence => true,
                IsCode::Perhaps => false,
            };
            if let Some(of_register) = place.filter(|_| is_meant) {
                unregistered(word, span, *of_register, all(), diagnostics);
            } else if place.is_none() && callable.contains(prefix(word)) {
                let message = format!("this sentence names the capability `{word}`, which no ECM has");
                diagnostics.push(
                    Diagnostic::new(codes::UNKNOWN_CODE_IN_SENTENCE, message, span, "not known")
                        .and(engine.id.span, "in a page of this engine")
                        .help(guess_or(word, capabilities.iter().copied(), "name a capability of an ECM")),
                );
            }
        }
    }
}

/// Codes of another engine, which a call of this one never answers with, but for those that the lexicon gives its refusals.
pub fn of_another_engine(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let Some(register) = subject.register() else { return };
    let owners: BTreeMap<&str, (&RegisteredEngine, &RegisteredCode)> = register
        .engines
        .iter()
        .flat_map(|engine| engine.codes.iter().map(move |code| (code.name.value.as_str(), (engine, code))))
        .collect();
    for engine in &subject.engines {
        let falls_back = |word: &str| engine.contract.refusals.values().any(|code| code.name == word);
        let texts = engine.each_page().flat_map(|page| of_rows(page).chain(of_processes(page)));
        let clauses = texts.flat_map(|(_, text)| clauses(bullet(text.span, subject), subject.sources));
        for clause in clauses {
            let found = words(clause, subject.sources);
            for (word, span) in &found {
                let Some((owner, code)) = owners.get(word).filter(|(_, code)| !code.retired) else {
                    continue;
                };
                let is_own = owner.id.value == engine.id.value
                    || register.engine(&engine.id.value).is_some_and(|own| own.code(word).is_some());
                // Words about the other engine name it.
                let names_owner = found.iter().any(|(word, _)| *word == owner.id.value);
                if is_own || names_owner || falls_back(word) || is_read(engine, word) {
                    continue;
                }
                let message = format!("`{word}` is a reason code of `{}`", owner.id.value);
                diagnostics.push(
                    Diagnostic::new(codes::CODE_OF_ANOTHER_ENGINE, message, *span, "named here")
                        .and(code.name.span, "registered here")
                        .help(format!(
                            "name a code of `{}`, or say in the sentence that `{}` answers so",
                            engine.id.value, owner.id.value
                        )),
                );
            }
        }
    }
}

/// Whether a word is meant as a reason code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum IsCode {
    /// Where it begins as those of the engine do.
    ByItsStart,
    /// The words beside it are about a refusal, or a code.
    ByItsSentence,
    /// Names of processes stand there too.
    Perhaps,
}

/// A word that is written as codes are.
struct Named<'a> {
    word: &'a str,
    span: Span,
    is_code: IsCode,
}

/// Beginnings of words for a refusal, or for a code.
const OF_CODES: [&str; 9] =
    ["refus", "reject", "denied", "fail", "answer", "reason", "code", "error", "return"];

/// The words of an engine's pages that are written as codes are. What is read as a code has its finding where it is wrong.
fn named<'a>(engine: &Engine<'a>, subject: &Subject<'a>) -> Vec<Named<'a>> {
    let mut found = Vec::new();
    for page in engine.each_page() {
        let plain = of_processes(page).map(|(key, text)| (key, text, IsCode::Perhaps));
        let strict = of_rows(page).map(|(key, text)| (key, text, IsCode::ByItsStart));
        for (key, text, otherwise) in strict.chain(plain) {
            for clause in clauses(bullet(text.span, subject), subject.sources) {
                let lower = format!("{key} {}", raw(clause, subject.sources)).to_ascii_lowercase();
                let mut of_codes = lower.split(|c: char| !c.is_ascii_alphabetic() && c != '_');
                let is_of_refusals =
                    of_codes.any(|word| OF_CODES.iter().any(|start| word.starts_with(start)));
                let is_code = if is_of_refusals { IsCode::ByItsSentence } else { otherwise };
                let words = words(clause, subject.sources).into_iter();
                let words = words.filter(|(word, _)| sentence::is_code(word) && !is_read(engine, word));
                found.extend(words.map(|(word, span)| Named { word, span, is_code }));
            }
        }
    }
    found
}

/// Whether a word is read as a reason code of one of the pages.
fn is_read(engine: &Engine<'_>, word: &str) -> bool {
    engine.each_page().any(|page| page.has_reason_code(word))
}

/// What a page says in words of rows, events and tests, with the keys of bullets.
fn of_rows(page: &Document) -> impl Iterator<Item = (&str, &Text)> {
    let sentences = (page.relations.constraints.iter().chain(&page.relations.unique))
        .chain(page.tables.iter().flat_map(|table| &table.invariants))
        .chain(page.audit_rules.iter().chain(&page.failure_rules))
        .chain(&page.header.purpose)
        .chain(page.reads.iter().map(|read| &read.title))
        .chain(page.acceptance_tests.iter().map(|test| &test.title));
    let notes = (page.tables.iter().flat_map(|table| &table.notes))
        .chain(page.reads.iter().flat_map(|read| &read.notes))
        .chain(page.writes.iter().flat_map(|write| &write.notes));
    sentences.map(|text| ("", text)).chain(notes.map(|(key, text)| (key.value.as_str(), text)))
}

/// What it says in words of calls and of itself, where processes are named as codes are.
fn of_processes(page: &Document) -> impl Iterator<Item = (&str, &Text)> {
    let names = page.capabilities.iter().filter_map(|capability| capability.name.as_ref());
    let notes = page.capabilities.iter().flat_map(|capability| &capability.notes);
    let notes = notes.chain(&page.header.notes).chain(&page.ownership);
    // What something was called before is called so no more.
    let notes = notes.filter(|(key, _)| !key.value.to_ascii_lowercase().starts_with("renamed"));
    let sentences = names.chain(&page.prose).map(|text| ("", text));
    sentences.chain(notes.map(|(key, text)| (key.value.as_str(), text)))
}

fn retired(word: &str, span: Span, code: &RegisteredCode, diagnostics: &mut Diagnostics) {
    let message = format!("this sentence names `{word}`, which is retired");
    diagnostics.push(
        Diagnostic::new(codes::UNKNOWN_CODE_IN_SENTENCE, message, span, "named here")
            .and(code.name.span, "retired here")
            .help("name the code that took its place, or say it without a code"),
    );
}

fn unregistered<'a>(
    word: &str,
    span: Span,
    register: Span,
    known: impl Iterator<Item = &'a RegisteredCode>,
    diagnostics: &mut Diagnostics,
) {
    let message = format!("this sentence names the reason code `{word}`, which nobody registers");
    diagnostics.push(
        Diagnostic::new(codes::UNKNOWN_CODE_IN_SENTENCE, message, span, "not known")
            .and(register, "the codes that are")
            .help(guess_or(
                word,
                known.map(|code| code.name.value.as_str()),
                "register it in reason_codes.yaml",
            )),
    );
}
