//! Values at the bounds of a field, and where in an input they go.

use selene_contracts::{FieldSpec, ValueSpec};
use serde_json::{Value, json};

use crate::scene::Tenant;

/// A text of exactly so many bytes that begins as another one: of characters of four bytes and two where it may hold them.
pub fn longest(text: &str, max_len: usize, ascii: bool) -> String {
    let mut longest: String = text.chars().take(max_len).collect();
    let fill: &[char] = if ascii { &['z'] } else { &['\u{10348}', '\u{df}', 'z'] };
    while let Some(next) = fill.iter().find(|next| longest.len() + next.len_utf8() <= max_len) {
        longest.push(*next);
    }
    assert_eq!(longest.len(), max_len);
    longest
}

/// Texts that must have a form, each with a short one.
const FORMS: [(&str, &str); 1] = [("required_predicate", "jurisdiction=DE")];

/// A value of an input that is changed: where, which field, and what stands there then.
pub type Change = (String, &'static FieldSpec, Value);

/// Every change of an input that brings a number, a list or a value that may be absent to one of its bounds. Ids and times of the
/// context are no numbers in this sense: who gives them chooses them.
pub fn changes(fields: &'static [FieldSpec], input: &Value, tenant: &Tenant) -> Vec<Change> {
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
        if field.is_optional && now.is_null() {
            of_tenant(field, tenant).into_iter().for_each(&mut change);
            continue;
        }
        if field.is_optional {
            change(Value::Null);
        }
        if field.is_list {
            if let Value::Array(items) = now {
                lists(field, items, tenant).into_iter().for_each(&mut change);
                if let (ValueSpec::Record(fields), Some(item)) = (&field.value, items.first()) {
                    below(fields, item, tenant, &format!("{pointer}/0"), changes);
                }
            }
        } else if let ValueSpec::Record(fields) = &field.value {
            below(fields, now, tenant, &pointer, changes);
        } else if matches!(field.value, ValueSpec::Integer { .. } | ValueSpec::Real { .. }) {
            of_tenant(field, tenant).into_iter().for_each(&mut change);
        }
    }
}

/// Values of a field at its bounds; the key of the tenant where it has one of this name.
fn of_tenant(field: &'static FieldSpec, tenant: &Tenant) -> Vec<Value> {
    tenant.keys.get(field.name).map_or_else(|| at_bounds(field), |key| vec![key.clone()])
}

/// Values of a field at its bounds. Of a number that is wider than those of JSON it is the largest there.
pub fn at_bounds(field: &'static FieldSpec) -> Vec<Value> {
    match &field.value {
        ValueSpec::Bool => vec![json!(false), json!(true)],
        ValueSpec::Integer { min, max } => {
            [min, max].map(|bound| json!(u64::try_from(*bound).unwrap_or(u64::MAX))).to_vec()
        }
        ValueSpec::Real { min, max } => {
            let ends = [min.unwrap_or(f32::MIN), max.unwrap_or(f32::MAX), f32::MIN_POSITIVE / 4.0];
            let is_inside =
                |real: &f32| min.is_none_or(|min| *real >= min) && max.is_none_or(|max| *real <= max);
            ends.into_iter().filter(is_inside).map(|real| json!(real)).collect()
        }
        ValueSpec::Text { min_len, max_len, ascii, .. } => {
            let form = FORMS.iter().find(|(name, _)| *name == field.name).map(|(_, form)| *form);
            let shortest = form.map_or_else(|| "y".repeat(*min_len), str::to_owned);
            vec![json!(longest(form.unwrap_or("x"), *max_len, *ascii)), json!(shortest)]
        }
        ValueSpec::OneOf(values) => values.iter().map(|value| json!(value)).collect(),
        other => panic!("{}: no value of {other:?} is known", field.name),
    }
}

/// Lists of no item and of as many as there may be, all of them different.
fn lists(field: &'static FieldSpec, known: &[Value], tenant: &Tenant) -> Vec<Value> {
    vec![json!([]), json!(items(field, known, tenant, field.max_items.unwrap_or(1)))]
}

/// So many items of a list, all of them different; like the first one that is known.
pub fn items(field: &'static FieldSpec, known: &[Value], tenant: &Tenant, count: usize) -> Vec<Value> {
    let first = known.first().cloned().unwrap_or_else(|| of_tenant(field, tenant)[0].clone());
    let numbered = |number: usize| match (&field.value, first.clone()) {
        (ValueSpec::Record(fields), mut item) => {
            let id =
                fields.iter().find(|field| matches!(field.value, ValueSpec::Text { is_free: false, .. }));
            item[id.expect("a record has an id").name] = json!(format!("item_{number}"));
            item
        }
        (ValueSpec::Text { max_len, ascii, .. }, _) => json!(longest(&number.to_string(), *max_len, *ascii)),
        (_, item) => item,
    };
    (0..count).map(numbered).collect()
}
