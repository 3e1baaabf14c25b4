//! The context of a call.

use selene_contracts::shared::{CorrelationId, MonotonicTimeNs, TurnId};
use selene_contracts::{CallContext, Caller};

/// A call of Selene OS in a chain of work.
pub fn context(correlation_id: u128) -> CallContext {
    CallContext::new(
        Caller::SeleneOs,
        MonotonicTimeNs::new(1_000),
        CorrelationId::new(correlation_id),
        TurnId::new(1),
    )
}
