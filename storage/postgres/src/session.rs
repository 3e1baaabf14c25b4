//! A connection as a session: neutral values are bound, rows are read by position, statements stay prepared.

use std::pin::pin;

use futures_util::TryStreamExt as _;
use selene_contracts::row::{Cells, FromRow, Value};
use selene_storage::backend::{Begun, Failure, LedgerRow, OpenTransaction, Session, read};
use tokio_postgres::{Row, Statement};

use crate::connection::{Connection, Standing};
use crate::value::{Bound, PostgresCells, is_in_no_row};
use crate::{guard, lane};

/// Says that a key is in use. The row means something only until its transaction ends.
const HOLD_KEY: &str = "INSERT INTO commit_keys (key_digest) VALUES ($1) ON CONFLICT (key_digest) DO NOTHING";

impl Session for Connection {
    fn execute(&self, sql: &'static str, values: &[Value<'_>]) -> Result<usize, Failure> {
        let statement = self.statement(sql)?;
        let count = self.ask(self.client().execute_raw(&statement, values.iter().map(Bound)))?;
        Ok(usize::try_from(count).unwrap_or(usize::MAX))
    }

    fn first<R: FromRow>(&self, sql: &'static str, values: &[Value<'_>]) -> Result<Option<R>, Failure> {
        self.first_row(sql, values)?.map(|row| read(&PostgresCells(&row))).transpose()
    }

    fn exists(&self, sql: &'static str, values: &[Value<'_>]) -> Result<bool, Failure> {
        Ok(self.first_row(sql, values)?.is_some())
    }

    fn visit(
        &self,
        sql: &str,
        values: &[Value<'_>],
        visit: &mut dyn FnMut(&dyn Cells) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let statement = self.statement(sql)?;
        self.rows(&statement, values, &mut |row| visit(&PostgresCells(&row)))
    }

    fn each<R: FromRow>(
        &self,
        sql: &'static str,
        values: &[Value<'_>],
        visit: &mut dyn FnMut(R) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        if values.iter().any(is_in_no_row) {
            return Ok(());
        }
        let statement = self.reading(sql)?;
        self.rows(&statement, values, &mut |row| visit(read(&PostgresCells(&row))?))
    }
}

impl OpenTransaction for Connection {
    fn hold_chain(&self, chain_id: &str) -> Result<Begun, Failure> {
        self.hold(lane::of_chain(chain_id))
    }

    /// Whoever inserts the same row meanwhile waits until this transaction ends, and then sees what it left.
    fn hold_key(&self, digest: impl FnOnce() -> [u8; 16]) -> Result<(), Failure> {
        self.execute(HOLD_KEY, &[Value::Bytes(digest().as_slice().into())])?;
        Ok(())
    }

    fn is_open(&self) -> bool {
        self.standing() == Standing::Open && !self.is_closed()
    }

    fn mark(&self) -> Result<(), Failure> {
        self.run("SAVEPOINT operation")
    }

    fn release_mark(&self) -> Result<(), Failure> {
        self.run("RELEASE SAVEPOINT operation")
    }

    fn undo_to_mark(&self) -> Result<(), Failure> {
        self.run("ROLLBACK TO SAVEPOINT operation; RELEASE SAVEPOINT operation")?;
        self.recovered();
        Ok(())
    }

    fn prove_locked(&mut self, row: &LedgerRow) -> Result<(), Failure> {
        guard::prove(self, row)
    }
}

impl Connection {
    /// The first row of an answer. A text that no row can have is found in none.
    fn first_row(&self, sql: &'static str, values: &[Value<'_>]) -> Result<Option<Row>, Failure> {
        if values.iter().any(is_in_no_row) {
            return Ok(None);
        }
        let statement = self.reading(sql)?;
        let mut first = None;
        self.rows(&statement, values, &mut |row| {
            first.get_or_insert(row);
            Ok(())
        })?;
        Ok(first)
    }

    /// Shows every row of the answer without holding more than the connection has read ahead. No other statement may be run
    /// meanwhile.
    fn rows(
        &self,
        statement: &Statement,
        values: &[Value<'_>],
        visit: &mut dyn FnMut(Row) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let rows = self.ask(self.client().query_raw(statement, values.iter().map(Bound)))?;
        let mut rows = pin!(rows);
        while let Some(row) = self.ask(rows.try_next())? {
            visit(row)?;
        }
        Ok(())
    }
}
