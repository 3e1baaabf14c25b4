//! What PH1.WRITE reads: its commits are their audit events, it has no table of its own.

use selene_contracts::ph1_write::Ph1writeReadAuditRows;
use selene_contracts::shared::AuditEventRecord;
use selene_contracts::{Admitted, Capability};

use crate::failure::Failure;
use crate::rows::events;
use crate::rows::stored::StoredRead;
use crate::session::Session;

impl StoredRead for Ph1writeReadAuditRows {
    fn read<S: Session>(db: &S, call: &Admitted<Self>) -> Result<Vec<AuditEventRecord>, Failure> {
        let input = call.input();
        events::of_engine(db, &input.tenant_id, input.correlation_id, Self::SPEC.engine)
    }
}
