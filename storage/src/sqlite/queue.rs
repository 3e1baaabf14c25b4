//! Leader and follower: whoever finds no leader commits for everybody who queued.
//!
//! A lone caller leads its own batch of one on its own thread. When many call at once, one of them leads, the
//! others sleep until their answers are there, and the next leader waits a moment for as many as there were
//! last time, so that one sync of the disk serves all of them.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use super::operation::Operation;
use super::ticket::lock;

/// Callers that a leader waits for at most.
const GATHER_AT_MOST: usize = 64;
/// How long a leader waits for them.
const GATHER_FOR: Duration = Duration::from_millis(1);
/// Operations of one transaction at most. More than the callers that a leader waits for, so that operations
/// which one caller hands over together stay together.
pub(super) const BATCH_AT_MOST: usize = 256;
/// Operations that wait at most; whoever brings one more waits for room, or leads to make some.
pub(super) const QUEUE_AT_MOST: usize = 1_024;

/// The waiting operations.
pub(super) struct Queue {
    state: Mutex<State>,
    arrived: Condvar,
    room: Condvar,
}

struct State {
    waiting: VecDeque<Box<dyn Operation>>,
    /// Somebody commits.
    has_leader: bool,
    /// Callers of the last batch.
    callers: usize,
    /// How many operations a leader waits for; zero while none does.
    gathering: usize,
    /// Callers that wait for room.
    crowded: usize,
}

/// The right to commit; given back when dropped, also by a panic.
pub(super) struct Lead<'a> {
    queue: &'a Queue,
    callers: usize,
}

impl Queue {
    pub(super) fn new() -> Self {
        Self {
            state: Mutex::new(State {
                waiting: VecDeque::new(),
                has_leader: false,
                callers: 1,
                gathering: 0,
                crowded: 0,
            }),
            arrived: Condvar::new(),
            room: Condvar::new(),
        }
    }

    /// Queues operations, next to each other, if there is room for all of them; else gives them back. An
    /// empty queue takes any number.
    pub(super) fn push(&self, operations: &mut Vec<Box<dyn Operation>>) -> bool {
        let mut state = lock(&self.state);
        if !state.waiting.is_empty() && state.waiting.len() + operations.len() > QUEUE_AT_MOST {
            return false;
        }
        state.waiting.extend(operations.drain(..));
        if state.gathering > 0 && state.waiting.len() >= state.gathering {
            self.arrived.notify_one();
        }
        true
    }

    /// Queues one operation, as [`Queue::push`] does.
    pub(super) fn push_one(&self, operation: Box<dyn Operation>) -> Option<Box<dyn Operation>> {
        let mut state = lock(&self.state);
        if state.waiting.len() >= QUEUE_AT_MOST {
            return Some(operation);
        }
        state.waiting.push_back(operation);
        if state.gathering > 0 && state.waiting.len() >= state.gathering {
            self.arrived.notify_one();
        }
        None
    }

    /// The lead, if nobody has it. Otherwise `enlist` is asked, with the queue locked, to note who waits.
    pub(super) fn lead_or<T>(&self, enlist: impl FnOnce() -> T) -> Result<Lead<'_>, T> {
        let mut state = lock(&self.state);
        if state.has_leader {
            return Err(enlist());
        }
        state.has_leader = true;
        Ok(Lead { queue: self, callers: 1 })
    }

    /// Waits until the queue has moved on, unless nobody leads.
    pub(super) fn wait_for_room(&self) {
        let mut state = lock(&self.state);
        if state.has_leader && state.waiting.len() >= QUEUE_AT_MOST / 2 {
            state.crowded += 1;
            state = self.room.wait(state).unwrap_or_else(PoisonError::into_inner);
            state.crowded -= 1;
        }
    }

    /// Whether nothing waits.
    pub(super) fn is_empty(&self) -> bool {
        lock(&self.state).waiting.is_empty()
    }
}

impl Lead<'_> {
    /// Takes the next batch, after waiting a moment for as many callers as last time.
    pub(super) fn gather(&self) -> Vec<Box<dyn Operation>> {
        let mut state = lock(&self.queue.state);
        let expected = state.callers.min(GATHER_AT_MOST);
        if state.waiting.len() < expected {
            state.gathering = expected;
            state = self
                .queue
                .arrived
                .wait_timeout_while(state, GATHER_FOR, |state| state.waiting.len() < expected)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
            state.gathering = 0;
        }
        let count = state.waiting.len().min(BATCH_AT_MOST);
        let batch = state.waiting.drain(..count).collect();
        if state.crowded > 0 {
            self.queue.room.notify_all();
        }
        batch
    }

    /// Says how many callers the batch served, the leader included.
    pub(super) const fn served(&mut self, callers: usize) {
        self.callers = callers;
    }
}

impl Drop for Lead<'_> {
    /// Gives the lead back and wakes the first who waits for an operation that is still queued: only a leader
    /// can answer it.
    fn drop(&mut self) {
        let next = {
            let mut state = lock(&self.queue.state);
            state.has_leader = false;
            state.callers = self.callers;
            if state.crowded > 0 {
                self.queue.room.notify_all();
            }
            state.waiting.iter().find_map(|operation| operation.waiter())
        };
        if let Some(thread) = next {
            thread.unpark();
        }
    }
}
