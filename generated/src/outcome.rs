//! How a call ended, as far as it may be watched from outside: counters for a recorder and events for a subscriber.
//!
//! What lives here: kinds of outcomes, and the report of a call that ended. What must not: values of inputs or rows, clocks. Without
//! the features `metrics` and `tracing` nothing of it costs anything.

use crate::capability::CapabilitySpec;
use crate::committed::{Committed, Disposition};
use crate::error::StorageError;
use crate::reason::ReasonCode;

/// How a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Outcome {
    /// A write was applied, or a read was answered.
    Done,
    /// A write had been applied before; the first answer was given again.
    Replayed,
    /// The same, and the request differs from the first one.
    ReplayedDifferent,
    /// The contract, a rule or a lock refused the call; nothing was written.
    Refused,
    /// The store could not serve the call; nothing was written.
    Unavailable,
    /// Whether the write is durable cannot be found out.
    Unknown,
}

impl Outcome {
    /// All of them, in the order of their declaration.
    pub const ALL: [Self; 6] = [
        Self::Done,
        Self::Replayed,
        Self::ReplayedDifferent,
        Self::Refused,
        Self::Unavailable,
        Self::Unknown,
    ];

    /// The value of the label `outcome`: `replayed_different`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Replayed => "replayed",
            Self::ReplayedDifferent => "replayed_different",
            Self::Refused => "refused",
            Self::Unavailable => "unavailable",
            Self::Unknown => "unknown",
        }
    }
}

/// How a call ended, and the code that says why where there is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    /// Whether it was applied, replayed, refused or failed.
    pub outcome: Outcome,
    /// The code of the applied write's event, of the replay or of the refusal; none for a read.
    pub code: Option<ReasonCode>,
}

impl Ended {
    /// A read that was answered.
    pub const ANSWERED: Self = Self { outcome: Outcome::Done, code: None };

    /// A write that has an answer.
    pub const fn of_write<T>(committed: &Committed<T>) -> Self {
        let outcome = match committed.disposition {
            Disposition::Applied => Outcome::Done,
            Disposition::Replayed { identical: true } => Outcome::Replayed,
            Disposition::Replayed { identical: false } => Outcome::ReplayedDifferent,
        };
        Self { outcome, code: Some(committed.reason_code) }
    }

    /// A call that was refused or failed.
    pub const fn of_error(error: &StorageError) -> Self {
        let outcome = match error {
            StorageError::BackendUnavailable { .. } => Outcome::Unavailable,
            StorageError::OutcomeUnknown { .. } => Outcome::Unknown,
            _ => Outcome::Refused,
        };
        Self { outcome, code: Some(error.reason_code()) }
    }

    /// Counts the end of a call, where a recorder is installed.
    pub fn count(self, spec: &CapabilitySpec) {
        #[cfg(feature = "metrics")]
        {
            let (capability, outcome) = (spec.id, self.outcome.as_str());
            metrics::counter!("selene_calls_total", "capability" => capability, "outcome" => outcome)
                .increment(1);
            if let (Outcome::Refused, Some(code)) = (self.outcome, self.code) {
                metrics::counter!("selene_refusals_total", "code" => code.as_str()).increment(1);
            }
        }
        #[cfg(not(feature = "metrics"))]
        let _ = (self, spec);
    }
}

/// Says that a call was refused before any backend saw it.
pub(crate) fn refused_at_the_door(spec: &CapabilitySpec, error: &StorageError) {
    let ended = Ended::of_error(error);
    ended.count(spec);
    #[cfg(feature = "tracing")]
    tracing::debug!(
        target: "selene::call",
        capability = spec.id,
        outcome = ended.outcome.as_str(),
        code = error.reason_code().as_str(),
        "call refused before it reached the store"
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ph1_write::Ph1WriteReasonCode;

    #[test]
    fn every_outcome_has_a_label_of_its_own() {
        let mut labels: Vec<&str> = Outcome::ALL.into_iter().map(Outcome::as_str).collect();
        labels.sort_unstable();
        labels.dedup();
        assert_eq!(labels.len(), Outcome::ALL.len());
    }

    #[test]
    fn an_error_is_a_refusal_unless_the_store_failed() {
        let reason_code: ReasonCode = Ph1WriteReasonCode::WriteIdempotencyReplay.into();
        let detail = String::new;
        let unavailable = StorageError::BackendUnavailable { reason_code, detail: detail() };
        let unknown = StorageError::OutcomeUnknown { reason_code, detail: detail() };
        let refused = StorageError::ForeignKey { reason_code, field: "user_id", table: "identities" };
        let outcome = |error| Ended::of_error(&error).outcome;
        assert_eq!(outcome(unavailable), Outcome::Unavailable);
        assert_eq!(outcome(unknown), Outcome::Unknown);
        assert_eq!(outcome(refused), Outcome::Refused);
    }
}
