//! How many tasks may do something at the same time.

use std::sync::Arc;

use tokio::sync::Semaphore;

use crate::commit::queue::QUEUE_AT_MOST;

/// What the asynchronous handles of a store share beside the store.
#[derive(Debug)]
pub struct Tasks {
    /// Places in the queue; further tasks wait for one in their order.
    pub(super) room: Semaphore,
    /// Permits for threads that read; each read holds one.
    pub(super) readers: Arc<Semaphore>,
}

impl Tasks {
    /// For a store that reads on so many connections.
    #[must_use]
    pub fn new(readers: usize) -> Self {
        Self { room: Semaphore::new(QUEUE_AT_MOST), readers: Arc::new(Semaphore::new(readers.max(1))) }
    }
}
