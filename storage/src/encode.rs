//! Unambiguous bytes for hashing: every value carries its length, every hash its domain.
//!
//! Two different sequences of values never give the same bytes, so a hash stands for exactly one sequence.

/// Collects values in order and hashes them.
#[derive(Debug)]
pub(crate) struct Encoder {
    bytes: Vec<u8>,
}

impl Encoder {
    /// Starts a sequence in `domain`; equal values in two domains hash differently.
    pub(crate) fn new(domain: &str) -> Self {
        let mut encoder = Self { bytes: Vec::with_capacity(1_024) };
        encoder.text(domain);
        encoder
    }

    /// Adds raw bytes behind their length.
    pub(crate) fn bytes(&mut self, value: &[u8]) {
        self.bytes.extend_from_slice(&(value.len() as u64).to_be_bytes());
        self.bytes.extend_from_slice(value);
    }

    /// Adds a text behind its length in bytes.
    pub(crate) fn text(&mut self, value: &str) {
        self.bytes(value.as_bytes());
    }

    /// Adds a number, eight bytes, most significant first.
    pub(crate) fn number(&mut self, value: u64) {
        self.bytes(&value.to_be_bytes());
    }

    /// Adds a wide number, sixteen bytes, most significant first.
    pub(crate) fn wide(&mut self, value: u128) {
        self.bytes(&value.to_be_bytes());
    }

    /// Adds a text that may be absent; absent differs from empty.
    pub(crate) fn optional_text(&mut self, value: Option<&str>) {
        self.bytes.push(u8::from(value.is_some()));
        if let Some(value) = value {
            self.text(value);
        }
    }

    /// Adds a number that may be absent; absent differs from zero.
    pub(crate) fn optional_number(&mut self, value: Option<u64>) {
        self.bytes.push(u8::from(value.is_some()));
        if let Some(value) = value {
            self.number(value);
        }
    }

    /// The hash of everything that was added.
    pub(crate) fn finish(&self) -> [u8; 32] {
        *blake3::hash(&self.bytes).as_bytes()
    }
}

/// The first 128 bits of a hash as 32 lower-case hex digits behind an entity's prefix.
pub(crate) fn short_id(prefix: &str, hash: &[u8; 32]) -> String {
    let mut id = String::with_capacity(prefix.len() + 32);
    id.push_str(prefix);
    push_hexadecimal(&mut id, &hash[..16]);
    id
}

/// Bytes as lower-case hex digits: `00ff` for 0 and 255.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    let mut text = String::new();
    push_hexadecimal(&mut text, bytes);
    text
}

/// Adds bytes to a text as lower-case hex digits.
fn push_hexadecimal(text: &mut String, bytes: &[u8]) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    for bytes in bytes.chunks(32) {
        let mut digits = [[0; 2]; 32];
        for (pair, byte) in digits.iter_mut().zip(bytes) {
            *pair = [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]];
        }
        let digits = digits[..bytes.len()].as_flattened();
        text.push_str(std::str::from_utf8(digits).unwrap_or_default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(domain: &str, parts: &[&str]) -> [u8; 32] {
        let mut encoder = Encoder::new(domain);
        for part in parts {
            encoder.text(part);
        }
        encoder.finish()
    }

    #[test]
    fn neither_borders_nor_domains_blur() {
        assert_ne!(hash("a", &["bc", "d"]), hash("a", &["b", "cd"]));
        assert_ne!(hash("a", &["b"]), hash("b", &["a"]));
        assert_ne!(hash("a", &["b", ""]), hash("a", &["b"]));
    }

    #[test]
    fn absent_is_neither_empty_nor_zero() {
        let of = |add: &dyn Fn(&mut Encoder)| {
            let mut encoder = Encoder::new("t");
            add(&mut encoder);
            encoder.finish()
        };
        assert_ne!(of(&|e| e.optional_text(None)), of(&|e| e.optional_text(Some(""))));
        assert_ne!(of(&|e| e.optional_number(None)), of(&|e| e.optional_number(Some(0))));
        assert_ne!(of(&|e| e.number(1)), of(&|e| e.wide(1)));
    }

    #[test]
    fn every_byte_is_two_digits() {
        let bytes: Vec<u8> = (0..=u8::MAX).chain(0..7).collect();
        let mut text = "x".to_owned();
        push_hexadecimal(&mut text, &bytes);
        for (number, byte) in bytes.iter().enumerate() {
            let at = 1 + 2 * number;
            assert_eq!(text[at..at + 2], format!("{byte:02x}"));
        }
        assert_eq!(text.len(), 1 + 2 * bytes.len());
    }

    #[test]
    fn a_short_id_is_prefix_and_32_digits() {
        let mut hash = [0_u8; 32];
        hash[0] = 0xaf;
        assert_eq!(short_id("aud_", &hash), "aud_af000000000000000000000000000000");
    }
}
