//! A write that was handed over.

use std::sync::Arc;

use selene_contracts::{Committed, StorageError};

use crate::commit::slot::{self, Leads, Slot};

/// What a write gives.
pub(crate) type WriteAnswer<T> = Result<Committed<T>, StorageError>;

/// A write that was handed over and not yet waited for.
///
/// The write is done with the next batch, whether or not anybody waits; a ticket that is dropped loses only
/// the answer.
#[must_use = "a ticket that nobody waits for loses its answer"]
pub struct Ticket<T> {
    pub(crate) slot: Arc<Slot<WriteAnswer<T>>>,
    pub(crate) leads: Arc<dyn Leads>,
}

impl<T> Ticket<T> {
    /// Returns once the write is durable, or refused.
    ///
    /// # Errors
    /// Why the write was refused, or why it is unknown whether it is durable.
    pub fn wait(self) -> Result<Committed<T>, StorageError> {
        if let Some(answer) = self.slot.take() {
            return answer;
        }
        self.leads.wake_others();
        slot::wait(self.leads.as_ref(), &self.slot)
    }
}

impl<T> std::fmt::Debug for Ticket<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ticket").finish_non_exhaustive()
    }
}
