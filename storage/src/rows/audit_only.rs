//! The rows of commits that are their audit event and nothing else: who is named, and a device's first tenant.

use selene_contracts::Admitted;

use crate::failure::Failure;
use crate::rows::standing;
use crate::rows::stored::StoredWrite;
use crate::rules::audit_only::AuditOnly;
use crate::rules::standing::Standing;
use crate::session::Session;

impl<C: AuditOnly> StoredWrite for C {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<Standing, Failure> {
        standing::load(db, call.input().named())
    }
}
