//! The reason codes of all engines together. The type of a code stands apart, because the engines are made of it.

use std::str::FromStr;

use crate::engines;
use crate::reason::{ReasonCode, UnknownReasonCode};

impl ReasonCode {
    /// Every registered code, engine by engine, by number.
    pub fn all() -> impl Iterator<Item = Self> {
        engines::ALL.iter().flat_map(|engine| engine.reason_codes.iter().copied())
    }
}

impl FromStr for ReasonCode {
    type Err = UnknownReasonCode;

    fn from_str(name: &str) -> Result<Self, UnknownReasonCode> {
        Self::all()
            .find(|code| code.as_str() == name)
            .ok_or_else(|| UnknownReasonCode { name: name.to_owned() })
    }
}
