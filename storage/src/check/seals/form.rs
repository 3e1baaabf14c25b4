//! Whether a stored value can be one of its column at all.

use std::fmt;

use selene_contracts::row::{Value, document};
use selene_contracts::{FieldSpec, ValueSpec};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

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
    document::read::<Document>(value).is_some()
}

fn has_length(value: &Value<'_>, length: usize) -> bool {
    match value {
        Value::Bytes(bytes) => bytes.len() == length,
        Value::Wide(bytes) => bytes.len() == length,
        _ => false,
    }
}

/// Any JSON document. It is read to its end, with every text and number in it, and nothing of it is kept.
struct Document;

impl<'de> Deserialize<'de> for Document {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reading)
    }
}

struct Reading;

impl<'de> Visitor<'de> for Reading {
    type Value = Document;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON document")
    }

    fn visit_unit<E>(self) -> Result<Document, E> {
        Ok(Document)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Document, E> {
        Ok(Document)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Document, E> {
        Ok(Document)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Document, E> {
        Ok(Document)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Document, E> {
        Ok(Document)
    }

    fn visit_str<E>(self, _: &str) -> Result<Document, E> {
        Ok(Document)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Document, A::Error> {
        while list.next_element::<Document>()?.is_some() {}
        Ok(Document)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Document, A::Error> {
        while map.next_entry::<Document, Document>()?.is_some() {}
        Ok(Document)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_a_document_where_it_can_be_read_as_one() {
        let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
        for text in [
            "null",
            "true",
            "0",
            "-1",
            "0.5",
            "18446744073709551616",
            "\"\\u00fc\"",
            "[]",
            "[1, [\"a\"], {}]",
            "{\"a\": {\"b\": [null]}, \"a\": 1}",
            "",
            " ",
            "nul",
            "1e999",
            "\"\\ud800\"",
            "\"\\x\"",
            "\"a",
            "[1,]",
            "[1",
            "{\"a\"}",
            "{\"a\":}",
            "{a: 1}",
            "{1: 1}",
            "{null: 1}",
            "{\"\\ud800\": 1}",
            "[] []",
            "\"\u{1}\"",
            &deep,
        ] {
            let whole = serde_json::from_str::<serde_json::Value>(text).is_ok();
            assert_eq!(is_document(&Value::Text(text.into())), whole, "{text}");
        }
        assert!(!is_document(&Value::Null));
        assert!(!is_document(&Value::Bytes(b"{}"[..].into())));
    }
}
