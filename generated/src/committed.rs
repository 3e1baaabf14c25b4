//! What a write gives back.

use serde::{Deserialize, Serialize};

use crate::error::StorageError;
use crate::reason::ReasonCode;
use crate::shared::AuditEventId;

/// The outcome of a durable write.
///
/// A replay answers with what the first call gave, also where the request differs: `?` alone takes that for a success.
/// A caller whose key could stand for two different requests calls [`Committed::require_identical`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
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

    /// The outcome, unless the key was used before for a request that differs from this one.
    ///
    /// Call it wherever a key might be reused for something else: keys that a person or another program chooses, keys
    /// that are made of less than the whole request, or a retry that is put together anew. A caller that repeats the very
    /// bytes of its first request needs it only as an assertion.
    ///
    /// ```
    /// # use selene_contracts::{Committed, StorageError};
    /// # fn first(committed: Committed<u32>) -> Result<(), StorageError> {
    /// let value = committed.require_identical()?.value; // what *this* request asked for
    /// # let _ = value;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`StorageError::RequestDiffers`], with the engine's reason code of a replay and the event of the first call.
    pub fn require_identical(self) -> Result<Self, StorageError> {
        match self.disposition {
            Disposition::Applied | Disposition::Replayed { identical: true } => Ok(self),
            Disposition::Replayed { identical: false } => {
                Err(StorageError::RequestDiffers { reason_code: self.reason_code, event_id: self.event_id })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ph1_write::Ph1WriteReasonCode;

    fn committed(disposition: Disposition) -> Committed<u8> {
        Committed {
            value: 7,
            event_id: AuditEventId::new("evt_first"),
            disposition,
            reason_code: Ph1WriteReasonCode::WriteIdempotencyReplay.into(),
        }
    }

    #[test]
    fn only_a_differing_request_is_an_error() {
        for disposition in [Disposition::Applied, Disposition::Replayed { identical: true }] {
            assert_eq!(committed(disposition).require_identical(), Ok(committed(disposition)));
        }
        let error = committed(Disposition::Replayed { identical: false }).require_identical().unwrap_err();
        assert!(
            matches!(&error, StorageError::RequestDiffers { event_id, .. } if event_id.as_str() == "evt_first"),
            "{error}"
        );
        assert_eq!(error.reason_code().as_str(), "WRITE_IDEMPOTENCY_REPLAY");
        assert_eq!(
            error.to_string(),
            "WRITE_IDEMPOTENCY_REPLAY: the key was used before for another request, whose event is evt_first; \
             nothing was written"
        );
    }
}
