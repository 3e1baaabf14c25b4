//! What the contract of PH1.J says of the events of all engines: which reason an audited read has, and which payload entries
//! a direct append and an audited read may carry.

use selene_contracts::ph1_j::{Ph1JReasonCode, Ph1jAuditAppendCommitRow};
use selene_contracts::{Capability as _, CapabilitySpec, ReasonCode};

/// The reason code of the event of an audited read or guard.
pub(crate) fn audited_reason(is_guard: bool) -> ReasonCode {
    if is_guard { Ph1JReasonCode::JGuardAudited.into() } else { Ph1JReasonCode::JReadAudited.into() }
}

/// Whether the contract of PH1.J allows this entry, in a direct append and in the event of an audited read or guard.
pub(crate) fn allows(key: &str, value: &str) -> bool {
    any_allows(&[Ph1jAuditAppendCommitRow::SPEC], key, value)
}

/// Whether one of the capabilities may emit this entry.
pub(crate) fn any_allows(capabilities: &[&CapabilitySpec], key: &str, value: &str) -> bool {
    capabilities
        .iter()
        .flat_map(|capability| capability.audit.payload_keys)
        .any(|allowed| allowed.allows(key, value))
}
