//! PH1.J on SQLite.

use rusqlite::Connection;
use selene_contracts::ph1_j::backend::Ph1jAuditBackend;
use selene_contracts::ph1_j::{
    Ph1jAppendOnlyGuard, Ph1jAuditAppendCommitRow, Ph1jReadCorrelationRows, Ph1jReadRows, Ph1jReadTenantRows,
};
use selene_contracts::shared::{AuditEventId, AuditEventRecord, TenantId};
use selene_contracts::{Admitted, Committed, StorageError};

use crate::commit::events;
use crate::commit::read::{StoredGuard, StoredRead};
use crate::commit::write::StoredWrite;
use crate::failure::Failure;
use crate::rows::standing;
use crate::rules::standing::{Binding, Named, Standing};
use crate::sqlite::guard;
use crate::sqlite::guard::Row;
use crate::sqlite::store::SqliteStore;

impl StoredWrite for Ph1jAuditAppendCommitRow {
    fn load(connection: &Connection, call: &Admitted<Self>) -> Result<Standing, Failure> {
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

    fn store(connection: &Connection, change: &Option<Binding>) -> Result<(), Failure> {
        standing::bind(connection, change.as_ref())
    }
}

impl StoredRead for Ph1jReadCorrelationRows {
    fn read(connection: &Connection, call: &Admitted<Self>) -> Result<Vec<AuditEventRecord>, Failure> {
        let input = call.input();
        let key = (input.correlation_id.get().to_be_bytes(), input.tenant_id.as_ref().map(TenantId::as_str));
        let condition = "WHERE correlation_id = ?1 AND +tenant_id IS ?2 ORDER BY ledger_position";
        events::select(connection, condition, key)
    }
}

impl StoredRead for Ph1jReadTenantRows {
    fn read(connection: &Connection, call: &Admitted<Self>) -> Result<Vec<AuditEventRecord>, Failure> {
        events::select(
            connection,
            "WHERE chain_id = ?1 ORDER BY chain_sequence",
            [call.input().tenant_id.as_str()],
        )
    }
}

impl StoredRead for Ph1jReadRows {
    fn read(connection: &Connection, _call: &Admitted<Self>) -> Result<Vec<AuditEventRecord>, Failure> {
        events::select(connection, "ORDER BY chain_id, chain_sequence", [])
    }
}

impl StoredGuard for Ph1jAppendOnlyGuard {
    fn row(connection: &Connection, call: &Admitted<Self>) -> Result<Row, Failure> {
        let row = Row {
            table: "audit_events",
            condition: "event_id = ?1",
            column: "severity",
            key: vec![call.input().event_id.as_str().to_owned().into()],
        };
        guard::existing::<Self>(connection, row, "event_id")
    }
}

impl Ph1jAuditBackend for SqliteStore {
    fn ph1j_audit_append_commit_row(
        &self,
        call: Admitted<Ph1jAuditAppendCommitRow>,
    ) -> Result<Committed<AuditEventId>, StorageError> {
        self.commit(call)
    }

    fn ph1j_read_correlation_rows(
        &self,
        call: Admitted<Ph1jReadCorrelationRows>,
    ) -> Result<Vec<AuditEventRecord>, StorageError> {
        self.read(call)
    }

    fn ph1j_read_tenant_rows(
        &self,
        call: Admitted<Ph1jReadTenantRows>,
    ) -> Result<Vec<AuditEventRecord>, StorageError> {
        self.read(call)
    }

    fn ph1j_read_rows(&self, call: Admitted<Ph1jReadRows>) -> Result<Vec<AuditEventRecord>, StorageError> {
        self.read(call)
    }

    fn ph1j_append_only_guard(&self, call: Admitted<Ph1jAppendOnlyGuard>) -> Result<(), StorageError> {
        self.guard(call)
    }
}
