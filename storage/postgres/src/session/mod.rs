//! A connection as a session: neutral values are bound, rows are read by position, statements stay prepared.
//!
//! While an operation is looked ahead, a read whose answer is not known is noted and finds nothing, and a write ends the operation.

pub mod guard;
pub mod together;
pub mod transaction;

use selene_contracts::row::{Cells, FromRow, TableRow, Value};
use selene_storage::backend::{
    About, Failure, Held, LedgerRow, OpenTransaction, Session, check_written, read_cells,
};
use tokio_postgres::{Row, Statement};

use crate::batch::Read;
use crate::batch::lane;
use crate::connection::{Connection, TransactionState};
use crate::statement::value::{Bound, PostgresCells, is_in_no_row};

impl Session for Connection {
    fn execute(&self, sql: &'static str, values: &[Value<'_>]) -> Result<usize, Failure> {
        let statement = self.writing_statement(sql)?;
        let count = self.rows(&statement, values, &mut |_| Ok(()))?;
        Ok(usize::try_from(count).unwrap_or(usize::MAX))
    }

    /// Keeps the row back until something else is asked, or the transaction ends.
    fn add<R: TableRow>(&self, values: &[Value<'_>]) -> Result<(), Failure> {
        self.stop_looking_ahead()?;
        if self.writing.keeps.get() {
            self.writing.kept.borrow_mut().add::<R>(values, &self.writing.references.borrow());
            return Ok(());
        }
        check_written(R::TABLE, self.execute(R::INSERT, values)?, 1)
    }

    fn first<R: FromRow>(&self, sql: &'static str, values: &[Value<'_>]) -> Result<Option<R>, Failure> {
        self.with_first(sql, values, |row| read_cells(&PostgresCells(row)))
    }

    fn exists(&self, sql: &'static str, values: &[Value<'_>]) -> Result<bool, Failure> {
        Ok(self.with_first(sql, values, |_| Ok(()))?.is_some())
    }

    fn visit(
        &self,
        sql: &str,
        values: &[Value<'_>],
        visit: &mut dyn FnMut(&dyn Cells) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let statement = self.writing_statement(sql)?;
        self.rows(&statement, values, &mut |row| visit(&PostgresCells(&row)))?;
        Ok(())
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
        let asked = self.read(sql, false);
        let known = self.writing.with_answer(asked, values, |rows| {
            rows.iter().map(|row| read_cells(&PostgresCells(row))).collect::<Result<Vec<R>, Failure>>()
        });
        if let Some(known) = known {
            return known?.into_iter().try_for_each(visit);
        }
        if self.guesses(asked, values) {
            return Ok(());
        }
        let statement = self.reading(asked)?;
        self.rows(&statement, values, &mut |row| visit(read_cells(&PostgresCells(&row))?))?;
        Ok(())
    }
}

impl OpenTransaction for Connection {
    fn hold_chain(&self, chain_id: &str) -> Result<Held, Failure> {
        self.stop_looking_ahead()?;
        self.hold(chain_id)
    }

    fn lock_reads(&self, locks: bool) {
        self.locks_reads.set(locks);
    }

    /// Past the answers that were read ahead.
    fn read_again<T>(&self, read: impl FnOnce(&Self) -> T) -> Option<T> {
        if self.writing.is_looking_ahead.get() {
            return None;
        }
        self.writing.reads_again.set(true);
        let found = read(self);
        self.writing.reads_again.set(false);
        Some(found)
    }

    fn is_looking_ahead(&self) -> bool {
        self.writing.is_looking_ahead.get()
    }

    fn expected_chain(&self, about: &About<'_>) -> Option<String> {
        let chain = self.writing.likely_chains.borrow().chain(about);
        if chain.is_none() {
            self.writing.notes.borrow_mut().is_open = true;
        }
        chain
    }

    fn note_chain(&self, chain_id: &str, newest: Option<(&'static str, &[Value<'_>])>) {
        let mut notes = self.writing.notes.borrow_mut();
        notes.lanes.insert(lane::of_chain(chain_id));
        if let Some((sql, values)) = newest {
            notes.head(Read { sql, is_first: true, locks: true }, values);
        }
    }

    fn is_certain(&self) -> bool {
        !self.writing.has_guessed.get()
    }

    fn appended(&self, about: &About<'_>, chain_id: &str) {
        self.writing.likely_chains.borrow().appended(about, chain_id);
    }

    fn hold_key(&self, digest: impl FnOnce() -> [u8; 16]) -> Result<(), Failure> {
        self.hold_digest(digest())
    }

    fn is_open(&self) -> bool {
        self.transaction_state() == TransactionState::Open && !self.is_closed()
    }

    /// From here on, what fails is known at once: nothing is kept back.
    fn mark(&self) -> Result<(), Failure> {
        self.writing.keeps.set(false);
        self.run("SAVEPOINT operation")
    }

    fn release_mark(&self) -> Result<(), Failure> {
        self.run("RELEASE SAVEPOINT operation")
    }

    fn undo_to_mark(&self) -> Result<(), Failure> {
        self.run("ROLLBACK TO SAVEPOINT operation; RELEASE SAVEPOINT operation")?;
        self.set_transaction_state(TransactionState::Open);
        Ok(())
    }

    fn prove_locked(&mut self, row: &LedgerRow) -> Result<(), Failure> {
        self.stop_looking_ahead()?;
        guard::prove(self, row)
    }
}

impl Connection {
    /// Shows the first row of an answer. A text that no row can have is found in none.
    fn with_first<T>(
        &self,
        sql: &'static str,
        values: &[Value<'_>],
        show: impl Fn(&Row) -> Result<T, Failure>,
    ) -> Result<Option<T>, Failure> {
        if values.iter().any(is_in_no_row) {
            return Ok(None);
        }
        let asked = self.read(sql, true);
        let known = self.writing.with_answer(asked, values, |rows| rows.first().map(&show).transpose());
        if let Some(known) = known {
            return known;
        }
        if self.guesses(asked, values) {
            return Ok(None);
        }
        let statement = self.reading(asked)?;
        let mut first = None;
        self.rows(&statement, values, &mut |row| {
            first.get_or_insert(row);
            Ok(())
        })?;
        first.as_ref().map(show).transpose()
    }

    const fn read(&self, sql: &'static str, is_first: bool) -> Read {
        Read { sql, is_first, locks: self.locks_reads.get() }
    }

    /// While looking ahead: notes a read whose answer is not known, and says that nothing was found.
    fn guesses(&self, read: Read, values: &[Value<'_>]) -> bool {
        if !self.writing.is_looking_ahead.get() {
            self.writing.has_missed.set(true);
            return false;
        }
        self.writing.has_guessed.set(true);
        self.writing.notes.borrow_mut().read(read, values);
        true
    }

    /// Nothing is written while an operation is looked ahead.
    fn stop_looking_ahead(&self) -> Result<(), Failure> {
        if self.writing.is_looking_ahead.get() { Err(Failure::LookedAhead) } else { Ok(()) }
    }

    /// A prepared statement that may write.
    fn writing_statement(&self, sql: &str) -> Result<Statement, Failure> {
        self.stop_looking_ahead()?;
        self.writing.kept.borrow_mut().changed_by(sql);
        self.statement(sql)
    }

    fn rows(
        &self,
        statement: &Statement,
        values: &[Value<'_>],
        visit: &mut dyn FnMut(Row) -> Result<(), Failure>,
    ) -> Result<u64, Failure> {
        let bound: Vec<Bound<'_>> = values.iter().map(Bound).collect();
        self.ask_rows(statement, bound.iter().map(|value| value as _), visit)
    }
}
