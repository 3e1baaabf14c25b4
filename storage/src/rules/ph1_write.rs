//! PH1.WRITE: a formatting outcome is one audit event.

use selene_contracts::ph1_write::{FormatMode, Ph1WriteReasonCode as Code, Ph1writeFormatCommitRow};
use selene_contracts::{Payload, ReasonCode, StorageError};

use super::audit_only::AuditOnly;
use super::refuse;
use super::standing::Named;

impl AuditOnly for Ph1writeFormatCommitRow {
    fn named(&self) -> Named<'_> {
        Named::all(&self.user_id, &self.device_id, self.session_id, &self.tenant_id)
    }

    fn reason_code(&self) -> ReasonCode {
        self.reason_code.into()
    }

    fn payload(&self) -> Payload {
        Payload::new([("directive", "format"), ("format_mode", self.format_mode.as_str())])
    }

    /// The reason is the one of the format mode.
    fn check_reason(&self) -> Result<(), StorageError> {
        let (mode, rule) = match self.format_mode {
            FormatMode::FormattedText => {
                (Code::WriteFormattedText, "must be WRITE_FORMATTED_TEXT for FORMATTED_TEXT")
            }
            FormatMode::FallbackOriginal => {
                (Code::WriteFallbackOriginal, "must be WRITE_FALLBACK_ORIGINAL for FALLBACK_ORIGINAL")
            }
        };
        if self.reason_code == mode { Ok(()) } else { Err(refuse::rule::<Self>("reason_code", rule)) }
    }
}
