//! Which records are rows of a table, and how far.

use super::selection::is_column;
use crate::contract::{Field, Record, Table, TypeRef};

/// How far a record is a row of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// Every field is a column; some columns are left out.
    Part,
    /// Every column is a field. Further fields are empty where a row is read.
    Whole,
}

impl Fit {
    /// A record fits when it has the whole primary key, its fields are columns of the same names and types, and what is no
    /// column can be empty.
    #[must_use]
    pub fn of(table: &Table, record: &Record) -> Option<Self> {
        let field = |name: &str| record.fields.iter().find(|field| field.name == name);
        let is_column = |field: &Field| is_column(table, field);
        if !table.primary_key.iter().all(|key| field(key).is_some_and(is_column)) {
            return None;
        }
        if table.columns.iter().all(|column| field(&column.name).is_some_and(|field| field.ty == column.ty)) {
            return record
                .fields
                .iter()
                .all(|field| is_column(field) || can_be_empty(field))
                .then_some(Self::Whole);
        }
        record.fields.iter().all(is_column).then_some(Self::Part)
    }
}

fn can_be_empty(field: &Field) -> bool {
    matches!(field.ty, TypeRef::Option(_) | TypeRef::List(_) | TypeRef::Map(..))
}
