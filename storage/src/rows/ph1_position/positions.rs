//! Rows of positions and of their ledger.

use selene_contracts::Admitted;
use selene_contracts::ph1_position::keys::{PositionEventsKey, PositionsKey, TenantCompaniesKey};
use selene_contracts::ph1_position::{
    Ph1positionCreateDraftRow, Ph1positionLifecycleCommitRow, PositionRecord, TenantCompanyRecord,
};

use crate::failure::Failure;
use crate::rows::stored::StoredWrite;
use crate::rules::ph1_position::{DraftFacts, LifecycleFacts};
use crate::session::Session;

impl StoredWrite for Ph1positionCreateDraftRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<DraftFacts, Failure> {
        let Self { tenant_id, position_id, company_id, .. } = call.input();
        Ok(DraftFacts {
            has_company: db.has(&TenantCompaniesKey { tenant_id, company_id })?,
            has_position: db.has(&PositionsKey { tenant_id, position_id })?,
        })
    }
}

impl StoredWrite for Ph1positionLifecycleCommitRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<LifecycleFacts, Failure> {
        let Self { tenant_id, position_id, .. } = call.input();
        let position: Option<PositionRecord> = db.by_key(&PositionsKey { tenant_id, position_id })?;
        let company: Option<TenantCompanyRecord> =
            position.as_ref().map_or(Ok(None), |PositionRecord { company_id, .. }| {
                db.by_key(&TenantCompaniesKey { tenant_id, company_id })
            })?;
        Ok(LifecycleFacts {
            position,
            company_state: company.map(|company| company.company_state),
            event_count: db
                .counted(&PositionEventsKey::of_tenant_id_and_position_id(tenant_id, position_id))?,
        })
    }
}
