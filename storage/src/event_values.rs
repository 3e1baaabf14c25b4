//! The values of a stored event, borrowed: what is hashed is what lies in the row, not what a type makes of it.

use selene_contracts::ph1_j::AuditEventsRow;
use selene_contracts::row::{Selection as _, Value};

/// The position of a column of an event, found while compiling: `at!(HASH)`.
macro_rules! at {
    ($column:ident) => {
        const {
            selene_contracts::row::position(
                <selene_contracts::ph1_j::AuditEventsRow as selene_contracts::row::Selection>::COLUMNS,
                selene_contracts::tables::audit_events::$column,
            )
        }
    };
}

pub(crate) use at;

fn name(position: usize) -> &'static str {
    AuditEventsRow::COLUMNS.get(position).copied().unwrap_or("an absent column")
}

/// The values of one event, in the order of [`AuditEventsRow`]'s columns.
#[derive(Clone, Copy)]
pub(crate) struct Values<'a>(pub(crate) &'a [Value<'a>]);

/// The column whose value has another form than the schema says.
type Read<T> = Result<T, &'static str>;

impl<'a> Values<'a> {
    fn value(self, position: usize) -> Read<&'a Value<'a>> {
        self.0.get(position).ok_or(name(position))
    }

    pub(crate) fn optional_text(self, position: usize) -> Read<Option<&'a str>> {
        match self.value(position)? {
            Value::Null => Ok(None),
            Value::Text(text) => Ok(Some(text)),
            _ => Err(name(position)),
        }
    }

    pub(crate) fn text(self, position: usize) -> Read<&'a str> {
        self.optional_text(position)?.ok_or(name(position))
    }

    pub(crate) fn optional_number(self, position: usize) -> Read<Option<u64>> {
        match self.value(position)? {
            Value::Null => Ok(None),
            Value::Integer(value) => Ok(Some(value.cast_unsigned())),
            _ => Err(name(position)),
        }
    }

    pub(crate) fn number(self, position: usize) -> Read<u64> {
        self.optional_number(position)?.ok_or(name(position))
    }

    pub(crate) fn wide(self, position: usize) -> Read<u128> {
        match self.value(position)? {
            Value::Wide(bytes) => Ok(u128::from_be_bytes(*bytes)),
            Value::Bytes(bytes) => {
                bytes.as_ref().try_into().map(u128::from_be_bytes).map_err(|_| name(position))
            }
            _ => Err(name(position)),
        }
    }

    pub(crate) fn digest(self, position: usize) -> Read<&'a [u8; 32]> {
        match self.value(position)? {
            Value::Bytes(bytes) => bytes.as_ref().try_into().map_err(|_| name(position)),
            _ => Err(name(position)),
        }
    }
}
