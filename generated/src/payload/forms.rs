//! What a payload is to others: compared, hashed and shown by its entries, serialized as a map, stored as a text.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;
use std::hash::{Hash, Hasher};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::plain::PlainText;
use super::{Form, Payload};
use crate::row::{Column, Value, document};

impl Default for Payload {
    fn default() -> Self {
        Self(Form::Plain(PlainText::default()))
    }
}

impl Ord for Payload {
    fn cmp(&self, other: &Self) -> Ordering {
        self.iter().cmp(other.iter())
    }
}

impl PartialOrd for Payload {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Hash for Payload {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // No text has this byte, so the entries of one payload end where those of the next begin.
        self.iter().for_each(|entry| entry.hash(state));
        state.write_u8(0xff);
    }
}

impl fmt::Debug for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        struct Entries<'a>(&'a Payload);
        impl fmt::Debug for Entries<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_map().entries(self.0.iter()).finish()
            }
        }
        f.debug_tuple("Payload").field(&Entries(self)).finish()
    }
}

impl Serialize for Payload {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap as _;
        let mut map = serializer.serialize_map(Some(self.len()))?;
        self.iter().try_for_each(|(key, value)| map.serialize_entry(key, value))?;
        map.end()
    }
}

impl<'de> Deserialize<'de> for Payload {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        BTreeMap::<String, String>::deserialize(deserializer).map(Self::new)
    }
}

/// Stored as the text of a JSON object, in the order of its keys.
impl Column for Payload {
    fn value(&self) -> Value<'_> {
        match &self.0 {
            Form::Plain(text) => Value::Text(Cow::Borrowed(text.as_str())),
            Form::Escaped(entries) => document::value(entries),
        }
    }

    fn read(value: Value<'_>) -> Option<Self> {
        let Value::Text(text) = value else { return None };
        match PlainText::read(text) {
            Ok(plain) => Some(Self(Form::Plain(plain))),
            Err(text) => serde_json::from_str(&text).ok(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Payload> {
        Payload::read(Value::Text(text.into()))
    }

    /// Stored texts, most of them damaged.
    const TEXTS: [&str; 37] = [
        "{}",
        r#"{"":""}"#,
        r#"{"a":"b"}"#,
        r#"{"a":"ü€😀","ä":""}"#,
        r#"{"a":"1","b":"2"}"#,
        r#"{"b":"2","a":"1"}"#,
        r#"{"a":"1","a":"2"}"#,
        r#"{"a" : "1"}"#,
        r#" {"a":"1"} "#,
        r#"{"a":"\u0062\"\\"}"#,
        r#"{"a\n":"1","b":"2"}"#,
        "{\"a\":\"\u{7f}\"}",
        "{\"a\":\"\t\"}",
        "",
        "{",
        "}",
        "{}}",
        "{{}",
        "[]",
        "null",
        r#"{"a"}"#,
        r#"{"a":}"#,
        r#"{"a":1}"#,
        r#"{"a":null}"#,
        r#"{"a":"b}"#,
        r#"{"a":"b""#,
        r#"{"a":"b"}}"#,
        r#"{"a":"b"},"#,
        r#"{"a":"b",}"#,
        r#"{,"a":"b"}"#,
        r#"{"a":"b""c":"d"}"#,
        r#"{"a":"b";"c":"d"}"#,
        r#"{"a":"b"x}"#,
        r#"{"a":"b"}x"#,
        r#"{"a:"b"}"#,
        r#"{"a":"\x"}"#,
        r#"{"a":"\"}"#,
    ];

    #[test]
    fn a_stored_text_is_read_as_json_reads_it() {
        let own = |(key, value): (&str, &str)| (key.to_owned(), value.to_owned());
        for text in TEXTS {
            let entries = serde_json::from_str::<BTreeMap<String, String>>(text).ok();
            let payload = read(text);
            assert_eq!(payload.as_ref().map(|payload| payload.iter().map(own).collect()), entries, "{text}");
            let Some((payload, entries)) = payload.zip(entries) else { continue };
            assert_eq!(payload, Payload::new(entries.clone()), "{text}");
            assert_eq!(payload.value(), document::value(&entries), "{text}");
            assert_eq!(serde_json::to_string(&payload).ok(), serde_json::to_string(&entries).ok(), "{text}");
            assert_eq!(serde_json::from_str(text).ok(), Some(payload.clone()), "{text}");
            assert_eq!(format!("{payload:?}"), format!("Payload({entries:?})"), "{text}");
            assert!(entries.iter().all(|(key, value)| payload.get(key) == Some(value)), "{text}");
            assert_eq!((payload.len(), payload.is_empty()), (entries.len(), entries.is_empty()), "{text}");
        }
        assert_eq!(Payload::read(Value::Integer(1)), None);
    }

    #[test]
    fn payloads_are_ordered_and_hashed_by_their_entries() {
        use std::hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher};
        let hash = |payload: &Payload| BuildHasherDefault::<DefaultHasher>::default().hash_one(payload);
        let entries: Vec<BTreeMap<String, String>> =
            TEXTS.iter().filter_map(|text| serde_json::from_str(text).ok()).collect();
        let payloads: Vec<Payload> = entries.iter().cloned().map(Payload::new).collect();
        for (one, map) in payloads.iter().zip(&entries) {
            for (other, other_map) in payloads.iter().zip(&entries) {
                assert_eq!(one.cmp(other), map.cmp(other_map), "{one:?} {other:?}");
                assert_eq!(one == other, map == other_map, "{one:?} {other:?}");
                assert_eq!(hash(one) == hash(other), map == other_map, "{one:?} {other:?}");
            }
        }
    }
}
