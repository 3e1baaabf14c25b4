//! Rows of companies.

use selene_contracts::Admitted;
use selene_contracts::ph1_position::keys::TenantCompaniesKey;
use selene_contracts::ph1_position::{
    Ph1positionCompanyInsertRow, Ph1positionCompanyStateCommitRow, TenantCompanyRecord,
};
use selene_contracts::shared::{CompanyId, TenantId};

use crate::failure::Failure;
use crate::rows::stored::StoredWrite;
use crate::session::Session;

impl StoredWrite for Ph1positionCompanyInsertRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<bool, Failure> {
        Ok(company(db, &call.input().tenant_id, &call.input().company_id)?.is_some())
    }
}

impl StoredWrite for Ph1positionCompanyStateCommitRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<Option<TenantCompanyRecord>, Failure> {
        company(db, &call.input().tenant_id, &call.input().company_id)
    }
}

/// One company of a tenant.
pub(crate) fn company(
    db: &impl Session,
    tenant_id: &TenantId,
    company_id: &CompanyId,
) -> Result<Option<TenantCompanyRecord>, Failure> {
    db.by_key(&TenantCompaniesKey { tenant_id, company_id })
}
