//! What commits need of a database beyond its sessions: transactions, chains that nobody else appends to, and the proof that a
//! ledger is locked.

use crate::failure::Failure;
use crate::rows::stored::LedgerRow;
use crate::session::Session;

/// The writing side of a store.
pub trait Driver: Send + 'static {
    /// What rules and rows write through while a transaction is open.
    type Connection: OpenTransaction;

    /// Opens a transaction, if need be on a new connection.
    ///
    /// # Errors
    /// Why there is none, in words for the caller; nothing was written.
    fn begin(&mut self) -> Result<Begun, String>;

    /// The connection with the open transaction; absent after a failure that needs a new one.
    fn connection(&mut self) -> Option<&mut Self::Connection>;

    /// Ends the transaction of a number of operations, so that what they wrote is durable.
    fn commit(&mut self, operations: usize) -> CommitEnd;

    /// Ends an open transaction without a trace.
    fn roll_back(&mut self);

    /// Whether there is upkeep to do once everybody has an answer.
    fn needs_upkeep(&self) -> bool;

    /// Does the upkeep.
    fn upkeep(&mut self);
}

/// What a new transaction finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begun {
    /// Nobody else has written since the last transaction.
    Unchanged,
    /// Somebody else may have written.
    Changed,
}

/// How a commit ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CommitEnd {
    /// What was written is durable.
    Durable,
    /// There was no transaction any more; nothing was written.
    RolledBack,
    /// Nothing was written, because another writer was in the way: the batch is worth running again.
    Conflict,
    /// Nothing was written; why, in words for the caller.
    NotCommitted(String),
    /// Whether it is durable cannot be found out; why, in words for the caller.
    Unknown(String),
}

/// A session in which a transaction may be open.
pub trait OpenTransaction: Session {
    /// Keeps everybody else from appending to a chain until the transaction ends, and says whether somebody may have done so since
    /// this connection held it last. Where a transaction keeps out every other writer, there is nothing to do.
    fn hold_chain(&self, chain_id: &str) -> Result<Begun, Failure>;

    /// Keeps every other transaction from using a key until this one ends, also in another chain: the digest stands for a key that
    /// calls of several tenants may have in common. Where a transaction keeps out every other writer, there is nothing to do.
    fn hold_key(&self, digest: impl FnOnce() -> [u8; 16]) -> Result<(), Failure>;

    /// Whether the transaction is still open. A database may end it by itself, after a full disk for instance.
    fn is_open(&self) -> bool;

    /// Sets the point to which [`OpenTransaction::undo_to_mark`] goes back.
    fn mark(&self) -> Result<(), Failure>;

    /// Removes the point; what was written since stays.
    fn release_mark(&self) -> Result<(), Failure>;

    /// Takes back what was written since the point, and removes it.
    fn undo_to_mark(&self) -> Result<(), Failure>;

    /// Tries every way to change a ledger row, against each lock alone, and takes all of it back. Fails where one goes
    /// through.
    fn prove_locked(&mut self, row: &LedgerRow) -> Result<(), Failure>;
}
