//! Statements that make a schema. What a database calls a type, a lock and a reference lies with it; what is the same in
//! all of them lies in `words`.

mod bounds;
mod postgres;
mod sqlite;
mod words;

use self::words::literal;
use super::domain::{Column, Literal};
use super::table::Table;

/// A database that a schema can be made in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// SQLite, from 3.37: STRICT tables.
    Sqlite,
    /// PostgreSQL, from 14.
    Postgres,
}

impl Dialect {
    /// The statements that make tables, in their order, with an empty line between them. Tables that they refer to and that
    /// are not among them must be there already.
    #[must_use]
    pub fn statements(self, tables: &[&Table]) -> Vec<String> {
        match self {
            Self::Sqlite => tables.iter().flat_map(|table| sqlite::statements(table)).collect(),
            Self::Postgres => postgres::statements(tables),
        }
    }

    /// The statement that adds a column to a table which has rows, with its bounds and what the table's conditions say of it.
    /// None where the database adds none such: one of a key, or one that must have a value and has no default.
    #[must_use]
    pub fn add_column(self, table: &Table, column: &Column) -> Option<String> {
        match self {
            Self::Sqlite => sqlite::add_column(table, column),
            Self::Postgres => postgres::add_column(table, column),
        }
    }

    /// How a value is written: `DEFAULT` has it like this.
    #[must_use]
    pub fn literal(self, value: &Literal) -> String {
        match self {
            Self::Sqlite => literal(value, sqlite::bytes),
            Self::Postgres => literal(value, postgres::bytes),
        }
    }
}
