//! What the values of a column may be, as far as the schema keeps it.

use selene_codegen::contract::{
    Builtin, Contract, Field, IntegerRepr, Number, Record, SharedContract, TypeDef, TypeKind, TypeRef,
};

/// A column and what its values may be.
#[derive(Debug, Clone)]
pub struct Column {
    pub name: String,
    pub is_optional: bool,
    pub domain: Domain,
}

/// The values that a contract allows. The letters of texts and the registered reason codes are not among them:
/// admission checks those, and they may widen without a migration.
#[derive(Debug, Clone)]
pub enum Domain {
    /// Texts and JSON texts, and how many bytes the longest one has. A schema need not keep the length, but it must not
    /// refuse what the contract allows.
    Text {
        longest: usize,
    },
    OneOf(Vec<String>),
    Bool,
    /// Whole numbers of up to 64 bits, stored with their bits.
    Integer {
        min: u64,
        max: u64,
    },
    /// 128-bit numbers, stored as 16 bytes.
    Wide {
        min: u128,
    },
    /// Finite 32-bit numbers.
    Real {
        min: Option<f64>,
        max: Option<f64>,
    },
    /// 32 bytes.
    Digest,
}

impl Domain {
    /// The type of the column in SQLite.
    pub const fn sql_type(&self) -> &'static str {
        match self {
            Self::Text { .. } | Self::OneOf(_) => "TEXT",
            Self::Bool | Self::Integer { .. } => "INTEGER",
            Self::Wide { .. } | Self::Digest => "BLOB",
            Self::Real { .. } => "REAL",
        }
    }

    /// The numbers of the domain that a counter has: it starts at one and stays below 2⁶³, where the order of the bits is
    /// the order of the numbers.
    pub fn counting(self) -> Self {
        match self {
            Self::Integer { min, max } => {
                Self::Integer { min: min.max(1), max: max.min(i64::MAX.cast_unsigned()) }
            }
            other => other,
        }
    }
}

/// What the names of types mean to one engine.
pub struct Types<'a> {
    contract: &'a Contract,
    shared: &'a SharedContract,
}

impl<'a> Types<'a> {
    pub const fn new(contract: &'a Contract, shared: &'a SharedContract) -> Self {
        Self { contract, shared }
    }

    pub fn column(&self, field: &Field) -> Column {
        let (is_optional, ty) = match &field.ty {
            TypeRef::Option(inner) => (true, inner.as_ref()),
            ty => (false, ty),
        };
        Column { name: field.name.clone(), is_optional, domain: self.domain(ty, field) }
    }

    fn domain(&self, ty: &TypeRef, field: &Field) -> Domain {
        let text = || Domain::Text { longest: self.longest(ty, field) };
        match ty {
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
                Builtin::EngineReasonCode | Builtin::ReasonCode | Builtin::Payload => text(),
            },
            TypeRef::Named(name) => match self.ty(name).map(|known| &known.kind) {
                Some(TypeKind::Text { max_len, .. }) => Domain::Text { longest: bytes(*max_len) },
                Some(TypeKind::Enum { values }) => Domain::OneOf(values.clone()),
                Some(TypeKind::Integer { repr: IntegerRepr::U128, min, .. }) => {
                    Domain::Wide { min: min.unwrap_or(0) }
                }
                Some(TypeKind::Integer { repr, min, max, .. }) => {
                    integer(field, min.map(narrow), max.map_or_else(|| largest(*repr), narrow))
                }
                None => text(),
            },
            // Lists, maps and records are JSON texts.
            _ => text(),
        }
    }

    fn ty(&self, name: &str) -> Option<&'a TypeDef> {
        self.contract.types.iter().chain(&self.shared.types).find(|known| known.name == name)
    }

    fn record(&self, name: &str) -> Option<&'a Record> {
        self.contract.records.iter().chain(&self.shared.records).find(|known| known.name == name)
    }

    /// Bytes of the longest JSON that a field has, without escapes.
    fn longest(&self, ty: &TypeRef, field: &Field) -> usize {
        match ty {
            TypeRef::Unit | TypeRef::Map(..) => 0,
            TypeRef::Builtin(Builtin::EngineReasonCode | Builtin::ReasonCode) => {
                self.contract.reason_codes.iter().map(|code| code.name.len()).max().unwrap_or(1)
            }
            TypeRef::Builtin(Builtin::Payload) => 2_048,
            TypeRef::Builtin(Builtin::Digest) => 64 + QUOTES,
            TypeRef::Builtin(_) => u64::MAX.to_string().len(),
            TypeRef::Option(inner) => self.longest(inner, field),
            TypeRef::List(inner) => {
                QUOTES + bytes(field.max_items.unwrap_or(1)) * (self.longest(inner, field) + 1)
            }
            TypeRef::Named(name) => match (self.ty(name).map(|known| &known.kind), self.record(name)) {
                (Some(TypeKind::Text { max_len, .. }), _) => bytes(*max_len) + QUOTES,
                (Some(TypeKind::Enum { values }), _) => {
                    values.iter().map(String::len).max().unwrap_or(0) + QUOTES
                }
                (Some(TypeKind::Integer { .. }), _) => u64::MAX.to_string().len(),
                (None, Some(record)) => {
                    let field = |field: &Field| {
                        // The name in quotes, a colon, the value, a comma.
                        field.name.len() + QUOTES + 1 + self.longest(&field.ty, field) + 1
                    };
                    QUOTES + record.fields.iter().map(field).sum::<usize>()
                }
                (None, None) => panic!("`{name}` is neither a type nor a record"),
            },
        }
    }
}

/// A pair of quotes or brackets.
const QUOTES: usize = 2;

fn bytes(number: u32) -> usize {
    usize::try_from(number).expect("lengths of the contracts are small")
}

const fn largest(repr: IntegerRepr) -> u64 {
    match repr {
        IntegerRepr::U8 => u8::MAX as u64,
        IntegerRepr::U16 => u16::MAX as u64,
        IntegerRepr::U32 => u32::MAX as u64,
        IntegerRepr::U64 | IntegerRepr::U128 => u64::MAX,
    }
}

/// A bound of an integer that is at most 64 bits wide.
fn narrow(bound: u128) -> u64 {
    u64::try_from(bound).expect("the bound fits its type")
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
