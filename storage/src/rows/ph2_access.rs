//! Rows of PH2.ACCESS: access instances.

use selene_contracts::Admitted;
use selene_contracts::ph2_access::keys::AccessInstancesByTenantIdAndUserId;
use selene_contracts::ph2_access::{
    AccessInstanceRecord, Ph2accessInstanceCreateCommitRow, Ph2accessLifecycleCommitRow,
};

use crate::failure::Failure;
use crate::rows::person::person;
use crate::rows::stored::StoredWrite;
use crate::rules::ph2_access::CreateFacts;
use crate::session::Session;

impl StoredWrite for Ph2accessInstanceCreateCommitRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<CreateFacts, Failure> {
        let Self { tenant_id, user_id, .. } = call.input();
        Ok(CreateFacts {
            person: person(db, user_id)?,
            has_instance: db.has(&AccessInstancesByTenantIdAndUserId { tenant_id, user_id })?,
        })
    }
}

impl StoredWrite for Ph2accessLifecycleCommitRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<Option<AccessInstanceRecord>, Failure> {
        let Self { tenant_id, user_id, .. } = call.input();
        db.by_key(&AccessInstancesByTenantIdAndUserId { tenant_id, user_id })
    }
}
