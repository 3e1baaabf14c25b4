//! Where the answer to a queued operation arrives.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, Thread};

use selene_contracts::{Committed, StorageError};

use crate::sqlite::store::Shared;

/// Locks even after a panic elsewhere: everything behind a lock here is put right before the lock is let go.
pub(crate) fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The place of one answer.
#[derive(Debug)]
pub(crate) struct Slot<A> {
    state: Mutex<SlotState<A>>,
}

#[derive(Debug)]
struct SlotState<A> {
    answer: Option<A>,
    is_answered: bool,
    waiter: Option<Thread>,
}

impl<A> Slot<A> {
    pub(crate) fn new(answer: Option<A>) -> Arc<Self> {
        let is_answered = answer.is_some();
        Arc::new(Self { state: Mutex::new(SlotState { answer, is_answered, waiter: None }) })
    }

    /// Puts the answer down and wakes whoever waits.
    pub(crate) fn resolve(&self, answer: A) {
        let waiter = {
            let mut state = lock(&self.state);
            state.answer = Some(answer);
            state.is_answered = true;
            state.waiter.take()
        };
        if let Some(waiter) = waiter {
            waiter.unpark();
        }
    }

    /// Whether no answer was ever given.
    pub(crate) fn is_open(&self) -> bool {
        !lock(&self.state).is_answered
    }

    /// The answer, if it is there.
    pub(crate) fn take(&self) -> Option<A> {
        lock(&self.state).answer.take()
    }

    /// The answer, or a note that this thread waits for it.
    pub(crate) fn take_or_register(&self) -> Option<A> {
        let mut state = lock(&self.state);
        let answer = state.answer.take();
        if answer.is_none() {
            state.waiter = Some(thread::current());
        }
        answer
    }

    /// Takes the note back: this thread leads now, and does not wait.
    pub(crate) fn leave(&self) {
        lock(&self.state).waiter = None;
    }

    /// Whoever waits.
    pub(crate) fn waiter(&self) -> Option<Thread> {
        lock(&self.state).waiter.clone()
    }
}

/// What a write gives.
pub(crate) type WriteAnswer<T> = Result<Committed<T>, StorageError>;

/// A write that was handed over and not yet waited for.
///
/// The write is done with the next batch, whether or not anybody waits; a ticket that is dropped loses only
/// the answer.
#[must_use = "a ticket that nobody waits for loses its answer"]
pub struct Ticket<T> {
    pub(crate) slot: Arc<Slot<WriteAnswer<T>>>,
    pub(crate) shared: Arc<Shared>,
}

impl<T> Ticket<T> {
    /// Returns once the write is durable, or refused.
    ///
    /// # Errors
    /// Why the write was refused, or why its fate is unknown.
    pub fn wait(self) -> Result<Committed<T>, StorageError> {
        self.shared.wait(&self.slot)
    }
}

impl<T> std::fmt::Debug for Ticket<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ticket").finish_non_exhaustive()
    }
}
