//! Rows of PH2.ACCESS: access instances.

use selene_contracts::Admitted;
use selene_contracts::ph2_access::keys::AccessInstancesByTenantIdAndUserId;
use selene_contracts::ph2_access::{
    AccessInstanceRecord, Ph2accessInstanceCreateCommitRow, Ph2accessLifecycleCommitRow,
};
use selene_contracts::shared::{TenantId, UserId};

use crate::failure::Failure;
use crate::rows::person::person;
use crate::rows::stored::StoredWrite;
use crate::rules::ph2_access::CreateFacts;
use crate::session::Session;

impl StoredWrite for Ph2accessInstanceCreateCommitRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<CreateFacts, Failure> {
        let input = call.input();
        Ok(CreateFacts {
            person: person(db, &input.user_id)?,
            has_instance: instance(db, &input.tenant_id, &input.user_id)?.is_some(),
        })
    }
}

impl StoredWrite for Ph2accessLifecycleCommitRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<Option<AccessInstanceRecord>, Failure> {
        instance(db, &call.input().tenant_id, &call.input().user_id)
    }
}

/// The instance of a person in a tenant; there is one at most.
pub(crate) fn instance(
    db: &impl Session,
    tenant_id: &TenantId,
    user_id: &UserId,
) -> Result<Option<AccessInstanceRecord>, Failure> {
    db.by_key(&AccessInstancesByTenantIdAndUserId { tenant_id, user_id })
}
