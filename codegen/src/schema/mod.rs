//! The schema as the contracts want it: every table with its columns, keys, references, indices, conditions and locks.
//!
//! What lives here: the model of a schema, built from contracts ([`Schema::of`]), what a column may hold ([`Domain`]), what a
//! row must keep to ([`Condition`]), and the statements of each database ([`Dialect`]). What must not: a connection, a
//! migration, or anything about a schema that lies in a file.

mod build;
mod condition;
mod dialect;
mod domain;
mod names;
mod order;

pub use condition::{Condition, ConditionError};
pub use dialect::Dialect;
pub use domain::{Column, Domain, Literal, Storage, Types};

use crate::contract::{Contract, SharedContract, TruthType};

/// Every table that contracts describe column by column.
#[derive(Debug, Clone, PartialEq)]
pub struct Schema {
    /// Each behind those that it refers to; else in the order of the contracts and of their wirings. Where tables refer to each
    /// other in a circle, the first of them comes before what it refers to.
    pub tables: Vec<Table>,
}

/// A table.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// `audit_events`, without the schema that specs write before it.
    pub name: String,
    /// The engine whose wiring lists its columns: `PH1.J`.
    pub engine: String,
    /// Whether rows change.
    pub truth_type: TruthType,
    /// Columns in the order of the wiring, private ones last.
    pub columns: Vec<Column>,
    /// Columns of the primary key.
    pub primary_key: Vec<String>,
    /// Columns of each further key of all rows.
    pub unique_keys: Vec<Vec<String>>,
    /// Keys of some rows.
    pub partial_keys: Vec<Index>,
    /// Indices that are no keys.
    pub indices: Vec<Index>,
    /// References to other tables, in the order of the columns.
    pub foreign_keys: Vec<ForeignKey>,
    /// What every row keeps to, beside the bounds of its columns.
    pub checks: Vec<Condition>,
    /// Columns that never change after the insert, in the order of the columns. A ledger lists none: none of its changes.
    pub fixed: Vec<String>,
    /// Columns that never change once they have a value, in the order of the columns.
    pub set_once: Vec<String>,
    /// Columns that count from 1, in the order of the columns.
    pub counters: Vec<String>,
    /// The key of one whole number in whose order rows lie, where a database has such an order.
    pub clustered_by: Option<String>,
}

/// An index or a key, over all rows or over some.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Index {
    /// Its whole name, at most 63 bytes.
    pub name: String,
    /// Columns in its order.
    pub columns: Vec<String>,
    /// The rows that it holds, if not all.
    pub condition: Option<Condition>,
}

/// A reference to one row of another table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignKey {
    /// Columns of this table.
    pub columns: Vec<String>,
    /// The other table.
    pub table: String,
    /// The columns there, in the same order.
    pub to: Vec<String>,
}

/// Contracts of which no schema can be made. `regenerate` reports all of this at its place in the specs.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SchemaError {
    /// A type that nobody declares.
    #[error("the column `{column}` has the type `{name}`, which is neither built in nor declared")]
    UnknownType {
        /// The column.
        column: String,
        /// Its type.
        name: String,
    },
    /// A key, constraint or reference that names a column which is not there.
    #[error("the table `{table}` has no column `{column}`")]
    UnknownColumn {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
    /// A condition that no database takes, or not about this table.
    #[error("`{text}` is no condition of the table `{table}`: {error}")]
    Condition {
        /// The table.
        table: String,
        /// The condition as written.
        text: String,
        /// Why not.
        error: ConditionError,
    },
    /// A default that its column cannot have.
    #[error("the column `{column}` of the table `{table}` cannot have the default that is stated")]
    Default {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
    /// A reference or an index that is not written as such.
    #[error("`{0}` is neither a reference `table.column` nor an index `table(column, …)`")]
    Malformed(String),
}

impl Schema {
    /// The schema of contracts. A table's references and indices may stand in the wiring of another engine: of one contract
    /// alone come its own tables with their columns, keys, locks and conditions, and what its own wiring says beside them.
    ///
    /// # Errors
    /// What a contract states does not fit its tables.
    pub fn of(contracts: &[Contract], shared: &SharedContract) -> Result<Self, SchemaError> {
        let mut tables = build::tables(contracts, shared)?;
        for contract in contracts {
            build::add_foreign_keys(&mut tables, contract)?;
        }
        for contract in contracts {
            build::add_required_indices(&mut tables, contract)?;
        }
        Ok(Self { tables: order::by_references(tables) })
    }

    /// A table by its name.
    #[must_use]
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.name == name)
    }

    /// Every append-only table.
    pub fn ledgers(&self) -> impl Iterator<Item = &Table> {
        self.tables.iter().filter(|table| table.is_ledger())
    }
}

impl Table {
    /// Whether no row of it may change or go.
    #[must_use]
    pub fn is_ledger(&self) -> bool {
        self.truth_type == TruthType::Ledger
    }

    /// A column by its name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The primary key and every further key of all rows.
    pub fn keys(&self) -> impl Iterator<Item = &[String]> {
        std::iter::once(&self.primary_key).chain(&self.unique_keys).map(Vec::as_slice)
    }

    /// The column whose values are row numbers in a database that has some: the stated one, else a primary key of one whole
    /// number.
    #[must_use]
    pub fn row_number(&self) -> Option<&str> {
        let is_whole = |name: &&str| {
            self.column(name).is_some_and(|column| {
                column.domain.storage() == Storage::Integer && !column.is_optional && !column.is_private
            })
        };
        let of_key = || match self.primary_key.as_slice() {
            [only] => Some(only.as_str()),
            _ => None,
        };
        self.clustered_by.as_deref().or_else(of_key).filter(is_whole)
    }
}
