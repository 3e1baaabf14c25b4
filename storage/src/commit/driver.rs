//! What commits need of a database beyond its sessions: transactions, chains that nobody else appends to, and the proof that a
//! ledger is locked.

use std::time::Instant;

use selene_contracts::Capability;
use selene_contracts::row::Value;
use selene_contracts::shared::{DeviceId, TenantId, UserId};

use crate::failure::Failure;
use crate::rows::stored::LedgerRow;
use crate::session::Session;

/// The writing side of a store.
pub trait Driver: Send + 'static {
    /// What rules and rows write through while a transaction is open.
    type Connection: OpenTransaction;

    /// Whether a batch is complete before its transaction begins, because the transaction keeps others waiting. Else what arrives while
    /// it is open joins it.
    const GATHERS_FIRST: bool = false;

    /// The time now, where calls and batches have their time; none where they take as long as they need. It reaches no row.
    #[must_use]
    fn now() -> Option<Instant> {
        None
    }

    /// Whether a time is over.
    fn is_past(due: Option<Instant>) -> bool {
        due.zip(Self::now()).is_some_and(|(due, now)| due < now)
    }

    /// The time of a batch begins.
    fn starts(&mut self) {}

    /// Whether the time of the batch is over: no further transaction is begun for it.
    fn is_late(&self) -> bool {
        false
    }

    /// The connection on which one more operation is run to note what it reads, where looking ahead gains anything: what all operations
    /// of a batch need is then asked at once. The next [`Driver::begin`] or [`Driver::read_ahead`] asks it.
    fn look_ahead(&mut self) -> Option<&mut Self::Connection> {
        None
    }

    /// Whether looking ahead once more is worth it, now that the first reads are answered.
    fn needs_second_look(&self) -> bool {
        false
    }

    /// Asks in the open transaction what was noted.
    ///
    /// # Errors
    /// The transaction is of no more use.
    fn read_ahead(&mut self) -> Result<(), Failure> {
        Ok(())
    }

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

    /// Does the upkeep that was due, such as a checkpoint.
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
    /// Nothing was written, because the database refused a row that was kept back until now. Which operation it belongs to shows when
    /// the batch runs again with nothing kept back.
    Refused,
    /// Nothing was written; why, in words for the caller.
    NotCommitted(String),
    /// Whether it is durable cannot be found out; why, in words for the caller.
    Unknown(String),
}

/// How a chain is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// Another number where somebody else may have appended since the connection held the chain last.
    pub as_of: u64,
    /// Whether it is held only now: what was read before may have changed meanwhile.
    pub is_new: bool,
}

impl CommitEnd {
    /// Its name, and why where the database failed.
    pub(crate) fn describe(&self) -> (&'static str, Option<&str>) {
        match self {
            Self::Durable => ("durable", None),
            Self::RolledBack => ("rolled_back", None),
            Self::Conflict => ("conflict", None),
            Self::Refused => ("refused", None),
            Self::NotCommitted(detail) => ("not_committed", Some(detail)),
            Self::Unknown(detail) => ("unknown", Some(detail)),
        }
    }
}

/// What a call names that says which chain its event is likely to be of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct About<'a> {
    /// The tenant, by its id.
    pub tenant: Option<&'a str>,
    /// The device, by its id.
    pub device: Option<&'a str>,
    /// The person, by the id.
    pub person: Option<&'a str>,
}

impl<'a> About<'a> {
    /// What an input names.
    pub fn input<C: Capability>(input: &'a C) -> Self {
        Self {
            tenant: input.tenant_id().map(TenantId::as_str),
            device: input.device_id().map(DeviceId::as_str),
            person: input.user_id().map(UserId::as_str),
        }
    }
}

/// A session in which a transaction may be open.
pub trait OpenTransaction: Session {
    /// Keeps everybody else from appending to a chain until the transaction ends. Where a transaction keeps out every other writer,
    /// there is nothing to do.
    fn hold_chain(&self, chain_id: &str) -> Result<Held, Failure>;

    /// Whether what is read from now on is locked until the transaction ends: as it is for rules, and need not be for an answer that
    /// nothing is decided by.
    fn lock_reads(&self, _locks: bool) {}

    /// Reads what others may have written since this transaction read the same before; nothing where nobody can have.
    fn read_again<T>(&self, _read: impl FnOnce(&Self) -> T) -> Option<T>
    where
        Self: Sized,
    {
        None
    }

    /// Whether an operation runs only to note what it reads. Reads whose answers are not known yet find nothing then, and nothing is
    /// written.
    fn is_looking_ahead(&self) -> bool {
        false
    }

    /// While looking ahead: the chain that a call about these is likely to append to.
    fn expected_chain(&self, _about: &About<'_>) -> Option<String> {
        None
    }

    /// While looking ahead: notes that a chain will be held, and where `newest` is given, a read of its newest event.
    fn note_chain(&self, _chain_id: &str, _newest: Option<(&'static str, &[Value<'_>])>) {}

    /// While looking ahead: whether the operation has got this far by answers that are known.
    fn is_certain(&self) -> bool {
        true
    }

    /// Notes the chain that an event was appended to, for [`OpenTransaction::expected_chain`].
    fn appended(&self, _about: &About<'_>, _chain_id: &str) {}

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
