//! Payloads as they are stored: one JSON text, read in place.
//!
//! What lives here: the texts of payloads that need no escape. What must not: bounds, and payloads that do need one.

use std::borrow::Cow;

/// A JSON object of texts in its one stored form: no white space, keys in order and none twice, and no text that needs an escape.
/// Every entry stands in it as it is, so it is read without being taken apart, and two are equal where their texts are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PlainText(Cow<'static, str>);

impl Default for PlainText {
    fn default() -> Self {
        Self(Cow::Borrowed("{}"))
    }
}

impl PlainText {
    /// The text of entries in the order of their keys, none twice; none where one needs an escape.
    pub(super) fn of(entries: &[(String, String)]) -> Option<Self> {
        if entries.is_empty() {
            return Some(Self::default());
        }
        let is_plain = |text: &str| plain_length(text.as_bytes()) == text.len();
        if !entries.iter().all(|(key, value)| is_plain(key) && is_plain(value)) {
            return None;
        }
        // Of each entry four quotes, a colon, and a comma or a brace; one more brace.
        let length: usize = entries.iter().map(|(key, value)| key.len() + value.len() + 6).sum();
        let mut text = String::with_capacity(length + 1);
        for (key, value) in entries {
            text.push_str(if text.is_empty() { "{\"" } else { ",\"" });
            text.push_str(key);
            text.push_str("\":\"");
            text.push_str(value);
            text.push('"');
        }
        text.push('}');
        Some(Self(Cow::Owned(text)))
    }

    /// A stored text, if it has that form, else the text itself. Every text that has it is JSON.
    pub(super) fn read(text: Cow<'_, str>) -> Result<Self, Cow<'_, str>> {
        if has_form(&text) { Ok(Self(Cow::Owned(text.into_owned()))) } else { Err(text) }
    }

    /// The text of the JSON object.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// Entries in key order.
    pub(super) fn entries(&self) -> Entries<'_> {
        Entries(self.0.strip_prefix('{').unwrap_or_default())
    }
}

/// The entries of such a text, from the one that is next.
pub(super) struct Entries<'a>(&'a str);

impl<'a> Iterator for Entries<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        let (key, value, behind) = entry(self.0)?;
        // A comma, or the brace that nothing follows.
        self.0 = behind.get(1..).unwrap_or_default();
        Some((key, value))
    }
}

/// Whether a text has the form: its entries follow each other in the order of their keys, and nothing else stands in it.
fn has_form(text: &str) -> bool {
    let Some(mut rest) = text.strip_prefix('{').and_then(|text| text.strip_suffix('}')) else { return false };
    if rest.is_empty() {
        return true;
    }
    let mut before = None;
    while let Some((key, _, behind)) = entry(rest)
        && before.is_none_or(|before| before < key)
    {
        if behind.is_empty() {
            return true;
        }
        before = Some(key);
        let Some(next) = behind.strip_prefix(',') else { return false };
        rest = next;
    }
    false
}

/// Key and value of the first entry of a text, and what stands behind it.
fn entry(text: &str) -> Option<(&str, &str, &str)> {
    let (key, rest) = quoted(text)?;
    let (value, rest) = quoted(rest.strip_prefix(':')?)?;
    Some((key, value, rest))
}

/// What stands between the quotes that a text begins with, if none of it needs an escape, and what stands behind them.
fn quoted(text: &str) -> Option<(&str, &str)> {
    let inner = text.strip_prefix('"')?;
    let (value, rest) = inner.split_at(plain_length(inner.as_bytes()));
    Some((value, rest.strip_prefix('"')?))
}

/// How many bytes stand in front of the first one that JSON writes as an escape: a quote, a backslash, a control character.
fn plain_length(bytes: &[u8]) -> usize {
    let (words, rest) = bytes.as_chunks::<8>();
    for (place, word) in words.iter().enumerate() {
        let found = escaped(u64::from_le_bytes(*word));
        if found != 0 {
            return place * 8 + found.trailing_zeros() as usize / 8;
        }
    }
    let is_escaped = |byte: &u8| *byte < b' ' || *byte == b'"' || *byte == b'\\';
    bytes.len() - rest.len() + rest.iter().position(is_escaped).unwrap_or(rest.len())
}

/// The high bit of every byte of a word that JSON writes as an escape. A byte behind such a one may be marked too.
fn escaped(word: u64) -> u64 {
    const EACH: u64 = u64::from_le_bytes([1; 8]);
    const HIGH: u64 = EACH * 0x80;
    // The difference borrows from the next byte where this one is below; a byte of 128 or more is below nothing here.
    let each = |byte: u8| EACH * u64::from(byte);
    let below = |word: u64, bound: u8| word.wrapping_sub(each(bound)) & !word & HIGH;
    below(word, b' ') | below(word ^ each(b'"'), 1) | below(word ^ each(b'\\'), 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_escape_is_found_wherever_it_stands() {
        for byte in 0..=255 {
            let is_escaped = byte < b' ' || byte == b'"' || byte == b'\\';
            for length in 0..20 {
                for place in 0..length {
                    let mut bytes = vec![b'#'; length];
                    bytes[place] = byte;
                    assert_eq!(
                        plain_length(&bytes),
                        if is_escaped { place } else { length },
                        "{byte} at {place}"
                    );
                    bytes[length - 1] = b'"';
                    let first = if is_escaped { place } else { length - 1 };
                    assert_eq!(plain_length(&bytes), first, "{byte} at {place} of {length}");
                }
            }
        }
    }
}
