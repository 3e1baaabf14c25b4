//! The bounds of integer types in contract files: a number up to 64 bits, and a text of digits above, because most
//! readers of YAML and JSON lose digits of larger numbers.

use std::fmt;

use serde::de::{Error, Visitor};
use serde::{Deserializer, Serializer};

/// Writes a bound; absent ones are not written at all.
#[allow(clippy::ref_option, reason = "serde hands the field over by reference")]
pub(super) fn serialize<S: Serializer>(bound: &Option<u128>, serializer: S) -> Result<S::Ok, S::Error> {
    match bound {
        None => serializer.serialize_none(),
        Some(bound) => match u64::try_from(*bound) {
            Ok(small) => serializer.serialize_u64(small),
            Err(_) => serializer.collect_str(bound),
        },
    }
}

/// Reads a bound, as a number or as its digits.
pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u128>, D::Error> {
    deserializer.deserialize_any(Bound)
}

struct Bound;

impl Visitor<'_> for Bound {
    type Value = Option<u128>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a whole number from 0, or its digits as a text")
    }

    fn visit_u64<E: Error>(self, bound: u64) -> Result<Self::Value, E> {
        Ok(Some(bound.into()))
    }

    fn visit_str<E: Error>(self, digits: &str) -> Result<Self::Value, E> {
        digits.parse().map(Some).map_err(|_| E::invalid_value(serde::de::Unexpected::Str(digits), &self))
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
}
