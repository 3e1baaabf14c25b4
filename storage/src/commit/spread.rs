//! Several queues for what is handed over, so that calls which cannot notice each other are committed side by side.
//!
//! A write waits in the queue of the chain that it is likely to lead to. Where something that it names was handed over to another queue
//! and is not committed yet, it waits behind that, in that queue. Where this is true of two queues, or nobody knows the chain, it waits
//! in the common queue, which waits for all others; and while something waits there, everything goes there. So two writes that name the
//! same are committed in their order, and no queue waits for one that waits for it.
//!
//! What must not live here: what a write names, and which chain it leads to.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};

use crate::commit::calls::Serves;
use crate::commit::driver::Driver;
use crate::commit::names::Name;
use crate::commit::operation::{Operation, refuse_late};
use crate::lock::lock;

/// Names that are remembered before those whose writes are committed are forgotten.
const NAMES_AT_LEAST: usize = 4_096;

/// Queues for what is handed over, each with a leader.
pub struct Spread<L> {
    leaders: Vec<Arc<L>>,
    common: Arc<L>,
    waiting: Mutex<Named>,
}

/// Where a write that names these would wait.
pub(crate) struct Place {
    pub(crate) names: Vec<Name>,
    /// The queue of the chain that it is likely to lead to.
    pub(crate) home: Option<usize>,
}

/// A write that is handed over.
pub(crate) struct HandedOver<N> {
    pub(crate) place: Place,
    pub(crate) operation: Box<dyn Operation<N>>,
}

type Connection<L> = <<L as Serves>::Driver as Driver>::Connection;

/// What names was handed over last, where and as which one of its queue.
struct Named {
    last: BTreeMap<Name, (usize, u64)>,
    forget_at: usize,
}

/// Writes of one moment, by their queues.
struct Sorted<N> {
    /// One for each leader, and the common one behind them.
    queues: Vec<Vec<Box<dyn Operation<N>>>>,
    names: BTreeMap<Name, usize>,
}

impl<L: Serves> Spread<L> {
    /// Queues of these leaders. `common` has to be behind all others ([`Commits::behind`](crate::backend::Commits::behind)), and nobody
    /// else may hand over to them.
    pub fn new(leaders: Vec<Arc<L>>, common: Arc<L>) -> Self {
        let named = Named { last: BTreeMap::new(), forget_at: NAMES_AT_LEAST };
        Self { leaders, common, waiting: Mutex::new(named) }
    }

    /// The leaders, but for the common one.
    pub fn leaders(&self) -> &[Arc<L>] {
        &self.leaders
    }

    /// The leader whose queue waits for all others.
    pub const fn common(&self) -> &Arc<L> {
        &self.common
    }

    fn leader(&self, queue: usize) -> &Arc<L> {
        self.leaders.get(queue).unwrap_or(&self.common)
    }

    /// Queues writes in their order, and says for each who leads it. Where a queue is full, the caller waits, or makes room itself; where
    /// that takes too long, the rest is refused.
    pub(crate) fn hand_over(&self, writes: Vec<HandedOver<Connection<L>>>) -> Vec<Arc<L>> {
        let due = self.common.commits().due();
        let mut leaders = Vec::with_capacity(writes.len());
        let mut rest: VecDeque<_> = writes.into();
        if let Some(due) = due {
            for write in &mut rest {
                write.operation.wait_until(due);
            }
        }
        while let Some(full) = self.queue(&mut rest, &mut leaders) {
            self.leader(full).commits().make_room();
            if L::Driver::is_past(due) {
                leaders.extend(rest.iter().map(|_| Arc::clone(&self.common)));
                for write in rest {
                    refuse_late(write.operation);
                }
                break;
            }
        }
        leaders
    }

    /// Queues as many of the first writes as have room, those of one queue next to each other. Says which queue is full.
    fn queue(
        &self,
        rest: &mut VecDeque<HandedOver<Connection<L>>>,
        leaders: &mut Vec<Arc<L>>,
    ) -> Option<usize> {
        let mut named = lock(&self.waiting);
        let queues = (0..=self.leaders.len()).map(|_| Vec::new()).collect();
        let mut sorted = Sorted { queues, names: BTreeMap::new() };
        let mut full = None;
        while let Some(HandedOver { place, operation }) = rest.pop_front() {
            let queue = self.place(&named, &sorted, &place);
            if !self.leader(queue).commits().queue.has_room(sorted.queues[queue].len() + 1) {
                rest.push_front(HandedOver { place, operation });
                full = Some(queue);
                break;
            }
            sorted.queues[queue].push(operation);
            sorted.names.extend(place.names.into_iter().map(|name| (name, queue)));
            leaders.push(Arc::clone(self.leader(queue)));
        }
        // The common queue last: what waits there waits for what waits elsewhere by then.
        let mut numbers = Vec::with_capacity(sorted.queues.len());
        for (queue, operations) in sorted.queues.iter_mut().enumerate() {
            let commits = self.leader(queue).commits();
            numbers.push(if operations.is_empty() { 0 } else { commits.queue.hand_over(operations) });
        }
        named.last.extend(sorted.names.into_iter().map(|(name, queue)| (name, (queue, numbers[queue]))));
        self.forget(&mut named);
        full
    }

    /// The queue in which a write waits behind everything that was handed over before and that it may notice.
    fn place(&self, named: &Named, sorted: &Sorted<Connection<L>>, place: &Place) -> usize {
        let common = self.leaders.len();
        let Some(home) = place.home.filter(|home| *home < common) else { return common };
        if !sorted.queues[common].is_empty() || self.common.commits().queue.has_handed_over() {
            return common;
        }
        let is_waiting = |(queue, number): &&(usize, u64)| !self.is_done(*queue, *number);
        let mut behind = None;
        for name in &place.names {
            let waits = named.last.get(name).filter(is_waiting).map(|(queue, _)| *queue);
            for queue in waits.into_iter().chain(sorted.names.get(name).copied()) {
                if behind.is_some_and(|other| other != queue) {
                    return common;
                }
                behind = Some(queue);
            }
        }
        behind.unwrap_or(home)
    }

    fn is_done(&self, queue: usize, number: u64) -> bool {
        self.leader(queue).commits().queue.is_done(number)
    }

    /// Forgets names whose writes are committed, whenever there are twice as many as were left the last time.
    fn forget(&self, named: &mut Named) {
        if named.last.len() >= named.forget_at {
            named.last.retain(|_, (queue, number)| !self.is_done(*queue, *number));
            named.forget_at = NAMES_AT_LEAST.max(2 * named.last.len());
        }
    }
}
