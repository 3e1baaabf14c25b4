//! The rules of links, compared with the spec page.

pub(crate) mod machine;

use selene_contracts::StorageError;
use selene_contracts::ph1_link::{
    LinkRecord, LinkStatus, Ph1LinkReasonCode, Ph1linkInviteGenerateDraftRow,
    Ph1linkInviteOpenActivateCommitRow, Ph1linkInviteRevokeCommitRow,
};
use selene_contracts::shared::{
    AuditEventType, InviteeType, MonotonicTimeNs, PrefilledContext, TenantId, TokenId,
};

use super::open::{Opening, opening};
use super::{consumed, revoke};
use crate::change::Update;
use crate::rules::fingerprint;
use crate::rules::person::Person;
use crate::rules::trial::{NOW, decide, payload, refusal};

const TOKEN: &str = "tok_1";

fn generate(tenant: Option<&str>, prefilled: Option<&str>) -> Ph1linkInviteGenerateDraftRow {
    Ph1linkInviteGenerateDraftRow {
        inviter_user_id: "ann".into(),
        invitee_type: InviteeType::Employee,
        tenant_id: tenant.map(TenantId::new),
        schema_version_id: Some("v1".into()),
        prefilled_context: prefilled.map(context_of),
        idempotency_key: "k".into(),
    }
}

fn context_of(tenant: &str) -> PrefilledContext {
    PrefilledContext {
        tenant_id: Some(tenant.into()),
        company_id: None,
        position_id: None,
        location_id: None,
        start_date: None,
        working_hours: None,
        compensation_tier_ref: None,
        jurisdiction_tags: vec!["DE".into()],
    }
}

fn person(home: Option<&str>) -> Person {
    Person { home_tenant_id: home.map(TenantId::new), ..Person::default() }
}

fn link(status: LinkStatus, device: Option<&str>) -> LinkRecord {
    let token_id = TokenId::new(TOKEN);
    let device_fingerprint_hash = device.map(|device| fingerprint::of_link(&token_id, &device.into()));
    LinkRecord {
        token_id,
        draft_id: "drf_1".into(),
        invitee_type: InviteeType::Employee,
        link_status: status,
        inviter_user_id: "ann".into(),
        tenant_id: Some("a".into()),
        schema_version_id: Some("v1".into()),
        prefilled_context: None,
        device_fingerprint_hash,
        created_at: MonotonicTimeNs::new(1),
        updated_at: MonotonicTimeNs::new(2),
    }
}

fn open(device: &str) -> Ph1linkInviteOpenActivateCommitRow {
    Ph1linkInviteOpenActivateCommitRow {
        token_id: TOKEN.into(),
        device_fingerprint: device.into(),
        idempotency_key: "k".into(),
    }
}

fn revoke(reason_code: Ph1LinkReasonCode) -> Ph1linkInviteRevokeCommitRow {
    Ph1linkInviteRevokeCommitRow { token_id: TOKEN.into(), reason_code, idempotency_key: "k".into() }
}

#[test]
fn every_state_and_what_may_be_done_with_it() {
    use LinkStatus::{Activated, Blocked, Consumed, DraftCreated, Expired, Opened, Revoked, Sent};
    use Opening::{Activate, Again, Block, Refuse};
    //        state, opened by the first or the bound device, by another one, revoked, consumed
    let table = [
        (DraftCreated, Activate, Block, true, false),
        (Sent, Activate, Block, true, false),
        (Opened, Activate, Block, true, false),
        (Activated, Again, Block, true, true),
        (Consumed, Refuse, Refuse, false, false),
        (Expired, Refuse, Refuse, false, false),
        (Revoked, Refuse, Refuse, false, false),
        (Blocked, Refuse, Refuse, false, false),
    ];
    assert_eq!(table.map(|row| row.0), LinkStatus::ALL);
    for (status, by_bound, by_other, is_revocable, is_consumable) in table {
        assert_eq!(opening(status, false), by_bound, "{status}");
        assert_eq!(opening(status, true), by_other, "{status}");
        assert_eq!(revoke::is_revocable(status), is_revocable, "{status}");
        let after = consumed(&link(status, Some("phone")), NOW);
        assert_eq!(after.is_some(), is_consumable, "{status}");
    }
    let after = consumed(&link(Activated, Some("phone")), NOW).unwrap();
    let expected = LinkRecord { link_status: Consumed, updated_at: NOW, ..link(Activated, Some("phone")) };
    assert_eq!(after, expected);
}

#[test]
fn a_link_starts_as_a_draft_of_its_tenant() {
    // The tenant given, that of the prefilled context, the inviter's home, and the tenant of the link or the refusal.
    let code = |code, field| Err((code, field));
    let cases = [
        (None, None, None, Ok(None)),
        (Some("a"), None, None, Ok(Some("a"))),
        (None, Some("a"), None, Ok(Some("a"))),
        (Some("a"), Some("a"), Some("a"), Ok(Some("a"))),
        (None, None, Some("a"), Ok(None)),
        (Some("a"), Some("b"), None, code("LINK_CONTRACT_VALIDATION_FAILED", "prefilled_context")),
        (Some("a"), None, Some("b"), code("LINK_SCOPE_VIOLATION", "inviter_user_id")),
        (None, Some("a"), Some("b"), code("LINK_SCOPE_VIOLATION", "inviter_user_id")),
    ];
    for (given, prefilled, home, expected) in cases {
        let input = generate(given, prefilled);
        match expected {
            Ok(tenant) => {
                let decision = decide(input, Some(person(home))).unwrap();
                let tenant = tenant.map(TenantId::new);
                assert_eq!(decision.output.tenant_id, tenant);
                assert_eq!(decision.event.tenant_id, tenant);
                assert_eq!(decision.output.link_status, LinkStatus::DraftCreated);
                assert_eq!(decision.output.device_fingerprint_hash, None);
                assert_eq!((decision.output.created_at, decision.output.updated_at), (NOW, NOW));
                assert_eq!(decision.event.user_id, Some("ann".into()));
            }
            Err(expected) => assert_eq!(refusal(input, Some(person(home))), expected),
        }
    }
}

#[test]
fn a_person_of_another_tenant_is_refused_like_an_unknown_one() {
    let of_other_tenant = decide(generate(Some("a"), None), Some(person(Some("b")))).err().unwrap();
    let unknown = decide(generate(Some("a"), None), None).err().unwrap();
    assert_eq!(of_other_tenant, unknown);
    assert!(matches!(unknown, StorageError::ForeignKey { .. }), "{unknown}");
    // The context is checked first, so that its refusal discloses nothing about the inviter.
    let contradicting = generate(Some("a"), Some("b"));
    assert_eq!(refusal(contradicting, None), ("LINK_CONTRACT_VALIDATION_FAILED", "prefilled_context"));
}

#[test]
fn ids_follow_from_inviter_and_key_alone() {
    let ids = |input: Ph1linkInviteGenerateDraftRow| {
        let output = decide(input, Some(person(None))).unwrap().output;
        (output.token_id, output.draft_id)
    };
    let first = ids(generate(None, None));
    assert_eq!(ids(generate(Some("a"), None)), first);
    assert_ne!(first.0.as_str().strip_prefix("tok_"), first.1.as_str().strip_prefix("drf_"));
    for other in [
        Ph1linkInviteGenerateDraftRow { idempotency_key: "l".into(), ..generate(None, None) },
        Ph1linkInviteGenerateDraftRow { inviter_user_id: "bob".into(), ..generate(None, None) },
        Ph1linkInviteGenerateDraftRow {
            inviter_user_id: "an".into(),
            idempotency_key: "nk".into(),
            ..generate(None, None)
        },
    ] {
        let other = ids(other);
        assert!(other.0 != first.0 && other.1 != first.1);
    }
}

#[test]
fn the_first_device_is_bound_and_another_one_learns_nothing() {
    let decision = decide(open("phone"), Some(link(LinkStatus::DraftCreated, None))).unwrap();
    let expected = LinkRecord { updated_at: NOW, ..link(LinkStatus::Activated, Some("phone")) };
    assert_eq!(decision.change, Some(Update(expected)));
    assert_eq!(decision.event.event_type, AuditEventType::StateTransition);
    assert_eq!(decision.output.tenant_id, Some("a".into()));

    let again = decide(open("phone"), Some(link(LinkStatus::Activated, Some("phone")))).unwrap();
    assert_eq!(again.change, None);
    assert_eq!(again.output, decision.output);
    assert_eq!(again.event.event_type, AuditEventType::StateTransition);

    let other = decide(open("tablet"), Some(link(LinkStatus::Activated, Some("phone")))).unwrap();
    // The link is at its end, and stays with the device that it was bound to.
    let expected = LinkRecord { updated_at: NOW, ..link(LinkStatus::Blocked, Some("phone")) };
    assert_eq!(other.change, Some(Update(expected)));
    assert_eq!(other.event.event_type, AuditEventType::GateFail);
    assert_eq!(other.output.link_status, LinkStatus::Blocked);
    assert_eq!((other.output.tenant_id, other.output.schema_version_id), (None, None));
    for event in [&decision.event, &again.event, &other.event] {
        assert_eq!(event.tenant_id, Some("a".into()));
        assert_eq!(event.user_id, Some("ann".into()), "whose link it is");
        assert_eq!(event.reason_code.as_str(), "LINK_INVITE_OPEN_ACTIVATE");
        assert!(event.payload.iter().all(|(_, value)| !value.contains("phone") && !value.contains("tablet")));
    }
}

#[test]
fn refusals_come_in_the_order_of_the_page() {
    assert_eq!(refusal(open("phone"), None), ("LINK_SCOPE_VIOLATION", "token_id"));
    let consumed = || Some(link(LinkStatus::Consumed, Some("phone")));
    assert_eq!(refusal(open("phone"), consumed()), ("LINK_STATE_INVALID", "token_id"));
    assert_eq!(refusal(open("tablet"), consumed()), ("LINK_STATE_INVALID", "token_id"));

    for reason in Ph1LinkReasonCode::ALL.iter().copied() {
        let is_reason = reason.as_str().starts_with("LINK_REVOKED_");
        for (facts, expected) in
            [(None, ("LINK_SCOPE_VIOLATION", "token_id")), (consumed(), ("LINK_STATE_INVALID", "token_id"))]
        {
            let expected =
                if is_reason { expected } else { ("LINK_CONTRACT_VALIDATION_FAILED", "reason_code") };
            assert_eq!(refusal(revoke(reason), facts), expected, "{reason}");
        }
    }
}

#[test]
fn a_revocation_names_its_reason() {
    let before = link(LinkStatus::Activated, Some("phone"));
    let decision = decide(revoke(Ph1LinkReasonCode::LinkRevokedByPolicy), Some(before.clone())).unwrap();
    let expected = LinkRecord { link_status: LinkStatus::Revoked, updated_at: NOW, ..before };
    assert_eq!(decision.change, Update(expected));
    assert_eq!(decision.event.reason_code.as_str(), "LINK_INVITE_REVOKE");
    let expected =
        [("draft_id", "drf_1"), ("link_status", "REVOKED"), ("revoke_reason_code", "LINK_REVOKED_BY_POLICY")];
    assert_eq!(payload(&decision), expected.map(|(key, value)| (key.to_owned(), value.to_owned())));
}

#[test]
fn time_does_not_run_backwards_in_a_link() {
    use LinkStatus::{Activated, Consumed, DraftCreated};
    let at = |status, device, ahead: u64| {
        Some(LinkRecord { updated_at: MonotonicTimeNs::new(NOW.get() + ahead), ..link(status, device) })
    };
    let revoke = || revoke(Ph1LinkReasonCode::LinkRevokedByInviter);
    let back = ("LINK_CONTRACT_VALIDATION_FAILED", "now");
    assert!(decide(open("phone"), at(DraftCreated, None, 0)).is_ok());
    assert_eq!(refusal(open("phone"), at(DraftCreated, None, 1)), back);
    for (status, device) in [(DraftCreated, None), (Activated, Some("phone"))] {
        assert!(decide(revoke(), at(status, device, 0)).is_ok(), "{status}");
        assert_eq!(refusal(revoke(), at(status, device, 1)), back, "{status}");
    }
    // Where nothing changes, nothing is set back; what blocks a link changes it.
    assert!(decide(open("phone"), at(Activated, Some("phone"), 1)).is_ok());
    assert!(decide(open("tablet"), at(Activated, Some("phone"), 0)).is_ok());
    assert_eq!(refusal(open("tablet"), at(Activated, Some("phone"), 1)), back);
    // The state is checked first.
    let over = ("LINK_STATE_INVALID", "token_id");
    assert_eq!(refusal(open("phone"), at(Consumed, Some("phone"), 1)), over);
    assert_eq!(refusal(revoke(), at(Consumed, Some("phone"), 1)), over);
}
