//! Tables, what is read of others, relations, and acceptance tests: the DB wiring's half of a contract.

use serde::{Deserialize, Serialize};

use super::{Field, Note};

/// A table that the engine owns or writes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// `os_core.audit_events`, as the spec writes it.
    pub name: String,
    /// Whether rows change.
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
}

/// Whether a table's rows may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TruthType {
    /// Append-only.
    Ledger,
    /// The newest state.
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

/// Keys and boundaries of the section `Relations & Keys`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Relations {
    /// Foreign keys.
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
