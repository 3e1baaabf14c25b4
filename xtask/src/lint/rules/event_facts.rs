//! What sentences say that every event has not, and how many a write emits.

use std::collections::BTreeMap;

use super::table_claims::sentences;
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::lint::Subject;
use crate::lint::sentence::{clauses, code_spans, denies, is_lower_snake, number_of, raw, words};
use crate::lint::subject::Engine;
use crate::parse::document::WriteText;
use crate::source::Span;

/// Words that make a sentence one about some events only.
const CONDITIONS: [&str; 10] =
    ["when", "if", "where", "while", "unless", "whose", "else", "without", "then", "before"];

/// What events have whatever a write says.
const ALWAYS: [&str; 7] =
    ["event_id", "created_at", "engine", "event_type", "reason_code", "severity", "correlation_id"];

/// What people call the fields of an event.
const NOUNS: [(&str, &str); 8] = [
    ("tenant", "tenant_id"),
    ("user", "user_id"),
    ("person", "user_id"),
    ("device", "device_id"),
    ("session", "session_id"),
    ("simulation", "simulation_id"),
    ("turn", "turn_id"),
    ("correlation", "correlation_id"),
];

/// Sentences that deny every event what a write requires of it.
pub fn denied(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    counted(subject, diagnostics);
    asserted(subject, diagnostics);
    persons(subject, diagnostics);
    for engine in &subject.engines {
        for clause in every_clause(engine, subject) {
            let found = denied_noun(clause, subject).or_else(|| absent_noun(clause, engine, subject));
            let Some((noun, place)) = found else { continue };
            let Some((_, field)) = NOUNS.iter().find(|(name, field)| *name == noun || *field == noun) else {
                continue;
            };
            let writes = engine.wiring.into_iter().flat_map(|page| &page.writes);
            let mut required = writes.flat_map(|write| &write.required_fields);
            let Some(required) = required.find(|name| name.value == *field) else { continue };
            let message = format!(
                "an event of `{}` has no {noun} by a sentence, and a write requires `{field}`",
                engine.id.value
            );
            diagnostics.push(
                Diagnostic::new(codes::EVENT_AGAINST_SENTENCE, message, place, "this sentence")
                    .and(required.span, "required here")
                    .help("mend the sentence, or take the field out of the required ones"),
            );
        }
    }
}

/// `` every event has the `reason` ``: names that a write has neither among its required fields nor in its payload.
fn asserted(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    const EVERY: [&str; 6] = [
        "every event has",
        "each event has",
        "all events have",
        "every event carries",
        "each event carries",
        "all events carry",
    ];
    const BEHIND: [&str; 6] = [
        "reaches every event",
        "reaches each event",
        "is in every event",
        "is part of every event",
        "stands in every event",
        "is put into every event",
    ];
    for engine in &subject.engines {
        let Some(wiring) = engine.wiring else { continue };
        for clause in every_clause(engine, subject) {
            let text = raw(clause, subject.sources).to_ascii_lowercase();
            let is_stated = EVERY.iter().any(|words| text.trim_start_matches([' ', '-']).starts_with(words))
                || BEHIND.iter().any(|words| text.contains(words)) && !denies(&text, &[]);
            let is_some = words(clause, subject.sources).iter().any(|(word, _)| CONDITIONS.contains(word));
            let code = code_spans(clause, subject.sources).into_iter().next();
            let Some((name, place)) = code.filter(|code| is_stated && !is_some && is_lower_snake(code.0))
            else {
                continue;
            };
            let has = |write: &&WriteText| {
                let fields = write.required_fields.iter().chain(&write.payload_keys);
                fields
                    .map(|field| field.value.split(['=', '?']).next().unwrap_or_default())
                    .any(|known| known == name)
                    || ALWAYS.contains(&name)
            };
            let Some(write) = wiring.writes.iter().find(|write| !has(write)) else { continue };
            let message =
                format!("every event has `{name}` by a sentence, and a write gives none to its event");
            diagnostics.push(
                Diagnostic::new(codes::EVENT_AGAINST_SENTENCE, message, place, "this sentence")
                    .and(write.heading.span, "this write")
                    .help("mend the sentence, or add the name to the write"),
            );
        }
    }
}

/// `it names no person`, `every call names a person`, against the writes.
fn persons(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    const NOBODY: [&str; 4] =
        ["it names no person", "it names nobody", "its event names no person", "the event names nobody"];
    const SOMEBODY: [&str; 5] = [
        "every event names a person",
        "every event names the person",
        "every call names a person",
        "every call names the person",
        "each event names a person",
    ];
    for engine in &subject.engines {
        let Some(wiring) = engine.wiring else { continue };
        for sentence in &wiring.audit_rules {
            let text = raw(sentence.span, subject.sources).to_ascii_lowercase();
            let has_any = |list: &[&str]| list.iter().any(|words| text.contains(words));
            let has_person =
                |write: &&WriteText| write.required_fields.iter().any(|field| field.value == "user_id");
            let (other, is_there) = match (has_any(&NOBODY), has_any(&SOMEBODY)) {
                (true, false) => (wiring.writes.iter().find(has_person), "nobody"),
                (false, true) => (wiring.writes.iter().find(|write| !has_person(write)), "a person"),
                _ => continue,
            };
            let Some(write) = other else { continue };
            let message =
                format!("events of `{}` name {is_there} by a sentence, and not by a write", engine.id.value);
            diagnostics.push(
                Diagnostic::new(codes::EVENT_AGAINST_SENTENCE, message, sentence.span, "this sentence")
                    .and(write.heading.span, "this write")
                    .help("mend the sentence, or `user_id` among the required fields"),
            );
        }
    }
}

fn every_clause(engine: &Engine<'_>, subject: &Subject<'_>) -> Vec<Span> {
    engine.each_page().flat_map(sentences).flat_map(|text| clauses(text.span, subject.sources)).collect()
}

/// `an event has no tenant`, `no event names a person`: what it denies.
fn denied_noun<'a>(clause: Span, subject: &'a Subject<'_>) -> Option<(&'a str, Span)> {
    const HAS: [&str; 8] = ["has", "have", "carries", "carry", "names", "name", "holds", "hold"];
    let words = words(clause, subject.sources);
    if words.iter().any(|(word, _)| CONDITIONS.contains(&word.to_ascii_lowercase().as_str())) {
        return None;
    }
    let at = words
        .iter()
        .position(|(word, _)| matches!(word.to_ascii_lowercase().as_str(), "event" | "events"))?;
    let before = at.checked_sub(1).map_or("", |before| words[before].0).to_ascii_lowercase();
    let (verb, _) = words.get(at + 1).filter(|(verb, _)| HAS.contains(verb))?;
    let (article, _) = words.get(at + 2)?;
    let is_denied = match before.as_str() {
        "no" => matches!(*article, "a" | "an" | "the"),
        // Some events, not all of them.
        "" | "an" | "every" | "each" | "all" | "the" => *article == "no",
        _ => false,
    };
    let (noun, place) = words.get(at + 3)?;
    (is_denied && !verb.is_empty()).then_some((*noun, *place))
}

/// `an event may have no tenant`, where every write of the engine requires one: what may be absent.
fn absent_noun<'a>(clause: Span, engine: &Engine<'_>, subject: &'a Subject<'_>) -> Option<(&'a str, Span)> {
    const ABSENT: [&str; 5] =
        ["may have no", "may lack a", "may lack the", "may be without a", "need not have a"];
    let words = words(clause, subject.sources);
    let text = raw(clause, subject.sources).to_ascii_lowercase();
    let (before, behind) = ABSENT.iter().find_map(|absent| text.split_once(absent))?;
    let noun =
        behind.split_whitespace().next()?.trim_matches(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let is_of_events = before.rsplit([',', ':']).next().is_some_and(|before| before.contains("event"));
    let is_some = words.iter().any(|(word, _)| CONDITIONS.contains(&word.to_ascii_lowercase().as_str()));
    let (_, field) = NOUNS.iter().find(|(name, field)| *name == noun || *field == noun)?;
    let mut writes = engine.wiring.into_iter().flat_map(|page| &page.writes);
    let is_always = writes.all(|write| write.required_fields.iter().any(|name| name.value == *field));
    let at = clause.start + text.len() - behind.len() + behind.find(noun)?;
    let place = Span::new(clause.file, at, at + noun.len());
    (is_of_events && !is_some && is_always).then(|| (raw(place, subject.sources), place))
}

/// Sentences that let a write, or a read, emit another number of events than others do.
fn counted(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let mut of_writes: Vec<(u64, Span)> = Vec::new();
    for engine in &subject.engines {
        let clauses = every_clause(engine, subject);
        of_writes.extend(clauses.iter().filter_map(|clause| emitted(*clause, subject)));
        let of_reads: Vec<(u64, Span)> =
            clauses.iter().filter_map(|clause| emitted_by_reads(*clause, subject)).collect();
        report("a read", &of_reads, diagnostics);
    }
    report("an applied write", &of_writes, diagnostics);
}

/// What most sentences say, and each that says otherwise.
fn report(who: &str, stated: &[(u64, Span)], diagnostics: &mut Diagnostics) {
    let mut counts: BTreeMap<u64, usize> = BTreeMap::new();
    for (number, _) in stated {
        *counts.entry(*number).or_default() += 1;
    }
    let Some((usual, _)) = counts.iter().max_by_key(|(number, count)| (**count, **number)) else { return };
    let Some((_, example)) = stated.iter().find(|(number, _)| number == usual) else { return };
    for (number, place) in stated.iter().filter(|(number, _)| number != usual) {
        let message = format!("{who} emits {number} events by this sentence, and {usual} by another one");
        diagnostics.push(
            Diagnostic::new(codes::EVENT_AGAINST_SENTENCE, message, *place, "this sentence")
                .and(*example, "the other one")
                .help("mend one of the two sentences"),
        );
    }
}

/// `every applied write emits one event`: how many.
fn emitted(clause: Span, subject: &Subject<'_>) -> Option<(u64, Span)> {
    let words = words(clause, subject.sources);
    let is_of_all =
        words.iter().any(|(word, _)| matches!(word.to_ascii_lowercase().as_str(), "every" | "each" | "all"));
    let write = words.iter().position(|(word, _)| word.starts_with("write"))?;
    let at = words.iter().position(|(word, _)| matches!(*word, "emits" | "emit"))?;
    let between = words.get(write + 1..at)?;
    let behind =
        words[at + 1..].iter().take(4).map(|(word, _)| *word).take_while(|word| !word.starts_with("event"));
    let behind: Vec<&str> = behind.collect();
    let is_event =
        words.get(at + 1 + behind.len()).is_some_and(|(word, _)| matches!(*word, "event" | "events"));
    let number = behind.iter().find_map(|word| if *word == "no" { Some(0) } else { number_of(word) })?;
    (is_of_all && is_event && between.is_empty()).then_some((number, clause))
}

/// `reads emit audit only in …` is some, `reads emit no audit` none.
fn emitted_by_reads(clause: Span, subject: &Subject<'_>) -> Option<(u64, Span)> {
    let text = raw(clause, subject.sources).to_ascii_lowercase().replace('`', "");
    let (before, behind) = text.split_once(" emit ").or_else(|| text.split_once(" emits "))?;
    let before = before.trim_start_matches(|c: char| !c.is_ascii_alphanumeric());
    if !before.starts_with("read") || before.split_whitespace().count() > 4 {
        return None;
    }
    let is_none = behind.starts_with("no ") || behind.starts_with("nothing") || before.ends_with("never");
    let is_some = behind.contains("audit only in") || behind.contains("only in ");
    (is_none || is_some).then_some((u64::from(!is_none), clause))
}
