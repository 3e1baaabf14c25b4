//! PH1.LINK: invitation links, from DRAFT_CREATED to CONSUMED.
//!
//! The three writes are alike by nature: section 4 of `specs/db_wiring/PH1_LINK.md` gives their events the same user, tenant, draft
//! and status, and one payload key of their own.

mod generate;
mod open;
mod revoke;
#[cfg(test)]
mod tests;

use selene_contracts::ph1_link::{LinkRecord, LinkStatus};
use selene_contracts::shared::MonotonicTimeNs;

use super::EventDraft;

pub(crate) use generate::invited_to;
pub(crate) use open::USED_ELSEWHERE;

/// The event of a link, about its inviter and in the chain of its tenant. Its payload has the draft and the status of the link
/// after the write, and the entry that only this write has.
fn event_of(link: &LinkRecord, event: EventDraft, own: (&'static str, &str)) -> EventDraft {
    event.user(Some(&link.inviter_user_id)).tenant(link.tenant_id.as_ref()).payload([
        ("draft_id", link.draft_id.as_str()),
        ("link_status", link.link_status.as_str()),
        own,
    ])
}

/// The link after its onboarding is complete: CONSUMED. None where it is not ACTIVATED, so that it may not be consumed.
pub(crate) fn consumed(link: &LinkRecord, now: MonotonicTimeNs) -> Option<LinkRecord> {
    (link.link_status == LinkStatus::Activated).then(|| LinkRecord {
        link_status: LinkStatus::Consumed,
        updated_at: now,
        ..link.clone()
    })
}
