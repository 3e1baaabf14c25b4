//! What the values of a column may be, as far as a schema keeps it, and how they lie in it: the one place that says how a
//! type of the lexicon is stored.

use crate::contract::{
    Builtin, Contract, Field, IntegerRepr, Number, Record, SharedContract, TypeDef, TypeKind, TypeRef,
};

use super::error::SchemaError;

/// Most bytes of a payload, from the wiring of the events.
const PAYLOAD_MAX_BYTES: usize = 2_048;

/// A pair of quotes or brackets.
const QUOTES: usize = 2;

/// A column and what its values may be.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// `pass_count`
    pub name: String,
    /// Whether it may be NULL.
    pub is_optional: bool,
    /// The values that it may have.
    pub domain: Domain,
    /// For a private column: what rows have that do not name it. Columns of rows have none.
    pub default: Option<Literal>,
    /// Whether no row names it.
    pub is_private: bool,
    /// What it means, for the reader.
    pub doc: String,
}

/// The values that a contract allows. The letters of texts and the registered reason codes are not among them:
/// admission checks those, and they may widen without a migration.
#[derive(Debug, Clone, PartialEq)]
pub enum Domain {
    /// Texts and JSON texts. A schema need not keep the length, but it must not refuse what the contract allows.
    Text {
        /// How many bytes the longest one has.
        longest: usize,
    },
    /// One of some texts.
    OneOf(Vec<String>),
    /// Yes or no, stored as 1 or 0.
    Bool,
    /// Whole numbers of up to 64 bits, stored with their bits: those from 2⁶³ look negative.
    Integer {
        /// Smallest value, inclusive.
        min: u64,
        /// Largest value, inclusive.
        max: u64,
    },
    /// 128-bit numbers, stored as 16 bytes, the highest first.
    Wide {
        /// Smallest value, inclusive.
        min: u128,
    },
    /// Finite 32-bit numbers.
    Real {
        /// Smallest value, inclusive, if any is stated.
        min: Option<f64>,
        /// Largest value, inclusive, if any is stated.
        max: Option<f64>,
    },
    /// A hash of exactly 32 bytes.
    Digest,
}

/// How a value lies in a row, in the forms that every database has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Storage {
    /// Bytes of UTF-8, compared as such.
    Text,
    /// A signed number of 64 bits.
    Integer,
    /// A floating number of 64 bits.
    Real,
    /// Bytes without a meaning for the database.
    Blob,
}

/// A value that a schema states.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    /// A whole number, with its bits.
    Integer(i64),
    /// A finite number.
    Real(f64),
    /// A text in UTF-8, without quotes.
    Text(String),
    /// Bytes as they lie in a row.
    Blob(Vec<u8>),
}

impl Domain {
    /// How its values are stored.
    #[must_use]
    pub const fn storage(&self) -> Storage {
        match self {
            Self::Text { .. } | Self::OneOf(_) => Storage::Text,
            Self::Bool | Self::Integer { .. } => Storage::Integer,
            Self::Wide { .. } | Self::Digest => Storage::Blob,
            Self::Real { .. } => Storage::Real,
        }
    }

    /// The numbers of the domain that a counter has: it starts at one and stays below 2⁶³, where the order of the bits is
    /// the order of the numbers.
    #[must_use]
    pub fn counting(self) -> Self {
        match self {
            Self::Integer { min, max } => {
                Self::Integer { min: min.max(1), max: max.min(i64::MAX.cast_unsigned()) }
            }
            other => other,
        }
    }

    /// A value of the domain from its digits, its text, or the hexadecimal digits of its bytes.
    #[must_use]
    pub fn literal(&self, text: &str) -> Option<Literal> {
        match self {
            Self::Text { longest } => (text.len() <= *longest).then(|| Literal::Text(text.to_owned())),
            Self::OneOf(values) => {
                values.iter().any(|value| value == text).then(|| Literal::Text(text.to_owned()))
            }
            Self::Bool => text.parse().ok().filter(|bit| (0..=1).contains(bit)).map(Literal::Integer),
            Self::Integer { min, max } => {
                let number = text.parse::<u64>().ok().filter(|number| (min..=max).contains(&number));
                number.map(|number| Literal::Integer(number.cast_signed()))
            }
            Self::Real { min, max } => {
                let number = text.parse::<f64>().ok().filter(|number| number.is_finite())?;
                let is_within = min.is_none_or(|min| number >= min) && max.is_none_or(|max| number <= max);
                is_within.then_some(Literal::Real(number))
            }
            Self::Wide { min } => {
                let bytes = hex(text, 16)?;
                (bytes.as_slice() >= min.to_be_bytes().as_slice()).then_some(Literal::Blob(bytes))
            }
            Self::Digest => hex(text, 32).map(Literal::Blob),
        }
    }
}

fn hex(text: &str, bytes: usize) -> Option<Vec<u8>> {
    let is_whole = text.len() == 2 * bytes && text.is_ascii();
    let pairs = (0..bytes).map(|index| u8::from_str_radix(text.get(2 * index..2 * index + 2)?, 16).ok());
    if is_whole { pairs.collect() } else { None }
}

/// What the names of types mean to one engine.
#[derive(Debug, Clone, Copy)]
pub struct Types<'a> {
    contract: &'a Contract,
    shared: &'a SharedContract,
}

impl<'a> Types<'a> {
    /// The types of an engine and those that all engines share.
    #[must_use]
    pub const fn new(contract: &'a Contract, shared: &'a SharedContract) -> Self {
        Self { contract, shared }
    }

    /// The column that a field becomes.
    ///
    /// # Errors
    /// The field's type is neither built in nor declared.
    pub fn column(&self, field: &Field) -> Result<Column, SchemaError> {
        let (is_optional, ty) = match &field.ty {
            TypeRef::Option(inner) => (true, inner.as_ref()),
            ty => (false, ty),
        };
        Ok(Column {
            name: field.name.clone(),
            is_optional,
            domain: self.domain(ty, field)?,
            default: None,
            is_private: false,
            doc: field.doc.clone(),
        })
    }

    fn domain(&self, ty: &TypeRef, field: &Field) -> Result<Domain, SchemaError> {
        let text = || Ok(Domain::Text { longest: self.longest(ty, field)? });
        let domain = match ty {
            TypeRef::Builtin(builtin) => match builtin {
                Builtin::Bool => Domain::Bool,
                Builtin::U8 => integer(field, None, u8::MAX.into()),
                Builtin::U16 => integer(field, None, u16::MAX.into()),
                Builtin::U32 => integer(field, None, u32::MAX.into()),
                Builtin::U64 => integer(field, None, u64::MAX),
                Builtin::F32 => {
                    let (min, max) = field.range.map(|(min, max)| (real(min), real(max))).unzip();
                    Domain::Real { min, max }
                }
                Builtin::Digest => Domain::Digest,
                Builtin::EngineReasonCode | Builtin::ReasonCode | Builtin::Payload => return text(),
            },
            TypeRef::Named(name) => match self.ty(name).map(|known| &known.kind) {
                Some(TypeKind::Text { max_len, .. }) => Domain::Text { longest: bytes(*max_len) },
                Some(TypeKind::Enum { values }) => Domain::OneOf(values.clone()),
                Some(TypeKind::Integer { repr: IntegerRepr::U128, min, .. }) => {
                    Domain::Wide { min: min.unwrap_or(0) }
                }
                Some(TypeKind::Integer { repr, min, max, .. }) => {
                    integer(field, min.map(narrow), narrow(max.unwrap_or(repr.largest())))
                }
                None => return text(),
            },
            // Lists, maps and records are JSON texts.
            _ => return text(),
        };
        Ok(domain)
    }

    fn ty(&self, name: &str) -> Option<&'a TypeDef> {
        self.contract.types.iter().chain(&self.shared.types).find(|known| known.name == name)
    }

    fn record(&self, name: &str) -> Option<&'a Record> {
        self.contract.records.iter().chain(&self.shared.records).find(|known| known.name == name)
    }

    /// Bytes of the longest JSON that a field has, without escapes.
    fn longest(&self, ty: &TypeRef, field: &Field) -> Result<usize, SchemaError> {
        let length = match ty {
            TypeRef::Unit | TypeRef::Map(..) => 0,
            TypeRef::Builtin(Builtin::EngineReasonCode | Builtin::ReasonCode) => {
                self.contract.reason_codes.iter().map(|code| code.name.len()).max().unwrap_or(1)
            }
            TypeRef::Builtin(Builtin::Payload) => PAYLOAD_MAX_BYTES,
            TypeRef::Builtin(Builtin::Digest) => 64 + QUOTES,
            TypeRef::Builtin(_) => u64::MAX.to_string().len(),
            TypeRef::Option(inner) => self.longest(inner, field)?,
            TypeRef::List(inner) => {
                QUOTES + bytes(field.max_items.unwrap_or(1)) * (self.longest(inner, field)? + 1)
            }
            TypeRef::Named(name) => match (self.ty(name).map(|known| &known.kind), self.record(name)) {
                (Some(TypeKind::Text { max_len, .. }), _) => bytes(*max_len) + QUOTES,
                (Some(TypeKind::Enum { values }), _) => {
                    values.iter().map(String::len).max().unwrap_or(0) + QUOTES
                }
                (Some(TypeKind::Integer { .. }), _) => u64::MAX.to_string().len(),
                (None, Some(record)) => {
                    let mut sum = QUOTES;
                    for field in &record.fields {
                        // The name in quotes, a colon, the value, a comma.
                        sum += field.name.len() + QUOTES + 1 + self.longest(&field.ty, field)? + 1;
                    }
                    sum
                }
                (None, None) => {
                    return Err(SchemaError::UnknownType { column: field.name.clone(), name: name.clone() });
                }
            },
        };
        Ok(length)
    }
}

fn bytes(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// A bound of an integer that is at most 64 bits wide.
fn narrow(bound: u128) -> u64 {
    u64::try_from(bound).unwrap_or(u64::MAX)
}

fn integer(field: &Field, min: Option<u64>, max: u64) -> Domain {
    let (low, high) = field.range.map(|(min, max)| (whole(min), whole(max))).unzip();
    Domain::Integer { min: low.flatten().or(min).unwrap_or(0), max: high.flatten().unwrap_or(max) }
}

fn whole(number: Number) -> Option<u64> {
    match number {
        Number::Whole(value) => u64::try_from(value).ok(),
        Number::Real(_) => None,
    }
}

fn real(number: Number) -> f64 {
    match number {
        #[allow(clippy::cast_precision_loss, reason = "bounds of the specs are small")]
        Number::Whole(value) => value as f64,
        Number::Real(value) => value,
    }
}
