//! Rows of positions and of their ledger.

use selene_contracts::Admitted;
use selene_contracts::ph1_position::keys::{PositionEventsKey, PositionsKey};
use selene_contracts::ph1_position::{
    Ph1positionCreateDraftRow, Ph1positionLifecycleCommitRow, PositionRecord,
};
use selene_contracts::shared::{PositionId, TenantId};

use super::company;
use crate::failure::Failure;
use crate::rows::stored::StoredWrite;
use crate::rules::ph1_position::{DraftFacts, LifecycleFacts};
use crate::session::Session;

impl StoredWrite for Ph1positionCreateDraftRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<DraftFacts, Failure> {
        let input = call.input();
        Ok(DraftFacts {
            has_company: company(db, &input.tenant_id, &input.company_id)?.is_some(),
            has_position: position(db, &input.tenant_id, &input.position_id)?.is_some(),
        })
    }
}

impl StoredWrite for Ph1positionLifecycleCommitRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<LifecycleFacts, Failure> {
        let input = call.input();
        let position = position(db, &input.tenant_id, &input.position_id)?;
        let company = match &position {
            Some(position) => company(db, &input.tenant_id, &position.company_id)?,
            None => None,
        };
        Ok(LifecycleFacts {
            position,
            company_state: company.map(|company| company.company_state),
            event_count: db.counted(&PositionEventsKey::of_tenant_id_and_position_id(
                &input.tenant_id,
                &input.position_id,
            ))?,
        })
    }
}

/// One position of a tenant.
pub(crate) fn position(
    db: &impl Session,
    tenant_id: &TenantId,
    position_id: &PositionId,
) -> Result<Option<PositionRecord>, Failure> {
    db.by_key(&PositionsKey { tenant_id, position_id })
}
