//! PH1.PERSONA on SQLite.

use rusqlite::Connection;
use selene_contracts::ph1_persona::backend::Ph1PersonaBackend;
use selene_contracts::ph1_persona::{Ph1personaProfileCommitRow, Ph1personaReadAuditRows};
use selene_contracts::shared::{AuditEventId, AuditEventRecord};
use selene_contracts::{Admitted, Capability, Committed, StorageError};

use crate::commit::events;
use crate::commit::read::StoredRead;
use crate::failure::Failure;
use crate::sqlite::store::SqliteStore;

impl StoredRead for Ph1personaReadAuditRows {
    fn read(connection: &Connection, call: &Admitted<Self>) -> Result<Vec<AuditEventRecord>, Failure> {
        let input = call.input();
        events::of_engine(connection, &input.tenant_id, input.correlation_id, Self::SPEC.engine)
    }
}

impl Ph1PersonaBackend for SqliteStore {
    fn ph1persona_profile_commit_row(
        &self,
        call: Admitted<Ph1personaProfileCommitRow>,
    ) -> Result<Committed<AuditEventId>, StorageError> {
        self.commit(call)
    }

    fn ph1persona_read_audit_rows(
        &self,
        call: Admitted<Ph1personaReadAuditRows>,
    ) -> Result<Vec<AuditEventRecord>, StorageError> {
        self.read(call)
    }
}
