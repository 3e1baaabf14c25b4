//! The stored form of the types that every contract knows.

use std::borrow::Cow;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::column::{Column, Value};
use crate::{Digest, ReasonCode};

/// Small documents: JSON in TEXT.
pub mod document {
    use super::{Cow, DeserializeOwned, Serialize, Value};

    /// The JSON of a document.
    ///
    /// # Panics
    /// The type has no JSON form. The types of contracts all have one: their maps have texts as keys.
    pub fn value<T: Serialize>(document: &T) -> Value<'static> {
        Value::Text(Cow::Owned(
            serde_json::to_string(document).expect("a document of a contract has a JSON form"),
        ))
    }

    /// The document of a JSON text.
    #[must_use]
    pub fn read<T: DeserializeOwned>(value: &Value<'_>) -> Option<T> {
        match value {
            Value::Text(text) => serde_json::from_str(text).ok(),
            _ => None,
        }
    }
}

impl<T: Column> Column for Option<T> {
    fn value(&self) -> Value<'_> {
        self.as_ref().map_or(Value::Null, T::value)
    }

    fn read(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Null => Some(None),
            value => T::read(value).map(Some),
        }
    }
}

impl<T: Serialize + DeserializeOwned> Column for Vec<T> {
    fn value(&self) -> Value<'_> {
        document::value(self)
    }

    fn read(value: Value<'_>) -> Option<Self> {
        document::read(&value)
    }
}

impl Column for String {
    fn value(&self) -> Value<'_> {
        Value::Text(Cow::Borrowed(self))
    }

    fn read(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Text(text) => Some(text.into_owned()),
            _ => None,
        }
    }
}

impl Column for ReasonCode {
    fn value(&self) -> Value<'_> {
        Value::Text(Cow::Borrowed(self.as_str()))
    }

    fn read(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Text(text) => text.parse().ok(),
            _ => None,
        }
    }
}

impl Column for Digest {
    fn value(&self) -> Value<'_> {
        Value::Bytes(Cow::Borrowed(self.as_bytes()))
    }

    fn read(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Bytes(bytes) => bytes.as_ref().try_into().ok().map(Self),
            _ => None,
        }
    }
}

impl Column for bool {
    fn value(&self) -> Value<'_> {
        Value::Integer((*self).into())
    }

    fn read(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Integer(0) => Some(false),
            Value::Integer(1) => Some(true),
            _ => None,
        }
    }
}

impl Column for u64 {
    fn value(&self) -> Value<'_> {
        Value::Integer(self.cast_signed())
    }

    fn read(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Integer(value) => Some(value.cast_unsigned()),
            _ => None,
        }
    }
}

impl Column for u128 {
    fn value(&self) -> Value<'_> {
        Value::Wide(self.to_be_bytes())
    }

    fn read(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Wide(bytes) => Some(Self::from_be_bytes(bytes)),
            Value::Bytes(bytes) => bytes.as_ref().try_into().ok().map(Self::from_be_bytes),
            _ => None,
        }
    }
}

impl Column for f32 {
    fn value(&self) -> Value<'_> {
        // Zero has one stored form: SQLite keeps no sign of it.
        Value::Real((*self + 0.0).into())
    }

    #[expect(clippy::cast_possible_truncation, reason = "a value that is no f32 is refused right after")]
    fn read(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Real(value) => {
                let narrow = value as Self;
                (f64::from(narrow).to_bits() == value.to_bits()).then_some(narrow)
            }
            _ => None,
        }
    }
}

macro_rules! small_numbers {
    ($($number:ty),*) => {
        $(impl Column for $number {
            fn value(&self) -> Value<'_> {
                Value::Integer((*self).into())
            }

            fn read(value: Value<'_>) -> Option<Self> {
                match value {
                    Value::Integer(value) => value.try_into().ok(),
                    _ => None,
                }
            }
        })*
    };
}

small_numbers!(u8, u16, u32, i64);

#[cfg(test)]
mod tests {
    use super::*;

    fn read_back<T: Column + PartialEq + std::fmt::Debug>(value: T) {
        assert_eq!(T::read(value.value().into_owned()), Some(value));
    }

    #[test]
    fn every_value_reads_back_as_it_was_stored() {
        for number in [0, 1, u64::MAX >> 1, (u64::MAX >> 1) + 1, u64::MAX] {
            read_back(number);
        }
        read_back(u128::MAX);
        read_back(7_u8);
        read_back(1.5_f32);
        read_back(true);
        read_back(Some("text".to_owned()));
        read_back(None::<bool>);
        read_back(Digest([9; 32]));
        read_back(vec![1_u8, 2]);
    }

    #[test]
    fn zero_has_one_stored_form() {
        let bits = |value: f32| match value.value() {
            Value::Real(value) => value.to_bits(),
            other => panic!("{other:?} is no real number"),
        };
        assert_eq!(bits(-0.0), bits(0.0));
        assert_ne!(bits(-1.5), bits(1.5));
    }

    #[test]
    fn another_form_is_no_value() {
        assert_eq!(bool::read(Value::Integer(2)), None);
        assert_eq!(u8::read(Value::Integer(256)), None);
        assert_eq!(u64::read(Value::Text("1".into())), None);
        assert_eq!(f32::read(Value::Real(0.1)), None);
        assert_eq!(u128::read(Value::Bytes(vec![0; 15].into())), None);
        assert_eq!(Digest::read(Value::Null), None);
        assert_eq!(Vec::<u8>::read(Value::Text("[300]".into())), None);
        assert_eq!(Option::<u8>::read(Value::Text("".into())), None);
    }
}
