//! A link is opened on a device: the first device is bound to the link, any other device blocks it.

use selene_contracts::ph1_link::{
    LinkOpenResult, LinkRecord, LinkStatus, Ph1LinkReasonCode, Ph1linkInviteOpenActivateCommitRow,
};
use selene_contracts::shared::AuditEventType;
use selene_contracts::{Admitted, StorageError};

use super::event::event_of;
use crate::change::Update;
use crate::rules::{Decision, EventDraft, WriteRule, fingerprint, refuse};

/// The result of an opening.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Opening {
    /// The link becomes ACTIVATED and the device is bound.
    Activate,
    /// The bound device opened it again: nothing changes.
    Again,
    /// Another device opened it: the link becomes BLOCKED, and the answer says so.
    Block,
    /// The state of the link does not allow it.
    Refuse,
}

/// The result of an opening, by section 5 of `specs/db_wiring/PH1_LINK.md`. `is_other_device`: the link is bound to a device, and
/// this is not it.
pub(super) const fn opening(status: LinkStatus, is_other_device: bool) -> Opening {
    match (status, is_other_device) {
        (LinkStatus::DraftCreated | LinkStatus::Sent | LinkStatus::Opened, false) => Opening::Activate,
        (LinkStatus::Activated, false) => Opening::Again,
        (LinkStatus::DraftCreated | LinkStatus::Sent | LinkStatus::Opened | LinkStatus::Activated, true) => {
            Opening::Block
        }
        (LinkStatus::Consumed | LinkStatus::Expired | LinkStatus::Revoked | LinkStatus::Blocked, _) => {
            Opening::Refuse
        }
    }
}

impl WriteRule for Ph1linkInviteOpenActivateCommitRow {
    type Facts = Option<LinkRecord>;
    /// The link after the opening; none where it does not change.
    type Change = Option<Update<LinkRecord>>;

    fn decide(call: &Admitted<Self>, link: Option<LinkRecord>) -> Result<Decision<Self>, StorageError> {
        let input = call.input();
        let now = call.context().now;
        let link = link.ok_or_else(|| refuse::not_found::<Self, LinkRecord>("token_id"))?;
        let hash = fingerprint::of_link(&link.token_id, &input.device_fingerprint);
        let is_other_device = link.device_fingerprint_hash.is_some_and(|bound| bound != hash);
        let opening = opening(link.link_status, is_other_device);
        let (status, event_type) = match opening {
            Opening::Activate | Opening::Again => (LinkStatus::Activated, AuditEventType::StateTransition),
            Opening::Block => (LinkStatus::Blocked, AuditEventType::GateFail),
            Opening::Refuse => {
                let rule = "is of a link that cannot be opened any more";
                return Err(refuse::rule_as::<Self>(Ph1LinkReasonCode::LinkStateInvalid, "token_id", rule));
            }
        };
        let changes = opening != Opening::Again;
        // Where the link does not change, an earlier time is allowed: no row gets it.
        if changes {
            refuse::not_before::<Self>(now, link.updated_at)?;
        }
        let previous = ("previous_link_status", link.link_status.as_str());
        let after = LinkRecord {
            link_status: status,
            device_fingerprint_hash: link.device_fingerprint_hash.or(Some(hash)),
            updated_at: now,
            ..link
        };
        let reason_code = Ph1LinkReasonCode::LinkInviteOpenActivate.into();
        let event = event_of(&after, EventDraft::new(call, event_type, reason_code), previous);
        // The answer to a device that is not the bound one leaves out the tenant and the schema.
        let visible = (status == LinkStatus::Activated).then_some(&after);
        let output = LinkOpenResult {
            token_id: after.token_id.clone(),
            link_status: status,
            invitee_type: after.invitee_type,
            tenant_id: visible.and_then(|link| link.tenant_id.clone()),
            schema_version_id: visible.and_then(|link| link.schema_version_id.clone()),
        };
        let change = changes.then_some(Update(after));
        Ok(Decision { change, event, output })
    }
}

/// Error text for a reused key with a different request. Link and key are the same, so the device is another one, and the stored
/// answer is that of the first device only.
pub(crate) const USED_ELSEWHERE: &str = "was used on another device";
