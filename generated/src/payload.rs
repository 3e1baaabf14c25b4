//! The bounded payload of an audit event.

mod forms;
mod plain;

use std::collections::BTreeMap;

use plain::PlainText;

/// A small map of bounded texts: at most 16 entries, keys `lower_snake` ASCII of 1..=64 bytes, values of 1..=256 bytes,
/// 2,048 bytes in all. Holds references and codes, never content.
///
/// It is read from a database as the text that is stored there, and an entry is looked for when somebody asks. A text that is no
/// payload is found when it is read.
#[derive(Clone, PartialEq, Eq)]
pub struct Payload(Form);

/// Every payload has exactly one form.
#[derive(Clone, PartialEq, Eq)]
enum Form {
    /// No text of it needs an escape in JSON: nearly all of them.
    Plain(PlainText),
    /// A text needs one.
    Escaped(BTreeMap<String, String>),
}

/// Why a payload is out of its bounds.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PayloadError {
    /// More entries than [`Payload::MAX_ENTRIES`].
    #[error("has {actual} entries, at most {max} are allowed", max = Payload::MAX_ENTRIES)]
    Entries {
        /// How many entries it has.
        actual: usize,
    },
    /// A key that is not `lower_snake` ASCII of 1..=64 bytes.
    #[error("has a key that is not lower_snake ASCII of 1..=64 bytes")]
    Key,
    /// A value that is blank or longer than 256 bytes.
    #[error("has a value under `{key}` that is blank or longer than 256 bytes")]
    Value {
        /// The key of the value.
        key: String,
    },
    /// Too many bytes in all.
    #[error("has {actual} bytes in all, at most {max} are allowed", max = Payload::MAX_BYTES)]
    Bytes {
        /// How many bytes its keys and values have together.
        actual: usize,
    },
}

impl Payload {
    /// Most entries of one payload.
    pub const MAX_ENTRIES: usize = 16;
    /// Most bytes of one key.
    pub const MAX_KEY_BYTES: usize = 64;
    /// Most bytes of one value.
    pub const MAX_VALUE_BYTES: usize = 256;
    /// Most bytes of all keys and values together.
    pub const MAX_BYTES: usize = 2_048;

    /// A payload of these entries; a later entry of the same key wins.
    #[must_use]
    pub fn new<K: Into<String>, V: Into<String>>(entries: impl IntoIterator<Item = (K, V)>) -> Self {
        let entries = entries.into_iter().map(|(key, value)| (key.into(), value.into()));
        let mut entries: Vec<(String, String)> = entries.collect();
        // The last one of a key comes first among them, and stays.
        entries.reverse();
        entries.sort_by(|(one, _), (other, _)| one.cmp(other));
        entries.dedup_by(|(later, _), (one, _)| later == one);
        let plain = PlainText::of(&entries).map(Form::Plain);
        Self(plain.unwrap_or_else(|| Form::Escaped(entries.into_iter().collect())))
    }

    /// The value under a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        self.iter().find(|(name, _)| *name == key).map(|(_, value)| value)
    }

    /// Entries in key order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        let (plain, escaped) = match &self.0 {
            Form::Plain(text) => (Some(text.entries()), None),
            Form::Escaped(entries) => (None, Some(entries)),
        };
        let escaped = escaped.into_iter().flatten().map(|(key, value)| (key.as_str(), value.as_str()));
        plain.into_iter().flatten().chain(escaped)
    }

    /// Whether there are no entries.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }

    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.iter().count()
    }

    /// Checks every bound.
    ///
    /// # Errors
    /// The first bound that is broken.
    pub fn check(&self) -> Result<(), PayloadError> {
        let actual = self.len();
        if actual > Self::MAX_ENTRIES {
            return Err(PayloadError::Entries { actual });
        }
        for (key, value) in self.iter() {
            if !is_lower_snake(key) {
                return Err(PayloadError::Key);
            }
            if value.trim().is_empty() || value.len() > Self::MAX_VALUE_BYTES {
                return Err(PayloadError::Value { key: key.to_owned() });
            }
        }
        let actual = self.iter().map(|(key, value)| key.len() + value.len()).sum();
        if actual > Self::MAX_BYTES {
            return Err(PayloadError::Bytes { actual });
        }
        Ok(())
    }
}

/// `lower_snake` ASCII of 1..=64 bytes that starts with a letter.
fn is_lower_snake(key: &str) -> bool {
    key.len() <= Payload::MAX_KEY_BYTES
        && key.starts_with(|c: char| c.is_ascii_lowercase())
        && key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(count: usize) -> Payload {
        Payload::new((0..count).map(|index| (format!("key_{index}"), "value")))
    }

    #[test]
    fn values_at_each_bound_are_accepted() {
        assert_eq!(Payload::default().check(), Ok(()));
        assert_eq!(entries(Payload::MAX_ENTRIES).check(), Ok(()));
        let key = format!("k{}", "_".repeat(Payload::MAX_KEY_BYTES - 1));
        assert_eq!(Payload::new([(key, "v".repeat(Payload::MAX_VALUE_BYTES))]).check(), Ok(()));
        assert_eq!(filled(Payload::MAX_BYTES).check(), Ok(()));
    }

    #[test]
    fn values_above_each_bound_are_refused() {
        assert_eq!(entries(17).check(), Err(PayloadError::Entries { actual: 17 }));
        let long_key = format!("k{}", "_".repeat(Payload::MAX_KEY_BYTES));
        assert_eq!(Payload::new([(long_key, "v")]).check(), Err(PayloadError::Key));
        let too_long = PayloadError::Value { key: "k".to_owned() };
        assert_eq!(Payload::new([("k", "v".repeat(257))]).check(), Err(too_long));
        assert_eq!(filled(2_049).check(), Err(PayloadError::Bytes { actual: 2_049 }));
    }

    #[test]
    fn keys_are_lower_snake_and_values_are_not_blank() {
        for key in ["", "Key", "1k", "_k", "k-1", "kä"] {
            assert_eq!(Payload::new([(key, "v")]).check(), Err(PayloadError::Key), "{key}");
        }
        for value in ["", " \t"] {
            let blank = PayloadError::Value { key: "k".to_owned() };
            assert_eq!(Payload::new([("k", value)]).check(), Err(blank), "{value:?}");
        }
    }

    #[test]
    fn entries_come_in_key_order_and_a_later_one_wins() {
        let payload = Payload::new([("b", "1"), ("a", "2"), ("b", "3")]);
        assert_eq!(payload.iter().collect::<Vec<_>>(), [("a", "2"), ("b", "3")]);
        assert_eq!((payload.get("b"), payload.get("c"), payload.len()), (Some("3"), None, 2));
        assert_eq!(serde_json::to_string(&payload).unwrap(), r#"{"a":"2","b":"3"}"#);
    }

    /// A payload of exactly `bytes` bytes in nine entries.
    fn filled(bytes: usize) -> Payload {
        let rest = bytes - 8 * (2 + 240) - 2;
        let full = (0..8).map(|index| (format!("k{index}"), "v".repeat(240)));
        Payload::new(full.chain([("k8".to_owned(), "v".repeat(rest))]))
    }
}
