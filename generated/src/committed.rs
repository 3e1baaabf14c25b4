//! What a write gives back.

use crate::reason::ReasonCode;
use crate::shared::AuditEventId;

/// The outcome of a durable write.
#[derive(Debug, Clone, PartialEq)]
pub struct Committed<T> {
    /// What the capability gives: for a replayed call, bit for bit what the first call gave.
    pub value: T,
    /// The audit event of the applied write; for a replayed call, the event of the first call.
    pub event_id: AuditEventId,
    /// Whether this very call was applied.
    pub disposition: Disposition,
    /// The event's reason code; for a replayed call, the engine's code for a replay.
    pub reason_code: ReasonCode,
}

/// Whether a write was applied or had been applied before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Disposition {
    /// This call changed the store and emitted one audit event.
    Applied,
    /// The same dedupe key was committed before. Nothing was written, no event was emitted.
    Replayed {
        /// Whether the request is the same as the first one, bit for bit.
        identical: bool,
    },
}

impl<T> Committed<T> {
    /// Whether this very call changed the store.
    pub const fn is_applied(&self) -> bool {
        matches!(self.disposition, Disposition::Applied)
    }
}
