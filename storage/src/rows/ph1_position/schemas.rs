//! Rows of requirement schemas and of their ledger.

use selene_contracts::Admitted;
use selene_contracts::ph1_position::keys::{
    RequirementSchemaEventsKey, RequirementSchemasActive, RequirementSchemasKey,
};
use selene_contracts::ph1_position::{
    Ph1positionReadActiveSchemaRow, Ph1positionSchemaActivateCommitRow, Ph1positionSchemaDraftRow,
    RequirementSchemaRecord,
};
use selene_contracts::shared::{PositionId, SchemaVersionId, TenantId};

use super::position;
use crate::failure::Failure;
use crate::rows::stored::{StoredRead, StoredWrite};
use crate::rules::ph1_position::{ActivateFacts, SchemaDraftFacts};
use crate::session::Session;

impl StoredWrite for Ph1positionSchemaDraftRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<SchemaDraftFacts, Failure> {
        let input = call.input();
        let (tenant_id, position_id) = (&input.tenant_id, &input.position_id);
        Ok(SchemaDraftFacts {
            has_position: position(db, tenant_id, position_id)?.is_some(),
            has_version: version(db, tenant_id, position_id, &input.schema_version_id)?.is_some(),
            event_count: db
                .counted(&RequirementSchemaEventsKey::of_tenant_id_and_position_id(tenant_id, position_id))?,
        })
    }
}

impl StoredWrite for Ph1positionSchemaActivateCommitRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<ActivateFacts, Failure> {
        let input = call.input();
        let (tenant_id, position_id) = (&input.tenant_id, &input.position_id);
        Ok(ActivateFacts {
            version: version(db, tenant_id, position_id, &input.schema_version_id)?,
            active: active_schema(db, tenant_id, position_id)?,
            event_count: db
                .counted(&RequirementSchemaEventsKey::of_tenant_id_and_position_id(tenant_id, position_id))?,
        })
    }
}

impl StoredRead for Ph1positionReadActiveSchemaRow {
    fn read<S: Session>(db: &S, call: &Admitted<Self>) -> Result<Option<RequirementSchemaRecord>, Failure> {
        active_schema(db, &call.input().tenant_id, &call.input().position_id)
    }
}

/// The ACTIVE version of a position's schema; there is one at most.
pub(crate) fn active_schema(
    db: &impl Session,
    tenant_id: &TenantId,
    position_id: &PositionId,
) -> Result<Option<RequirementSchemaRecord>, Failure> {
    db.by_key(&RequirementSchemasActive { tenant_id, position_id })
}

/// One version of a position's schema.
pub(crate) fn version(
    db: &impl Session,
    tenant_id: &TenantId,
    position_id: &PositionId,
    schema_version_id: &SchemaVersionId,
) -> Result<Option<RequirementSchemaRecord>, Failure> {
    db.by_key(&RequirementSchemasKey { tenant_id, position_id, schema_version_id })
}
