//! Tables, what is read of others, relations, and acceptance tests: the DB wiring's half of a contract.

use serde::{Deserialize, Serialize};

use super::{Field, Note};

/// A table that the engine owns or writes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// `os_core.audit_events`, as the spec writes it.
    pub name: String,
    /// Whether rows are appended only, or change.
    pub truth_type: TruthType,
    /// Column names of the primary key.
    pub primary_key: Vec<String>,
    /// Columns, where the DB wiring lists them (`fields`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<Field>,
    /// Unique keys beside the primary key, where the DB wiring lists them (`unique keys`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unique_keys: Vec<Vec<String>>,
    /// Invariants in the spec's words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub invariants: Vec<String>,
    /// What the schema keeps: the form of an invariant that a database understands, and what is kept beside them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub constraints: Vec<Constraint>,
    /// Indices beside those of keys and those that reads require as a whole.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub indices: Vec<Index>,
    /// Columns that are stored and stand in no row: a statement that leaves them out stores their default.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub private: Vec<PrivateColumn>,
    /// The unique key in whose order rows lie, where a database has such an order. A private column of one whole number is the
    /// row number that such a database gives by itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clustered_by: Vec<String>,
}

/// What the schema keeps of the rows of one table. Conditions are in the language of [`crate::schema::Condition`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Constraint {
    /// The sentence among the table's invariants that it keeps, in the spec's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keeps: Option<String>,
    /// Columns that never change after the insert.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fixed: Vec<String>,
    /// Columns that never change once they have a value.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub set_once: Vec<String>,
    /// A column that counts from 1, in steps of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counter: Option<String>,
    /// Conditions that hold for every row.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<String>,
    /// At most one row per columns, among the rows that its condition describes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unique_where: Option<Index>,
}

/// An index of some columns, over all rows or over some.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Index {
    /// What stands behind the table's name in its own: `active`.
    pub name: String,
    /// Columns in the order of the index.
    pub columns: Vec<String>,
    /// Which rows it holds, if not all.
    #[serde(rename = "where", default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
}

impl Index {
    /// The table and the columns of an index as wirings write it: `table(a, b)`.
    #[must_use]
    pub fn table_and_columns(text: &str) -> Option<(&str, Vec<String>)> {
        let (table, rest) = text.split_once('(')?;
        let (columns, _) = rest.split_once(')')?;
        Some((table.trim(), columns.split(',').map(|column| column.trim().to_owned()).collect()))
    }
}

/// A column that stands in no row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrivateColumn {
    /// The column with its type.
    pub column: Field,
    /// The value of rows that do not name it: a number, a text as it is, or the hexadecimal digits of bytes. Only an
    /// optional column may have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
}

/// The column of every [`TruthType::Current`] table that counts how often a row was written. It stands in no contract and in
/// no record: it says which of several events that seal a row is the newest.
pub const ROW_VERSION: &str = "row_version";

/// Whether a table's rows may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TruthType {
    /// Rows are appended, and never changed or removed.
    Ledger,
    /// Rows hold the newest state and are updated.
    Current,
}

/// Something that the engine reads but does not own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadDependency {
    /// Heading or label of the dependency.
    pub title: String,
    /// Tables that it names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tables: Vec<String>,
    /// Indices that the read needs, `table(column, …)`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub required_indices: Vec<String>,
    /// Everything else, in the spec's words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
}

impl ReadDependency {
    /// Whether the wiring needs a required index for some rows only: `` `t(a, b)` (where ACTIVE) ``.
    #[must_use]
    pub fn may_be_partial(&self, index: &str) -> bool {
        let words = format!("`{index}` (where ");
        self.notes.iter().any(|note| note.text.contains(&words))
    }
}

/// Keys and boundaries of the section `Relations & Keys`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Relations {
    /// Columns that name a row of another table.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub foreign_keys: Vec<ForeignKey>,
    /// Unique or dedupe constraints in the spec's words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unique: Vec<String>,
    /// State and boundary constraints in the spec's words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub constraints: Vec<String>,
}

impl Relations {
    /// Whether the spec states none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// `audit_events.user_id -> identities.user_id`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ForeignKey {
    /// `audit_events.user_id`.
    pub from: String,
    /// `identities.user_id`.
    pub to: String,
    /// What stands behind it in brackets: `nullable`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// One acceptance test of the DB wiring.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AcceptanceTest {
    /// `AT-PERS-DB-01`.
    pub id: String,
    /// `at_pers_db_01_tenant_isolation_enforced`.
    pub test_fn: String,
    /// `tenant isolation enforced`.
    pub title: String,
}
