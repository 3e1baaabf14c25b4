//! The future of an answer. Dropped, it loses the answer and nothing else: the call is done or not, never half.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::runtime::Handle;

use crate::asynchronous::leading;
use crate::commit::calls::Serves;
use crate::commit::slot::{Slot, Waiting as _};

/// Waits for the answer of a queued operation.
pub(super) struct Answer<T: Serves, A> {
    slot: Arc<Slot<A>>,
    leader: Arc<T>,
    runtime: Handle,
    is_done: bool,
}

impl<T: Serves, A> Answer<T, A> {
    /// The answer that arrives in `slot`, of an operation in the queue of `leader`.
    pub(super) fn new(slot: Arc<Slot<A>>, leader: Arc<T>, runtime: Handle) -> Self {
        Self { slot, leader, runtime, is_done: false }
    }
}

impl<T: Serves, A> Future for Answer<T, A> {
    type Output = A;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<A> {
        // Noted first: whoever leads now, and is done before this task looks, wakes it.
        if let Some(answer) = self.slot.take_or_register(context.waker()) {
            self.is_done = true;
            return Poll::Ready(answer);
        }
        leading::ensure(&self.runtime, &self.leader);
        Poll::Pending
    }
}

impl<T: Serves, A> Drop for Answer<T, A> {
    /// A leader may have woken this task so that it finds the next one; others wait for that.
    fn drop(&mut self) {
        if !self.is_done {
            self.slot.leave();
            leading::ensure(&self.runtime, &self.leader);
        }
    }
}
