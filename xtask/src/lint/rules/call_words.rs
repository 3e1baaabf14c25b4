//! What the words of a capability, or words about it, say of its input, its effect and its callers.

use selene_codegen::contract::{Capability, Effect, TypeRef};

use super::table_claims::sentences;
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::lint::Subject;
use crate::lint::sentence::{clauses, is_denied, raw, words};
use crate::lint::subject::Engine;
use crate::parse::document::CapabilityText;

/// A capability with its words.
type Pair<'a> = (&'a Capability, &'a CapabilityText);

fn pairs<'a>(engine: &Engine<'a>) -> impl Iterator<Item = Pair<'a>> {
    let texts = engine.ecm.into_iter().flat_map(|ecm| &ecm.capabilities);
    engine.contract.capabilities.iter().zip(texts)
}

/// Names for all of something of which the input names one: `of all users` beside `user_id`.
pub fn of_all(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    const BEFORE: [&str; 5] = ["of", "in", "for", "across", "by"];
    of_one(subject, diagnostics);
    for (capability, text) in subject.engines.iter().flat_map(pairs) {
        let Some(name) = &text.name else { continue };
        let words = words(name.span, subject.sources);
        for three in words.windows(3) {
            let [(before, _), (all, _), (noun, place)] = three else { continue };
            if !BEFORE.contains(before) || !matches!(*all, "all" | "every" | "each") {
                continue;
            }
            let field = match noun.trim_end_matches('s') {
                "person" | "people" => "user_id".to_owned(),
                noun => format!("{noun}_id"),
            };
            let mut inputs = capability.input_fields();
            if !inputs.any(|input| input.name == field && !matches!(input.ty, TypeRef::Option(_))) {
                continue;
            }
            let message =
                format!("`{}` is for every {noun} by its name, and is given one `{field}`", capability.id);
            let at = text.input.as_ref().map_or(text.id.span, |input| input.text.span);
            diagnostics.push(
                Diagnostic::new(codes::INPUT_AGAINST_SENTENCE, message, *place, "by this name")
                    .and(at, "its input")
                    .help("mend the name, or the `input_schema`"),
            );
        }
    }
}

/// Names of reads of one of something by which the input finds nothing: `of one tenant` beside `user_id`.
fn of_one(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let scopes = subject.scopes();
    let is_field =
        |name: &str| scopes.iter().any(|scope| scope.fields.iter().any(|field| field.name.value == name));
    for (capability, text) in subject.engines.iter().flat_map(pairs) {
        let is_plain = capability.effect == Effect::Read && capability.input_alternatives.is_empty();
        let Some(name) = text.name.as_ref().filter(|_| is_plain) else { continue };
        let words = words(name.span, subject.sources);
        for three in words.windows(3) {
            let [(before, _), (one, _), (noun, place)] = three else { continue };
            if !matches!((*before, *one), ("of" | "for" | "in", "one")) {
                continue;
            }
            let noun = if *noun == "person" { "user" } else { *noun };
            let field = format!("{noun}_id");
            let names_noun = |input: &str| input.split('_').any(|part| part == noun);
            if !is_field(&field) || capability.input_fields().any(|input| names_noun(&input.name)) {
                continue;
            }
            // What one thing is found by may be called otherwise: a link by its token.
            let is_of_others = subject
                .engines
                .iter()
                .flat_map(pairs)
                .any(|(other, _)| other.input_fields().any(|input| input.name == field));
            let has_key = capability.input_fields().next().is_some_and(|input| input.name.ends_with("_id"));
            if !is_of_others || !has_key {
                continue;
            }
            let message =
                format!("`{}` is of one {noun} by its name, and is given no `{field}`", capability.id);
            let at = text.input.as_ref().map_or(text.id.span, |input| input.text.span);
            diagnostics.push(
                Diagnostic::new(codes::INPUT_AGAINST_SENTENCE, message, *place, "by this name")
                    .and(at, "its input")
                    .help("mend the name, or the `input_schema`"),
            );
        }
    }
}

/// Names of reads that end with a change, and bullets by which a write writes nothing.
pub fn against_effects(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    reads_that_change(subject, diagnostics);
    for pair in subject.engines.iter().flat_map(pairs) {
        without_a_row(pair, subject, diagnostics);
    }
}

/// `and mark it as read`.
fn reads_that_change(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    const CHANGES: [&str; 10] =
        ["mark", "update", "delete", "remove", "store", "write", "insert", "change", "move", "set"];
    for (capability, text) in subject.engines.iter().flat_map(pairs) {
        let Some(name) = text.name.as_ref().filter(|_| capability.effect == Effect::Read) else { continue };
        let words = words(name.span, subject.sources);
        let found = words.windows(2).find(|two| two[0].0 == "and" && CHANGES.contains(&two[1].0));
        let Some([_, (_, place)]) = found else { continue };
        let message = format!("`{}` changes something by its name, and is a read", capability.id);
        let at = text.side_effects.as_ref().map_or(text.id.span, |effects| effects.span);
        diagnostics.push(
            Diagnostic::new(codes::EFFECT_AGAINST_WORDS, message, *place, "by this name")
                .and(at, "it has no side effects")
                .help("mend the name, or declare the side effect and add the write to the DB wiring"),
        );
    }
}

/// Sentences that let anybody call what has callers.
pub fn against_calls(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    const ANYBODY: [&str; 7] = [
        "called by anybody",
        "called by anyone",
        "called by everybody",
        "called by everyone",
        "called by any caller",
        "callable by anybody",
        "open to every caller",
    ];
    by_people(subject, diagnostics);
    for own in &subject.engines {
        for clause in own.each_page().flat_map(sentences).flat_map(|text| clauses(text.span, subject.sources))
        {
            let lower = raw(clause, subject.sources).to_ascii_lowercase();
            if !ANYBODY.iter().any(|words| lower.contains(words))
                || lower.contains(" not ")
                || lower.contains("never ")
            {
                continue;
            }
            for (word, place) in words(clause, subject.sources) {
                // What a page says of its own capabilities is compared elsewhere.
                let others = subject.engines.iter().filter(|other| other.id.value != own.id.value);
                let mut all = others.flat_map(pairs);
                let Some((_, text)) = all.find(|(capability, _)| capability.id == word) else { continue };
                let Some(callers) = &text.allowed_callers else { continue };
                let message =
                    format!("anybody may call `{word}` by a sentence, and only its callers by its ECM");
                diagnostics.push(
                    Diagnostic::new(codes::CALL_AGAINST_SENTENCE, message, place, "by this sentence")
                        .and(callers.span, "the allowed callers")
                        .help("mend the sentence, or the `allowed_callers`"),
                );
            }
        }
    }
}

/// Bullets that let people or their programs call what only a part of the system may call: `called by the invited person`.
fn by_people(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    const PEOPLE: [&str; 16] = [
        "person",
        "people",
        "user",
        "users",
        "invitee",
        "invitees",
        "customer",
        "customers",
        "employee",
        "employees",
        "browser",
        "client",
        "clients",
        "app",
        "admin",
        "administrator",
    ];
    const CALLED: [&str; 4] = ["called", "callable", "invoked", "triggered"];
    for (_, text) in subject.engines.iter().flat_map(pairs) {
        let Some(callers) = &text.allowed_callers else { continue };
        let group = callers.value.to_ascii_lowercase();
        for clause in text.notes.iter().flat_map(|(_, note)| clauses(note.span, subject.sources)) {
            if is_denied(clause, &["after", "when", "once"], subject.sources) {
                continue;
            }
            let words = words(clause, subject.sources);
            let called = words.windows(2).position(|two| CALLED.contains(&two[0].0) && two[1].0 == "by");
            let Some(at) = called else { continue };
            let near =
                words[at + 2..].iter().take(4).take_while(|(word, _)| !matches!(*word, "of" | "for" | "in"));
            let found = near.copied().find(|(word, _)| PEOPLE.contains(word));
            let Some((who, place)) = found.filter(|(who, _)| !group.contains(who.trim_end_matches('s')))
            else {
                continue;
            };
            let message = format!("a {who} calls this by a bullet, and its callers are `{}`", callers.value);
            diagnostics.push(
                Diagnostic::new(codes::CALL_AGAINST_SENTENCE, message, place, "by this bullet")
                    .and(callers.span, "the allowed callers")
                    .help("mend the bullet, or the `allowed_callers`"),
            );
        }
    }
}

/// A bullet of a write that says that nothing is written, whatever the call.
fn without_a_row((capability, text): Pair<'_>, subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    const NOTHING: [&str; 4] = ["nothing is written", "writes nothing", "no row is written", "writes no row"];
    const SOME: [&str; 10] =
        ["again", "replay", "same", "when", "if", "where", "else", "refus", "until", "unless"];
    if capability.effect != Effect::Write {
        return;
    }
    for clause in text.notes.iter().flat_map(|(_, note)| clauses(note.span, subject.sources)) {
        let lower = raw(clause, subject.sources).to_ascii_lowercase();
        let is_of_some = lower
            .split(|c: char| !c.is_ascii_alphabetic())
            .any(|word| SOME.iter().any(|some| word.starts_with(some)));
        if is_of_some || !NOTHING.iter().any(|words| lower.contains(words)) {
            continue;
        }
        let message = format!("`{}` writes nothing by this bullet, and is a write", capability.id);
        let at = text.side_effects.as_ref().map_or(text.id.span, |effects| effects.span);
        diagnostics.push(
            Diagnostic::new(codes::EFFECT_AGAINST_WORDS, message, clause, "by this bullet")
                .and(at, "its side effects")
                .help("mend the bullet, or the side effects and the DB wiring"),
        );
    }
}
