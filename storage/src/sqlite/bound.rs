//! A neutral value as rusqlite binds it.

use rusqlite::ToSql;
use rusqlite::types::{ToSqlOutput, ValueRef};
use selene_contracts::row::Value;

/// A value as rusqlite binds it.
pub(crate) struct Bound<'a>(pub(crate) &'a Value<'a>);

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self.0 {
            Value::Null => ValueRef::Null,
            Value::Integer(value) => ValueRef::Integer(*value),
            Value::Real(value) => ValueRef::Real(*value),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Bytes(bytes) => ValueRef::Blob(bytes),
            Value::Wide(bytes) => ValueRef::Blob(bytes),
        }))
    }
}
