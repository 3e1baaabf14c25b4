//! PH1.PERSONA: a profile decision is one audit event.

use selene_contracts::ph1_persona::Ph1personaProfileCommitRow;
use selene_contracts::{Payload, ReasonCode};

use super::audit_only::AuditOnly;
use super::standing::Named;

impl AuditOnly for Ph1personaProfileCommitRow {
    fn named(&self) -> Named<'_> {
        Named::all(&self.user_id, &self.device_id, self.session_id, &self.tenant_id)
    }

    fn reason_code(&self) -> ReasonCode {
        self.reason_code.into()
    }

    fn payload(&self) -> Payload {
        Payload::new([
            ("style_profile_ref", self.style_profile_ref.as_str()),
            ("delivery_policy_ref", self.delivery_policy_ref.as_str()),
            ("preferences_snapshot_ref", self.preferences_snapshot_ref.as_str()),
        ])
    }
}
