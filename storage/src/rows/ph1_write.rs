//! PH1.WRITE on SQLite.

use rusqlite::Connection;
use selene_contracts::ph1_write::backend::Ph1WriteBackend;
use selene_contracts::ph1_write::{Ph1writeFormatCommitRow, Ph1writeReadAuditRows};
use selene_contracts::shared::{AuditEventId, AuditEventRecord};
use selene_contracts::{Admitted, Capability, Committed, StorageError};

use crate::commit::events;
use crate::commit::read::StoredRead;
use crate::failure::Failure;
use crate::sqlite::store::SqliteStore;

impl StoredRead for Ph1writeReadAuditRows {
    fn read(connection: &Connection, call: &Admitted<Self>) -> Result<Vec<AuditEventRecord>, Failure> {
        let input = call.input();
        events::of_engine(connection, &input.tenant_id, input.correlation_id, Self::SPEC.engine)
    }
}

impl Ph1WriteBackend for SqliteStore {
    fn ph1write_format_commit_row(
        &self,
        call: Admitted<Ph1writeFormatCommitRow>,
    ) -> Result<Committed<AuditEventId>, StorageError> {
        self.commit(call)
    }

    fn ph1write_read_audit_rows(
        &self,
        call: Admitted<Ph1writeReadAuditRows>,
    ) -> Result<Vec<AuditEventRecord>, StorageError> {
        self.read(call)
    }
}
