//! Contracts of which no schema can be made.

use super::condition::ConditionError;

/// Contracts of which no schema can be made. `regenerate` reports all of this at its place in the specs.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SchemaError {
    /// A type that nobody declares.
    #[error("the column `{column}` has the type `{name}`, which is neither built in nor declared")]
    UnknownType {
        /// Name of the column.
        column: String,
        /// The type that its field names.
        name: String,
    },
    /// A key, constraint or reference that names a column which is not there.
    #[error("the table `{table}` has no column `{column}`")]
    UnknownColumn {
        /// Name of the table without its schema: `audit_events`.
        table: String,
        /// The name that is no column of it.
        column: String,
    },
    /// A condition that no database takes, or not about this table.
    #[error("`{text}` is no condition of the table `{table}`: {error}")]
    Condition {
        /// Name of the table without its schema: `audit_events`.
        table: String,
        /// The condition as written.
        text: String,
        /// What is wrong with the condition.
        error: ConditionError,
    },
    /// A default that its column cannot have.
    #[error("the column `{column}` of the table `{table}` cannot have the default that is stated")]
    Default {
        /// Name of the table without its schema: `audit_events`.
        table: String,
        /// The column that the default is stated for.
        column: String,
    },
    /// A reference or an index that is not written as such.
    #[error("`{0}` is neither a reference `table.column` nor an index `table(column, …)`")]
    Malformed(String),
}
