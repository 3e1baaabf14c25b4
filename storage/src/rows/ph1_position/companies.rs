//! Rows of companies.

use rusqlite::{Connection, OptionalExtension as _, named_params};
use selene_contracts::Admitted;
use selene_contracts::ph1_position::{
    LegalName, Ph1positionCompanyInsertRow, Ph1positionCompanyStateCommitRow, Ph1positionReadCompanyRow,
    TenantCompanyRecord,
};
use selene_contracts::shared::{CompanyId, MonotonicTimeNs, TenantId};

use crate::failure::Failure;
use crate::rows::stored::StoredRead;
use crate::rows::stored::StoredWrite;
use crate::rows::values::{named, number, stored};
use crate::session::{Changes, Session};

impl StoredWrite for Ph1positionCompanyInsertRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<bool, Failure> {
        let connection = db.connection();
        Ok(company(connection, &call.input().tenant_id, &call.input().company_id)?.is_some())
    }

    fn store<S: Session>(changes: &mut Changes<'_, S>, row: &TenantCompanyRecord) -> Result<(), Failure> {
        let connection = changes.session().connection();
        connection
            .prepare_cached(
                "INSERT INTO tenant_companies (tenant_id, company_id, legal_name, company_state, created_at, updated_at)
                 VALUES (:tenant_id, :company_id, :legal_name, :company_state, :created_at, :updated_at)",
            )?
            .execute(named_params! {
                ":tenant_id": row.tenant_id.as_str(),
                ":company_id": row.company_id.as_str(),
                ":legal_name": row.legal_name.as_str(),
                ":company_state": row.company_state.as_str(),
                ":created_at": stored(row.created_at.get()),
                ":updated_at": stored(row.updated_at.get()),
            })?;
        Ok(())
    }
}

impl StoredWrite for Ph1positionCompanyStateCommitRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<Option<TenantCompanyRecord>, Failure> {
        let connection = db.connection();
        Ok(company(connection, &call.input().tenant_id, &call.input().company_id)?)
    }

    fn store<S: Session>(changes: &mut Changes<'_, S>, row: &TenantCompanyRecord) -> Result<(), Failure> {
        let connection = changes.session().connection();
        connection
            .prepare_cached(
                "UPDATE tenant_companies SET company_state = :company_state, updated_at = :updated_at
                 WHERE tenant_id = :tenant_id AND company_id = :company_id",
            )?
            .execute(named_params! {
                ":tenant_id": row.tenant_id.as_str(),
                ":company_id": row.company_id.as_str(),
                ":company_state": row.company_state.as_str(),
                ":updated_at": stored(row.updated_at.get()),
            })?;
        Ok(())
    }
}

impl StoredRead for Ph1positionReadCompanyRow {
    fn read<S: Session>(db: &S, call: &Admitted<Self>) -> Result<Option<TenantCompanyRecord>, Failure> {
        let connection = db.connection();
        Ok(company(connection, &call.input().tenant_id, &call.input().company_id)?)
    }
}

/// One company of a tenant.
pub(crate) fn company(
    connection: &Connection,
    tenant_id: &TenantId,
    company_id: &CompanyId,
) -> rusqlite::Result<Option<TenantCompanyRecord>> {
    connection
        .prepare_cached("SELECT * FROM tenant_companies WHERE tenant_id = ?1 AND company_id = ?2")?
        .query_row([tenant_id.as_str(), company_id.as_str()], |row| {
            Ok(TenantCompanyRecord {
                tenant_id: TenantId::new(row.get::<_, String>("tenant_id")?),
                company_id: CompanyId::new(row.get::<_, String>("company_id")?),
                legal_name: LegalName::new(row.get::<_, String>("legal_name")?),
                company_state: named(row, "company_state")?,
                created_at: MonotonicTimeNs::new(number(row, "created_at")?),
                updated_at: MonotonicTimeNs::new(number(row, "updated_at")?),
            })
        })
        .optional()
}
