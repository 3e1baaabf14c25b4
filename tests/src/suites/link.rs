//! The acceptance tests AT-LINK-DB-01..04: invitation links.

use selene_contracts::ph1_f::{IdentityStatus, Ph1fFoundationRepo, Ph1fIdentityInsertRow};
use selene_contracts::ph1_link::{
    LinkOpenResult, LinkRecord, LinkStatus, Ph1LinkAcceptance, Ph1LinkReasonCode, Ph1LinkRepo,
    Ph1linkInviteOpenActivateCommitRow, Ph1linkInviteRevokeCommitRow,
};
use selene_contracts::shared::{AuditEventType, InviteeType, PrefilledContext, TenantId, TokenId};
use selene_contracts::{CallContext, StorageError};
use selene_storage::test_support::inputs;

use crate::harness::{Backend, Harness};
use crate::workplace::{invitation, link, replays, replays_to_itself, simulated};
use crate::world::{World, key};

/// The acceptance tests of PH1.LINK on the stores of a harness.
pub struct LinkSuite<H>(pub H);

fn open(token_id: &TokenId, device: &str, idempotency_key: &str) -> Ph1linkInviteOpenActivateCommitRow {
    Ph1linkInviteOpenActivateCommitRow {
        token_id: token_id.clone(),
        device_fingerprint: device.into(),
        idempotency_key: key(idempotency_key),
    }
}

fn revoke(token_id: &TokenId, idempotency_key: &str) -> Ph1linkInviteRevokeCommitRow {
    Ph1linkInviteRevokeCommitRow {
        token_id: token_id.clone(),
        reason_code: Ph1LinkReasonCode::LinkRevokedByInviter,
        idempotency_key: key(idempotency_key),
    }
}

fn prefilled(tenant_id: Option<&str>) -> PrefilledContext {
    PrefilledContext {
        tenant_id: tenant_id.map(TenantId::new),
        company_id: Some("clinic".into()),
        position_id: Some("nurse".into()),
        location_id: Some("harbour".into()),
        start_date: Some("2026-01-31".into()),
        working_hours: Some("shift_b".into()),
        compensation_tier_ref: Some("band_1".into()),
        jurisdiction_tags: vec!["DE".into(), "DE-HH".into()],
    }
}

/// A fresh link of `ann` in `tenant_a`.
fn fresh(world: &World<impl Backend>, idempotency_key: &str) -> TokenId {
    let input = invitation("ann", Some("tenant_a"), idempotency_key);
    let committed = world.store().ph1link_invite_generate_draft_row(&simulated(10), input);
    committed.expect("a link").value.token_id
}

fn opened(
    world: &World<impl Backend>,
    input: Ph1linkInviteOpenActivateCommitRow,
) -> (LinkOpenResult, AuditEventType) {
    let committed = world.store().ph1link_invite_open_activate_commit_row(&simulated(20), input);
    let committed = committed.expect("the opening is answered");
    let event = world.events().into_iter().find(|event| event.event_id == committed.event_id);
    (committed.value, event.expect("it emits its event").event_type)
}

impl<H: Harness> Ph1LinkAcceptance for LinkSuite<H> {
    fn at_link_db_01_tenant_isolation_enforced(&self) {
        let world = World::with_people(&self.0);
        world.at_home("cleo", "tenant_b");
        let generate =
            |input| move |store: &H::Store| store.ph1link_invite_generate_draft_row(&simulated(10), input);

        // A key of one tenant never answers another one, nor a call that names none.
        let token_id = fresh(&world, "k1");
        for tenant_id in [Some("tenant_b"), None] {
            let input = invitation("ann", tenant_id, "k1");
            world.refuses(Ph1LinkReasonCode::LinkScopeViolation, generate(input));
        }
        let row = link(&world, &token_id).expect("the link is there");
        assert_eq!(row.tenant_id, Some("tenant_a".into()));
        for secret in ["ann", "tenant_a"] {
            assert!(!row.token_id.as_str().contains(secret));
        }

        // An inviter whose home is another tenant is refused like an unknown one.
        let refusal = |inviter: &str| -> StorageError {
            let input = invitation(inviter, Some("tenant_a"), "k2");
            world.store().ph1link_invite_generate_draft_row(&simulated(10), input).expect_err("it is refused")
        };
        assert_eq!(refusal("cleo"), refusal("nobody"));
        // Nobody invites with an identity that is DISABLED.
        let input = Ph1fIdentityInsertRow {
            tenant_id: Some("tenant_a".into()),
            status: IdentityStatus::Disabled,
            ..inputs::identity("old", "identity")
        };
        world.store().ph1f_identity_insert_row(&simulated(10), input).expect("an identity");
        assert_eq!(refusal("old"), refusal("nobody"));
        // Also under a key that the inviter used in the home tenant.
        let at_home = invitation("cleo", Some("tenant_b"), "k2");
        assert!(generate(at_home.clone())(world.store()).expect("a link of the home tenant").is_applied());
        assert_eq!(refusal("cleo"), refusal("nobody"));
        assert!(!generate(at_home)(world.store()).expect("it is replayed in its own tenant").is_applied());
        world.refuses(
            Ph1LinkReasonCode::LinkScopeViolation,
            generate(invitation("cleo", Some("tenant_a"), "k2")),
        );

        // The prefilled context is of the link's tenant, and gives it one where none is named.
        let mut input = invitation("ann", Some("tenant_a"), "k3");
        input.prefilled_context = Some(prefilled(Some("tenant_b")));
        world.refuses(Ph1LinkReasonCode::LinkContractValidationFailed, generate(input.clone()));
        input.tenant_id = None;
        input.inviter_user_id = "cleo".into();
        let row = generate(input)(world.store()).expect("a link of the context's tenant").value;
        assert_eq!(row.tenant_id, Some("tenant_b".into()));
        assert_eq!(link(&world, &row.token_id), Some(row));
        let tenants: Vec<_> =
            world.events().into_iter().filter(|event| event.engine.as_str() == "PH1.LINK").collect();
        assert_eq!(
            tenants.iter().map(|event| event.tenant_id.as_ref().map(TenantId::as_str)).collect::<Vec<_>>(),
            [Some("tenant_a"), Some("tenant_b"), Some("tenant_b")]
        );

        // Only the bound device gets tenant and version.
        assert_eq!(opened(&world, open(&token_id, "phone", "o1")).0.tenant_id, Some("tenant_a".into()));
        assert_eq!(opened(&world, open(&token_id, "other", "o2")).0.tenant_id, None);
        world.chains_verify();
    }

    fn at_link_db_02_link_bound_to_one_device(&self) {
        let mut world = World::with_people(&self.0);
        let token_id = fresh(&world, "k1");
        let (answer, event) = opened(&world, open(&token_id, "fingerprint of a phone", "o1"));
        assert_eq!((answer.link_status, event), (LinkStatus::Activated, AuditEventType::StateTransition));
        let bound = link(&world, &token_id).expect("the link is there");
        assert_eq!(bound.link_status, LinkStatus::Activated);
        let hash = bound.device_fingerprint_hash.expect("a device is bound");
        assert!(!format!("{bound:?}").contains("fingerprint of"));

        // The same device again changes nothing, another one makes the link BLOCKED, and gets that as its answer.
        world.reopen();
        let (answer, event) = opened(&world, open(&token_id, "fingerprint of a phone", "o2"));
        assert_eq!((answer.link_status, event), (LinkStatus::Activated, AuditEventType::StateTransition));
        let (answer, event) = opened(&world, open(&token_id, "fingerprint of a tablet", "o3"));
        assert_eq!((answer.link_status, event), (LinkStatus::Blocked, AuditEventType::GateFail));
        let blocked = link(&world, &token_id).expect("the link is there");
        assert_eq!(blocked, LinkRecord { link_status: LinkStatus::Blocked, ..bound });
        // That is an end, for every device.
        for device in ["fingerprint of a phone", "fingerprint of a tablet", "fingerprint of a watch"] {
            world.refuses(Ph1LinkReasonCode::LinkStateInvalid, |store| {
                store.ph1link_invite_open_activate_commit_row(&simulated(30), open(&token_id, device, "o4"))
            });
        }
        world.refuses(Ph1LinkReasonCode::LinkStateInvalid, |store| {
            store.ph1link_invite_revoke_commit_row(&simulated(30), revoke(&token_id, "r1"))
        });

        // The same device leaves another trace under another link.
        let other = fresh(&world, "k2");
        opened(&world, open(&other, "fingerprint of a phone", "o1"));
        assert_ne!(link(&world, &other).expect("the link is there").device_fingerprint_hash, Some(hash));
        for event in world.events() {
            assert!(!format!("{event:?}").contains("fingerprint of"), "no fingerprint reaches an event");
        }
        world.chains_verify();
    }

    fn at_link_db_03_idempotency_dedupe_works(&self) {
        let mut world = World::with_people(&self.0);
        let code = Ph1LinkReasonCode::LinkIdempotencyReplay;
        let mut first = invitation("ann", Some("tenant_a"), "k1");
        first.prefilled_context = Some(prefilled(None));
        let mut differing = first.clone();
        differing.invitee_type = InviteeType::Friend;
        replays(&mut world, code, &first, differing, |store, context, input| {
            store.ph1link_invite_generate_draft_row(context, input)
        });
        let token_id = fresh(&world, "k2");
        let opening = |store: &H::Store, context: &CallContext, input| {
            store.ph1link_invite_open_activate_commit_row(context, input)
        };
        replays_to_itself(&mut world, code, &open(&token_id, "phone", "o1"), opening);
        replays_to_itself(&mut world, code, &open(&token_id, "tablet", "o2"), opening);
        // The answer of one device is never given to another one.
        for (device, key) in [("tablet", "o1"), ("watch", "o1"), ("phone", "o2"), ("watch", "o2")] {
            world.refuses(Ph1LinkReasonCode::LinkScopeViolation, |store| {
                opening(store, &simulated(60), open(&token_id, device, key))
            });
        }
        let taken_back = fresh(&world, "k4");
        let mut differing = revoke(&taken_back, "r1");
        differing.reason_code = Ph1LinkReasonCode::LinkRevokedByPolicy;
        replays(&mut world, code, &revoke(&taken_back, "r1"), differing, |store, context, input| {
            store.ph1link_invite_revoke_commit_row(context, input)
        });
        // A key belongs to its link and its inviter.
        let other = fresh(&world, "k3");
        assert_eq!(opened(&world, open(&other, "tablet", "o1")).0.link_status, LinkStatus::Activated);
        let by_bob = invitation("bob", Some("tenant_a"), "k2");
        let by_bob = world.store().ph1link_invite_generate_draft_row(&simulated(10), by_bob).unwrap();
        assert!(by_bob.is_applied() && by_bob.value.token_id != token_id);
    }

    fn at_link_db_04_ends_are_ends(&self) {
        let mut world = World::with_people(&self.0);
        let token_id = fresh(&world, "k1");
        opened(&world, open(&token_id, "phone", "o1"));
        let revoked = world.store().ph1link_invite_revoke_commit_row(&simulated(30), revoke(&token_id, "r1"));
        let revoked = revoked.expect("an activated link is revoked");
        assert_eq!(revoked.value.link_status, LinkStatus::Revoked);
        let event = world.events().into_iter().find(|event| event.event_id == revoked.event_id).unwrap();
        let reason =
            event.payload_min.iter().find(|(key, _)| *key == "revoke_reason_code").map(|(_, value)| value);
        assert_eq!(reason, Some("LINK_REVOKED_BY_INVITER"));

        world.reopen();
        for device in ["phone", "tablet"] {
            world.refuses(Ph1LinkReasonCode::LinkStateInvalid, |store| {
                store.ph1link_invite_open_activate_commit_row(&simulated(40), open(&token_id, device, "o2"))
            });
        }
        world.refuses(Ph1LinkReasonCode::LinkStateInvalid, |store| {
            store.ph1link_invite_revoke_commit_row(&simulated(40), revoke(&token_id, "r2"))
        });
        assert_eq!(link(&world, &token_id), Some(revoked.value));

        // Only the reasons of a revocation revoke, and only a link that exists.
        let draft = fresh(&world, "k2");
        world.refuses(Ph1LinkReasonCode::LinkContractValidationFailed, |store| {
            let mut revoke = revoke(&draft, "r1");
            revoke.reason_code = Ph1LinkReasonCode::LinkInviteRevoke;
            store.ph1link_invite_revoke_commit_row(&simulated(40), revoke)
        });
        let unknown = TokenId::new("tok_unknown");
        world.refuses(Ph1LinkReasonCode::LinkScopeViolation, |store| {
            store.ph1link_invite_revoke_commit_row(&simulated(40), revoke(&unknown, "r1"))
        });
        world.refuses(Ph1LinkReasonCode::LinkScopeViolation, |store| {
            store.ph1link_invite_open_activate_commit_row(&simulated(40), open(&unknown, "phone", "o1"))
        });
        assert_eq!(link(&world, &unknown), None);
        assert_eq!(link(&world, &draft).expect("the draft is there").link_status, LinkStatus::DraftCreated);
    }
}
