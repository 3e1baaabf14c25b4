//! A call of each write, for the files of released schema versions and for the tests that try every call.

use serde_json::{Value, json};

use selene_codegen::contract::{Builtin, Capability, Effect, Field, IntegerRepr, Number, TypeKind, TypeRef};

use super::drafted::Draft;
use super::places::RELEASED;
use super::registration::Registrations;
use super::rules::sentence;
use super::subject::{Subject, module_of};
use super::tree::Tree;
use super::write_shape::adds_rows;

/// Adds a call of each write that the scenario does not make.
pub(super) fn draft(
    subject: &Subject<'_>,
    tree: &Tree,
    registrations: &mut Registrations<'_>,
    _draft: &mut Draft,
) {
    let path = format!("{RELEASED}/scenario.jsonl");
    let calls: Vec<Value> = tree
        .text(&path)
        .unwrap_or_default()
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect();
    let is_made = |write: &&Capability| calls.iter().any(|call| call["capability"] == write.stored_name());
    let writes = subject.contract.served().filter(|capability| capability.effect == Effect::Write);
    let Some(last) = calls.last() else { return };
    let (mut now_ns, mut turn) = (last["now_ns"].as_u64().unwrap_or(0), last["turn"].as_u64().unwrap_or(0));
    let mut lines = String::new();
    for write in writes.filter(|write| !is_made(write)) {
        now_ns += 1000;
        turn += 1;
        let simulation = if write.simulation_gated { Some("\"scaffold\"".to_owned()) } else { None };
        lines.push_str(&object([
            ("name", Some(json!(sentence(&write.name)).to_string())),
            ("capability", Some(json!(write.stored_name()).to_string())),
            ("now_ns", Some(now_ns.to_string())),
            ("chain", Some(last["chain"].to_string())),
            ("turn", Some(turn.to_string())),
            ("simulation", simulation),
            ("input", Some(input(subject, write, &calls))),
        ]));
        lines.push('\n');
    }
    if !lines.is_empty() {
        registrations.append(&path, &lines);
    }
}

/// An object on one line, its entries in this order; what has no value is left out.
fn object<'n>(entries: impl IntoIterator<Item = (&'n str, Option<String>)>) -> String {
    let entries = entries.into_iter().filter_map(|(name, value)| Some(format!("{name:?}: {}", value?)));
    format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
}

fn input(subject: &Subject<'_>, write: &Capability, calls: &[Value]) -> String {
    let values = |fields: &[Field]| {
        object(fields.iter().map(|field| {
            let value = known(subject, field, calls);
            let value = value.unwrap_or_else(|| sample(subject, write, field, &field.ty));
            (field.name.as_str(), Some(value.to_string()))
        }))
    };
    match write.input_alternatives.first() {
        Some(alternative) => object([(alternative.variant.as_str(), Some(values(&alternative.fields)))]),
        None => values(&write.input),
    }
}

/// What earlier calls of the scenario call by this name, where all engines mean the same by it: a person, a tenant.
fn known(subject: &Subject<'_>, field: &Field, calls: &[Value]) -> Option<Value> {
    let TypeRef::Named(name) = &field.ty else { return None };
    subject.shared.types.iter().find(|ty| ty.name == *name).filter(|_| name != "IdempotencyKey")?;
    let values = calls.iter().filter_map(|call| call["input"].get(&field.name));
    values
        .into_iter()
        .find(|value| value.as_str().is_none_or(|text| !text.starts_with('$')) && !value.is_null())
        .cloned()
}

/// A value within the bounds.
fn sample(subject: &Subject<'_>, write: &Capability, field: &Field, ty: &TypeRef) -> Value {
    if let Some(fixed) = &field.fixed {
        return json!(fixed);
    }
    match ty {
        TypeRef::Unit | TypeRef::Option(_) => Value::Null,
        TypeRef::List(_) => json!([]),
        TypeRef::Map(..) => json!({}),
        TypeRef::Builtin(builtin) => of_builtin(subject, field, *builtin),
        TypeRef::Named(name) if name == "IdempotencyKey" => json!(module_of(write).replace('_', "-")),
        TypeRef::Named(name) => match (subject.named_type(name), subject.record(name)) {
            (Some(ty), _) => of_kind(write, field, &ty.kind),
            (None, Some(record)) => {
                let entries = record
                    .fields
                    .iter()
                    .map(|part| (part.name.clone(), sample(subject, write, part, &part.ty)));
                Value::Object(entries.collect())
            }
            (None, None) => Value::Null,
        },
    }
}

fn of_kind(write: &Capability, field: &Field, kind: &TypeKind) -> Value {
    match kind {
        TypeKind::Text { min_len, max_len, .. } => {
            let word = field.name.trim_end_matches("_id").replace('_', "-");
            let text = format!("{word:x<width$}", width = usize::try_from(*min_len).unwrap_or(0));
            json!(text.chars().take(usize::try_from(*max_len).unwrap_or(usize::MAX)).collect::<String>())
        }
        TypeKind::Integer { repr, min, .. } => {
            let number = min.unwrap_or(1).max(1);
            match (repr, u64::try_from(number)) {
                (IntegerRepr::U128, _) | (_, Err(_)) => json!(number.to_string()),
                (_, Ok(number)) => json!(number),
            }
        }
        // What a row begins with stands first as a rule, so a change takes the next.
        TypeKind::Enum { values } => {
            let place = usize::from(!adds_rows(write)).min(values.len().saturating_sub(1));
            json!(values.get(place))
        }
    }
}

fn of_builtin(subject: &Subject<'_>, field: &Field, builtin: Builtin) -> Value {
    let least = field.range.map(|(least, _)| least);
    match builtin {
        Builtin::Bool => json!(true),
        Builtin::U8 | Builtin::U16 | Builtin::U32 | Builtin::U64 => match least {
            Some(Number::Whole(least)) => json!(least.max(0)),
            _ => json!(1),
        },
        Builtin::F32 => match least {
            Some(Number::Real(least)) => json!(least),
            Some(Number::Whole(least)) => json!(least),
            None => json!(0.5),
        },
        Builtin::EngineReasonCode | Builtin::ReasonCode => {
            let codes = subject.contract.reason_codes.iter().filter(|code| !code.retired);
            let fits = |code: &&selene_codegen::contract::ReasonCode| {
                field.classes.contains(&code.class) || field.own_step.as_ref() == Some(&code.name)
            };
            json!(codes.clone().find(fits).map(|code| &code.name))
        }
        Builtin::Payload => json!({}),
        Builtin::Digest => json!("0".repeat(64)),
    }
}
