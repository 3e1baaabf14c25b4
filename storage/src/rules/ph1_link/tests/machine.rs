//! The link as a state machine: what the rules decide for every status.

use selene_contracts::Capability as _;
use selene_contracts::ph1_link::{
    LinkStatus, Ph1LinkReasonCode, Ph1linkInviteGenerateDraftRow, Ph1linkInviteOpenActivateCommitRow,
    Ph1linkInviteRevokeCommitRow,
};
use selene_contracts::ph1_onb::Ph1onbCompleteCommitRow;

use super::{consumed, generate, link, open, person, revoke};
use crate::rules::machine::{Machine, Move};
use crate::rules::trial::{NOW, decide};

pub(crate) fn machine() -> Machine {
    let made = decide(generate(Some("a"), None), Some(person(Some("a")))).expect("a link is made");
    let made = Ok(made.change.0.link_status.as_str());
    let mut moves = vec![Move::new::<Ph1linkInviteGenerateDraftRow>(None, "", made)];
    for status in LinkStatus::ALL {
        let from = Some(status.as_str());
        let is_unopened = matches!(status, LinkStatus::DraftCreated | LinkStatus::Sent | LinkStatus::Opened);
        let bound = if is_unopened { None } else { Some("phone") };
        let opened = |bound, device| {
            let decision = decide(open(device), Some(link(*status, bound)));
            decision.map(|one| one.output.link_status.as_str()).map_err(|error| error.reason_code())
        };
        let own = if is_unopened { "the first device" } else { "the bound device" };
        moves.push(Move::new::<Ph1linkInviteOpenActivateCommitRow>(from, own, opened(bound, "phone")));
        let other = opened(Some("phone"), "tablet");
        moves.push(Move::new::<Ph1linkInviteOpenActivateCommitRow>(from, "another device", other));
        let revoked = decide(revoke(Ph1LinkReasonCode::LinkRevokedByInviter), Some(link(*status, bound)));
        let revoked =
            revoked.map(|one| one.change.0.link_status.as_str()).map_err(|error| error.reason_code());
        moves.push(Move::new::<Ph1linkInviteRevokeCommitRow>(from, "", revoked));
        if let Some(after) = consumed(&link(*status, bound), NOW) {
            let after = Ok(after.link_status.as_str());
            moves.push(Move::new::<Ph1onbCompleteCommitRow>(from, "its onboarding completes", after));
        }
    }
    Machine {
        title: "Invitation link",
        engine: Ph1linkInviteGenerateDraftRow::SPEC.engine,
        table: "links",
        column: "link_status",
        source: "storage/src/rules/ph1_link",
        states: LinkStatus::ALL.iter().map(|status| status.as_str()).collect(),
        moves,
    }
}
