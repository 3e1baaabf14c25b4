//! What PH1.WRITE reads: its commits are their audit events, it has no table of its own.

use selene_contracts::ph1_write::Ph1writeReadAuditRows;
use selene_contracts::row::{Listing, Value};
use selene_contracts::{Admitted, Capability};

use crate::rows::events;
use crate::rows::listed::StoredRows;

impl StoredRows for Ph1writeReadAuditRows {
    type Order = (u64,);

    fn listing() -> Listing {
        events::OF_ENGINE
    }

    fn values(call: &Admitted<Self>) -> Vec<Value<'_>> {
        let input = call.input();
        events::of_engine(&input.tenant_id, input.correlation_id, Self::SPEC.engine)
    }
}
