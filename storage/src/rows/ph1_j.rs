//! Rows of PH1.J: audit events, which commits append, and the device that an appended event binds.

use selene_contracts::ph1_j::{
    Ph1jAuditAppendCommitRow, Ph1jReadCorrelationRows, Ph1jReadRows, Ph1jReadTenantRows,
};
use selene_contracts::row::{Column as _, Listing, Value};
use selene_contracts::shared::{AuditEventRecord, ChainId};
use selene_contracts::{Admitted, listing};

use crate::failure::Failure;
use crate::rows::events;
use crate::rows::listed::StoredRows;
use crate::rows::standing;
use crate::rows::stored::StoredWrite;
use crate::rules::standing::{Named, Standing};
use crate::session::Session;

impl StoredWrite for Ph1jAuditAppendCommitRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<Standing, Failure> {
        let input = call.input();
        standing::load(
            db,
            Named {
                user: input.user_id.as_ref(),
                device: input.device_id.as_ref(),
                session: input.session_id,
                tenant: input.tenant_id.as_ref(),
            },
        )
    }
}

impl StoredRows for Ph1jReadCorrelationRows {
    type Order = (u64,);

    fn listing() -> Listing {
        events::OF_CORRELATION
    }

    fn values(call: &Admitted<Self>) -> Vec<Value<'_>> {
        let input = call.input();
        events::in_correlation(input.tenant_id.as_ref(), input.correlation_id)
    }
}

impl StoredRows for Ph1jReadTenantRows {
    type Order = (u64,);

    fn listing() -> Listing {
        listing!(
            "SELECT {*AuditEventRecord} FROM {@audit_events} WHERE {chain_id} = $1 ORDER BY {chain_sequence}"
        )
    }

    fn values(call: &Admitted<Self>) -> Vec<Value<'_>> {
        vec![call.input().tenant_id.value()]
    }
}

impl StoredRows for Ph1jReadRows {
    type Order = (ChainId, u64);

    fn listing() -> Listing {
        listing!("SELECT {*AuditEventRecord} FROM {@audit_events} ORDER BY {chain_id}, {chain_sequence}")
    }
}
