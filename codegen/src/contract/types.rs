//! Types, fields and records: what the names in the specs mean once the lexicon has been asked.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::ReasonClass;

/// A named type of the lexicon.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TypeDef {
    /// `UserId`.
    pub name: String,
    /// What it is and its bounds.
    #[serde(flatten)]
    pub kind: TypeKind,
    /// What it means, for the reader.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub doc: String,
}

/// The kinds of named types.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TypeKind {
    /// A text of `min_len..=max_len` bytes in a newtype over `String`; only white space counts as empty.
    Text {
        /// Fewest bytes, inclusive.
        min_len: u32,
        /// Most bytes, inclusive.
        max_len: u32,
        /// Every byte must be ASCII.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        ascii: bool,
        /// A text that people read; else an id, which must not look like another one.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        free: bool,
    },
    /// A whole number in a newtype.
    Integer {
        /// The Rust integer inside.
        repr: IntegerRepr,
        /// Smallest value, inclusive.
        #[serde(default, skip_serializing_if = "Option::is_none", with = "super::bound")]
        min: Option<u128>,
        /// Largest value, inclusive.
        #[serde(default, skip_serializing_if = "Option::is_none", with = "super::bound")]
        max: Option<u128>,
        /// Unit, as `ns` or `ms`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        unit: Option<String>,
    },
    /// One of several values, in `UPPER_SNAKE`.
    Enum {
        /// The values, in lexicon order.
        values: Vec<String>,
    },
}

/// Width of an integer newtype.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum IntegerRepr {
    /// `u8`
    U8,
    /// `u16`
    U16,
    /// `u32`
    U32,
    /// `u64`
    U64,
    /// `u128`
    U128,
}

impl IntegerRepr {
    /// The name of the type in Rust: `u64`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::U8 => "u8",
            Self::U16 => "u16",
            Self::U32 => "u32",
            Self::U64 => "u64",
            Self::U128 => "u128",
        }
    }

    /// The largest value that the Rust type holds; the smallest is always 0.
    #[must_use]
    pub const fn largest(self) -> u128 {
        match self {
            Self::U8 => u8::MAX as u128,
            Self::U16 => u16::MAX as u128,
            Self::U32 => u32::MAX as u128,
            Self::U64 => u64::MAX as u128,
            Self::U128 => u128::MAX,
        }
    }
}

/// A typed field of an input, a record or a table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// `pass_target`.
    pub name: String,
    /// Its type; optional fields are `Option<…>`, lists `Vec<…>`.
    #[serde(rename = "type")]
    pub ty: TypeRef,
    /// Smallest and largest value, both inclusive, for numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub range: Option<(Number, Number)>,
    /// Most items, for lists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_items: Option<u32>,
    /// The only value that is accepted (`rollout_scope=CurrentAndNew`), in the type's spelling.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fixed: Option<String>,
    /// Classes of the reason codes that an input takes here. Empty for other types, and in records and tables, where
    /// codes of every class may stand.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<ReasonClass>,
    /// A reason code that an input takes here beside those classes: the one of the capability's own event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own_step: Option<String>,
    /// What stored answers have that are older than the field, in the type's spelling. Only records have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub absent: Option<String>,
    /// The reason code of a value out of bounds, where it differs from the engine's `contract` refusal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub violation: Option<String>,
    /// The prose group that brought the field (`sample quality fields`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// What it means, for the reader.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub doc: String,
}

/// A bound: whole where the field is whole.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Number {
    /// `3`
    Whole(i64),
    /// `0.5`
    Real(f64),
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole(value) => write!(f, "{value}"),
            Self::Real(value) => write!(f, "{value}"),
        }
    }
}

/// A record: an output, or an element of one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// `WakeEnrollmentSessionRecord`.
    pub name: String,
    /// The fields, in the order of the record.
    pub fields: Vec<Field>,
    /// What it means, for the reader.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub doc: String,
}

/// A reference to a type, written as in the specs: `Option<WakeProfileId>`, `Map<K, V>`, `()`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum TypeRef {
    /// `()`
    Unit,
    /// A type that every contract knows without declaring it.
    Builtin(Builtin),
    /// A type or record by name.
    Named(String),
    /// `Option<T>`
    Option(Box<TypeRef>),
    /// `Vec<T>`
    List(Box<TypeRef>),
    /// `Map<K, V>`
    Map(Box<TypeRef>, Box<TypeRef>),
}

/// Types that every contract knows without declaring them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Builtin {
    /// `bool`
    Bool,
    /// `u8`
    U8,
    /// `u16`
    U16,
    /// `u32`
    U32,
    /// `u64`
    U64,
    /// `f32`, finite.
    F32,
    /// The reason-code enum of the engine at hand.
    EngineReasonCode,
    /// A registered reason code of any engine.
    ReasonCode,
    /// The bounded key-value payload of an audit event.
    Payload,
    /// A 32-byte hash, printed as 64 hex digits.
    Digest,
}

impl Builtin {
    /// Every builtin with its spelling.
    pub const ALL: [(Self, &'static str); 10] = [
        (Self::Bool, "bool"),
        (Self::U8, "u8"),
        (Self::U16, "u16"),
        (Self::U32, "u32"),
        (Self::U64, "u64"),
        (Self::F32, "f32"),
        (Self::EngineReasonCode, "EngineReasonCode"),
        (Self::ReasonCode, "ReasonCode"),
        (Self::Payload, "Payload"),
        (Self::Digest, "Digest"),
    ];

    /// Its spelling in specs, lexicon and contracts.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(builtin, _)| *builtin == self).map_or("", |(_, name)| name)
    }

    /// The builtin of that spelling.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, spelling)| *spelling == name).map(|(builtin, _)| *builtin)
    }
}

impl fmt::Display for TypeRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unit => f.write_str("()"),
            Self::Builtin(builtin) => f.write_str(builtin.as_str()),
            Self::Named(name) => f.write_str(name),
            Self::Option(inner) => write!(f, "Option<{inner}>"),
            Self::List(inner) => write!(f, "Vec<{inner}>"),
            Self::Map(key, value) => write!(f, "Map<{key}, {value}>"),
        }
    }
}

/// A type reference in a contract file that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a type: expected a name, `()`, `Option<T>`, `Vec<T>` or `Map<K, V>`")]
pub struct TypeRefError {
    /// The text that names no type.
    pub text: String,
}

impl FromStr for TypeRef {
    type Err = TypeRefError;

    fn from_str(text: &str) -> Result<Self, TypeRefError> {
        let error = || TypeRefError { text: text.to_owned() };
        let text = text.trim();
        if text == "()" {
            return Ok(Self::Unit);
        }
        if let Some((head, rest)) = text.split_once('<') {
            let inner = rest.strip_suffix('>').ok_or_else(error)?;
            return match head.trim() {
                "Option" => Ok(Self::Option(Box::new(inner.parse()?))),
                "Vec" => Ok(Self::List(Box::new(inner.parse()?))),
                "Map" => {
                    let (key, value) = split_top_level_comma(inner).ok_or_else(error)?;
                    Ok(Self::Map(Box::new(key.parse()?), Box::new(value.parse()?)))
                }
                _ => Err(error()),
            };
        }
        let is_name = text.starts_with(|c: char| c.is_ascii_alphabetic())
            && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if !is_name {
            return Err(error());
        }
        Ok(Builtin::from_name(text).map_or_else(|| Self::Named(text.to_owned()), Self::Builtin))
    }
}

/// Splits `K, V` at the comma that stands outside of every `<…>`.
fn split_top_level_comma(text: &str) -> Option<(&str, &str)> {
    let mut depth = 0_i32;
    for (index, c) in text.char_indices() {
        match c {
            '<' => depth += 1,
            '>' => depth -= 1,
            ',' if depth == 0 => return Some((&text[..index], &text[index + 1..])),
            _ => {}
        }
    }
    None
}

impl TryFrom<String> for TypeRef {
    type Error = TypeRefError;

    fn try_from(text: String) -> Result<Self, TypeRefError> {
        text.parse()
    }
}

impl From<TypeRef> for String {
    fn from(ty: TypeRef) -> Self {
        ty.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_reference_reads_back_as_it_was_written() {
        for text in
            ["()", "bool", "UserId", "Option<UserId>", "Vec<Map<UserId, Option<u8>>>", "Map<A, Vec<B>>"]
        {
            assert_eq!(text.parse::<TypeRef>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn a_malformed_type_reference_is_refused() {
        for text in ["", "Option<", "Map<A>", "Set<A>", "a b", "1x", "Option<A>>x"] {
            assert!(text.parse::<TypeRef>().is_err(), "{text}");
        }
    }
}
