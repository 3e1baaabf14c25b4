//! Leader and follower: whoever finds no leader commits for everybody who queued.
//!
//! A lone caller leads its own batch of one on its own thread. When many call at once, one of them leads and the
//! others sleep until their answers are there. The leader begins with what it finds, and while it works the next
//! calls arrive and join; before it commits it waits a moment for as many callers as there were last time, so
//! that one sync of the disk serves all of them.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use crate::commit::operation::Operation;
use crate::commit::slot::Waiter;
use crate::lock::lock;
use crate::observe;

/// Callers that a leader waits for at most.
const GATHER_AT_MOST: usize = 64;
/// How long a leader sleeps for them the first time. It sleeps an eighth less each further time, so it asks for two
/// milliseconds of sleep at most, and nobody has to look at a clock.
pub(crate) const GATHER_FOR: Duration = Duration::from_micros(250);
/// How often in a batch a leader lets other threads run before it sleeps to wait for them: whoever was just answered
/// comes back sooner than a sleeping thread wakes. Few, because on a busy machine each may cost a slice of the
/// scheduler, and the leader keeps the lock of the file meanwhile.
const YIELDS: usize = 8;
/// Operations of one transaction at most. More than the callers that a leader waits for, so that operations
/// which one caller hands over together stay together.
pub(crate) const BATCH_AT_MOST: usize = 256;
/// Operations that wait at most; whoever brings one more waits for room, or leads to make some.
pub(crate) const QUEUE_AT_MOST: usize = 1_024;

/// Operations in the order in which they were handed over, up to a number of them; more wait outside.
pub(crate) struct Queue<N> {
    state: Mutex<State<N>>,
    arrived: Condvar,
    room: Condvar,
    /// How long a leader waits for others.
    patience: Duration,
    /// Operations whose batch is over, of all that were ever queued here.
    done: AtomicU64,
}

struct State<N> {
    waiting: VecDeque<Box<dyn Operation<N>>>,
    /// Operations that were ever queued here.
    queued: u64,
    /// The number of the last one that was handed over.
    handed_over: u64,
    /// Whether a thread commits at this moment; another one that finds none becomes the leader.
    has_leader: bool,
    /// Callers of the last batch.
    callers: usize,
    /// Whether the leader waits for further operations.
    is_gathering: bool,
    /// Callers that wait for room.
    crowded: usize,
}

/// The right to commit; given back when dropped, also by a panic.
pub(crate) struct Lead<'a, N> {
    queue: &'a Queue<N>,
    callers: usize,
    /// How long it sleeps the next time.
    patience: Duration,
    /// How often it may still let others run.
    yields: usize,
    /// Whether the thread leads again at once, so that nobody has to be woken for it.
    leads_on: bool,
}

/// The first who waits for an operation that is still queued.
fn next_waiter<N>(state: &State<N>) -> Option<Waiter> {
    state.waiting.iter().find_map(|operation| operation.waiter())
}

impl<N> Queue<N> {
    pub(crate) fn new(patience: Duration) -> Self {
        Self {
            state: Mutex::new(State {
                waiting: VecDeque::new(),
                queued: 0,
                handed_over: 0,
                has_leader: false,
                callers: 1,
                is_gathering: false,
                crowded: 0,
            }),
            arrived: Condvar::new(),
            room: Condvar::new(),
            patience,
            done: AtomicU64::new(0),
        }
    }

    /// Queues operations, next to each other, if there is room for all of them; else gives them back. An
    /// empty queue takes any number.
    pub(crate) fn push(&self, operations: &mut Vec<Box<dyn Operation<N>>>) -> bool {
        let mut state = lock(&self.state);
        if !state.waiting.is_empty() && state.waiting.len() + operations.len() > QUEUE_AT_MOST {
            return false;
        }
        self.add(&mut state, operations);
        true
    }

    /// Queues operations that were handed over, next to each other, whether or not there is room, and gives the number of the last one.
    pub(crate) fn hand_over(&self, operations: &mut Vec<Box<dyn Operation<N>>>) -> u64 {
        let mut state = lock(&self.state);
        self.add(&mut state, operations);
        state.handed_over = state.queued;
        state.queued
    }

    fn add(&self, state: &mut State<N>, operations: &mut Vec<Box<dyn Operation<N>>>) {
        observe::queued(operations.len().cast_signed());
        state.queued += operations.len() as u64;
        state.waiting.extend(operations.drain(..));
        if state.is_gathering {
            self.arrived.notify_one();
        }
    }

    /// Whether so many more operations have room. An empty queue has it for any number.
    pub(crate) fn has_room(&self, more: usize) -> bool {
        let state = lock(&self.state);
        state.waiting.is_empty() || state.waiting.len() + more <= QUEUE_AT_MOST
    }

    /// Whether the batch of the operation with this number is over.
    pub(crate) fn is_done(&self, number: u64) -> bool {
        self.done.load(Ordering::Acquire) >= number
    }

    /// Whether the batch of something that was handed over is not over.
    pub(crate) fn has_handed_over(&self) -> bool {
        let handed_over = lock(&self.state).handed_over;
        !self.is_done(handed_over)
    }

    /// Whether something waits that was handed over, and nobody leads.
    pub(crate) fn lies_idle(&self) -> bool {
        let state = lock(&self.state);
        !state.has_leader && !self.is_done(state.handed_over)
    }

    /// Waits until whoever leads has got on. Says whether somebody led.
    pub(crate) fn wait_for_leader(&self) -> bool {
        let mut state = lock(&self.state);
        let has_leader = state.has_leader;
        if has_leader {
            state.crowded += 1;
            state = self.room.wait(state).unwrap_or_else(PoisonError::into_inner);
            state.crowded -= 1;
        }
        has_leader
    }

    /// Queues one operation, as [`Queue::push`] does.
    pub(crate) fn push_one(&self, operation: Box<dyn Operation<N>>) -> Option<Box<dyn Operation<N>>> {
        let mut state = lock(&self.state);
        if state.waiting.len() >= QUEUE_AT_MOST {
            return Some(operation);
        }
        observe::queued(1);
        state.queued += 1;
        state.waiting.push_back(operation);
        if state.is_gathering {
            self.arrived.notify_one();
        }
        None
    }

    /// The lead, if nobody has it and something waits. Otherwise `enlist` is asked, with the queue locked, to
    /// note who waits.
    pub(crate) fn lead_or<T>(&self, enlist: impl FnOnce() -> T) -> Result<Lead<'_, N>, T> {
        let mut state = lock(&self.state);
        if state.has_leader || state.waiting.is_empty() {
            return Err(enlist());
        }
        state.has_leader = true;
        Ok(Lead { queue: self, callers: 1, patience: self.patience, yields: YIELDS, leads_on: false })
    }

    /// Waits until the queue has moved on, unless nobody leads.
    pub(crate) fn wait_for_room(&self) {
        let mut state = lock(&self.state);
        if state.has_leader && state.waiting.len() >= QUEUE_AT_MOST / 2 {
            state.crowded += 1;
            state = self.room.wait(state).unwrap_or_else(PoisonError::into_inner);
            state.crowded -= 1;
        }
    }

    /// Whether something waits and nobody leads.
    #[cfg(feature = "async")]
    pub(crate) fn needs_leader(&self) -> bool {
        let state = lock(&self.state);
        !state.has_leader && !state.waiting.is_empty()
    }

    /// Wakes the first who waits, unless somebody leads.
    #[cfg(feature = "async")]
    pub(crate) fn wake_next(&self) {
        let next = {
            let state = lock(&self.state);
            if state.has_leader { None } else { next_waiter(&state) }
        };
        if let Some(waiter) = next {
            waiter.wake();
        }
    }
}

impl<N> Lead<'_, N> {
    /// Moves what waits into the batch. Where fewer callers are in it than the last batch served, waits a moment
    /// for the others. Says whether anything was added; if not, the batch is complete.
    pub(crate) fn gather(&mut self, batch: &mut Vec<Box<dyn Operation<N>>>) -> bool {
        let mut state = lock(&self.queue.state);
        let expected = state.callers.min(GATHER_AT_MOST);
        if batch.len() < expected && !self.patience.is_zero() {
            while state.waiting.is_empty() && self.yields > 0 {
                self.yields -= 1;
                drop(state);
                std::thread::yield_now();
                state = lock(&self.queue.state);
            }
            if state.waiting.is_empty() {
                state.is_gathering = true;
                state = self
                    .queue
                    .arrived
                    .wait_timeout_while(state, self.patience, |state| state.waiting.is_empty())
                    .unwrap_or_else(PoisonError::into_inner)
                    .0;
                state.is_gathering = false;
                self.patience = self.patience * 7 / 8;
            }
        }
        let count = state.waiting.len().min(BATCH_AT_MOST - batch.len());
        batch.extend(state.waiting.drain(..count));
        observe::queued(-count.cast_signed());
        if state.crowded > 0 {
            self.queue.room.notify_all();
        }
        count > 0
    }

    /// Says that the thread leads again as soon as this lead is given back.
    #[cfg(feature = "async")]
    pub(crate) const fn lead_on(&mut self) {
        self.leads_on = true;
    }

    /// Says how many callers the batch served, the leader included where it is one.
    pub(crate) const fn served(&mut self, callers: usize) {
        self.callers = callers;
    }
}

impl<N> Drop for Lead<'_, N> {
    /// Gives the lead back and wakes the first who waits for an operation that is still queued: only a leader
    /// can answer it.
    fn drop(&mut self) {
        let next = {
            let mut state = lock(&self.queue.state);
            state.has_leader = false;
            // What does not wait any more was in this batch or in one before.
            self.queue.done.store(state.queued - state.waiting.len() as u64, Ordering::Release);
            state.callers = self.callers;
            if state.crowded > 0 {
                self.queue.room.notify_all();
            }
            if self.leads_on { None } else { next_waiter(&state) }
        };
        if let Some(waiter) = next {
            waiter.wake();
        }
    }
}
