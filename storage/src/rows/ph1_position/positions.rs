//! Rows of positions and of their ledger.

use rusqlite::{Connection, OptionalExtension as _, Row, named_params};
use selene_contracts::Admitted;
use selene_contracts::ph1_position::{
    CompensationBandRef, Department, Jurisdiction, PermissionProfileRef, Ph1positionCreateDraftRow,
    Ph1positionLifecycleCommitRow, Ph1positionReadPositionRow, PositionRecord, PositionTitle,
};
use selene_contracts::shared::{CompanyId, MonotonicTimeNs, PositionId, TenantId};

use super::company;
use crate::failure::Failure;
use crate::rows::stored::StoredRead;
use crate::rows::stored::StoredWrite;
use crate::rows::values::{loaded, named, number, stored};
use crate::rules::ph1_position::{DraftFacts, LifecycleFacts, PositionChange};
use crate::session::{Changes, Session};

impl StoredWrite for Ph1positionCreateDraftRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<DraftFacts, Failure> {
        let connection = db.connection();
        let input = call.input();
        Ok(DraftFacts {
            has_company: company(connection, &input.tenant_id, &input.company_id)?.is_some(),
            has_position: position(connection, &input.tenant_id, &input.position_id)?.is_some(),
        })
    }

    fn store<S: Session>(changes: &mut Changes<'_, S>, change: &PositionChange) -> Result<(), Failure> {
        let connection = changes.session().connection();
        let row = &change.row;
        connection
            .prepare_cached(
                "INSERT INTO positions (tenant_id, position_id, company_id, position_title, department, jurisdiction,
                     schedule_type, permission_profile_ref, compensation_band_ref, position_lifecycle, created_at, updated_at)
                 VALUES (:tenant_id, :position_id, :company_id, :position_title, :department, :jurisdiction,
                     :schedule_type, :permission_profile_ref, :compensation_band_ref, :position_lifecycle, :created_at,
                     :updated_at)",
            )?
            .execute(named_params! {
                ":tenant_id": row.tenant_id.as_str(),
                ":position_id": row.position_id.as_str(),
                ":company_id": row.company_id.as_str(),
                ":position_title": row.position_title.as_str(),
                ":department": row.department.as_str(),
                ":jurisdiction": row.jurisdiction.as_str(),
                ":schedule_type": row.schedule_type.as_str(),
                ":permission_profile_ref": row.permission_profile_ref.as_str(),
                ":compensation_band_ref": row.compensation_band_ref.as_str(),
                ":position_lifecycle": row.position_lifecycle.as_str(),
                ":created_at": stored(row.created_at.get()),
                ":updated_at": stored(row.updated_at.get()),
            })?;
        append(connection, change)
    }
}

impl StoredWrite for Ph1positionLifecycleCommitRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<LifecycleFacts, Failure> {
        let connection = db.connection();
        let input = call.input();
        let position = position(connection, &input.tenant_id, &input.position_id)?;
        let company = match &position {
            Some(position) => company(connection, &input.tenant_id, &position.company_id)?,
            None => None,
        };
        // The ledger has no gaps, so its highest number is how many rows there are.
        let count: Option<i64> = connection
            .prepare_cached(
                "SELECT max(position_event_seq) FROM position_events WHERE tenant_id = ?1 AND position_id = ?2",
            )?
            .query_row([input.tenant_id.as_str(), input.position_id.as_str()], |row| row.get(0))?;
        Ok(LifecycleFacts {
            position,
            company_state: company.map(|company| company.company_state),
            event_count: count.map_or(0, loaded),
        })
    }

    fn store<S: Session>(changes: &mut Changes<'_, S>, change: &PositionChange) -> Result<(), Failure> {
        let connection = changes.session().connection();
        let row = &change.row;
        connection
            .prepare_cached(
                "UPDATE positions SET position_lifecycle = :position_lifecycle, updated_at = :updated_at
                 WHERE tenant_id = :tenant_id AND position_id = :position_id",
            )?
            .execute(named_params! {
                ":tenant_id": row.tenant_id.as_str(),
                ":position_id": row.position_id.as_str(),
                ":position_lifecycle": row.position_lifecycle.as_str(),
                ":updated_at": stored(row.updated_at.get()),
            })?;
        append(connection, change)
    }
}

/// Appends what a position has become to its ledger.
fn append(connection: &Connection, change: &PositionChange) -> Result<(), Failure> {
    let row = &change.row;
    connection
        .prepare_cached(
            "INSERT INTO position_events (tenant_id, position_id, position_event_seq, position_lifecycle, created_at)
             VALUES (:tenant_id, :position_id, :position_event_seq, :position_lifecycle, :created_at)",
        )?
        .execute(named_params! {
            ":tenant_id": row.tenant_id.as_str(),
            ":position_id": row.position_id.as_str(),
            ":position_event_seq": stored(change.position_event_seq),
            ":position_lifecycle": row.position_lifecycle.as_str(),
            ":created_at": stored(row.updated_at.get()),
        })?;
    Ok(())
}

impl StoredRead for Ph1positionReadPositionRow {
    fn read<S: Session>(db: &S, call: &Admitted<Self>) -> Result<Option<PositionRecord>, Failure> {
        let connection = db.connection();
        Ok(position(connection, &call.input().tenant_id, &call.input().position_id)?)
    }
}

/// One position of a tenant.
pub(crate) fn position(
    connection: &Connection,
    tenant_id: &TenantId,
    position_id: &PositionId,
) -> rusqlite::Result<Option<PositionRecord>> {
    connection
        .prepare_cached("SELECT * FROM positions WHERE tenant_id = ?1 AND position_id = ?2")?
        .query_row([tenant_id.as_str(), position_id.as_str()], record)
        .optional()
}

fn record(row: &Row<'_>) -> rusqlite::Result<PositionRecord> {
    Ok(PositionRecord {
        tenant_id: TenantId::new(row.get::<_, String>("tenant_id")?),
        position_id: PositionId::new(row.get::<_, String>("position_id")?),
        company_id: CompanyId::new(row.get::<_, String>("company_id")?),
        position_title: PositionTitle::new(row.get::<_, String>("position_title")?),
        department: Department::new(row.get::<_, String>("department")?),
        jurisdiction: Jurisdiction::new(row.get::<_, String>("jurisdiction")?),
        schedule_type: named(row, "schedule_type")?,
        permission_profile_ref: PermissionProfileRef::new(row.get::<_, String>("permission_profile_ref")?),
        compensation_band_ref: CompensationBandRef::new(row.get::<_, String>("compensation_band_ref")?),
        position_lifecycle: named(row, "position_lifecycle")?,
        created_at: MonotonicTimeNs::new(number(row, "created_at")?),
        updated_at: MonotonicTimeNs::new(number(row, "updated_at")?),
    })
}
