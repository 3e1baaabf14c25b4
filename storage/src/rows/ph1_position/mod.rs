//! PH1.POSITION on SQLite.

mod companies;
mod guards;
mod positions;
mod schemas;

use selene_contracts::ph1_position::backend::Ph1PositionBackend;
use selene_contracts::ph1_position::{
    Ph1positionAppendOnlyGuards, Ph1positionCompanyInsertRow, Ph1positionCompanyStateCommitRow,
    Ph1positionCreateDraftRow, Ph1positionLifecycleCommitRow, Ph1positionReadActiveSchemaRow,
    Ph1positionReadCompanyRow, Ph1positionReadPositionRow, Ph1positionReadSchemaVersionRow,
    Ph1positionSchemaActivateCommitRow, Ph1positionSchemaDraftRow, PositionRecord, RequirementSchemaRecord,
    TenantCompanyRecord,
};
use selene_contracts::{Admitted, Committed, StorageError};

use crate::sqlite::store::SqliteStore;

pub(crate) use companies::company;
pub(crate) use positions::position;
pub(crate) use schemas::{active_schema, version as schema_version};

type Write<T> = Result<Committed<T>, StorageError>;
type Read<T> = Result<T, StorageError>;

impl Ph1PositionBackend for SqliteStore {
    fn ph1position_company_insert_row(
        &self,
        call: Admitted<Ph1positionCompanyInsertRow>,
    ) -> Write<TenantCompanyRecord> {
        self.commit(call)
    }

    fn ph1position_company_state_commit_row(
        &self,
        call: Admitted<Ph1positionCompanyStateCommitRow>,
    ) -> Write<TenantCompanyRecord> {
        self.commit(call)
    }

    fn ph1position_create_draft_row(
        &self,
        call: Admitted<Ph1positionCreateDraftRow>,
    ) -> Write<PositionRecord> {
        self.commit(call)
    }

    fn ph1position_lifecycle_commit_row(
        &self,
        call: Admitted<Ph1positionLifecycleCommitRow>,
    ) -> Write<PositionRecord> {
        self.commit(call)
    }

    fn ph1position_schema_draft_row(
        &self,
        call: Admitted<Ph1positionSchemaDraftRow>,
    ) -> Write<RequirementSchemaRecord> {
        self.commit(call)
    }

    fn ph1position_schema_activate_commit_row(
        &self,
        call: Admitted<Ph1positionSchemaActivateCommitRow>,
    ) -> Write<RequirementSchemaRecord> {
        self.commit(call)
    }

    fn ph1position_read_company_row(
        &self,
        call: Admitted<Ph1positionReadCompanyRow>,
    ) -> Read<Option<TenantCompanyRecord>> {
        self.read(call)
    }

    fn ph1position_read_position_row(
        &self,
        call: Admitted<Ph1positionReadPositionRow>,
    ) -> Read<Option<PositionRecord>> {
        self.read(call)
    }

    fn ph1position_read_active_schema_row(
        &self,
        call: Admitted<Ph1positionReadActiveSchemaRow>,
    ) -> Read<Option<RequirementSchemaRecord>> {
        self.read(call)
    }

    fn ph1position_read_schema_version_row(
        &self,
        call: Admitted<Ph1positionReadSchemaVersionRow>,
    ) -> Read<Option<RequirementSchemaRecord>> {
        self.read(call)
    }

    fn ph1position_append_only_guards(&self, call: Admitted<Ph1positionAppendOnlyGuards>) -> Read<()> {
        self.guard(call)
    }
}
