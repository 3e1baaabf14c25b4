//! Admitted calls of tasks: into the queue, or onto a thread that reads.

use std::sync::Arc;

use selene_contracts::{Admitted, AdmittedPage, Committed, Page, StorageError};
use tokio::runtime::Handle;

use crate::asynchronous::answer::Answer;
use crate::asynchronous::reading;
use crate::asynchronous::tasks::Tasks;
use crate::commit::calls::Serves;
use crate::commit::driver::Driver;
use crate::commit::operation::{Queued, Work};
use crate::commit::read::{AuditedPage, AuditedRead, Guard};
use crate::commit::slot::Slot;
use crate::commit::store::{self, Store};
use crate::commit::write::Write;
use crate::failure::unavailable;
use crate::rows::listed::StoredPages;
use crate::rows::stored::{StoredGuard, StoredRead, StoredWrite};

/// Commits one admitted write; ready once it is durable.
///
/// # Errors
/// Why the write was refused, or why it is unknown whether it is durable.
pub async fn commit<S: Store, C: StoredWrite>(
    tasks: &Tasks,
    store: &Arc<S>,
    call: Admitted<C>,
) -> Result<Committed<C::Output>, StorageError> {
    let leader = store.leader(call.input());
    work(tasks, leader, Write::new(call)?).await
}

/// Answers one admitted read. In replay and diagnostic mode it leaves an audit event, in the same transaction.
///
/// # Errors
/// Why the read was refused, or why it is unknown whether its event is durable.
pub async fn read<S: Store, C: StoredRead>(
    tasks: &Tasks,
    store: &Arc<S>,
    call: Admitted<C>,
) -> Result<C::Output, StorageError> {
    if call.context().mode.audits_reads() {
        let leader = store.leader(call.input());
        return work(tasks, leader, AuditedRead(call)).await;
    }
    let store = Arc::clone(store);
    reading::run(tasks, C::SPEC.refusals, move || store::read(&store, call)).await
}

/// Answers one admitted page as [`read`] answers the whole list.
///
/// # Errors
/// As [`read`].
pub async fn read_page<S: Store, C: StoredPages>(
    tasks: &Tasks,
    store: &Arc<S>,
    call: AdmittedPage<C>,
) -> Result<Page<C::Row>, StorageError> {
    if call.call().context().mode.audits_reads() {
        let leader = store.leader(call.call().input());
        return work(tasks, leader, AuditedPage(call)).await;
    }
    let store = Arc::clone(store);
    reading::run(tasks, C::SPEC.refusals, move || store::read_page(&store, call)).await
}

/// Proves that a ledger row cannot be changed. The proof is the refusal.
///
/// # Errors
/// The refusal, or why there is no proof.
pub async fn guard<S: Store, C: StoredGuard>(
    tasks: &Tasks,
    store: &Arc<S>,
    call: Admitted<C>,
) -> Result<(), StorageError> {
    let leader = store.leader(call.input());
    work(tasks, leader, Guard(call)).await
}

/// Queues work and waits for its answer. Before it is queued, dropping the future leaves no trace; afterwards it loses the answer only.
async fn work<T: Serves, W>(tasks: &Tasks, leader: &Arc<T>, work: W) -> Result<W::Output, StorageError>
where
    W: Work<<T::Driver as Driver>::Connection> + 'static,
{
    let refusals = work.refusals();
    let runtime = Handle::try_current().map_err(|error| unavailable(refusals, error.to_string()))?;
    let _room = tasks.room.acquire().await.map_err(|error| unavailable(refusals, error.to_string()))?;
    let slot = Slot::new(None);
    let operation = Box::new(Queued::new(work, Arc::clone(&slot)));
    if let Some(operation) = leader.commits().enqueue_at_once(operation) {
        // Threads have filled the queue. Who waits for room may have to lead, so not a thread that polls tasks.
        let queue = Arc::clone(leader);
        let queued = runtime.spawn_blocking(move || queue.commits().enqueue_one(operation)).await;
        queued.map_err(|error| unavailable(refusals, error.to_string()))?;
    }
    Answer::new(slot, Arc::clone(leader), runtime).await
}
