//! A link is revoked, where it is ACTIVATED or before: section 5 of `specs/db_wiring/PH1_LINK.md`.

use selene_contracts::ph1_link::{LinkRecord, LinkStatus, Ph1LinkReasonCode, Ph1linkInviteRevokeCommitRow};
use selene_contracts::{Admitted, StorageError};

use super::event::event_of;
use crate::change::Update;
use crate::rules::{Decision, EventDraft, WriteRule, refuse};

/// Whether a link in this state may be revoked.
pub(super) const fn is_revocable(status: LinkStatus) -> bool {
    match status {
        LinkStatus::DraftCreated | LinkStatus::Sent | LinkStatus::Opened | LinkStatus::Activated => true,
        LinkStatus::Consumed | LinkStatus::Expired | LinkStatus::Revoked | LinkStatus::Blocked => false,
    }
}

impl WriteRule for Ph1linkInviteRevokeCommitRow {
    type Facts = Option<LinkRecord>;
    type Change = Update<LinkRecord>;

    fn decide(call: &Admitted<Self>, link: Option<LinkRecord>) -> Result<Decision<Self>, StorageError> {
        let link = link.ok_or_else(|| refuse::not_found::<Self, LinkRecord>("token_id"))?;
        if !is_revocable(link.link_status) {
            let rule = "is of a link that cannot be revoked any more";
            return Err(refuse::rule_as::<Self>(Ph1LinkReasonCode::LinkStateInvalid, "token_id", rule));
        }
        let now = call.context().now;
        refuse::not_before::<Self>(now, link.updated_at)?;
        let record = LinkRecord { link_status: LinkStatus::Revoked, updated_at: now, ..link };
        let reason = ("revoke_reason_code", call.input().reason_code.as_str());
        let event = event_of(&record, EventDraft::fixed(call)?, reason);
        Ok(Decision { change: Update(record.clone()), event, output: record })
    }
}
