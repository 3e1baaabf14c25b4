//! Rows of requirement schemas and of their ledger.

use rusqlite::{Connection, OptionalExtension as _, Row, named_params};
use selene_contracts::Admitted;
use selene_contracts::ph1_position::{
    Ph1positionReadActiveSchemaRow, Ph1positionReadSchemaVersionRow, Ph1positionSchemaActivateCommitRow,
    Ph1positionSchemaDraftRow, RequirementSchemaRecord,
};
use selene_contracts::shared::{MonotonicTimeNs, PositionId, RolloutScope, SchemaVersionId, TenantId};

use super::position;
use crate::failure::Failure;
use crate::rows::stored::StoredRead;
use crate::rows::stored::StoredWrite;
use crate::rows::values::{document, json, loaded, named, number, optional_named, stored};
use crate::rules::ph1_position::{ActivateFacts, SchemaChange, SchemaDraftFacts};
use crate::session::{Changes, Session};

impl StoredWrite for Ph1positionSchemaDraftRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<SchemaDraftFacts, Failure> {
        let connection = db.connection();
        let input = call.input();
        let (tenant_id, position_id) = (&input.tenant_id, &input.position_id);
        Ok(SchemaDraftFacts {
            has_position: position(connection, tenant_id, position_id)?.is_some(),
            has_version: version(connection, tenant_id, position_id, &input.schema_version_id)?.is_some(),
            event_count: event_count(connection, tenant_id, position_id)?,
        })
    }

    fn store<S: Session>(changes: &mut Changes<'_, S>, change: &SchemaChange) -> Result<(), Failure> {
        let connection = changes.session().connection();
        for row in &change.rows {
            connection
                .prepare_cached(
                    "INSERT INTO requirement_schemas (tenant_id, position_id, schema_version_id, schema_state,
                         rollout_scope, selectors, requirement_fields, created_at, updated_at)
                     VALUES (:tenant_id, :position_id, :schema_version_id, :schema_state, :rollout_scope, :selectors,
                         :requirement_fields, :created_at, :updated_at)",
                )?
                .execute(named_params! {
                    ":tenant_id": row.tenant_id.as_str(),
                    ":position_id": row.position_id.as_str(),
                    ":schema_version_id": row.schema_version_id.as_str(),
                    ":schema_state": row.schema_state.as_str(),
                    ":rollout_scope": row.rollout_scope.map(RolloutScope::as_str),
                    ":selectors": json(&row.selectors)?,
                    ":requirement_fields": json(&row.requirement_fields)?,
                    ":created_at": stored(row.created_at.get()),
                    ":updated_at": stored(row.updated_at.get()),
                })?;
        }
        append(connection, change)
    }
}

impl StoredWrite for Ph1positionSchemaActivateCommitRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<ActivateFacts, Failure> {
        let connection = db.connection();
        let input = call.input();
        let (tenant_id, position_id) = (&input.tenant_id, &input.position_id);
        Ok(ActivateFacts {
            version: version(connection, tenant_id, position_id, &input.schema_version_id)?,
            active: active_schema(connection, tenant_id, position_id)?,
            event_count: event_count(connection, tenant_id, position_id)?,
        })
    }

    fn store<S: Session>(changes: &mut Changes<'_, S>, change: &SchemaChange) -> Result<(), Failure> {
        let connection = changes.session().connection();
        for row in &change.rows {
            connection
                .prepare_cached(
                    "UPDATE requirement_schemas SET schema_state = :schema_state, rollout_scope = :rollout_scope,
                                                    updated_at = :updated_at
                     WHERE tenant_id = :tenant_id AND position_id = :position_id
                       AND schema_version_id = :schema_version_id",
                )?
                .execute(named_params! {
                    ":tenant_id": row.tenant_id.as_str(),
                    ":position_id": row.position_id.as_str(),
                    ":schema_version_id": row.schema_version_id.as_str(),
                    ":schema_state": row.schema_state.as_str(),
                    ":rollout_scope": row.rollout_scope.map(RolloutScope::as_str),
                    ":updated_at": stored(row.updated_at.get()),
                })?;
        }
        append(connection, change)
    }
}

/// Appends what versions have become to their position's ledger.
fn append(connection: &Connection, change: &SchemaChange) -> Result<(), Failure> {
    for (row, schema_event_seq) in change.rows.iter().zip(change.schema_event_seq..) {
        connection
            .prepare_cached(
                "INSERT INTO requirement_schema_events (tenant_id, position_id, schema_event_seq, schema_version_id,
                     schema_state, rollout_scope, created_at)
                 VALUES (:tenant_id, :position_id, :schema_event_seq, :schema_version_id, :schema_state,
                     :rollout_scope, :created_at)",
            )?
            .execute(named_params! {
                ":tenant_id": row.tenant_id.as_str(),
                ":position_id": row.position_id.as_str(),
                ":schema_event_seq": stored(schema_event_seq),
                ":schema_version_id": row.schema_version_id.as_str(),
                ":schema_state": row.schema_state.as_str(),
                ":rollout_scope": row.rollout_scope.map(RolloutScope::as_str),
                ":created_at": stored(row.updated_at.get()),
            })?;
    }
    Ok(())
}

impl StoredRead for Ph1positionReadActiveSchemaRow {
    fn read<S: Session>(db: &S, call: &Admitted<Self>) -> Result<Option<RequirementSchemaRecord>, Failure> {
        let connection = db.connection();
        Ok(active_schema(connection, &call.input().tenant_id, &call.input().position_id)?)
    }
}

impl StoredRead for Ph1positionReadSchemaVersionRow {
    fn read<S: Session>(db: &S, call: &Admitted<Self>) -> Result<Option<RequirementSchemaRecord>, Failure> {
        let connection = db.connection();
        let Self { tenant_id, position_id, schema_version_id } = call.input();
        Ok(version(connection, tenant_id, position_id, schema_version_id)?)
    }
}

/// The ACTIVE version of a position's schema.
pub(crate) fn active_schema(
    connection: &Connection,
    tenant_id: &TenantId,
    position_id: &PositionId,
) -> rusqlite::Result<Option<RequirementSchemaRecord>> {
    connection
        .prepare_cached(
            "SELECT * FROM requirement_schemas
             WHERE tenant_id = ?1 AND position_id = ?2 AND schema_state = 'ACTIVE'",
        )?
        .query_row([tenant_id.as_str(), position_id.as_str()], record)
        .optional()
}

/// One version of a position's schema.
pub(crate) fn version(
    connection: &Connection,
    tenant_id: &TenantId,
    position_id: &PositionId,
    schema_version_id: &SchemaVersionId,
) -> rusqlite::Result<Option<RequirementSchemaRecord>> {
    connection
        .prepare_cached(
            "SELECT * FROM requirement_schemas
             WHERE tenant_id = ?1 AND position_id = ?2 AND schema_version_id = ?3",
        )?
        .query_row([tenant_id.as_str(), position_id.as_str(), schema_version_id.as_str()], record)
        .optional()
}

/// Rows of a position's schema ledger: it has no gaps, so its highest number is how many there are.
fn event_count(
    connection: &Connection,
    tenant_id: &TenantId,
    position_id: &PositionId,
) -> rusqlite::Result<u64> {
    let count: Option<i64> = connection
        .prepare_cached(
            "SELECT max(schema_event_seq) FROM requirement_schema_events WHERE tenant_id = ?1 AND position_id = ?2",
        )?
        .query_row([tenant_id.as_str(), position_id.as_str()], |row| row.get(0))?;
    Ok(count.map_or(0, loaded))
}

fn record(row: &Row<'_>) -> rusqlite::Result<RequirementSchemaRecord> {
    Ok(RequirementSchemaRecord {
        tenant_id: TenantId::new(row.get::<_, String>("tenant_id")?),
        position_id: PositionId::new(row.get::<_, String>("position_id")?),
        schema_version_id: SchemaVersionId::new(row.get::<_, String>("schema_version_id")?),
        schema_state: named(row, "schema_state")?,
        rollout_scope: optional_named(row, "rollout_scope")?,
        selectors: document(row, "selectors")?,
        requirement_fields: document(row, "requirement_fields")?,
        created_at: MonotonicTimeNs::new(number(row, "created_at")?),
        updated_at: MonotonicTimeNs::new(number(row, "updated_at")?),
    })
}
