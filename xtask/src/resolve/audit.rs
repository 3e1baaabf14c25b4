//! Which capability a write, an audit code or an event type belongs to, and what follows for the capability.

use std::collections::BTreeMap;

use selene_codegen::contract::{AuditRule, Capability, Contract, DedupeRule, EVENT_FIELDS, Effect};
use selene_codegen::naming::upper_snake;

use super::capability::notes;
use super::documents::EngineDocuments;
use super::input::is_understood;
use super::names::Names;
use super::provenance::Provenance;
use super::writes_by_words::WritesByWords;
use crate::diagnostics::{Diagnostic, Diagnostics, codes, guess_or};
use crate::parse::document::{AuditText, Text, WriteText};
use crate::source::Span;

/// Joins writes and audit rules with the capabilities of a contract.
pub fn link(
    documents: &EngineDocuments<'_>,
    names: &Names<'_>,
    file: &str,
    contract: &mut Contract,
    provenance: &mut Provenance,
    diagnostics: &mut Diagnostics,
) {
    let Some(ecm) = documents.ecm else { return };
    let engine_id = &documents.id.value;
    for write in documents.db_wiring.map_or(&[][..], |document| &document.writes) {
        check_engine(write, engine_id, diagnostics);
    }
    // Without capabilities nothing leads to one; their section has its own finding.
    if ecm.capabilities.is_empty() {
        return;
    }
    let by_words = WritesByWords::new(engine_id, &contract.capabilities);
    from_audit_section(&ecm.audit, &by_words, file, contract, provenance, diagnostics);
    let Some(db_wiring) = documents.db_wiring else { return };
    let mut linked: BTreeMap<String, Span> = BTreeMap::new();
    for write in &db_wiring.writes {
        let Some(index) = find(&write.heading, &by_words, &contract.capabilities, diagnostics) else {
            continue;
        };
        let capability = &mut contract.capabilities[index];
        if let Some(first) = linked.get(&capability.id) {
            let message = format!("two writes belong to `{}`", capability.id);
            diagnostics.push(
                Diagnostic::new(codes::DUPLICATE_WRITE, message, write.heading.span, "the second one")
                    .and(*first, "the first one")
                    .help("name the capability exactly: ``### `PH1W_ENROLL_START_DRAFT_ROW` ``"),
            );
            continue;
        }
        linked.insert(capability.id.clone(), write.heading.span);
        let input = ecm.capabilities[index].input.as_ref().and_then(|schema| schema.tree.as_ref());
        let is_understood = input.is_some_and(|tree| is_understood(tree, names));
        from_write(write, is_understood, capability, diagnostics);
        for key in ["writes", "dedupe", "audit"] {
            let span = match (key, &write.dedupe) {
                ("dedupe", Some(dedupe)) => dedupe.span,
                _ => write.heading.span,
            };
            provenance.add(file, &["capabilities", &capability.id, key], span);
        }
        for (key, note) in &write.notes {
            provenance.add(file, &["capabilities", &capability.id, "notes", &key.value], note.span);
        }
    }
    if db_wiring.lacks("Writes") {
        return;
    }
    for (capability, text) in contract.capabilities.iter().zip(&ecm.capabilities) {
        let must_be_stored = capability.effect == Effect::Write && !capability.planned;
        if must_be_stored && !linked.contains_key(&capability.id) {
            let message = format!("the DB wiring has no write for `{}`", capability.id);
            let at = db_wiring.title.as_ref().map_or(Span::start_of(db_wiring.file), |title| title.span);
            diagnostics.push(
                Diagnostic::new(codes::MISSING_WRITE, message, text.id.span, "this capability writes")
                    .and(at, "this document does not say what")
                    .help(format!("add ``### `{}` `` to the section `Writes`", capability.id)),
            );
        }
    }
}

fn find(
    heading: &Text,
    by_words: &WritesByWords,
    capabilities: &[Capability],
    diagnostics: &mut Diagnostics,
) -> Option<usize> {
    let bare = heading.value.replace('`', "");
    let exact = capabilities.iter().position(|capability| capability.id == bare.trim());
    if let Some(index) = exact.filter(|index| capabilities[*index].effect == Effect::Write) {
        return Some(index);
    }
    let found = by_words.matching(&bare);
    if let [index] = found.as_slice() {
        return Some(*index);
    }
    let writes = capabilities.iter().filter(|capability| capability.effect == Effect::Write);
    let known: Vec<&str> = writes.map(|capability| capability.id.as_str()).collect();
    let message = match (exact, found.len()) {
        (Some(_), _) => format!("`{bare}` is a capability that does not write"),
        (None, 0) => format!("no capability that writes has the words of `{bare}`"),
        (None, count) => format!("{count} capabilities have the words of `{bare}`"),
    };
    diagnostics.push(Diagnostic::new(codes::UNKNOWN_CAPABILITY, message, heading.span, "this write").help(
        guess_or(
            &bare,
            known.iter().copied(),
            &if known.is_empty() {
                "add the capability to the ECM, with `DECLARED (DB_WRITE)`".to_owned()
            } else {
                format!("name one of `{}` exactly", known.join("`, `"))
            },
        ),
    ));
    None
}

fn check_engine(write: &WriteText, engine_id: &str, diagnostics: &mut Diagnostics) {
    let Some(engine) = &write.engine else { return };
    let named = engine.value.trim_start_matches("Other(").trim_end_matches(')').trim_matches('"');
    if named != engine_id {
        diagnostics.push(
            Diagnostic::new(
                codes::WRONG_ENGINE_ID,
                format!("this write of `{engine_id}` names the engine `{named}`"),
                engine.span,
                "another engine",
            )
            .help(format!("write `engine={engine_id}`")),
        );
    }
}

fn values(texts: &[Text]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for text in texts {
        if !found.contains(&text.value) {
            found.push(text.value.clone());
        }
    }
    found
}

/// What the DB wiring says about a write. Names are looked for only in an input that `is_understood`.
fn from_write(
    write: &WriteText,
    is_understood: bool,
    capability: &mut Capability,
    diagnostics: &mut Diagnostics,
) {
    capability.writes = values(&write.tables);
    if let Some(dedupe) = &write.dedupe {
        if is_understood {
            check_key(&dedupe.value, capability, diagnostics);
        }
        let keys = dedupe.value.iter().map(|key| values(key)).collect();
        // Whether the written table is a ledger is known once all engines are resolved.
        capability.dedupe = Some(DedupeRule { space: capability.stored_name().to_owned(), keys });
    }
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
    let has_reason_input = inputs(capability).any(|name| name == "reason_code");
    let audit = capability.audit.get_or_insert_with(AuditRule::default);
    if !write.event_types.is_empty() {
        audit.event_types =
            write.event_types.iter().map(|event_type| upper_snake(&event_type.value)).collect();
    }
    match (&write.reason_code, &audit.reason_code) {
        (Some(fixed), Some(known)) if *known != fixed.value => diagnostics.push(
            Diagnostic::new(
                codes::CONFLICTING_CODE,
                format!("`{}` carries `{}` here, but `{known}` by the ECM", capability.id, fixed.value),
                fixed.span,
                "this code",
            )
            .help("name the same code in both documents"),
        ),
        (Some(fixed), _) => audit.reason_code = Some(fixed.value.clone()),
        (None, known) => {
            if let Some(span) = write.bare_reason {
                if has_reason_input {
                    audit.reason_code = None;
                    audit.reason_from_input = true;
                } else if known.is_none() && is_understood {
                    diagnostics.push(
                        Diagnostic::new(
                            codes::UNKNOWN_KEY_FIELD,
                            format!("`{}` takes no `reason_code`", capability.id),
                            span,
                            "which reason code?",
                        )
                        .help(
                            "write `reason_code=NAME`, or add `reason_code` to the capability's input_schema",
                        ),
                    );
                }
            }
        }
    }
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

/// Fields that a page requires of an event, and that no event has.
fn report_event_fields(fields: &[Text], diagnostics: &mut Diagnostics) {
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

fn check_key(keys: &[Vec<Text>], capability: &Capability, diagnostics: &mut Diagnostics) {
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
                .help(guess_or(
                    &name.value,
                    known.iter().copied(),
                    &format!("use inputs of the capability: `{}`", known.join("`, `")),
                )),
            );
        }
    }
}

/// What the ECM's audit section says: codes and event types by the words of a capability's id.
fn from_audit_section(
    audit: &AuditText,
    by_words: &WritesByWords,
    file: &str,
    contract: &mut Contract,
    provenance: &mut Provenance,
    diagnostics: &mut Diagnostics,
) {
    report_event_fields(&audit.required_fields, diagnostics);
    let required = values(&audit.required_fields);
    if !required.is_empty() {
        for capability in
            contract.capabilities.iter_mut().filter(|capability| capability.effect == Effect::Write)
        {
            capability.audit.get_or_insert_with(AuditRule::default).required_fields.clone_from(&required);
        }
    }
    for code in &audit.codes {
        // The first word is the engine's prefix. A code that fits no write is one of reads, guards or failures.
        let found = code.value.split_once('_').map_or_else(Vec::new, |(_, rest)| by_words.matching(rest));
        match found.as_slice() {
            [] => {}
            [index] => {
                let capability = &mut contract.capabilities[*index];
                provenance.add(file, &["capabilities", &capability.id, "audit", "reason_code"], code.span);
                capability.audit.get_or_insert_with(AuditRule::default).reason_code =
                    Some(code.value.clone());
            }
            several => ambiguous(code, several, contract, diagnostics),
        }
    }
    for (label, event_type) in &audit.event_types {
        for part in label.value.split('/') {
            let found = by_words.matching(part);
            let [index] = found.as_slice() else {
                ambiguous(label, &found, contract, diagnostics);
                continue;
            };
            let capability = &mut contract.capabilities[*index];
            provenance.add(file, &["capabilities", &capability.id, "audit", "event_types"], event_type.span);
            let rule = capability.audit.get_or_insert_with(AuditRule::default);
            let name = upper_snake(&event_type.value);
            if !rule.event_types.contains(&name) {
                rule.event_types.push(name);
            }
        }
    }
}

fn ambiguous(text: &Text, found: &[usize], contract: &Contract, diagnostics: &mut Diagnostics) {
    let ids: Vec<&str> = found.iter().map(|index| contract.capabilities[*index].id.as_str()).collect();
    let message = if ids.is_empty() {
        format!("no capability that writes has the words of `{}`", text.value)
    } else {
        format!("`{}` fits `{}`", text.value, ids.join("` and `"))
    };
    diagnostics.push(
        Diagnostic::new(codes::UNKNOWN_CAPABILITY, message, text.span, "which capability?")
            .help("use words that stand in exactly one capability's id"),
    );
}
