//! The store as its callers use it: one call after the other, from many threads, or handed over together.

use std::sync::Barrier;
use std::time::{Duration, Instant};

use selene_contracts::Disposition;
use selene_storage::{SqliteStore, Ticket};

use crate::rounds::timed;
use crate::workload::{Call, calls};

/// A store and the numbers of the events that it has not seen yet.
pub struct Ours {
    pub store: SqliteStore,
    next: usize,
}

impl Ours {
    /// A store that holds the events below `next`.
    pub fn new(store: SqliteStore, next: usize) -> Self {
        Self { store, next }
    }

    fn take(&mut self, count: usize) -> Vec<Call> {
        self.next += count;
        calls(self.next - count..self.next)
    }

    /// New events from so many callers, each of whom waits for one before the next.
    pub fn commit_from(&mut self, callers: usize, count: usize) -> Duration {
        let calls = self.take(count);
        if callers == 1 {
            return timed(|| commit_each(&self.store, calls));
        }
        let mut shares: Vec<Vec<Call>> = (0..callers).map(|_| Vec::new()).collect();
        for (index, call) in calls.into_iter().enumerate() {
            shares[index % callers].push(call);
        }
        let (barrier, store) = (&Barrier::new(callers), &self.store);
        let started: Vec<Instant> = std::thread::scope(|scope| {
            let callers = shares.into_iter().map(|share| {
                scope.spawn(move || {
                    barrier.wait();
                    let start = Instant::now();
                    commit_each(store, share);
                    start
                })
            });
            let callers: Vec<_> = callers.collect();
            callers.into_iter().map(|caller| caller.join().expect("every call is answered")).collect()
        });
        started.iter().min().map_or(Duration::ZERO, Instant::elapsed)
    }

    /// New events, handed over in tickets of `together`.
    pub fn commit_tickets(&mut self, together: usize, count: usize) -> Duration {
        let mut calls = self.take(count);
        timed(|| {
            while !calls.is_empty() {
                let rest = calls.split_off(together.min(calls.len()));
                for ticket in self.store.submit_all(std::mem::replace(&mut calls, rest)) {
                    must_be(Ticket::wait(ticket), Disposition::Applied);
                }
            }
        })
    }

    /// Calls that were made before.
    pub fn replay(&self, calls: Vec<Call>) -> Duration {
        timed(|| {
            for (context, input) in calls {
                let answer = self.store.submit(&context, input).wait();
                must_be(answer, Disposition::Replayed { identical: true });
            }
        })
    }
}

fn commit_each(store: &SqliteStore, calls: Vec<Call>) {
    for (context, input) in calls {
        must_be(store.submit(&context, input).wait(), Disposition::Applied);
    }
}

fn must_be<T>(
    answer: Result<selene_contracts::Committed<T>, selene_contracts::StorageError>,
    expected: Disposition,
) {
    let committed = answer.expect("the call is allowed");
    assert_eq!(committed.disposition, expected);
}
