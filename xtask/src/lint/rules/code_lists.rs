//! Lists of reason codes in pages: what stands in them, and what they leave out.

use std::collections::BTreeSet;

use selene_codegen::contract::ReasonClass;

use super::codes_of_pages::class_of;
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::lint::Subject;
use crate::lint::sentence::{Word, bullets_below, code_spans, raw, words};
use crate::lint::subject::Engine;
use crate::parse::document::Text;
use crate::parse::reason_codes::{RegisteredCode, RegisteredEngine};
use crate::source::{Sources, Span};

/// Lists of codes of one class, by words of the sentence that leads them.
const LISTS: [(&str, &[ReasonClass]); 4] = [
    ("outcome reason codes", &[ReasonClass::Outcome]),
    ("gate reason codes", &[ReasonClass::Gate]),
    ("suppression reason codes", &[ReasonClass::Suppression]),
    ("reason codes of refusals", &REFUSALS),
];
const REFUSALS: [ReasonClass; 2] = [ReasonClass::Refusal, ReasonClass::Replay];
/// What the ECM's audit section may list.
const EVENTS: [ReasonClass; 4] =
    [ReasonClass::Step, ReasonClass::Outcome, ReasonClass::Gate, ReasonClass::Suppression];

/// Codes in the ECM's section of failures that are no refusals, refusals among what its audit section lists, and codes of
/// another class in a list that says its class.
pub fn misfiled(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let Some(register) = subject.register() else { return };
    // A code that does not fit where it is used has its finding already.
    if subject.is_reported(codes::WRONG_CLASS, register.file) {
        return;
    }
    for engine in &subject.engines {
        let Some(registered) = register.engine(&engine.id.value) else { continue };
        let mut check = |(name, span): Word<'_>, wanted: &[ReasonClass], whose: &str| {
            let Some(code) = registered.code(name) else { return };
            let Some(class) = class_of(code).filter(|class| !wanted.contains(class)) else { return };
            let message = format!("`{name}` stands among {whose}, and is of class `{}`", class.as_str());
            let place = code.class.as_ref().map_or(code.name.span, |class| class.span);
            diagnostics.push(
                Diagnostic::new(codes::MISFILED_CODE, message, span, "named here")
                    .and(place, "its class")
                    .help("name it where codes of its class stand, or name a code of the class that belongs here"),
            );
        };
        for sentence in engine.ecm.iter().flat_map(|page| &page.failure_rules) {
            for word in words(sentence.span, subject.sources) {
                check(word, &REFUSALS, "failures");
            }
        }
        for code in engine.ecm.iter().flat_map(|page| &page.audit.codes) {
            check((&code.value, code.span), &EVENTS, "what events say");
        }
        for sentence in engine.each_page().flat_map(|page| &page.audit_rules) {
            let Some((whose, classes, listed)) = listed(sentence, subject.sources) else { continue };
            for code in listed {
                check(code, classes, whose);
            }
        }
    }
}

/// The codes of a list that says its class: the words for it, its classes, and what stands in it.
fn listed<'a>(
    sentence: &Text,
    sources: &'a Sources,
) -> Option<(&'static str, &'static [ReasonClass], Vec<Word<'a>>)> {
    let head = raw(sentence.span, sources).to_ascii_lowercase();
    let (whose, classes) = LISTS.iter().find(|(words, _)| head.starts_with(words))?;
    // The names below a sentence are a part of it where nothing but names stands there.
    let Span { file, start, end } = sentence.span;
    let listed = match raw(sentence.span, sources).find('\n') {
        Some(at) => Span::new(file, start + at, end),
        None => bullets_below(sentence.span, sources),
    };
    Some((whose, classes, code_spans(listed, sources)))
}

/// Classes of codes whose lists are whole, with the message about one that is not.
const WHOLE: [(&[ReasonClass], &str); 4] = [
    (&REFUSALS, "refusals"),
    (&[ReasonClass::Outcome], "outcomes"),
    (&[ReasonClass::Gate], "gates"),
    (&[ReasonClass::Suppression], "suppressions"),
];

/// Codes that an engine answers with and that the lists of its pages leave out, where they list others of the class.
pub fn incomplete(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let Some(register) = subject.register() else { return };
    if subject.is_reported(codes::WRONG_CLASS, register.file) {
        return;
    }
    for engine in subject.engines.iter().filter(|engine| engine.pages().is_some()) {
        let Some(registered) = register.engine(&engine.id.value) else { continue };
        let listed = all_listed(engine, subject);
        let known: BTreeSet<&str> = listed.iter().map(|(code, _)| *code).collect();
        for (classes, whose) in WHOLE {
            let is_one =
                |code: &&RegisteredCode| class_of(code).is_some_and(|class| classes.contains(&class));
            let list =
                listed.iter().find(|(name, _)| registered.code(name).is_some_and(|code| is_one(&code)));
            let Some((_, list)) = list else { continue };
            for code in named(engine, registered).into_iter().filter(|(code, _)| is_one(code)) {
                let (code, place) = code;
                if known.contains(code.name.value.as_str()) {
                    continue;
                }
                let message = format!(
                    "`{}` is a code of `{}`, and the list of its {whose} leaves it out",
                    code.name.value, engine.id.value
                );
                diagnostics.push(
                    Diagnostic::new(codes::INCOMPLETE_LIST, message, place, "named here")
                        .and(*list, "the list")
                        .help("add it to the list, or retire it in reason_codes.yaml"),
                );
            }
        }
    }
}

/// The codes that lists of both pages hold: the section of failures, what events say, and lists that say their class.
fn all_listed<'a>(engine: &Engine<'a>, subject: &Subject<'a>) -> Vec<Word<'a>> {
    let failures = engine.ecm.iter().flat_map(|page| &page.failure_rules);
    let failures = failures.flat_map(|sentence| words(sentence.span, subject.sources));
    let events = engine.ecm.into_iter().flat_map(|page| &page.audit.codes);
    let events = events.map(|code| (code.value.as_str(), code.span));
    let rules = engine.each_page().flat_map(|page| &page.audit_rules);
    let lists =
        rules.filter_map(|sentence| listed(sentence, subject.sources)).flat_map(|(_, _, codes)| codes);
    failures.chain(events).chain(lists).collect()
}

/// The registered codes that the pages of an engine name and that are not retired, each with its first place.
fn named<'r>(engine: &Engine<'_>, registered: &'r RegisteredEngine) -> Vec<(&'r RegisteredCode, Span)> {
    let codes = engine.each_page().flat_map(|page| &page.reason_codes);
    let mut known = BTreeSet::new();
    codes
        .filter(|code| known.insert(code.value.as_str()))
        .filter_map(|code| Some((registered.code(&code.value).filter(|code| !code.retired)?, code.span)))
        .collect()
}
