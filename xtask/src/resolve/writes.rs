//! What a write of the DB wiring says of its capability: tables, dedupe key, and what its event carries.

use selene_codegen::contract::{AuditRule, Capability, DedupeRule, EVENT_FIELDS};
use selene_codegen::naming::upper_snake;

use super::capability::notes;
use crate::diagnostics::{Diagnostic, Diagnostics, codes, guess_or};
use crate::parse::document::{Text, WriteText};
use crate::source::Span;

/// Where the ECM says what a write is held against.
pub struct Places {
    /// What the capability takes.
    pub input: Span,
    /// The reason code of its event, where the ECM names one.
    pub code: Option<Span>,
}

/// What the DB wiring says about a write. Names are looked for only in an input that `is_understood`.
pub fn apply(
    write: &WriteText,
    places: &Places,
    is_understood: bool,
    capability: &mut Capability,
    diagnostics: &mut Diagnostics,
) {
    capability.writes = values(&write.tables);
    report_words_for_key(write, diagnostics);
    if let Some(dedupe) = &write.dedupe {
        if is_understood {
            check_key(&dedupe.value, places.input, capability, diagnostics);
        }
        let keys = dedupe.value.iter().map(|key| values(key)).collect();
        // Whether the written table is a ledger is known once all engines are resolved.
        capability.dedupe = Some(DedupeRule { space: capability.stored_name().to_owned(), keys });
    }
    let audit = capability.audit.get_or_insert_with(AuditRule::default);
    if !write.event_types.is_empty() {
        audit.event_types =
            write.event_types.iter().map(|event_type| upper_snake(&event_type.value)).collect();
    }
    reason_code(write, places, is_understood, capability, diagnostics);
    let audit = capability.audit.get_or_insert_with(AuditRule::default);
    report_event_fields(&write.required_fields, diagnostics);
    // What either page requires is required.
    for field in values(&write.required_fields) {
        if !audit.required_fields.contains(&field) {
            audit.required_fields.push(field);
        }
    }
    report_payload_keys(&write.payload_keys, diagnostics);
    audit.payload_keys = values(&write.payload_keys);
    capability.notes.extend(notes(&write.notes));
}

/// The code of the event: the one that the write names, or the one that its input brings.
fn reason_code(
    write: &WriteText,
    places: &Places,
    is_understood: bool,
    capability: &mut Capability,
    diagnostics: &mut Diagnostics,
) {
    let has_reason_input = inputs(capability).any(|name| name == "reason_code");
    let audit = capability.audit.get_or_insert_with(AuditRule::default);
    match (&write.reason_code, &audit.reason_code) {
        (Some(fixed), Some(known)) if *known != fixed.value => {
            let message =
                format!("`{}` carries `{}` here, but `{known}` by the ECM", capability.id, fixed.value);
            diagnostics.push(
                Diagnostic::new(codes::CONFLICTING_CODE, message, fixed.span, "this code")
                    .beside(places.code.unwrap_or(places.input), "the ECM's")
                    .help("name the same code in both documents"),
            );
        }
        (Some(fixed), _) => audit.reason_code = Some(fixed.value.clone()),
        (None, known) => {
            let Some(span) = write.bare_reason else { return };
            if has_reason_input {
                audit.reason_code = None;
                audit.reason_from_input = true;
            } else if known.is_none() && is_understood {
                let message = format!("`{}` takes no `reason_code`", capability.id);
                diagnostics.push(
                    Diagnostic::new(codes::UNKNOWN_KEY_FIELD, message, span, "which reason code?")
                        .beside(places.input, "what it takes")
                        .help(
                            "write `reason_code=NAME`, or add `reason_code` to the capability's input_schema",
                        ),
                );
            }
        }
    }
}

/// A dedupe key that is stated in words and not in names.
fn report_words_for_key(write: &WriteText, diagnostics: &mut Diagnostics) {
    if let (None, Some(words)) = (&write.dedupe, &write.dedupe_words) {
        diagnostics.push(
            Diagnostic::new(
                codes::MALFORMED_KEY,
                "the dedupe key is not a list of names",
                words.span,
                "no `(a, b)` here",
            )
            .help("write `` dedupe key = `(correlation_id, idempotency_key)` ``"),
        );
    }
}

/// The words of texts, each once.
pub(super) fn values(texts: &[Text]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for text in texts {
        if !found.contains(&text.value) {
            found.push(text.value.clone());
        }
    }
    found
}

/// Fields that a page requires of an event, and that no event has.
pub(super) fn report_event_fields(fields: &[Text], diagnostics: &mut Diagnostics) {
    for field in fields.iter().filter(|field| !EVENT_FIELDS.contains(&field.value.as_str())) {
        diagnostics.push(
            Diagnostic::new(
                codes::UNKNOWN_EVENT_FIELD,
                format!("an audit event has no `{}`", field.value),
                field.span,
                "not known",
            )
            .help(guess_or(
                &field.value,
                EVENT_FIELDS,
                &format!("require one of `{}`, or name it as a payload key", EVENT_FIELDS.join("`, `")),
            )),
        );
    }
}

/// Payload keys that are not written `key`, `key?` or `key=value`, and those that stand twice.
fn report_payload_keys(keys: &[Text], diagnostics: &mut Diagnostics) {
    let name_of = |key: &Text| {
        let name = key.value.split_once('=').map_or(key.value.as_str(), |(name, _)| name).trim();
        name.strip_suffix('?').unwrap_or(name).to_owned()
    };
    let is_name = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_lowercase())
            && name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'))
    };
    let mut known: Vec<(String, Span)> = Vec::new();
    for key in keys {
        let name = name_of(key);
        let first = known.iter().find(|(known, _)| *known == name);
        let finding = if !is_name(&name) {
            let message = format!("`{}` is not a payload key", key.value);
            Diagnostic::new(codes::MALFORMED_PAYLOAD_KEY, message, key.span, "not lower_snake")
                .help("write `key`, `key?` where an event may be without it, or `key=value`")
        } else if let Some((_, first)) = first {
            let message = format!("the payload key `{name}` stands twice");
            Diagnostic::new(codes::MALFORMED_PAYLOAD_KEY, message, key.span, "again")
                .and(*first, "first here")
                .help("name each key once")
        } else {
            known.push((name, key.span));
            continue;
        };
        diagnostics.push(finding);
    }
}

fn inputs(capability: &Capability) -> impl Iterator<Item = &str> {
    capability.input_fields().map(|field| field.name.as_str())
}

fn check_key(keys: &[Vec<Text>], input: Span, capability: &Capability, diagnostics: &mut Diagnostics) {
    let known: Vec<&str> = inputs(capability).chain(capability.context.iter().map(String::as_str)).collect();
    for name in keys.iter().flatten() {
        // The chain and the turn belong to every call, whether the schema names them or not.
        let is_ambient = matches!(name.value.as_str(), "correlation_id" | "turn_id" | "simulation_id");
        if !is_ambient && !known.contains(&name.value.as_str()) {
            diagnostics.push(
                Diagnostic::new(
                    codes::UNKNOWN_KEY_FIELD,
                    format!("`{}` has no input `{}`", capability.id, name.value),
                    name.span,
                    "not an input",
                )
                .beside(input, "what it takes")
                .help(guess_or(
                    &name.value,
                    known.iter().copied(),
                    &format!("use inputs of the capability: `{}`", known.join("`, `")),
                )),
            );
        }
    }
}
