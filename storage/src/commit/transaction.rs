//! The open transaction of a batch, as one operation sees it.

use rusqlite::{CachedStatement, Connection};

use crate::commit::heads::Heads;
use crate::failure::Failure;

/// How far a failed operation rolls back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Undo {
    /// The whole transaction: the batch has one operation only, or hopes that none fails after it wrote.
    Transaction,
    /// To a savepoint of its own; the operations before it stay.
    Savepoint,
}

/// The open transaction. An operation reads first, then says that it changes rows, then writes.
pub(crate) struct Transaction<'a> {
    connection: &'a mut Connection,
    /// The newest event of each chain, as of the operations before.
    pub(crate) heads: &'a mut Heads,
    undo: Undo,
    has_changed: bool,
}

impl<'a> Transaction<'a> {
    pub(crate) fn new(connection: &'a mut Connection, heads: &'a mut Heads, undo: Undo) -> Self {
        Self { connection, heads, undo, has_changed: false }
    }

    /// The connection, for statements.
    pub(crate) fn connection(&self) -> &Connection {
        self.connection
    }

    /// The connection, for its hooks.
    pub(crate) fn connection_mut(&mut self) -> &mut Connection {
        self.connection
    }

    /// The connection and the chain heads at once.
    pub(crate) fn parts(&mut self) -> (&Connection, &mut Heads) {
        (self.connection, self.heads)
    }

    /// Marks the point to which a failed operation rolls back. An operation that wrote nothing yet has
    /// nothing to roll back, so a refused one costs nothing.
    pub(crate) fn begin_change(&mut self) -> Result<(), Failure> {
        if self.undo == Undo::Savepoint && !self.has_changed {
            run(self.connection, "SAVEPOINT operation")?;
        }
        self.has_changed = true;
        Ok(())
    }

    /// Keeps what the operation wrote.
    pub(crate) fn keep(self) -> rusqlite::Result<()> {
        if self.undo == Undo::Savepoint && self.has_changed {
            run(self.connection, "RELEASE operation")?;
        }
        self.heads.settle();
        Ok(())
    }

    /// Takes back what the operation wrote. Says whether that is done; else the transaction has to go.
    pub(crate) fn undo(self) -> rusqlite::Result<bool> {
        self.heads.discard();
        if self.undo == Undo::Savepoint && self.has_changed {
            run(self.connection, "ROLLBACK TO operation")?;
            run(self.connection, "RELEASE operation")?;
            return Ok(true);
        }
        Ok(!self.has_changed)
    }
}

/// Runs a statement without parameters from the cache.
pub(crate) fn run(connection: &Connection, sql: &str) -> rusqlite::Result<()> {
    let mut statement: CachedStatement<'_> = connection.prepare_cached(sql)?;
    statement.raw_execute().map(drop)
}
