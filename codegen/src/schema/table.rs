//! A table as contracts require it.

use super::condition::Condition;
use super::domain::{Column, Storage};
use crate::contract::TruthType;

/// What a database must have for one table of the contracts.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// `audit_events`, without the schema that specs write before it.
    pub name: String,
    /// The engine whose wiring lists its columns: `PH1.J`.
    pub engine: String,
    /// Whether rows are appended only, or change.
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
    /// The key in whose order rows lie, where a database has such an order; empty where none is stated.
    pub clustered_by: Vec<String>,
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
    /// The table that is referred to, without its schema: `devices`.
    pub table: String,
    /// The columns there, in the same order.
    pub to: Vec<String>,
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

    /// The column whose values are row numbers in a database that has some: the one that rows are clustered by, else a primary
    /// key of one whole number.
    #[must_use]
    pub fn row_number(&self) -> Option<&str> {
        let is_number = |name: &&str| {
            self.column(name).is_some_and(|column| {
                let is_given = column.is_private && self.clustered_by == [column.name.as_str()];
                column.domain.storage() == Storage::Integer
                    && (is_given || !column.is_optional && !column.is_private)
            })
        };
        let key = if self.clustered_by.is_empty() { &self.primary_key } else { &self.clustered_by };
        match key.as_slice() {
            [only] => Some(only.as_str()).filter(is_number),
            _ => None,
        }
    }
}
