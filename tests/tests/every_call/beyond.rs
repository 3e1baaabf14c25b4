//! Values just outside the bounds of a field, and where in an input they go.

use selene_contracts::{FieldSpec, Payload, ReasonCode, ValueSpec};
use serde_json::{Map, Value, json};

use crate::edges::{Change, items, longest};
use crate::scene::Tenant;

/// Every change of an input that brings one of its values just outside its bounds: those within records and lists too, and those that
/// the input leaves out.
pub fn outside(fields: &'static [FieldSpec], input: &Value, tenant: &Tenant) -> Vec<Change> {
    let mut changes = Vec::new();
    below(fields, input, tenant, "", &mut changes);
    changes
}

fn below(
    fields: &'static [FieldSpec],
    object: &Value,
    tenant: &Tenant,
    path: &str,
    changes: &mut Vec<Change>,
) {
    for field in fields {
        let pointer = format!("{path}/{}", field.name);
        let now = object.get(field.name).unwrap_or(&Value::Null);
        let mut change = |value| changes.push((pointer.clone(), field, value));
        if field.is_list {
            let known = now.as_array().map_or(&[][..], Vec::as_slice);
            if let Some(most) = field.max_items {
                change(json!(items(field, known, tenant, most + 1)));
            }
            for (inner, value) in in_an_item(field, known, tenant) {
                changes.push((pointer.clone(), inner, value));
            }
        } else if let ValueSpec::Record(fields) = &field.value {
            below(fields, now, tenant, &pointer, changes);
        } else {
            values(field).into_iter().for_each(change);
        }
    }
}

/// Lists with one value outside its bounds, in their only item and in their second one; with the field that is refused.
fn in_an_item(
    field: &'static FieldSpec,
    known: &[Value],
    tenant: &Tenant,
) -> Vec<(&'static FieldSpec, Value)> {
    let bad_items: Vec<(&'static FieldSpec, Value)> = match &field.value {
        ValueSpec::Record(fields) => {
            let item = &items(field, known, tenant, 1)[0];
            outside(fields, item, tenant)
                .into_iter()
                .map(|(pointer, inner, value)| {
                    let mut item = item.clone();
                    put(&mut item, &pointer, value);
                    (inner, item)
                })
                .collect()
        }
        _ => values(field).into_iter().map(|value| (field, value)).collect(),
    };
    let is_second_allowed = field.max_items.is_none_or(|most| most >= 2);
    let good = items(field, known, tenant, 2).swap_remove(1);
    let mut lists = Vec::new();
    for (inner, bad) in bad_items {
        if is_second_allowed {
            lists.push((inner, json!([good, bad])));
        }
        lists.push((inner, json!([bad])));
    }
    lists
}

/// Puts a value into an object; what is absent on the way is made.
pub fn put(object: &mut Value, pointer: &str, value: Value) {
    *pointer.split('/').skip(1).fold(object, |value, name| &mut value[name]) = value;
}

/// Single values just outside the bounds of a field. Some of them are no values of its type at all, and cannot be read.
fn values(field: &'static FieldSpec) -> Vec<Value> {
    if let Some(fixed) = field.fixed {
        return match &field.value {
            ValueSpec::OneOf(values) => {
                values.iter().filter(|value| **value != fixed).map(|value| json!(value)).collect()
            }
            ValueSpec::Bool => vec![json!(fixed != "true")],
            ValueSpec::Text { .. } => vec![json!(format!("{fixed}x"))],
            other => panic!("{}: no value of {other:?} beside {fixed} is known", field.name),
        };
    }
    if field.reasons.is_some() || matches!(field.value, ValueSpec::ReasonCode) {
        return codes(field);
    }
    match &field.value {
        ValueSpec::Bool => vec![json!(2)],
        ValueSpec::Integer { min, max } => {
            let below = min.checked_sub(1).map_or(json!(-1), |below| json!(u64::try_from(below).ok()));
            let above = max.checked_add(1).and_then(|above| u64::try_from(above).ok());
            [below, json!(above)].into_iter().filter(|value| !value.is_null()).collect()
        }
        ValueSpec::Real { min, max } => {
            let ends = [min.map(f32::next_down), max.map(f32::next_up)].into_iter().flatten();
            // As an f32 the last two are infinite.
            ends.map(f64::from).chain([-1e39, 1e39]).map(|real| json!(real)).collect()
        }
        ValueSpec::Text { min_len, max_len, ascii, .. } => {
            let mut texts = vec![longest("x", max_len + 1, *ascii), "x".repeat(max_len + 1)];
            if *min_len > 0 {
                texts.extend(["x".repeat(min_len - 1), " ".repeat(*min_len), " ".repeat(*max_len)]);
            }
            if *ascii {
                texts.push(longest("x", *max_len, false));
            }
            texts.into_iter().map(Value::String).collect()
        }
        ValueSpec::OneOf(values) => vec![json!("NO_SUCH_VALUE"), json!(values[0].to_lowercase())],
        ValueSpec::Payload => payloads(),
        ValueSpec::Digest => vec![json!("f".repeat(63)), json!("f".repeat(65))],
        other => panic!("{}: no value outside of {other:?} is known", field.name),
    }
}

/// Every registered code that the field does not take.
fn codes(field: &'static FieldSpec) -> Vec<Value> {
    let is_taken = |code: &ReasonCode| {
        let is_listed = match &field.value {
            ValueSpec::OneOf(codes) => codes.contains(&code.as_str()),
            _ => true,
        };
        is_listed && !code.is_retired() && field.reasons.is_none_or(|rule| rule.takes(*code))
    };
    ReasonCode::all().filter(|code| !is_taken(code)).map(|code| json!(code.as_str())).collect()
}

/// Payloads with one entry, one byte of a key, of a value or of all too many, and with a key or a value of no form.
fn payloads() -> Vec<Value> {
    let entries = |count: usize, last: usize| -> Map<String, Value> {
        // A key has three bytes.
        let value = |number| "v".repeat(Payload::MAX_BYTES / count - 3 + if number == 0 { last } else { 0 });
        (0..count).map(|number| (format!("k{number:02}"), json!(value(number)))).collect()
    };
    let one = |key: &str, value: &str| json!({ key: value });
    vec![
        Value::Object(
            (0..=Payload::MAX_ENTRIES).map(|number| (format!("k{number:02}"), json!("v"))).collect(),
        ),
        Value::Object(entries(Payload::MAX_ENTRIES, 1)),
        one(&"k".repeat(Payload::MAX_KEY_BYTES + 1), "v"),
        one("", "v"),
        one("Key", "v"),
        one("key", &"v".repeat(Payload::MAX_VALUE_BYTES + 1)),
        one("key", ""),
        one("key", " "),
    ]
}
