//! Payload keys of events: what they stand for, and what sentences say of them.

use selene_codegen::contract::{Builtin, TypeRef};

use super::events::{Seen, seen, seen_columns};
use crate::diagnostics::{Diagnostic, Diagnostics, codes, guess_or};
use crate::lint::sentence::{
    Word, bullets_below, clauses, code_spans, is_denied, is_lower_snake, raw, words,
};
use crate::lint::{Subject, subject::Write};
use crate::parse::document::Text;
use crate::source::Span;

/// A payload key as a write states it.
struct Key<'a> {
    name: &'a str,
    may_be_absent: bool,
    is_fixed: bool,
    span: Span,
}

fn keys<'a>(write: &Write<'a>) -> impl Iterator<Item = Key<'a>> {
    write.text.payload_keys.iter().map(key)
}

fn key(text: &Text) -> Key<'_> {
    let (name, is_fixed) = match text.value.split_once('=') {
        Some((name, _)) => (name.trim(), true),
        None => (text.value.as_str(), false),
    };
    let bare = name.strip_suffix('?').unwrap_or(name);
    Key { name: bare, may_be_absent: bare.len() < name.len(), is_fixed, span: text.span }
}

/// Whether a key is a name that is seen, or made of one: `gate_` + `reason_code`, `session_state` + `_from`, or how many
/// of a list there are.
fn stands_for(key: &str, seen: &Seen<'_, '_>) -> bool {
    let mut joints = key.match_indices('_').map(|(at, _)| at);
    let is_made_of = joints.any(|at| seen.has(&key[..at]) || seen.has(&key[at + 1..]));
    seen.has(key) || is_made_of || key.strip_suffix("_count").is_some_and(|stem| seen.has_start(stem))
}

/// Keys that stand for nothing. Where the caller brings the whole payload, any key may.
pub fn unknown_key(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let is_payload = |ty: &TypeRef| ty.to_string().contains(Builtin::Payload.as_str());
    for engine in &subject.engines {
        let of_tables = seen_columns(subject, engine);
        for write in engine.writes(subject) {
            if write.capability.input_fields().any(|field| is_payload(&field.ty)) {
                continue;
            }
            let seen = seen(subject, engine, &of_tables, &write);
            repeated(&write, diagnostics);
            for key in keys(&write).filter(|key| !key.is_fixed && !stands_for(key.name, &seen)) {
                let message = format!(
                    "nothing that `{}` takes, sees or gives is a `{}`",
                    write.capability.id, key.name
                );
                diagnostics.push(
                    Diagnostic::new(codes::UNKNOWN_PAYLOAD_KEY, message, key.span, "this payload key")
                        .and(write.input_place(), "not taken here")
                        .help(guess_or(
                            key.name,
                            seen.names(),
                            "name an input, a column of a table that the wiring names, or a field of the answer",
                        )),
                );
            }
        }
    }
}

/// `state_to` beside `state`: both are where something goes, and none says where it comes from.
fn repeated(write: &Write<'_>, diagnostics: &mut Diagnostics) {
    let has = |name: &str| keys(write).find(|key| key.name == name).map(|key| key.span);
    for key in keys(write) {
        let Some(stem) = key.name.strip_suffix("_to") else { continue };
        let from = has(&format!("{stem}_from")).or_else(|| has(&format!("previous_{stem}")));
        let Some(same) = has(stem).filter(|_| from.is_none()) else { continue };
        let message = format!("`{}` is the same as `{stem}`, and no key says where it comes from", key.name);
        diagnostics.push(
            Diagnostic::new(codes::UNKNOWN_PAYLOAD_KEY, message, key.span, "this payload key")
                .and(same, "the same")
                .help(format!("name `{stem}_from`, or leave one of the two out")),
        );
    }
}

/// Keys that every event must have, for inputs that a call may lack and no written row brings.
pub fn optional_key(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for engine in &subject.engines {
        for write in engine.writes(subject) {
            let is_optional = |name: &str| {
                let mut fields = write.capability.input_fields().filter(|field| field.name == name);
                fields.any(|field| matches!(field.ty, TypeRef::Option(_)))
            };
            let is_stored = |name: &str| {
                let columns = write.text.tables.iter().filter_map(|table| subject.columns(&table.value));
                let mut columns = columns.flat_map(|declared| declared.columns);
                columns.any(|column| column.name == name && !matches!(column.ty, TypeRef::Option(_)))
            };
            for key in keys(&write).filter(|key| !key.may_be_absent && !key.is_fixed) {
                if !is_optional(key.name) || is_stored(key.name) {
                    continue;
                }
                let message = format!(
                    "a call of `{}` may lack `{}`, and its event may not",
                    write.capability.id, key.name
                );
                diagnostics.push(
                    Diagnostic::new(codes::OPTIONAL_PAYLOAD_KEY, message, key.span, "always in the payload")
                        .and(write.input_place(), "optional here")
                        .help(format!("write `{}?`, or make the input required", key.name)),
                );
            }
        }
    }
}

/// Lists of payload keys in invariants and in the audit section, against those of all writes.
pub fn listed_keys(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for engine in &subject.engines {
        let Some(wiring) = engine.wiring else { continue };
        let keys: Vec<Key<'_>> =
            wiring.writes.iter().flat_map(|write| write.payload_keys.iter().map(key)).collect();
        let invariants = wiring.tables.iter().flat_map(|table| &table.invariants);
        for sentence in invariants.chain(&wiring.audit_rules) {
            let listed = listed(sentence, subject);
            let Some((_, first)) = listed.first() else { continue };
            let Some(of_writes) = keys.first() else { continue };
            for (name, span) in listed.iter().filter(|(name, _)| !keys.iter().any(|key| key.name == *name)) {
                let message = format!("no write of `{}` has the payload key `{name}`", engine.id.value);
                diagnostics.push(
                    Diagnostic::new(codes::DIFFERENT_PAYLOAD, message, *span, "listed here")
                        .and(of_writes.span, "the keys of the writes")
                        .help(guess_or(
                            name,
                            keys.iter().map(|key| key.name),
                            "list the payload keys of the section `Writes`",
                        )),
                );
            }
            for key in keys.iter().filter(|key| !listed.iter().any(|(name, _)| *name == key.name)) {
                let message = format!("the payload key `{}` is missing in a list of them", key.name);
                diagnostics.push(
                    Diagnostic::new(codes::DIFFERENT_PAYLOAD, message, key.span, "a key of the writes")
                        .and(*first, "the list")
                        .help("name it there too, or take it out of the write"),
                );
            }
        }
    }
}

/// Payload keys of which a sentence says that no payload holds them.
pub fn denied_keys(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    const OF_EVENTS: [&str; 4] = ["payload", "payloads", "event", "events"];
    for engine in &subject.engines {
        let writes = engine.wiring.into_iter().flat_map(|page| &page.writes);
        let keys: Vec<Key<'_>> = writes.flat_map(|write| write.payload_keys.iter().map(key)).collect();
        let sentences =
            engine.each_page().flat_map(|page| page.audit_rules.iter().chain(&page.relations.constraints));
        for clause in sentences.flat_map(|text| clauses(text.span, subject.sources)) {
            let text = raw(clause, subject.sources).to_ascii_lowercase();
            let mut words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            let is_of_event = words.any(|word| OF_EVENTS.contains(&word));
            // Words that leave it to some events.
            let leaves_some_out =
                [" but ", " except ", " save ", " unless ", " only "].iter().any(|word| text.contains(word));
            if !is_of_event || leaves_some_out || !is_denied(clause, &[], subject.sources) {
                continue;
            }
            let named = code_spans(clause, subject.sources).into_iter();
            for (name, place) in named.chain(in_words(clause, &keys, subject)) {
                let Some(key) = keys.iter().find(|key| key.name == name) else { continue };
                let message = format!("no event holds `{name}` by a sentence, and a write puts it into one");
                diagnostics.push(
                    Diagnostic::new(codes::PAYLOAD_AGAINST_SENTENCE, message, key.span, "this payload key")
                        .and(place, "by this sentence")
                        .help("take the key out of the write, or mend the sentence"),
                );
            }
        }
    }
}

/// `no payload holds memory keys, values or content`: the keys that such a list names in words. Its first word stands before
/// each of the others.
fn in_words<'a>(clause: Span, keys: &[Key<'a>], subject: &Subject<'_>) -> Vec<(&'a str, Span)> {
    let words = words(clause, subject.sources);
    let Some(at) = words.iter().position(|(word, _)| matches!(*word, "holds" | "hold")) else {
        return Vec::new();
    };
    let is_of_payload = words[..at].iter().any(|(word, _)| word.starts_with("payload"));
    let Some((first, _)) = words.get(at + 1).filter(|_| is_of_payload) else { return Vec::new() };
    let named = words[at + 2..]
        .iter()
        .map(|(word, place)| (format!("{first}_{}", word.trim_end_matches('s')), *place));
    named.filter_map(|(name, place)| Some((keys.iter().find(|key| key.name == name)?.name, place))).collect()
}

/// The keys of a sentence that lists them: `payload is bounded: a, b`, or `payload_min` keys with bullets below it.
fn listed<'a>(sentence: &Text, subject: &Subject<'a>) -> Vec<Word<'a>> {
    let text = raw(sentence.span, subject.sources);
    let head = text.split_once(':').map(|(head, _)| head.to_ascii_lowercase()).unwrap_or_default();
    if !head.contains("payload") || (head.contains('`') && !head.contains("`payload")) {
        return Vec::new();
    }
    let behind = sentence.span.start + text.find(':').unwrap_or(0);
    let own =
        code_spans(sentence.span, subject.sources).into_iter().filter(|(_, place)| place.start > behind);
    // Bullets below it are part of the sentence, and stand behind its own words.
    let below = code_spans(bullets_below(sentence.span, subject.sources), subject.sources);
    own.chain(below).filter(|(name, _)| is_lower_snake(name)).collect()
}
