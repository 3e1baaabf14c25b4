//! Comparing a value of a row with the value that an answer has for it.

use selene_contracts::Digest;
use selene_contracts::row::Value;
use serde_json::Value as Json;

use super::form::{Later, Table};
use super::stored::document;

/// Whether a value of a row is the one of an answer.
pub(super) fn equals_answer(cell: &Value<'_>, answered: &Json) -> bool {
    match (cell, answered) {
        (Value::Null, Json::Null) => true,
        (Value::Integer(bits), Json::Bool(is_so)) => *bits == i64::from(*is_so),
        (Value::Integer(bits), Json::Number(number)) => number.as_u64() == Some(bits.cast_unsigned()),
        // Values of payloads are texts.
        (Value::Integer(bits), Json::String(text)) => {
            *text == bits.cast_unsigned().to_string() || *text == (*bits == 1).to_string()
        }
        (Value::Text(cell), Json::String(text)) => cell == text,
        // Lists and records are JSON texts.
        (Value::Text(_), Json::Array(_) | Json::Object(_)) => {
            document(cell).is_some_and(|cell| cell == *answered)
        }
        (Value::Bytes(bytes), Json::String(text)) => {
            text.parse::<Digest>().is_ok_and(|digest| digest.as_bytes().as_slice() == &**bytes)
        }
        _ => false,
    }
}

pub(super) const fn is_absent(cell: &Value<'_>) -> bool {
    matches!(cell, Value::Null | Value::Integer(0))
}

/// Whether a write whose answer does not have the field may have changed it.
pub(super) fn is_later(table: &Table, field: &str, answered: &Json, cell: &Value<'_>) -> bool {
    table.later.iter().any(|(name, later)| {
        *name == field
            && match later {
                Later::Set => answered.is_null(),
                Later::Becomes(value) => matches!(cell, Value::Text(text) if text == value),
            }
    })
}
