//! SQLite as a session: neutral values are bound, rows are read by position, statements stay prepared.

use std::borrow::Cow;

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, Row, Statement, ToSql};
use selene_contracts::row::{Cells, FromRow, Unreadable, Value};

use crate::failure::Failure;
use crate::session::Session;

impl Session for Connection {
    fn execute(&self, sql: &'static str, values: &[Value<'_>]) -> Result<usize, Failure> {
        let mut statement = self.prepare_cached(sql)?;
        bind(&mut statement, values)?;
        Ok(statement.raw_execute()?)
    }

    fn first<R: FromRow>(&self, sql: &'static str, values: &[Value<'_>]) -> Result<Option<R>, Failure> {
        let mut statement = self.prepare_cached(sql)?;
        bind(&mut statement, values)?;
        let mut rows = statement.raw_query();
        rows.next()?.map(read).transpose()
    }

    fn exists(&self, sql: &'static str, values: &[Value<'_>]) -> Result<bool, Failure> {
        let mut statement = self.prepare_cached(sql)?;
        bind(&mut statement, values)?;
        Ok(statement.raw_query().next()?.is_some())
    }

    fn connection(&self) -> &Connection {
        self
    }

    fn each<R: FromRow>(
        &self,
        sql: &'static str,
        values: &[Value<'_>],
        visit: &mut dyn FnMut(R) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let mut statement = self.prepare_cached(sql)?;
        bind(&mut statement, values)?;
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next()? {
            visit(read(row)?)?;
        }
        Ok(())
    }
}

fn bind(statement: &mut Statement<'_>, values: &[Value<'_>]) -> rusqlite::Result<()> {
    // SQLite takes an unbound parameter for NULL; a wrong count must be an error instead.
    if statement.parameter_count() != values.len() {
        return Err(rusqlite::Error::InvalidParameterCount(values.len(), statement.parameter_count()));
    }
    // `$1` is a named parameter to SQLite. It numbers them by first appearance, as statements count them.
    values.iter().zip(1..).try_for_each(|(value, place)| statement.raw_bind_parameter(place, Bound(value)))
}

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

/// A row of an answer.
pub(crate) struct SqliteCells<'a>(pub(crate) &'a Row<'a>);

impl Cells for SqliteCells<'_> {
    fn cell(&self, position: usize) -> Value<'_> {
        match self.0.get_ref(position) {
            Ok(ValueRef::Integer(value)) => Value::Integer(value),
            Ok(ValueRef::Real(value)) => Value::Real(value),
            // Text that is no UTF-8 has no form that a column takes for text.
            Ok(ValueRef::Text(text)) => std::str::from_utf8(text)
                .map_or_else(|_| Value::Bytes(Cow::Borrowed(text)), |text| Value::Text(Cow::Borrowed(text))),
            Ok(ValueRef::Blob(bytes)) => Value::Bytes(Cow::Borrowed(bytes)),
            Ok(ValueRef::Null) | Err(_) => Value::Null,
        }
    }
}

fn read<R: FromRow>(row: &Row<'_>) -> Result<R, Failure> {
    R::from_row(&SqliteCells(row)).map_err(|error| unreadable::<R>(row, error))
}

/// Says which column of which table holds the value; nothing of the value itself.
fn unreadable<R: FromRow>(row: &Row<'_>, error: Unreadable) -> Failure {
    let place = match R::column_at(error.position) {
        Some((table, column)) => format!("{table}.{column}"),
        None => row.as_ref().column_name(error.position).unwrap_or("an absent column").to_owned(),
    };
    Failure::Unreadable(place)
}
