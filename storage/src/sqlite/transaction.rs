//! The open transaction of a batch, as one operation sees it.

use rusqlite::{CachedStatement, Connection};

use super::failure::Failure;
use super::heads::Heads;

/// The open transaction. An operation reads first, then says that it changes rows, then writes.
pub(super) struct Transaction<'a> {
    connection: &'a mut Connection,
    /// The newest event of each chain, as of the operations before.
    pub(super) heads: &'a mut Heads,
    /// The batch has this operation only: a rollback of the transaction is a rollback of the operation.
    is_alone: bool,
    has_savepoint: bool,
}

impl<'a> Transaction<'a> {
    pub(super) fn new(connection: &'a mut Connection, heads: &'a mut Heads, is_alone: bool) -> Self {
        Self { connection, heads, is_alone, has_savepoint: false }
    }

    /// The connection, for statements.
    pub(super) fn connection(&self) -> &Connection {
        self.connection
    }

    /// The connection, for its hooks.
    pub(super) fn connection_mut(&mut self) -> &mut Connection {
        self.connection
    }

    /// The connection and the chain heads at once.
    pub(super) fn parts(&mut self) -> (&Connection, &mut Heads) {
        (self.connection, self.heads)
    }

    /// Marks the point to which a failed operation rolls back. An operation that wrote nothing yet has
    /// nothing to roll back, so a refused one costs no savepoint.
    pub(super) fn begin_change(&mut self) -> Result<(), Failure> {
        if !self.is_alone && !self.has_savepoint {
            run(self.connection, "SAVEPOINT operation")?;
            self.has_savepoint = true;
        }
        Ok(())
    }

    /// Keeps what the operation wrote.
    pub(super) fn keep(mut self) -> rusqlite::Result<()> {
        if self.has_savepoint {
            run(self.connection, "RELEASE operation")?;
        }
        self.has_savepoint = false;
        self.heads.settle();
        Ok(())
    }

    /// Takes back what the operation wrote; a lone operation is taken back with its transaction instead.
    pub(super) fn undo(mut self) -> rusqlite::Result<()> {
        self.heads.discard();
        if self.has_savepoint {
            run(self.connection, "ROLLBACK TO operation")?;
            run(self.connection, "RELEASE operation")?;
        }
        self.has_savepoint = false;
        Ok(())
    }
}

/// Runs a statement without parameters from the cache.
pub(super) fn run(connection: &Connection, sql: &str) -> rusqlite::Result<()> {
    let mut statement: CachedStatement<'_> = connection.prepare_cached(sql)?;
    statement.raw_execute().map(drop)
}
