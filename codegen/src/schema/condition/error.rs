//! Conditions that are none.

/// A condition that is not one, or that some database would not take.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConditionError {
    /// A character or word that stands in no condition.
    #[error("`{0}` is not understood")]
    Unexpected(String),
    /// The text ends too early.
    #[error("it ends where something must follow")]
    Unfinished,
    /// A column that the table does not have.
    #[error("there is no column `{0}`")]
    UnknownColumn(String),
    /// A text that the column never is.
    #[error("`{column}` is never '{value}'")]
    UnknownValue {
        /// Name of the column: `onboarding_status`.
        column: String,
        /// What it is compared with.
        value: String,
    },
    /// Values of different kinds are compared, or a condition stands where a value must.
    #[error("{found} stands where {expected} must")]
    WrongKind {
        /// What stands there: `a text`.
        found: &'static str,
        /// What must stand there: `a number`.
        expected: &'static str,
    },
    /// Numbers that use all 64 bits have another order in a database.
    #[error(
        "numbers of 64 bits without a sign keep their bits in a column, so that a database cannot order them"
    )]
    Unordered,
}
