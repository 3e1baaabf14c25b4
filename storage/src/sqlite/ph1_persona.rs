//! PH1.PERSONA on SQLite.

use rusqlite::Connection;
use selene_contracts::ph1_persona::{Ph1PersonaBackend, Ph1personaProfileCommitRow, Ph1personaReadAuditRows};
use selene_contracts::shared::{AuditEventId, AuditEventRecord};
use selene_contracts::{Admitted, Capability, Committed, StorageError};

use super::failure::Failure;
use super::read::StoredRead;
use super::store::SqliteStore;
use super::write::StoredWrite;
use super::{events, standing};
use crate::engines::standing::{Binding, Named, Standing};

impl StoredWrite for Ph1personaProfileCommitRow {
    fn load(connection: &Connection, call: &Admitted<Self>) -> Result<Standing, Failure> {
        let input = call.input();
        standing::load(
            connection,
            Named {
                user: Some(&input.user_id),
                device: Some(&input.device_id),
                session: input.session_id,
                tenant: Some(&input.tenant_id),
            },
        )
    }

    fn store(connection: &Connection, change: &Option<Binding>) -> Result<(), Failure> {
        standing::bind(connection, change.as_ref())
    }
}

impl StoredRead for Ph1personaReadAuditRows {
    fn read(connection: &Connection, call: &Admitted<Self>) -> Result<Vec<AuditEventRecord>, Failure> {
        events::of_engine(connection, call.input().correlation_id, Self::SPEC.engine)
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
