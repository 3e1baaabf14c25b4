//! The audit event of an applied write.

use std::collections::BTreeMap;

use selene_codegen::contract::{AuditRule, Capability};

use super::change::Changes;
use super::kind::Kind;
use super::kinds;
use super::pair::{At, Pair};
use crate::parse::document::{Text, WriteText};
use crate::source::Span;

/// Holds the events of a capability against each other.
pub(super) fn compare(
    pair: &Pair<'_>,
    (old, new): (&Capability, &Capability),
    at: &At,
    changes: &mut Changes,
) {
    if !pair.has_wirings() {
        return;
    }
    let nothing = AuditRule::default();
    let (before, now) = (old.audit.as_ref().unwrap_or(&nothing), new.audit.as_ref().unwrap_or(&nothing));
    let at = at.child(&["audit"]);
    let id = new.id.as_str();
    if before.event_types != now.event_types {
        let words = format!("emits {}, and emitted {}", list(&now.event_types), list(&before.event_types));
        let places = pair.in_writes(old, new, &|write| write.event_types.first().map(|one| one.span));
        pair.push_at(kinds::EVENT_CHANGED, id, words, places, &at, changes);
    }
    if (&before.reason_code, before.reason_from_input) != (&now.reason_code, now.reason_from_input) {
        let words = format!("its event carries {}, and carried {}", reason(now), reason(before));
        let code = |write: &WriteText| write.reason_code.as_ref().map(|code| code.span).or(write.bare_reason);
        let places = pair.in_writes(old, new, &code);
        pair.push_at(kinds::EVENT_CHANGED, id, words, places, &at.child(&["reason_code"]), changes);
    }
    required(pair, (old, new), (&before.required_fields, &now.required_fields), &at, changes);
    payload(pair, (old, new), (&before.payload_keys, &now.payload_keys), &at, changes);
}

/// The text of that name, else the first one.
fn named(texts: &[Text], name: &str) -> Option<Span> {
    texts.iter().find(|text| name_of(&text.value) == name).or(texts.first()).map(|text| text.span)
}

fn required(
    pair: &Pair<'_>,
    (old, new): (&Capability, &Capability),
    (before, now): (&[String], &[String]),
    at: &At,
    changes: &mut Changes,
) {
    let places = |field: &str| pair.in_writes(old, new, &|write| named(&write.required_fields, field));
    for field in before.iter().filter(|field| !now.contains(field)) {
        let words = format!("`{field}` is required of the event no longer");
        pair.push_at(kinds::EVENT_LESS, &new.id, words, places(field), at, changes);
    }
    for field in now.iter().filter(|field| !before.contains(field)) {
        let words = format!("`{field}` is required of the event");
        pair.push_at(kinds::EVENT_MORE, &new.id, words, places(field), at, changes);
    }
}

fn list(names: &[String]) -> String {
    if names.is_empty() { "no stated type".to_owned() } else { format!("`{}`", names.join("` or `")) }
}

fn reason(audit: &AuditRule) -> String {
    match &audit.reason_code {
        Some(code) => format!("`{code}`"),
        None if audit.reason_from_input => "the code of the call".to_owned(),
        None => "no stated code".to_owned(),
    }
}

/// The name of a payload key: of `key`, `key?` and `key=value`.
fn name_of(key: &str) -> &str {
    key.split(['=', '?']).next().unwrap_or_default().trim()
}

fn payload(
    pair: &Pair<'_>,
    (old, new): (&Capability, &Capability),
    (before, now): (&[String], &[String]),
    at: &At,
    changes: &mut Changes,
) {
    let by_name = |keys: &[String]| -> BTreeMap<String, String> {
        keys.iter().map(|key| (name_of(key).to_owned(), key.clone())).collect()
    };
    let (before, now) = (by_name(before), by_name(now));
    let mut push = |kind: &'static Kind, name: &str, words: String| {
        let places = pair.in_writes(old, new, &|write| named(&write.payload_keys, name));
        pair.push_at(kind, &new.id, words, places, at, changes);
    };
    for (name, key) in &before {
        match now.get(name) {
            None => push(kinds::EVENT_LESS, name, format!("the payload key `{name}` is gone")),
            Some(other) if other == key => {}
            Some(other) => {
                let kind = if other.ends_with('?') { kinds::EVENT_LESS } else { kinds::EVENT_MORE };
                push(kind, name, format!("the payload key is `{other}`, and was `{key}`"));
            }
        }
    }
    for (name, key) in now.iter().filter(|(name, _)| !before.contains_key(*name)) {
        let kind = if key.ends_with('?') { kinds::EVENT_MAY } else { kinds::EVENT_MORE };
        push(kind, name, format!("the payload key `{name}` is new"));
    }
}
