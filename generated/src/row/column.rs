//! A neutral value, and the types that have one.

use std::borrow::Cow;

/// A value of a column, in a form that every database takes.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'a> {
    /// No value: SQL `NULL`.
    Null,
    /// A signed 64-bit number; also a truth value (0, 1) and the bits of an unsigned one.
    Integer(i64),
    /// A number of 64 bits, neither infinite nor NaN.
    Real(f64),
    /// UTF-8 text; also the name of an enum's value and a small JSON document.
    Text(Cow<'a, str>),
    /// Bytes; a digest has 32.
    Bytes(Cow<'a, [u8]>),
    /// A 128-bit id as 16 bytes, most significant first.
    Wide([u8; 16]),
}

impl Value<'_> {
    /// The same value, independent of what it was borrowed from.
    #[must_use]
    pub fn into_owned(self) -> Value<'static> {
        match self {
            Self::Null => Value::Null,
            Self::Integer(value) => Value::Integer(value),
            Self::Real(value) => Value::Real(value),
            Self::Text(text) => Value::Text(Cow::Owned(text.into_owned())),
            Self::Bytes(bytes) => Value::Bytes(Cow::Owned(bytes.into_owned())),
            Self::Wide(bytes) => Value::Wide(bytes),
        }
    }
}

/// A type that a column holds: its stored form, and how it is read back.
///
/// Stored forms: texts, enums and reason codes as TEXT; small documents as JSON in TEXT; whole numbers up to 64 bits as
/// signed integers with the same bits, so equality holds for all of them and order below 2⁶³ only; 128-bit ids as 16 bytes
/// and digests as 32; `f32` as a real number; `bool` as 0 or 1.
pub trait Column: Sized {
    /// The value as it is stored, borrowed: `UserId` as a text, `Digest` as 32 bytes.
    fn value(&self) -> Value<'_>;

    /// Reads the stored form; `None` where the value has another one. Nothing is guessed: an unknown name, a number out of
    /// the type, or damaged JSON is no value.
    fn read(value: Value<'_>) -> Option<Self>;
}
