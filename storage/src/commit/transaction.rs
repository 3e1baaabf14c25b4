//! The open transaction of a batch, as one operation sees it.

use crate::commit::driver::{About, OpenTransaction};
use crate::commit::heads::Heads;
use crate::failure::Failure;
use crate::rows::stored::LedgerRow;

/// How far a failed operation rolls back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Undo {
    /// The whole transaction: the batch has one operation only, or hopes that none fails after it wrote.
    Transaction,
    /// To a savepoint of its own; the operations before it stay.
    Savepoint,
}

/// The open transaction. An operation reads first, then says that it changes rows, then writes.
pub(crate) struct Transaction<'a, N> {
    connection: &'a mut N,
    /// The newest event of each chain, as of the operations before.
    heads: &'a mut Heads,
    undo: Undo,
    has_changed: bool,
}

impl<'a, N: OpenTransaction> Transaction<'a, N> {
    pub(crate) fn new(connection: &'a mut N, heads: &'a mut Heads, undo: Undo) -> Self {
        connection.lock_reads(true);
        Self { connection, heads, undo, has_changed: false }
    }

    /// The session, for statements.
    pub(crate) fn session(&self) -> &N {
        self.connection
    }

    /// The session and the chain heads at once.
    pub(crate) fn parts(&mut self) -> (&N, &mut Heads) {
        (self.connection, self.heads)
    }

    /// While looking ahead: notes the chain that a call about these is likely to append to. The first step of an operation.
    pub(crate) fn expect(&self, about: &About<'_>) {
        if self.connection.is_looking_ahead()
            && let Some(chain_id) = self.connection.expected_chain(about)
        {
            self.heads.note(self.connection, &chain_id);
        }
    }

    /// Keeps every other transaction from using a key, in whichever chain. No row of an engine changes, so there is nothing to take
    /// back where the operation is refused.
    pub(crate) fn hold_key(&self, digest: impl FnOnce() -> [u8; 16]) -> Result<(), Failure> {
        self.connection.hold_key(digest)
    }

    /// Proves that a ledger row cannot be changed.
    pub(crate) fn prove_locked(&mut self, row: &LedgerRow) -> Result<(), Failure> {
        self.connection.prove_locked(row)
    }

    /// Marks the point to which a failed operation rolls back. An operation that wrote nothing yet has
    /// nothing to roll back, so a refused one costs nothing.
    pub(crate) fn begin_change(&mut self) -> Result<(), Failure> {
        if self.undo == Undo::Savepoint && !self.has_changed {
            self.connection.mark()?;
        }
        self.has_changed = true;
        Ok(())
    }

    /// Keeps what the operation wrote.
    pub(crate) fn keep(self) -> Result<(), Failure> {
        if self.undo == Undo::Savepoint && self.has_changed {
            self.connection.release_mark()?;
        }
        self.heads.settle();
        Ok(())
    }

    /// Takes back what the operation wrote. Says whether that is done; else the transaction has to go.
    pub(crate) fn undo(self) -> Result<bool, Failure> {
        self.heads.discard();
        if self.undo == Undo::Savepoint && self.has_changed {
            self.connection.undo_to_mark()?;
            return Ok(true);
        }
        Ok(!self.has_changed)
    }
}
