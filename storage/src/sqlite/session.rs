//! SQLite as a session: neutral values are bound, rows are read by position, statements stay prepared.

use std::borrow::Cow;

use rusqlite::types::ValueRef;
use rusqlite::{CachedStatement, Connection, Row, Statement};
use selene_contracts::row::{Cells, FromRow, Value};

use crate::commit::driver::{Held, OpenTransaction};
use crate::failure::Failure;
use crate::rows::stored::LedgerRow;
use crate::session::{Session, read};
use crate::sqlite::bound::Bound;
use crate::sqlite::{guard, page_check, row_numbers};

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
        rows.next()?.map(|row| read(&SqliteCells(row))).transpose()
    }

    fn exists(&self, sql: &'static str, values: &[Value<'_>]) -> Result<bool, Failure> {
        let mut statement = self.prepare_cached(sql)?;
        bind(&mut statement, values)?;
        Ok(statement.raw_query().next()?.is_some())
    }

    fn page_faults(&self) -> Result<Option<Vec<String>>, Failure> {
        let mut faults = page_check::faults(self)?;
        // Tables that cannot be read are told already.
        if faults.is_empty() {
            faults = row_numbers::faults(self)?;
        }
        Ok(Some(faults))
    }

    fn visit(
        &self,
        sql: &str,
        values: &[Value<'_>],
        visit: &mut dyn FnMut(&dyn Cells) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let mut statement = self.prepare_cached(sql)?;
        bind(&mut statement, values)?;
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next()? {
            visit(&SqliteCells(row))?;
        }
        Ok(())
    }
}

impl OpenTransaction for Connection {
    /// `BEGIN IMMEDIATE` keeps every other writer out.
    fn hold_chain(&self, _chain_id: &str) -> Result<Held, Failure> {
        Ok(Held { as_of: 0, is_new: false })
    }

    fn hold_key(&self, _digest: impl FnOnce() -> [u8; 16]) -> Result<(), Failure> {
        Ok(())
    }

    fn is_open(&self) -> bool {
        !self.is_autocommit()
    }

    fn mark(&self) -> Result<(), Failure> {
        Ok(run(self, "SAVEPOINT operation")?)
    }

    fn release_mark(&self) -> Result<(), Failure> {
        Ok(run(self, "RELEASE operation")?)
    }

    fn undo_to_mark(&self) -> Result<(), Failure> {
        run(self, "ROLLBACK TO operation")?;
        Ok(run(self, "RELEASE operation")?)
    }

    fn prove_locked(&mut self, row: &LedgerRow) -> Result<(), Failure> {
        guard::prove(self, row)
    }
}

/// Runs a statement without parameters from the cache.
pub(crate) fn run(connection: &Connection, sql: &str) -> rusqlite::Result<()> {
    let mut statement: CachedStatement<'_> = connection.prepare_cached(sql)?;
    statement.raw_execute().map(drop)
}

fn bind(statement: &mut Statement<'_>, values: &[Value<'_>]) -> rusqlite::Result<()> {
    // SQLite takes an unbound parameter for NULL; a wrong count must be an error instead.
    if statement.parameter_count() != values.len() {
        return Err(rusqlite::Error::InvalidParameterCount(values.len(), statement.parameter_count()));
    }
    // `$1` is a named parameter to SQLite. It numbers them by first appearance, as statements count them.
    values.iter().zip(1..).try_for_each(|(value, place)| statement.raw_bind_parameter(place, Bound(value)))
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
