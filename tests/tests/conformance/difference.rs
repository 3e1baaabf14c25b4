//! What one side has and the other lacks.

use std::fmt;

/// The two sides that are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lacking {
    /// A contract states it, and the schema does not have it.
    Schema,
    /// The schema has it, and no contract states it.
    Contract,
}

/// What kind of thing differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Table,
    Column,
    PrimaryKey,
    UniqueKey,
    Index,
    ForeignKey,
    Bound,
    Enum,
    Invariant,
    Lock,
}

impl Kind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Column => "column",
            Self::PrimaryKey => "primary key",
            Self::UniqueKey => "unique key",
            Self::Index => "index",
            Self::ForeignKey => "foreign key",
            Self::Bound => "bound",
            Self::Enum => "enum",
            Self::Invariant => "invariant",
            Self::Lock => "append-only lock",
        }
    }
}

/// One difference between the contracts and the schema.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Difference {
    /// The table that it is about, without the schema.
    pub table: String,
    /// What kind of thing differs.
    pub kind: Kind,
    /// Column or columns, or empty for the table itself.
    pub item: String,
    /// The side without it.
    pub lacking: Lacking,
    /// What is wrong, for the reader.
    pub text: String,
    /// The spec's file and line that state it, or those of the table.
    pub source: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let side = match self.lacking {
            Lacking::Schema => "the schema lacks",
            Lacking::Contract => "no contract has",
        };
        let (kind, table, item) = (self.kind.as_str(), &self.table, &self.item);
        let place = if item.is_empty() { table.clone() } else { format!("{table}.{item}") };
        write!(f, "{}: {side} the {kind} of `{place}`: {}", self.source, self.text)
    }
}

/// Every difference in one text, one per line, in the order of the tables.
pub fn listed(differences: &[Difference]) -> String {
    differences.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}
