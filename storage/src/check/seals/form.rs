//! Whether a stored value can be one of its column at all.

use selene_contracts::row::{Value, document};
use selene_contracts::{FieldSpec, ValueSpec};

/// Whether a value has a form that the type of a column has. Bounds are no question: they are those of today, and an earlier build
/// may have had others.
pub(super) fn has_form(field: &FieldSpec, value: &Value<'_>) -> bool {
    if matches!(value, Value::Null) {
        return field.is_optional;
    }
    if field.is_list {
        return is_document(value);
    }
    match field.value {
        ValueSpec::Bool => matches!(value, Value::Integer(0 | 1)),
        ValueSpec::Integer { max, .. } if max > u64::MAX.into() => has_length(value, size_of::<u128>()),
        ValueSpec::Integer { .. } => matches!(value, Value::Integer(_)),
        ValueSpec::Real { .. } => matches!(value, Value::Real(_)),
        ValueSpec::Text { .. } | ValueSpec::OneOf(_) | ValueSpec::ReasonCode => {
            matches!(value, Value::Text(_))
        }
        ValueSpec::Payload | ValueSpec::Record(_) => is_document(value),
        ValueSpec::Digest => has_length(value, 32),
        // A form that is not known here.
        _ => true,
    }
}

fn is_document(value: &Value<'_>) -> bool {
    document::read::<serde_json::Value>(value).is_some()
}

fn has_length(value: &Value<'_>, length: usize) -> bool {
    match value {
        Value::Bytes(bytes) => bytes.len() == length,
        Value::Wide(bytes) => bytes.len() == length,
        _ => false,
    }
}
