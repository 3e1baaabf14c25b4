//! The schema as the contracts require it: every table with its columns, keys, references, indices, conditions and locks.
//!
//! What lives here: the model of a schema, built from contracts ([`Schema::of`]), what a column may hold ([`Domain`]), what a
//! row must keep to ([`Condition`]), and the statements of each database ([`Dialect`]). What must not: a connection, a
//! migration, or anything about a schema that lies in a file.

mod build;
mod condition;
mod dialect;
mod domain;
mod error;
mod names;
mod order;
mod table;
mod text;

pub use condition::{Condition, ConditionError};
pub use dialect::Dialect;
pub use domain::{Column, Domain, Literal, Storage, Types};
pub use error::SchemaError;
pub use table::{ForeignKey, Index, Table};

use crate::contract::{Contract, SharedContract};

/// Every table that contracts describe column by column.
#[derive(Debug, Clone, PartialEq)]
pub struct Schema {
    /// Each behind those that it refers to; else in the order of the contracts and of their wirings. Where tables refer to each
    /// other in a circle, the first of them comes before what it refers to.
    pub tables: Vec<Table>,
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

    /// Every append-only table, in the order of the schema.
    pub fn ledgers(&self) -> impl Iterator<Item = &Table> {
        self.tables.iter().filter(|table| table.is_ledger())
    }
}
