//! The condition that keeps a column within its domain, as far as its type does not.

use crate::schema::{Column, Domain};

/// How a dialect writes what differs.
pub(super) struct Words {
    /// Bytes from their hexadecimal digits.
    pub bytes: fn(&str) -> String,
    /// Whether a column is one of some texts.
    pub one_of: fn(&str, &[String]) -> String,
}

/// What stands in `CHECK (…)`. NULL passes it.
pub(super) fn bound(column: &Column, words: &Words) -> Option<String> {
    let name = &column.name;
    match &column.domain {
        Domain::Text { .. } => None,
        Domain::OneOf(values) => Some((words.one_of)(name, values)),
        Domain::Bool => Some(format!("{name} IN (0, 1)")),
        Domain::Integer { min, max } => integer(name, *min, *max),
        Domain::Wide { min } => {
            let length = format!("length({name}) = 16");
            let digits = |number: u128| (words.bytes)(&format!("{number:032x}"));
            Some(match min {
                0 => length,
                1 => format!("{length} AND {name} <> {}", digits(0)),
                _ => format!("{length} AND {name} >= {}", digits(*min)),
            })
        }
        Domain::Real { min: None, max: None } => {
            // A little above the largest 32-bit number, so that no reader of decimals rounds it below.
            Some(format!("abs({name}) <= 3.4028235e38"))
        }
        Domain::Real { min, max } => {
            let (min, max) = (min.unwrap_or(f32::MIN.into()), max.unwrap_or(f32::MAX.into()));
            Some(format!("{name} BETWEEN {min:?} AND {max:?}"))
        }
        Domain::Digest => Some(format!("length({name}) = 32")),
    }
}

/// Numbers from 2⁶³ keep their bits and so lie below zero.
fn integer(name: &str, min: u64, max: u64) -> Option<String> {
    const LARGEST: u64 = i64::MAX.cast_unsigned();
    let (low, high) = (min.cast_signed(), max.cast_signed());
    match (min, max) {
        (0, u64::MAX) => None,
        (1, u64::MAX) => Some(format!("{name} <> 0")),
        (_, LARGEST) => Some(format!("{name} >= {low}")),
        _ if (min > LARGEST) == (max > LARGEST) => Some(format!("{name} BETWEEN {low} AND {high}")),
        (0, _) => Some(format!("{name} >= 0 OR {name} <= {high}")),
        (_, u64::MAX) => Some(format!("{name} >= {low} OR {name} < 0")),
        _ => Some(format!("{name} >= {low} OR {name} <= {high}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_64_bits_is_bound_by_its_bits() {
        let shown = |min, max| integer("n", min, max).unwrap_or_default();
        let sign = 1 << 63;
        assert_eq!(shown(0, u64::MAX), "");
        assert_eq!(shown(1, u64::MAX), "n <> 0");
        assert_eq!(shown(2, u64::MAX), "n >= 2 OR n < 0");
        assert_eq!(shown(1, sign - 1), "n >= 1");
        assert_eq!(shown(3, 8), "n BETWEEN 3 AND 8");
        assert_eq!(shown(sign, u64::MAX), "n BETWEEN -9223372036854775808 AND -1");
        assert_eq!(shown(0, sign), "n >= 0 OR n <= -9223372036854775808");
        assert_eq!(shown(5, sign), "n >= 5 OR n <= -9223372036854775808");
    }
}
