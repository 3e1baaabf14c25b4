//! The place where the answer to a queued operation arrives.

use std::sync::{Arc, Mutex};
use std::task::Waker;
use std::thread::{self, Thread};

use crate::lock::lock;

/// Who waits for an answer.
#[derive(Debug, Clone)]
pub(crate) enum Waiter {
    /// A thread that is parked.
    Thread(Thread),
    /// A task of an asynchronous runtime.
    #[cfg_attr(not(feature = "async"), expect(dead_code, reason = "tasks come with the feature"))]
    Task(Waker),
}

impl Waiter {
    /// Lets it look again.
    pub(crate) fn wake(self) {
        match self {
            Self::Thread(thread) => thread.unpark(),
            Self::Task(waker) => waker.wake(),
        }
    }
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
    waiter: Option<Waiter>,
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
            waiter.wake();
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

    /// The answer, if it is there; else the task of `waker` waits for it.
    #[cfg(feature = "async")]
    pub(crate) fn take_or_register(&self, waker: &Waker) -> Option<A> {
        let mut state = lock(&self.state);
        let answer = state.answer.take();
        if answer.is_none() {
            state.waiter = Some(Waiter::Task(waker.clone()));
        }
        answer
    }

    /// Who waits for the answer, to be woken once it is there; `None` where nobody waits yet.
    pub(crate) fn waiter(&self) -> Option<Waiter> {
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
            state.waiter = Some(Waiter::Thread(thread::current()));
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

    /// Lets others commit what waits in other queues.
    fn wake_others(&self);
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
