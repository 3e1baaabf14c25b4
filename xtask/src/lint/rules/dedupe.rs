//! When two calls are the same call: dedupe keys against inputs and sentences.

use selene_codegen::contract::TypeRef;

use super::values::notes;
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::lint::sentence::{code_spans, is_tuple, names_of, raw};
use crate::lint::{Subject, subject::Write};
use crate::parse::document::Text;

/// Whether every call of a capability has a field: those of the context always, inputs unless they are optional.
fn is_always_there(write: &Write<'_>, name: &str) -> bool {
    let mut fields = write.capability.input_fields().filter(|field| field.name == name);
    match name {
        "simulation_id" => write.capability.simulation_gated,
        _ => !fields.any(|field| matches!(field.ty, TypeRef::Option(_))),
    }
}

/// The last alternative of a dedupe key counts where no other does, so every call must have its fields.
pub fn optional_field(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for engine in &subject.engines {
        for write in engine.writes(subject) {
            let last = write.text.dedupe.iter().filter_map(|dedupe| dedupe.value.last());
            for name in last.flatten().filter(|name| !is_always_there(&write, &name.value)) {
                let message = format!(
                    "a call of `{}` may lack `{}`, and has no dedupe key then",
                    write.capability.id, name.value
                );
                diagnostics.push(
                    Diagnostic::new(codes::OPTIONAL_DEDUPE, message, name.span, "part of the key")
                        .and(write.input_place(), "optional here")
                        .help("make the input required, or add an alternative whose fields every call has"),
                );
            }
        }
    }
}

/// An idempotency key that two calls may differ in and still be the same call.
pub fn unused_key(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    const KEY: &str = "idempotency_key";
    for engine in &subject.engines {
        for write in engine.writes(subject) {
            let Some(dedupe) = &write.text.dedupe else { continue };
            let takes = write.capability.input_fields().any(|field| field.name == KEY);
            let uses = dedupe.value.iter().all(|names| names.iter().any(|name| name.value == KEY));
            if takes && !uses {
                let message =
                    format!("`{}` takes `{KEY}`, and its dedupe key leaves it out", write.capability.id);
                diagnostics.push(
                    Diagnostic::new(codes::UNUSED_IDEMPOTENCY_KEY, message, dedupe.span, "this key")
                        .and(write.input_place(), "taken here")
                        .help(format!(
                            "add `{KEY}` to every alternative of the dedupe key, or take it out of the input"
                        )),
                );
            }
        }
    }
}

/// Sentences that state a dedupe key in brackets.
pub fn sentences(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for engine in &subject.engines {
        let Some(wiring) = engine.wiring else { continue };
        let keys: Vec<Vec<&str>> = wiring
            .writes
            .iter()
            .filter_map(|write| write.dedupe.as_ref())
            .flat_map(|dedupe| &dedupe.value)
            .map(|names| names.iter().map(|name| name.value.as_str()).collect())
            .collect();
        let Some(first) = wiring.writes.iter().find_map(|write| write.dedupe.as_ref()) else { continue };
        let invariants = wiring.tables.iter().flat_map(|table| &table.invariants);
        let relations = wiring.relations.unique.iter().chain(&wiring.relations.constraints);
        let of_ecm = engine.ecm.into_iter().flat_map(|page| {
            let rules = page.failure_rules.iter().chain(&page.audit_rules).chain(&page.header.purpose);
            rules.chain(notes(page).map(|(_, note)| note))
        });
        let own = notes(wiring).map(|(_, note)| note).chain(&wiring.audit_rules);
        let is_about_keys = |text: &&Text| {
            let words = raw(text.span, subject.sources).to_ascii_lowercase();
            words.contains("dedupe") || words.contains("idempotency_index")
        };
        for sentence in invariants.chain(relations).chain(own).chain(of_ecm).filter(is_about_keys) {
            for code in code_spans(sentence.span, subject.sources) {
                // `index(a, b)` names an index before the key.
                let opening = code.0.find('(').unwrap_or(0);
                let (tuple, mut place) = (&code.0[opening..], code.1);
                place.start += opening;
                let names: Vec<&str> = names_of((tuple, place)).into_iter().map(|(name, _)| name).collect();
                if !is_tuple(tuple) || names.is_empty() || keys.contains(&names) {
                    continue;
                }
                let message = format!("no write of `{}` has the dedupe key `{tuple}`", engine.id.value);
                diagnostics.push(
                    Diagnostic::new(codes::DIFFERENT_DEDUPE, message, place, "this sentence")
                        .and(first.span, "a dedupe key of the writes")
                        .help("write the key of the section `Writes`, or mend it there"),
                );
            }
        }
    }
}

/// Dedupe keys of an idempotency key alone, beside others that say whose it is: two callers may choose the same one.
pub fn without_scope(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    const KEY: &str = "idempotency_key";
    for engine in &subject.engines {
        let writes = engine.writes(subject);
        let keys = || writes.iter().filter_map(|write| Some((write, write.text.dedupe.as_ref()?)));
        let is_alone = |names: &Vec<Text>| names.len() == 1 && names[0].value == KEY;
        let scoped = keys().find(|(_, dedupe)| !dedupe.value.iter().any(is_alone));
        let Some((_, example)) = scoped else { continue };
        for (write, dedupe) in keys().filter(|(_, dedupe)| dedupe.value.iter().any(is_alone)) {
            let message = format!(
                "two callers of `{}` may choose the same `{KEY}`, and its dedupe key has nothing else",
                write.capability.id
            );
            diagnostics.push(
                Diagnostic::new(codes::KEY_WITHOUT_SCOPE, message, dedupe.span, "this key")
                    .and(example.span, "a key with a scope")
                    .help("write before it whose key it is: a tenant, a person or a row"),
            );
        }
    }
}
