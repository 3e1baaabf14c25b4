//! PH1.LINK: invitation links, from DRAFT_CREATED to CONSUMED.
//!
//! The three writes are alike by nature: section 4 of `specs/db_wiring/PH1_LINK.md` gives their events the same user, tenant, draft
//! and status, and one payload key of their own.

mod event;
mod generate;
mod open;
mod revoke;
#[cfg(test)]
pub(crate) mod tests;

use selene_contracts::ph1_link::{LinkRecord, LinkStatus};
use selene_contracts::shared::MonotonicTimeNs;

pub(crate) use generate::invited_to;
pub(crate) use open::USED_ELSEWHERE;

/// The link after its onboarding is complete: CONSUMED. None where it is not ACTIVATED, so that it may not be consumed.
pub(crate) fn consumed(link: &LinkRecord, now: MonotonicTimeNs) -> Option<LinkRecord> {
    (link.link_status == LinkStatus::Activated).then(|| LinkRecord {
        link_status: LinkStatus::Consumed,
        updated_at: now,
        ..link.clone()
    })
}
