//! What a write rule is to a backend.

use selene_contracts::shared::AuditEventId;
use selene_contracts::{Admitted, StorageError, WriteCapability};

use super::EventDraft;

/// The rule of one write capability.
pub trait WriteRule: WriteCapability {
    /// The rows that the decision needs.
    type Facts;
    /// The rows that the decision writes.
    type Change;

    /// Decides. Checks come in the order that the spec states, and the first that fails is the answer.
    ///
    /// `event_id` is the id of the event that the write will emit.
    ///
    /// # Errors
    /// The refusal, with its reason code. Nothing is written then.
    fn decide(
        call: &Admitted<Self>,
        facts: Self::Facts,
        event_id: &AuditEventId,
    ) -> Result<Decision<Self>, StorageError>;
}

/// What an allowed write does.
#[derive(Debug)]
pub struct Decision<C: WriteRule> {
    /// The rows to write.
    pub change: C::Change,
    /// The one event to emit.
    pub event: EventDraft,
    /// What the caller gets, now and in every replay.
    pub output: C::Output,
}
