//! Rows of requirement schemas and of their ledger.

use selene_contracts::Admitted;
use selene_contracts::ph1_position::keys::{
    PositionsKey, RequirementSchemaEventsKey, RequirementSchemasActive, RequirementSchemasKey,
};
use selene_contracts::ph1_position::{
    Ph1positionReadActiveSchemaRow, Ph1positionSchemaActivateCommitRow, Ph1positionSchemaDraftRow,
    RequirementSchemaRecord,
};

use crate::failure::Failure;
use crate::rows::stored::{StoredRead, StoredWrite};
use crate::rules::ph1_position::{ActivateFacts, SchemaDraftFacts};
use crate::session::Session;

impl StoredWrite for Ph1positionSchemaDraftRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<SchemaDraftFacts, Failure> {
        let Self { tenant_id, position_id, schema_version_id, .. } = call.input();
        Ok(SchemaDraftFacts {
            has_position: db.has(&PositionsKey { tenant_id, position_id })?,
            has_version: db.has(&RequirementSchemasKey { tenant_id, position_id, schema_version_id })?,
            event_count: db
                .counted(&RequirementSchemaEventsKey::of_tenant_id_and_position_id(tenant_id, position_id))?,
        })
    }
}

impl StoredWrite for Ph1positionSchemaActivateCommitRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<ActivateFacts, Failure> {
        let Self { tenant_id, position_id, schema_version_id, .. } = call.input();
        Ok(ActivateFacts {
            version: db.by_key(&RequirementSchemasKey { tenant_id, position_id, schema_version_id })?,
            active: db.by_key(&RequirementSchemasActive { tenant_id, position_id })?,
            event_count: db
                .counted(&RequirementSchemaEventsKey::of_tenant_id_and_position_id(tenant_id, position_id))?,
        })
    }
}

impl StoredRead for Ph1positionReadActiveSchemaRow {
    fn read<S: Session>(db: &S, call: &Admitted<Self>) -> Result<Option<RequirementSchemaRecord>, Failure> {
        let Self { tenant_id, position_id } = call.input();
        db.by_key(&RequirementSchemasActive { tenant_id, position_id })
    }
}
