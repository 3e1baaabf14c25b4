//! What is wrong with a field of a call. Found by [`Violations`](crate::Violations), reported by
//! [`StorageError`](crate::StorageError).

use crate::cursor::CursorProblem;
use crate::look_alike::LookAlike;
use crate::payload::PayloadError;
use crate::reason::{ReasonCode, ReasonRule};

/// One field that breaks the contract. Never holds the value itself.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{field} {problem}")]
pub struct FieldViolation {
    /// Name of the field in the input.
    pub field: &'static str,
    /// What is wrong with it.
    pub problem: Problem,
    /// The code of this violation.
    pub reason_code: ReasonCode,
}

/// What is wrong with a field.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// Empty, or only white space.
    #[error("is blank")]
    Blank,
    /// Fewer or more bytes than allowed.
    #[error("has {actual} bytes, not {min}..={max}")]
    Length {
        /// Fewest bytes that are allowed.
        min: usize,
        /// Most bytes that are allowed.
        max: usize,
        /// Bytes that the call gave.
        actual: usize,
    },
    /// A byte that is not ASCII.
    #[error("is not ASCII")]
    NotAscii,
    /// A number out of its range.
    #[error("is not within {min}..={max}")]
    Range {
        /// Smallest value, as the contract writes it.
        min: &'static str,
        /// Largest value, as the contract writes it.
        max: &'static str,
    },
    /// NaN or an infinity.
    #[error("is not a finite number")]
    NotFinite,
    /// Zero where the contract demands more.
    #[error("must be greater than zero")]
    Zero,
    /// Another value than the one that the contract fixes.
    #[error("must be {expected}")]
    Fixed {
        /// The value that the contract fixes.
        expected: &'static str,
    },
    /// More items than allowed.
    #[error("has {actual} items, at most {max} are allowed")]
    Items {
        /// Most items that are allowed.
        max: usize,
        /// Items that the call gave.
        actual: usize,
    },
    /// A reason code that is retired.
    #[error("is a retired reason code")]
    Retired,
    /// A reason code of a class that the field does not take.
    #[error("must be a reason code of another class: the field takes {takes}")]
    ReasonClass {
        /// What the field takes.
        takes: &'static ReasonRule,
    },
    /// An id that looks like another one.
    #[error("{0}")]
    LookAlike(LookAlike),
    /// A cursor that does not lead on in this call.
    #[error("{0}")]
    Cursor(CursorProblem),
    /// A payload out of its bounds.
    #[error("{0}")]
    Payload(PayloadError),
    /// A rule of the engine that needs the rows, such as a state that does not allow the call.
    #[error("{0}")]
    Rule(&'static str),
}
