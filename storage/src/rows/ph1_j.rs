//! PH1.J on SQLite.

use selene_contracts::Admitted;
use selene_contracts::ph1_j::{
    AuditEventsRow, Ph1jAppendOnlyGuard, Ph1jAuditAppendCommitRow, Ph1jReadCorrelationRows, Ph1jReadRows,
    Ph1jReadTenantRows,
};
use selene_contracts::row::Column as _;
use selene_contracts::shared::{AuditEventRecord, TenantId};

use crate::commit::events;
use crate::failure::Failure;
use crate::rows::standing;
use crate::rows::stored::StoredWrite;
use crate::rows::stored::{LedgerRow, StoredGuard, StoredRead};
use crate::rules::standing::{Binding, Named, Standing};
use crate::session::{Changes, Session};

impl StoredWrite for Ph1jAuditAppendCommitRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<Standing, Failure> {
        let connection = db.connection();
        let input = call.input();
        standing::load(
            connection,
            Named {
                user: input.user_id.as_ref(),
                device: input.device_id.as_ref(),
                session: input.session_id,
                tenant: input.tenant_id.as_ref(),
            },
        )
    }

    fn store<S: Session>(changes: &mut Changes<'_, S>, change: &Option<Binding>) -> Result<(), Failure> {
        standing::bind(changes, change.as_ref())
    }
}

impl StoredRead for Ph1jReadCorrelationRows {
    fn read<S: Session>(db: &S, call: &Admitted<Self>) -> Result<Vec<AuditEventRecord>, Failure> {
        let connection = db.connection();
        let input = call.input();
        let key = (input.correlation_id.get().to_be_bytes(), input.tenant_id.as_ref().map(TenantId::as_str));
        let condition = "WHERE correlation_id = ?1 AND +tenant_id IS ?2 ORDER BY ledger_position";
        events::select(connection, condition, key)
    }
}

impl StoredRead for Ph1jReadTenantRows {
    fn read<S: Session>(db: &S, call: &Admitted<Self>) -> Result<Vec<AuditEventRecord>, Failure> {
        let connection = db.connection();
        events::select(
            connection,
            "WHERE chain_id = ?1 ORDER BY chain_sequence",
            [call.input().tenant_id.as_str()],
        )
    }
}

impl StoredRead for Ph1jReadRows {
    fn read<S: Session>(db: &S, _call: &Admitted<Self>) -> Result<Vec<AuditEventRecord>, Failure> {
        let connection = db.connection();
        events::select(connection, "ORDER BY chain_id, chain_sequence", [])
    }
}

impl StoredGuard for Ph1jAppendOnlyGuard {
    fn row(call: &Admitted<Self>) -> LedgerRow {
        LedgerRow::of::<AuditEventsRow>("event_id", &[call.input().event_id.value()])
    }
}
