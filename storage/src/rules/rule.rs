//! The interface between a write rule and a backend.

use selene_contracts::{Admitted, StorageError, WriteCapability};

use super::EventDraft;

/// The rule of one write capability.
pub trait WriteRule: WriteCapability {
    /// The rows that the decision needs.
    type Facts;
    /// The rows that the decision writes.
    type Change;

    /// Refuses an input for what it says itself, beyond the bounds that admission knows: what no row can make right.
    /// Asked before the dedupe key is looked up, so a retry with such an input is refused and not answered with what
    /// was applied before. It looks at the input alone: not at rows, and not at the time, which a retry has its own of.
    ///
    /// # Errors
    /// The refusal, with its reason code.
    fn check_input(_input: &Self) -> Result<(), StorageError> {
        Ok(())
    }

    /// Decides, for an input that [`check_input`](Self::check_input) let through. Checks come in the order that the spec states, and the first that fails is the answer.
    ///
    /// # Errors
    /// The refusal, with its reason code. Nothing is written then.
    fn decide(call: &Admitted<Self>, facts: Self::Facts) -> Result<Decision<Self>, StorageError>;
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

/// Who may have the outcome of an earlier call.
#[doc(hidden)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// The tenant that made it.
    Tenant,
    /// This caller: the rule has looked at the tenant itself.
    Caller,
    /// Who makes the very call that was made first; any other call is refused with this text.
    SameRequest(&'static str),
}
