//! The place where the answer to a queued operation arrives.

use std::sync::{Arc, Mutex};
use std::thread::{self, Thread};

use crate::lock::lock;

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

    /// The thread that waits for the answer, to be woken once it is there; `None` where nobody waits yet.
    pub(crate) fn waiter(&self) -> Option<Thread> {
        lock(&self.state).waiter.clone()
    }
}

/// What a queue asks of somebody who waits for an answer, whatever its type.
pub(crate) trait Waiting {
    /// Notes that this thread waits, unless the answer is there; says whether it is.
    fn register(&self) -> bool;

    /// Takes the note back: this thread leads now, and does not wait.
    fn leave(&self);
}

impl<A> Waiting for Slot<A> {
    fn register(&self) -> bool {
        let mut state = lock(&self.state);
        if state.answer.is_none() {
            state.waiter = Some(thread::current());
        }
        state.answer.is_some()
    }

    fn leave(&self) {
        lock(&self.state).waiter = None;
    }
}

/// Whoever commits what is queued. Object-safe, so that a ticket need not know the driver.
pub(crate) trait Leads: Send + Sync {
    /// Commits one batch on this thread, unless somebody else does already or nothing is queued; then notes that `waiting`
    /// waits. Says what happened.
    fn lead_or_register(&self, waiting: &dyn Waiting) -> Led;
}

/// What became of an attempt to lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Led {
    /// This thread committed a batch.
    Committed,
    /// The answer is there.
    Answered,
    /// Somebody else commits; this thread is noted and will be woken.
    Registered,
}

/// Returns the answer of a slot; leads where nobody else does.
pub(crate) fn wait<A>(leads: &dyn Leads, slot: &Slot<A>) -> A {
    loop {
        if let Some(answer) = slot.take() {
            return answer;
        }
        if leads.lead_or_register(slot) == Led::Registered {
            thread::park();
        }
    }
}
