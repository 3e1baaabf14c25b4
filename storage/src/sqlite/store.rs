//! The store: a cheap handle over one writing connection and a pool of readers.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use rusqlite::Connection;
use selene_contracts::{Admitted, CallContext, Refusals, StorageError};

use super::failure::{Failure, unavailable};
use super::open_error::OpenError;
use super::operation::{Operation, Queued, Work};
use super::place::Place;
use super::queue::{BATCH_AT_MOST, GATHER_FOR, Queue};
use super::read::{AuditedRead, Guard, StoredGuard, StoredRead};
use super::readers::Readers;
use super::settings::Medium;
use super::ticket::{Slot, Ticket, WriteAnswer, lock};
use super::write::{StoredWrite, Write};
use super::writer::Writer;

/// How a store behaves.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct StoreOptions {
    /// How long a transaction waits for another process that writes, before its calls are told that the store is
    /// unavailable. A call that queues behind others waits for theirs as well.
    pub busy_timeout: Duration,
    /// Connections that read at the same time, at most.
    pub readers: usize,
}

impl Default for StoreOptions {
    fn default() -> Self {
        Self { busy_timeout: Duration::from_secs(5), readers: 8 }
    }
}

/// The SQLite backend. A clone is another handle to the same store; it may be used from any thread.
///
/// Writes of many callers are committed together. A write returns once it is durable.
#[derive(Clone)]
pub struct SqliteStore {
    pub(super) shared: Arc<Shared>,
}

impl SqliteStore {
    /// Opens the database file, or creates it, readable by its owner only.
    ///
    /// # Errors
    /// The file is no database of ours, comes from a newer build, cannot be used, or does not take the
    /// settings.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, OpenError> {
        Self::open_with(path, &StoreOptions::default())
    }

    /// Opens the database file with other options.
    ///
    /// # Errors
    /// As [`SqliteStore::open`].
    pub fn open_with(path: impl AsRef<Path>, options: &StoreOptions) -> Result<Self, OpenError> {
        Self::at(Place::file(path.as_ref(), options.busy_timeout)?, options)
    }

    /// Opens a new database in memory. It is gone with its last handle.
    ///
    /// # Errors
    /// The settings do not take.
    pub fn open_in_memory() -> Result<Self, OpenError> {
        let options = StoreOptions::default();
        Self::at(Place::memory(options.busy_timeout), &options)
    }

    fn at(place: Place, options: &StoreOptions) -> Result<Self, OpenError> {
        let writer = Writer::open(place.clone())?;
        let gate = (place.medium() == Medium::Memory).then(RwLock::default);
        let shared = Shared {
            queue: Queue::new(if gate.is_some() { Duration::ZERO } else { GATHER_FOR }),
            readers: Readers::new(place, options.readers),
            writer: Mutex::new(writer),
            gate,
        };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// Hands a write over without waiting for it. Writes that one caller hands over before it waits are
    /// committed together.
    ///
    /// A call that the contract does not admit gives a ticket with the refusal.
    pub fn submit<C: StoredWrite>(&self, context: &CallContext, input: C) -> Ticket<C::Output> {
        let (ticket, operation) = self.prepare(Admitted::admit(context, input));
        if let Some(operation) = operation {
            self.shared.enqueue_one(operation);
        }
        ticket
    }

    /// Hands several writes of one capability over at once; they are committed in their order, next to each
    /// other.
    pub fn submit_all<C: StoredWrite>(
        &self,
        calls: impl IntoIterator<Item = (CallContext, C)>,
    ) -> Vec<Ticket<C::Output>> {
        let mut tickets = Vec::new();
        let mut operations: Vec<Box<dyn Operation>> = Vec::new();
        for (context, input) in calls {
            let (ticket, operation) = self.prepare(Admitted::admit(&context, input));
            tickets.push(ticket);
            operations.extend(operation);
            if operations.len() == BATCH_AT_MOST {
                self.shared.enqueue(&mut operations);
            }
        }
        if !operations.is_empty() {
            self.shared.enqueue(&mut operations);
        }
        tickets
    }

    /// Commits one admitted write and waits for it.
    pub(super) fn commit<C: StoredWrite>(&self, call: Admitted<C>) -> WriteAnswer<C::Output> {
        let (ticket, operation) = self.prepare(Ok(call));
        if let Some(operation) = operation {
            self.shared.enqueue_one(operation);
        }
        ticket.wait()
    }

    /// Everything of a write that needs no rows, done on the caller's own thread.
    fn prepare<C: StoredWrite>(
        &self,
        call: Result<Admitted<C>, StorageError>,
    ) -> (Ticket<C::Output>, Option<Box<dyn Operation>>) {
        let ticket = |answer| Ticket { slot: Slot::new(answer), shared: Arc::clone(&self.shared) };
        match call.and_then(Write::new) {
            Ok(write) => {
                let ticket = ticket(None);
                let operation = Queued::new(write, Arc::clone(&ticket.slot));
                (ticket, Some(Box::new(operation)))
            }
            Err(error) => (ticket(Some(Err(error))), None),
        }
    }

    /// Answers one admitted read. In replay and diagnostic mode it emits an audit event, in the same
    /// transaction.
    pub(super) fn read<C: StoredRead>(&self, call: Admitted<C>) -> Result<C::Output, StorageError> {
        if call.context().mode.audits_reads() {
            return self.work(AuditedRead(call));
        }
        self.query(C::SPEC.refusals, |connection| C::read(connection, &call))
    }

    /// Proves that a ledger row cannot be changed. The proof is the refusal.
    pub(super) fn guard<C: StoredGuard>(&self, call: Admitted<C>) -> Result<(), StorageError> {
        self.work(Guard(call))
    }

    /// Runs a query on a reading connection.
    pub(super) fn query<T>(
        &self,
        refusals: &'static Refusals,
        read: impl FnOnce(&Connection) -> Result<T, Failure>,
    ) -> Result<T, StorageError> {
        let _pass = self.shared.gate.as_ref().map(|gate| gate.read().unwrap_or_else(PoisonError::into_inner));
        match self.shared.readers.with(read) {
            Ok(answer) => answer.map_err(|failure| failure.into_error(refusals)),
            Err(error) => Err(unavailable(refusals, error.to_string())),
        }
    }

    /// Queues work on the writing connection and waits for it.
    pub(super) fn work<W: Work + 'static>(&self, work: W) -> Result<W::Output, StorageError> {
        let slot = Slot::new(None);
        self.shared.enqueue_one(Box::new(Queued::new(work, Arc::clone(&slot))));
        self.shared.wait(&slot)
    }
}

impl std::fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SqliteStore").finish_non_exhaustive()
    }
}

/// What all handles of a store share.
pub(super) struct Shared {
    queue: Queue,
    /// Declared before the writer and so closed before it: the last connection empties the log, and a reader
    /// could not.
    readers: Readers,
    pub(super) writer: Mutex<Writer>,
    /// In memory, readers and the writer take turns: SQLite has no log there that would let them meet.
    gate: Option<RwLock<()>>,
}

impl Shared {
    /// Queues operations next to each other. When the queue is full, the caller waits, or makes room itself.
    fn enqueue(&self, operations: &mut Vec<Box<dyn Operation>>) {
        while !self.queue.push(operations) {
            self.make_room();
        }
    }

    pub(super) fn enqueue_one(&self, operation: Box<dyn Operation>) {
        let mut operation = Some(operation);
        while let Some(waiting) = operation.take() {
            operation = self.queue.push_one(waiting);
            if operation.is_some() {
                self.make_room();
            }
        }
    }

    fn make_room(&self) {
        if !self.lead() {
            self.queue.wait_for_room();
        }
    }

    /// Returns the answer of a slot; leads where nobody else does.
    pub(super) fn wait<A>(&self, slot: &Slot<A>) -> A {
        loop {
            if let Some(answer) = slot.take() {
                return answer;
            }
            match self.queue.lead_or(|| slot.take_or_register()) {
                Ok(lead) => {
                    slot.leave();
                    self.run(lead);
                }
                Err(Some(answer)) => return answer,
                Err(None) => std::thread::park(),
            }
        }
    }

    /// Commits one batch, unless somebody else does already. Says whether it did.
    fn lead(&self) -> bool {
        self.queue.lead_or(|| ()).map(|lead| self.run(lead)).is_ok()
    }

    fn run(&self, mut lead: super::queue::Lead<'_>) {
        let mut batch = Vec::new();
        lead.gather(&mut batch);
        {
            let _turn = self.gate.as_ref().map(|gate| gate.write().unwrap_or_else(PoisonError::into_inner));
            lock(&self.writer).run_batch(&mut batch, &mut |batch| lead.gather(batch));
        }
        lead.served(1 + batch.iter().filter(|operation| operation.waiter().is_some()).count());
        drop(lead);
        for operation in &mut batch {
            operation.resolve();
        }
    }
}

impl Drop for Shared {
    /// What was handed over and never waited for is committed with the last handle.
    fn drop(&mut self) {
        while !self.queue.is_empty() {
            self.lead();
        }
    }
}
