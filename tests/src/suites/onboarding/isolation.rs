//! No answer and no refusal shows one tenant a row of another.

use selene_contracts::ph1_f::{Ph1fFoundationRepo, Ph1fReadIdentityRow};
use selene_contracts::ph1_onb::{Ph1OnbReasonCode, Ph1OnbRepo, Ph1onbAccessInstanceCreateCommitRow};
use selene_contracts::ph1_position::EvidenceMode;
use selene_contracts::ph2_access::{Ph2AccessRepo, Ph2accessReadInstanceRow};
use selene_contracts::shared::{InviteeType, RolloutScope, TenantId};

use super::office::{FINGERPRINT, Office};
use super::steps::{access_of, photo_for, proof_on, start};
use crate::harness::Harness;
use crate::workplace::field;

/// Another tenant is refused as if there were no such link and no such session.
pub(super) fn a_session_answers_its_own_tenant_only(harness: &impl Harness) {
    let office = Office::new(harness);
    let token = office.employee("one");
    let foreign = |token: &str| {
        let mut input = start(&token.into());
        input.tenant_id = Some("tenant_b".into());
        input
    };
    let try_start = |token: &str| {
        office.refuses(Ph1OnbReasonCode::OnbScopeMismatch, |store, call| {
            store.ph1onb_session_start_draft_row(call, foreign(token))
        })
    };
    let unknown = try_start("no_such_token");
    assert_eq!(try_start(token.as_str()), unknown, "before the start");
    let journey = office.journey(&token);
    assert_eq!(try_start(token.as_str()), unknown, "after the start, under the key of the first caller");

    journey.terms(true, "k").unwrap();
    journey.device(true, "k").unwrap();
    let try_access = |input: Ph1onbAccessInstanceCreateCommitRow| {
        office.refuses(Ph1OnbReasonCode::OnbScopeMismatch, |store, call| {
            store.ph1onb_access_instance_create_commit_row(call, input)
        })
    };
    let foreign_access = |session: &str, key: &str| Ph1onbAccessInstanceCreateCommitRow {
        tenant_id: Some("tenant_b".into()),
        ..access_of(&session.into(), key)
    };
    let unknown = try_access(foreign_access("no_such_session", "k"));
    assert_eq!(try_access(foreign_access(journey.session.as_str(), "k")), unknown);
    journey.access("k").unwrap();
    assert_eq!(try_access(foreign_access(journey.session.as_str(), "k")), unknown, "under the same key");
    journey.complete("k").unwrap();

    let trail = office.world.events();
    let of_journey = trail.iter().filter(|event| event.engine.as_str() == "PH1.ONB");
    assert!(of_journey.clone().count() == 5, "one event for each step");
    assert!(of_journey.clone().all(|event| event.tenant_id == Some("tenant_a".into())));
    let shown = format!("{trail:?}{:?}", office.sessions());
    assert!(!shown.contains(FINGERPRINT), "a fingerprint is kept as a hash only");
    office.world.chains_verify();
}

/// A sender and a device of another tenant are as good as none.
pub(super) fn another_tenant_is_refused_like_an_unknown_person(harness: &impl Harness) {
    let office = Office::new(harness);
    let fields = vec![field("passport", EvidenceMode::DocRequired)];
    office.schema("tenant_a", "v1", fields, RolloutScope::NewHiresOnly);
    let journey = office.journey(&office.employee("one"));
    journey.terms(true, "k").unwrap();

    let photo = |sender: &str| {
        office.refuses(Ph1OnbReasonCode::OnbScopeMismatch, |store, call| {
            let input = photo_for(&journey.session, sender, "k");
            store.ph1onb_employee_photo_capture_send_commit_row(call, input)
        })
    };
    // So is a sender whose identity is DISABLED.
    assert_eq!([photo("rival"), photo("old")], [photo("nobody"), photo("nobody")]);
    let device = |device: &str| {
        office.refuses(Ph1OnbReasonCode::OnbScopeMismatch, |store, call| {
            store
                .ph1onb_primary_device_confirm_commit_row(call, proof_on(&journey.session, device, true, "k"))
        })
    };
    assert_eq!(device("rival_phone"), device("no_phone"));

    journey.photo("k").unwrap();
    journey.verify(selene_contracts::ph1_onb::SenderDecision::Confirm, "k").unwrap();
    journey.device(true, "k").unwrap();
    let foreign = office.refuses(Ph1OnbReasonCode::OnbScopeMismatch, |store, call| {
        let mut input = access_of(&journey.session, "k");
        input.user_id = "rival".into();
        store.ph1onb_access_instance_create_commit_row(call, input)
    });
    // Nor is there anything for somebody whose identity is DISABLED.
    office.refuses(Ph1OnbReasonCode::OnbStateInvalid, |store, call| {
        let mut input = access_of(&journey.session, "k");
        input.user_id = "old".into();
        store.ph1onb_access_instance_create_commit_row(call, input)
    });
    journey.access("k").unwrap();

    // Another tenant gets the same refusal under a used key and under a free one.
    let elsewhere = office.journey(&office.activated("two", InviteeType::Friend, None));
    let refusal = |code, key: &str| {
        office.refuses(code, |store, call| {
            let mut input = access_of(&elsewhere.session, key);
            input.tenant_id = Some("tenant_b".into());
            store.ph1onb_access_instance_create_commit_row(call, input)
        })
    };
    let early = Ph1OnbReasonCode::OnbGateTermsRequired;
    assert_eq!(refusal(early, "k"), refusal(early, "free"));
    elsewhere.terms(true, "k").unwrap();
    elsewhere.device(true, "k").unwrap();
    let ready = Ph1OnbReasonCode::OnbScopeMismatch;
    assert_eq!(refusal(ready, "k"), foreign);
    assert_eq!(refusal(ready, "free"), foreign);
}

/// A device that is bound to a tenant proves people for that tenant, and leaves its trace in its chain.
pub(super) fn a_device_of_one_tenant_proves_nobody_for_another_one(harness: &impl Harness) {
    let office = Office::new(harness);
    let journey = office.journey(&office.activated("one", InviteeType::Friend, None));
    journey.terms(true, "k").unwrap();
    let input = proof_on(&journey.session, "rival_phone", true, "k");
    let proven = office.store().ph1onb_primary_device_confirm_commit_row(&office.call(), input).unwrap();
    let event = office.world.events().into_iter().find(|event| event.event_id == proven.event_id).unwrap();
    assert_eq!(event.tenant_id, Some("tenant_b".into()), "the session has no tenant, the device has one");

    let access = |user: &str, tenant: Option<&str>| Ph1onbAccessInstanceCreateCommitRow {
        user_id: user.into(),
        tenant_id: tenant.map(TenantId::new),
        ..access_of(&journey.session, "k")
    };
    for (user, tenant) in [("newcomer", Some("tenant_a")), ("boss", Some("tenant_a")), ("boss", None)] {
        office.refuses(Ph1OnbReasonCode::OnbScopeMismatch, |store, call| {
            store.ph1onb_access_instance_create_commit_row(call, access(user, tenant))
        });
    }
    let input = access("newcomer", Some("tenant_b"));
    let created = office.store().ph1onb_access_instance_create_commit_row(&office.call(), input);
    assert!(created.unwrap().is_applied());
}

/// The tenant of `newcomer` alone. It follows from the user, so it is the same in every store.
const PERSONAL_TENANT: &str = "personal_8b07a19877a998c6852148223bf7add7";

/// Without a tenant anywhere, access is in a personal tenant that follows from the user; one that is given is
/// taken.
pub(super) fn a_link_without_a_tenant_gives_a_place_of_ones_own(harness: &impl Harness) {
    let office = Office::new(harness);
    let ready = |name: &str| {
        let journey = office.journey(&office.activated(name, InviteeType::Friend, None));
        journey.terms(true, "k").unwrap();
        journey.device(true, "k").unwrap();
        journey
    };
    let own = ready("one");
    let created = own.access("k").unwrap();
    own.complete("k").unwrap();
    let instance = |tenant: &TenantId| {
        let read = Ph2accessReadInstanceRow { tenant_id: tenant.clone(), user_id: "newcomer".into() };
        office.store().ph2access_read_instance_row(&office.call(), read).unwrap()
    };
    assert!(instance(&"tenant_a".into()).is_none());
    let identity = Ph1fReadIdentityRow { user_id: "newcomer".into() };
    let person = office.store().ph1f_read_identity_row(&office.call(), identity);
    let person = person.unwrap().expect("the person was inserted");
    assert_eq!(person.tenant_id, None, "a place of one's own keeps nobody from an employer");
    let personal = instance(&PERSONAL_TENANT.into()).expect("access is in the person's own tenant");
    assert_eq!(personal.access_instance_id, created.value.access_engine_instance_id);

    let given = ready("two");
    let mut input = access_of(&given.session, "k2");
    (input.user_id, input.tenant_id) = ("ann".into(), Some("tenant_b".into()));
    let created = office.store().ph1onb_access_instance_create_commit_row(&office.call(), input).unwrap();
    assert!(created.is_applied());
    let event = office.world.events().into_iter().find(|event| event.event_id == created.event_id).unwrap();
    assert_eq!(event.tenant_id, Some("tenant_b".into()), "in the chain of the tenant that was given");

    // The same key in another session shows nothing of the first one.
    let other = ready("three");
    office.refuses(Ph1OnbReasonCode::OnbScopeMismatch, |store, call| {
        store.ph1onb_access_instance_create_commit_row(call, access_of(&other.session, "k"))
    });
    let again = ready("four");
    assert_eq!(again.access("k4").unwrap().value.access_engine_instance_id, personal.access_instance_id);
    office.refuses(Ph1OnbReasonCode::OnbStateInvalid, |store, call| {
        let mut input = access_of(&other.session, "k5");
        input.role_id = "role_doctor".into();
        store.ph1onb_access_instance_create_commit_row(call, input)
    });

    // Who has a place of their own may be employed.
    let employed = office.journey(&office.employee("job"));
    employed.terms(true, "k").unwrap();
    employed.device(true, "k").unwrap();
    employed.access("k6").unwrap();
    assert!(instance(&"tenant_a".into()).is_some());
}

/// In a session without a tenant a call may name any, so under the key of the access none of them gets the access of another one.
pub(super) fn access_is_replayed_for_its_own_tenant_only(harness: &impl Harness) {
    let office = Office::new(harness);
    for (index, first) in [None, Some("tenant_b")].into_iter().enumerate() {
        let journey = office.journey(&office.activated(&format!("link_{index}"), InviteeType::Friend, None));
        journey.terms(true, "k").unwrap();
        journey.device(true, "k").unwrap();
        let access = |tenant: Option<&str>, key: &str| Ph1onbAccessInstanceCreateCommitRow {
            user_id: "ann".into(),
            tenant_id: tenant.map(TenantId::new),
            ..access_of(&journey.session, key)
        };
        let key = format!("used_{index}");
        let create =
            || office.store().ph1onb_access_instance_create_commit_row(&office.call(), access(first, &key));
        let created = create().unwrap();
        assert!(created.is_applied());
        let refusal = |tenant: Option<&str>, key: &str| {
            office.refuses(Ph1OnbReasonCode::OnbStateInvalid, |store, call| {
                store.ph1onb_access_instance_create_commit_row(call, access(tenant, key))
            })
        };
        for other in [None, Some("tenant_a"), Some("tenant_b")].into_iter().filter(|other| *other != first) {
            assert_eq!(
                refusal(other, &key),
                refusal(other, "free"),
                "first for {first:?}, then for {other:?}"
            );
        }
        let again = create().unwrap();
        assert!(!again.is_applied(), "its own tenant gets the replay");
        assert_eq!((again.value, again.event_id), (created.value, created.event_id));
        // Also when it is over.
        journey.complete("k").unwrap();
        assert_eq!(refusal(Some("tenant_a"), &key), refusal(Some("tenant_a"), "free"));
    }
}
