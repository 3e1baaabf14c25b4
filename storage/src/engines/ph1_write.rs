//! PH1.WRITE: a formatting outcome is one audit event.

use selene_contracts::ph1_write::Ph1writeFormatCommitRow;
use selene_contracts::{Payload, ReasonCode};

use super::audit_only::AuditOnly;
use super::standing::Named;

impl AuditOnly for Ph1writeFormatCommitRow {
    fn named(&self) -> Named<'_> {
        Named {
            user: Some(&self.user_id),
            device: Some(&self.device_id),
            session: self.session_id,
            tenant: Some(&self.tenant_id),
        }
    }

    fn reason_code(&self) -> ReasonCode {
        self.reason_code.into()
    }

    fn payload(&self) -> Payload {
        Payload::new([("directive", "format"), ("format_mode", self.format_mode.as_str())])
    }
}
