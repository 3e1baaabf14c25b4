//! Rows of companies.

use selene_contracts::Admitted;
use selene_contracts::ph1_position::keys::TenantCompaniesKey;
use selene_contracts::ph1_position::{
    Ph1positionCompanyInsertRow, Ph1positionCompanyStateCommitRow, TenantCompanyRecord,
};

use crate::failure::Failure;
use crate::rows::stored::StoredWrite;
use crate::session::Session;

impl StoredWrite for Ph1positionCompanyInsertRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<bool, Failure> {
        let Self { tenant_id, company_id, .. } = call.input();
        db.has(&TenantCompaniesKey { tenant_id, company_id })
    }
}

impl StoredWrite for Ph1positionCompanyStateCommitRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<Option<TenantCompanyRecord>, Failure> {
        let Self { tenant_id, company_id, .. } = call.input();
        db.by_key(&TenantCompaniesKey { tenant_id, company_id })
    }
}
