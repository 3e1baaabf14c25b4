//! How an admitted call gets into the queue, and how its answer gets out.

use std::sync::Arc;

use selene_contracts::{Admitted, AdmittedPage, Committed, Page, ReadCapability, StorageError};

use crate::commit::driver::Driver;
use crate::commit::leader::Commits;
use crate::commit::operation::{Operation, Queued, Work};
use crate::commit::read::{AuditedPage, AuditedRead, EventOfRead, Guard};
use crate::commit::slot::{self, Leads, Led, Slot, Waiting};
use crate::commit::ticket::Ticket;
use crate::commit::write::Write;
use crate::rows::listed::StoredPages;
use crate::rows::stored::{StoredGuard, StoredRead, StoredWrite};

/// What the handles of a store share, as far as calls need it.
pub trait Serves: Send + Sync + Sized + 'static {
    /// What opens and commits transactions of this database.
    type Driver: Driver;

    /// The queue and its leader.
    fn commits(&self) -> &Commits<Self::Driver>;

    /// Somebody waits for what was handed over here: what was handed over to other queues may be committed at the same time.
    fn wake_others(&self) {}
}

impl<T: Serves> Leads for T {
    fn lead_or_register(&self, waiting: &dyn Waiting) -> Led {
        self.commits().lead_or_register(waiting)
    }

    fn wake_others(&self) {
        Serves::wake_others(self);
    }
}

/// A ticket, and the write that it is for, unless that is refused already.
pub(crate) type Prepared<T, D> = (Ticket<T>, Option<Box<dyn Operation<<D as Driver>::Connection>>>);

/// Commits one admitted write and waits for it.
///
/// # Errors
/// Why the write was refused, or why it is unknown whether it is durable.
pub fn commit<T: Serves, C: StoredWrite>(
    shared: &Arc<T>,
    call: Admitted<C>,
) -> Result<Committed<C::Output>, StorageError> {
    let (ticket, operation) = prepare(shared, Ok(call));
    if let Some(operation) = operation {
        shared.commits().enqueue_one(operation);
    }
    slot::wait(shared.as_ref(), &ticket.slot)
}

/// Proves that a ledger row cannot be changed. The proof is the refusal.
///
/// # Errors
/// The refusal, or why there is no proof.
pub fn guard<T: Serves, C: StoredGuard>(shared: &Arc<T>, call: Admitted<C>) -> Result<(), StorageError> {
    work(shared, Guard(call))
}

/// Answers a read that leaves an event, in one transaction with the event.
///
/// # Errors
/// Why the read was refused, or why it is unknown whether its event is durable.
pub fn audited_read<T: Serves, C: StoredRead>(
    shared: &Arc<T>,
    call: Admitted<C>,
) -> Result<C::Output, StorageError> {
    work(shared, AuditedRead(call))
}

/// Answers a page that leaves an event, in one transaction with the event.
///
/// # Errors
/// Why the page was refused, or why it is unknown whether its event is durable.
pub fn audited_page<T: Serves, C: StoredPages>(
    shared: &Arc<T>,
    call: AdmittedPage<C>,
) -> Result<Page<C::Row>, StorageError> {
    work(shared, AuditedPage(call))
}

/// Commits the event of a read whose rows are read afterwards.
///
/// # Errors
/// Why the read was refused, or why it is unknown whether its event is durable.
pub fn event_of_read<T: Serves, C: ReadCapability>(
    shared: &Arc<T>,
    call: Admitted<C>,
) -> Result<(), StorageError> {
    work(shared, EventOfRead(call))
}

/// Queues work for the writing connection and waits for it.
pub(crate) fn work<T: Serves, W>(shared: &Arc<T>, work: W) -> Result<W::Output, StorageError>
where
    W: Work<<T::Driver as Driver>::Connection> + 'static,
{
    let slot = Slot::new(None);
    shared.commits().enqueue_one(Box::new(Queued::new(work, Arc::clone(&slot))));
    slot::wait(shared.as_ref(), &slot)
}

/// Everything of a write that needs no rows, done on the caller's own thread.
pub(crate) fn prepare<T: Serves, C: StoredWrite>(
    shared: &Arc<T>,
    call: Result<Admitted<C>, StorageError>,
) -> Prepared<C::Output, T::Driver> {
    let ticket = |answer| Ticket { slot: Slot::new(answer), leads: Arc::<T>::clone(shared) };
    match call.and_then(Write::new) {
        Ok(write) => {
            let ticket = ticket(None);
            let operation = Queued::new(write, Arc::clone(&ticket.slot));
            (ticket, Some(Box::new(operation)))
        }
        Err(error) => (ticket(Some(Err(error))), None),
    }
}
