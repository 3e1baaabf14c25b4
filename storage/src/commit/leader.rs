//! Commits of a store: the queue, and the leader who commits what is in it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, TryLockError};
use std::time::{Duration, Instant};

use crate::commit::batch::{Batch, Batches};
use crate::commit::driver::Driver;
use crate::commit::operation::{Operation, refuse_late};
use crate::commit::queue::{GATHER_FOR, Lead, Queue};
use crate::commit::slot::{Led, Waiting};
use crate::lock::lock;
use crate::observe;

/// The queue and the writing side of a store.
pub struct Commits<D: Driver> {
    pub(crate) queue: Queue<D::Connection>,
    pub(crate) batches: Mutex<Batches<D>>,
    /// Where readers and the writer must take turns: a database in memory has no log that would let them meet.
    turns: Option<RwLock<()>>,
    /// As of the last commit.
    needs_upkeep: AtomicBool,
    /// How long a call may wait for its turn, where the driver has a clock.
    wait_at_most: Duration,
    /// What is committed before anything that is handed over here.
    earlier: Vec<Arc<dyn Settles>>,
    /// Whether a thread has the duty to lead for tasks.
    #[cfg(feature = "async")]
    is_claimed: AtomicBool,
}

/// For whom a thread leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum For {
    /// For itself too: it waits for an answer.
    Itself,
    /// Only for others, until nothing is queued.
    Others,
}

/// A queue that another one waits for.
pub trait Settles: Send + Sync {
    /// Commits a batch, or waits for whoever does, where something that was handed over here is not committed yet; says whether it is so.
    fn settle_more(&self) -> bool;
}

impl<D: Driver> Settles for Commits<D> {
    fn settle_more(&self) -> bool {
        if !self.queue.has_handed_over() {
            return false;
        }
        if !self.lead(For::Others) {
            self.queue.wait_for_leader();
        }
        true
    }
}

impl<D: Driver> Commits<D> {
    /// Commits of a driver whose readers see the state before while it writes. A leader waits a moment for others, so that one
    /// commit serves all of them. A call that has waited longer than this for its turn is refused.
    pub fn of(driver: D, wait_at_most: Duration) -> Self {
        Self { wait_at_most, ..Self::new(driver, Queue::new(GATHER_FOR), None) }
    }

    /// The same, where what is handed over here waits for what was handed over to the other queues. Nothing may be handed over to them
    /// while something that was handed over here is not committed, so that they never wait for each other.
    pub fn behind(driver: D, wait_at_most: Duration, earlier: Vec<Arc<dyn Settles>>) -> Self {
        Self { earlier, ..Self::of(driver, wait_at_most) }
    }

    pub(crate) fn new(driver: D, queue: Queue<D::Connection>, turns: Option<RwLock<()>>) -> Self {
        Self {
            queue,
            batches: Mutex::new(Batches::new(driver)),
            turns,
            needs_upkeep: AtomicBool::new(false),
            wait_at_most: Duration::MAX,
            earlier: Vec::new(),
            #[cfg(feature = "async")]
            is_claimed: AtomicBool::new(false),
        }
    }

    /// The turn of a reader, where readers and the writer take turns.
    pub(crate) fn reading_turn(&self) -> Option<RwLockReadGuard<'_, ()>> {
        self.turns.as_ref().map(|turns| turns.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Queues operations next to each other. When the queue is full, the caller waits, or makes room itself. Where that takes too long,
    /// they are refused.
    pub(crate) fn enqueue(&self, operations: &mut Batch<D::Connection>) {
        let due = self.due();
        if let Some(due) = due {
            for operation in operations.iter_mut() {
                operation.wait_until(due);
            }
        }
        while !self.queue.push(operations) {
            self.make_room();
            if D::is_past(due) {
                operations.drain(..).for_each(refuse_late);
                return;
            }
        }
    }

    /// Queues one operation, as [`Commits::enqueue`] does.
    pub(crate) fn enqueue_one(&self, mut operation: Box<dyn Operation<D::Connection>>) {
        let due = self.due();
        if let Some(due) = due {
            operation.wait_until(due);
        }
        let mut operation = Some(operation);
        while let Some(waiting) = operation.take() {
            operation = self.queue.push_one(waiting);
            if operation.is_some() {
                self.make_room();
                if D::is_past(due)
                    && let Some(late) = operation.take()
                {
                    refuse_late(late);
                }
            }
        }
    }

    /// Until when a call that arrives now may wait for its turn.
    pub(crate) fn due(&self) -> Option<Instant> {
        D::now()?.checked_add(self.wait_at_most)
    }

    /// Commits a batch, or waits until somebody has, where there is no room for more.
    pub(crate) fn make_room(&self) {
        observe::queue_full();
        if !self.lead(For::Itself) {
            self.queue.wait_for_room();
        }
    }

    /// Leads, or notes who waits for an answer.
    pub(crate) fn lead_or_register(&self, waiting: &dyn Waiting) -> Led {
        match self.queue.lead_or(|| waiting.register()) {
            Ok(lead) => {
                waiting.leave();
                self.run(lead, For::Itself);
                Led::Committed
            }
            Err(true) => Led::Answered,
            Err(false) => Led::Registered,
        }
    }

    /// Commits one batch, unless somebody else does already. Says whether it did.
    fn lead(&self, leads_for: For) -> bool {
        self.queue.lead_or(|| ()).map(|lead| self.run(lead, leads_for)).is_ok()
    }

    /// Settles more of what was handed over to other queues before, where something of this one may be behind it. Not for operations that
    /// have all waited too long, which are refused.
    fn settle_earlier(&self, batch: &Batch<D::Connection>) -> bool {
        !self.earlier.is_empty()
            && self.queue.has_handed_over()
            && !batch.iter().all(|operation| D::is_past(operation.due()))
            && self.earlier.iter().any(|earlier| earlier.settle_more())
    }

    fn run(&self, mut lead: Lead<'_, D::Connection>, leads_for: For) {
        let watched = observe::Batch::begin();
        let mut batch = Vec::new();
        lead.gather(&mut batch);
        let needs_upkeep = {
            let _turn =
                self.turns.as_ref().map(|turns| turns.write().unwrap_or_else(PoisonError::into_inner));
            let mut batches = lock(&self.batches);
            batches.driver.starts();
            let mut gather =
                |batch: &mut Batch<D::Connection>| lead.gather(batch) || self.settle_earlier(batch);
            watched.within(|| batches.run(&mut batch, &mut gather));
            batches.driver.needs_upkeep()
        };
        let waiting = batch.iter().filter(|operation| operation.waiter().is_some()).count();
        let callers = waiting + usize::from(leads_for == For::Itself);
        lead.served(callers);
        drop(lead);
        watched.end(batch.len(), callers);
        for operation in &mut batch {
            operation.resolve();
        }
        if needs_upkeep {
            self.upkeep();
        }
    }

    /// Does the upkeep that the last commit left over; a reader that ends may have been what kept it from being done.
    pub(crate) fn upkeep_if_due(&self) {
        if self.needs_upkeep.load(Ordering::Relaxed) {
            self.upkeep();
        }
    }

    /// Does the upkeep, unless somebody writes, who does so afterwards.
    fn upkeep(&self) {
        let mut batches = match self.batches.try_lock() {
            Ok(batches) => batches,
            Err(TryLockError::Poisoned(batches)) => batches.into_inner(),
            Err(TryLockError::WouldBlock) => return,
        };
        batches.driver.upkeep();
        self.needs_upkeep.store(batches.driver.needs_upkeep(), Ordering::Relaxed);
    }

    /// Queues one operation, or gives it back where the queue is full.
    #[cfg(feature = "async")]
    pub(crate) fn enqueue_at_once(
        &self,
        mut operation: Box<dyn Operation<D::Connection>>,
    ) -> Option<Box<dyn Operation<D::Connection>>> {
        if let Some(due) = self.due() {
            operation.wait_until(due);
        }
        self.queue.push_one(operation)
    }

    /// Commits one batch for others, unless somebody else does already or nothing is queued; says whether it did. Who calls it calls it
    /// again as long as it does.
    #[cfg(feature = "async")]
    pub(crate) fn lead_for_others(&self) -> bool {
        let lead = self.queue.lead_or(|| ());
        lead.map(|mut lead| {
            lead.lead_on();
            self.run(lead, For::Others);
        })
        .is_ok()
    }

    /// Whether something is queued and nobody leads.
    #[cfg(feature = "async")]
    pub(crate) fn needs_leader(&self) -> bool {
        self.queue.needs_leader()
    }

    /// Takes the duty to lead for tasks; says whether nobody had it.
    #[cfg(feature = "async")]
    pub(crate) fn claim(&self) -> bool {
        !self.is_claimed.swap(true, Ordering::AcqRel)
    }

    /// Gives that duty back.
    #[cfg(feature = "async")]
    pub(crate) fn give_back_claim(&self) {
        self.is_claimed.store(false, Ordering::Release);
    }

    /// Wakes the first who waits for an operation that is queued, unless somebody leads.
    #[cfg(feature = "async")]
    pub(crate) fn wake_next(&self) {
        self.queue.wake_next();
    }

    /// Whether something that was handed over waits and nobody leads.
    pub fn lies_idle(&self) -> bool {
        self.queue.lies_idle()
    }

    /// Commits everything that is queued, and waits for what somebody else commits.
    pub fn flush(&self) {
        while self.lead(For::Itself) || self.queue.wait_for_leader() {}
    }
}
