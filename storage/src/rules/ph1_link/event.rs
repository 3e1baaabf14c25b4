//! What the events of links have in common.

use selene_contracts::ph1_link::LinkRecord;

use crate::rules::EventDraft;

/// The event of a link, about its inviter and in the chain of its tenant. Its payload has the draft and the status of the link
/// after the write, and the entry that only this write has.
pub(super) fn event_of(link: &LinkRecord, event: EventDraft, own: (&'static str, &str)) -> EventDraft {
    event.user(Some(&link.inviter_user_id)).tenant(link.tenant_id.as_ref()).payload([
        ("draft_id", link.draft_id.as_str()),
        ("link_status", link.link_status.as_str()),
        own,
    ])
}
