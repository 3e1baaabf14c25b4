//! Access and completion: the rows that they write, for whom, and who gets a replay.

use selene_contracts::ph1_f::IdentityStatus;
use selene_contracts::ph1_link::LinkStatus;
use selene_contracts::ph1_onb::{
    OnboardingSessionRecord, OnboardingStatus, Ph1onbAccessInstanceCreateCommitRow, Ph1onbCompleteCommitRow,
};
use selene_contracts::ph2_access::{AccessInstanceRecord, AccessLifecycle};
use selene_contracts::shared::{InviteeType, MonotonicTimeNs, PrefilledContext};

use super::super::{AccessFacts, CompletionFacts, Workplace, check_access_replay, tenant_of};
use super::{device, link, people, ready, session_id};
use crate::change::Insert;
use crate::rules::person::Person;
use crate::rules::ph2_access;
use crate::rules::trial::{NOW, call, decide, refusal};

pub(super) fn access(tenant: Option<&str>) -> Ph1onbAccessInstanceCreateCommitRow {
    Ph1onbAccessInstanceCreateCommitRow {
        onboarding_session_id: session_id(),
        user_id: "eve".into(),
        tenant_id: tenant.map(Into::into),
        role_id: "role_1".into(),
        idempotency_key: "k".into(),
    }
}

pub(super) fn access_facts(session: OnboardingSessionRecord) -> AccessFacts {
    AccessFacts {
        session: Some(session),
        workplace: Workplace { link: Some(link()), ..Workplace::default() },
        device: Some(device(None)),
        person: None,
        instance: None,
    }
}

fn person(home: Option<&str>) -> Person {
    Person { home_tenant_id: home.map(Into::into), ..Person::default() }
}

fn instance(role: &str) -> AccessInstanceRecord {
    AccessInstanceRecord {
        access_instance_id: ph2_access::instance_id(&"a".into(), &"eve".into()),
        tenant_id: "a".into(),
        user_id: "eve".into(),
        role_template_id: role.into(),
        access_lifecycle: AccessLifecycle::Active,
        created_at: MonotonicTimeNs::new(1),
        updated_at: MonotonicTimeNs::new(1),
    }
}

#[test]
fn the_tenant_of_access_is_given_or_the_sessions_or_ones_own() {
    let of = |given, session| tenant_of(&access(given), &ready(session)).to_string();
    assert_eq!(of(Some("a"), None), "a");
    assert_eq!(of(None, Some("a")), "a");
    let own = of(None, None);
    assert!(own.starts_with("personal_") && own.is_ascii() && own.len() <= 64, "{own}");
    // Rows hold it: with another hash every personal tenant would be lost.
    assert_eq!(own, "personal_34e1215754e05c8de98de54721a2d64d");
    let refused = refusal(access(Some("b")), access_facts(ready(Some("a"))));
    assert_eq!(refused, ("ONB_SCOPE_MISMATCH", "onboarding_session_id"));
}

#[test]
fn access_creates_missing_rows_and_uses_existing_ones() {
    let made = decide(access(None), access_facts(ready(Some("a")))).unwrap();
    let (identity, made_instance, _) = made.change;
    let Insert(identity) = identity.expect("a new person gets an identity");
    assert_eq!((identity.tenant_id, identity.status), (Some("a".into()), IdentityStatus::Active));
    assert_eq!(
        made_instance,
        Some(Insert(AccessInstanceRecord { created_at: NOW, updated_at: NOW, ..instance("role_1") }))
    );

    let known = |home: Option<&str>, role: Option<&str>| AccessFacts {
        person: Some(person(home)),
        instance: role.map(instance),
        ..access_facts(ready(Some("a")))
    };
    let linked = decide(access(None), known(Some("a"), Some("role_1"))).unwrap();
    assert_eq!((linked.change.0, linked.change.1), (None, None));
    assert_eq!(linked.output.access_engine_instance_id, instance("role_1").access_instance_id);
    assert!(decide(access(None), known(None, None)).is_ok());
    assert_eq!(refusal(access(None), known(Some("b"), None)), ("ONB_SCOPE_MISMATCH", "user_id"));
    assert_eq!(refusal(access(None), known(None, Some("role_2"))), ("ONB_STATE_INVALID", "role_id"));
    // In a personal tenant a person may have any home.
    let own = AccessFacts { session: Some(ready(None)), ..known(Some("b"), None) };
    assert!(decide(access(None), own).is_ok());
}

#[test]
fn a_personal_tenant_is_no_home() {
    let home = |given, session| {
        let made = decide(access(given), access_facts(ready(session))).unwrap();
        made.change.0.expect("a new person gets an identity").0.tenant_id
    };
    assert_eq!(home(None, None), None);
    assert_eq!(home(Some("a"), None), Some("a".into()));
    assert_eq!(home(None, Some("a")), Some("a".into()));
}

#[test]
fn a_device_of_one_tenant_proves_nobody_for_another_one() {
    // The tenant that the device is bound to, that of the access, the person's home, and whether it fits.
    let cases = [
        (None, Some("a"), None, true),
        (Some("a"), Some("a"), None, true),
        (Some("a"), Some("a"), Some("a"), true),
        (Some("b"), Some("a"), None, false),
        (Some("b"), Some("a"), Some("a"), false),
        (Some("b"), None, None, true),
        (Some("b"), None, Some("b"), true),
        (Some("b"), None, Some("a"), false),
    ];
    for (bound, given, home, fits) in cases {
        for named in [true, false] {
            let (of_input, of_session) = if named { (given, None) } else { (None, given) };
            let facts = AccessFacts {
                device: Some(device(bound)),
                person: home.map(|home| person(Some(home))),
                ..access_facts(ready(of_session))
            };
            if fits {
                assert!(decide(access(of_input), facts).is_ok(), "{bound:?} {given:?} {home:?}");
            } else {
                let expected = ("ONB_SCOPE_MISMATCH", "primary_device_device_id");
                assert_eq!(refusal(access(of_input), facts), expected, "{bound:?} {given:?} {home:?}");
            }
        }
    }
}

#[test]
fn a_disabled_identity_gets_no_access() {
    let disabled = |home| AccessFacts {
        person: Some(Person { is_disabled: true, ..person(home) }),
        instance: Some(instance("role_1")),
        ..access_facts(ready(Some("a")))
    };
    for home in [None, Some("a")] {
        assert_eq!(refusal(access(None), disabled(home)), ("ONB_STATE_INVALID", "user_id"));
    }
    // Another tenant must not see that the person is DISABLED.
    assert_eq!(refusal(access(None), disabled(Some("b"))), ("ONB_SCOPE_MISMATCH", "user_id"));
}

#[test]
fn access_is_replayed_in_its_own_session_only() {
    let outcome = decide(access(None), access_facts(ready(Some("a")))).unwrap().output;
    let replay = |tenant, session: Option<OnboardingSessionRecord>| {
        let facts = AccessFacts { session, ..access_facts(ready(None)) };
        check_access_replay(&call(access(tenant)), facts, &outcome)
    };
    assert_eq!(replay(None, Some(ready(Some("a")))), Ok(()));
    assert_eq!(replay(Some("a"), Some(ready(Some("a")))), Ok(()));
    let other =
        |tenant| OnboardingSessionRecord { onboarding_session_id: "ons_2".into(), ..ready(Some(tenant)) };
    for (tenant, session) in [(Some("b"), Some(ready(Some("a")))), (None, Some(other("a"))), (None, None)] {
        assert_eq!(replay(tenant, session).unwrap_err().reason_code().as_str(), "ONB_SCOPE_MISMATCH");
    }
    // In a session of another tenant the refusal is that of a new key, for a person whose home is another tenant.
    let unopened = || OnboardingSessionRecord { terms_status: None, ..other("b") };
    for session in [other("b"), unopened()] {
        let facts = || AccessFacts { person: Some(person(Some("a"))), ..access_facts(session.clone()) };
        let fresh = decide(access(None), facts()).err().unwrap();
        assert_eq!(check_access_replay(&call(access(None)), facts(), &outcome), Err(fresh));
    }
}

#[test]
fn access_is_replayed_for_its_own_tenant_only() {
    // The tenant of the session, that of the first call, that of the next one, and whether the access is of one tenant.
    let cases = [
        (Some("a"), None, Some("a"), true),
        (Some("a"), Some("a"), None, true),
        (None, None, None, true),
        (None, Some("b"), Some("b"), true),
        (None, Some("b"), Some("a"), false),
        (None, Some("b"), None, false),
        (None, None, Some("a"), false),
    ];
    for (session, first, next, is_same) in cases {
        let made = decide(access(first), access_facts(ready(session))).unwrap();
        let after = || access_facts(made.change.2.0.clone());
        let replayed = check_access_replay(&call(access(next)), after(), &made.output);
        if is_same {
            assert_eq!(replayed, Ok(()), "{session:?}: {first:?}, then {next:?}");
        } else {
            // The refusal of a new key: the session has its access already.
            let fresh = decide(access(next), after()).err().unwrap();
            assert_eq!(fresh.reason_code().as_str(), "ONB_STATE_INVALID");
            assert_eq!(replayed, Err(fresh), "{session:?}: {first:?}, then {next:?}");
        }
    }
}

#[test]
fn the_tenant_of_an_employee_with_a_position_is_that_of_the_start() {
    let facts = |position: Option<&str>, session| {
        let mut facts = access_facts(ready(session));
        let link = facts.workplace.link.as_mut().unwrap();
        link.invitee_type = InviteeType::Employee;
        link.prefilled_context = Some(PrefilledContext {
            tenant_id: None,
            company_id: Some("acme".into()),
            position_id: position.map(Into::into),
            location_id: None,
            start_date: None,
            working_hours: None,
            compensation_tier_ref: None,
            jurisdiction_tags: Vec::new(),
        });
        facts
    };
    for given in [None, Some("a")] {
        let late = refusal(access(given), facts(Some("nurse"), None));
        assert_eq!(late, ("ONB_POSITION_PREREQ_FAILED", "tenant_id"), "{given:?}");
        // With a tenant it is the company that is missing, and without a position nothing is.
        let known = refusal(access(given), facts(Some("nurse"), Some("a")));
        assert_eq!(known, ("ONB_POSITION_PREREQ_FAILED", "company_id"), "{given:?}");
        assert!(decide(access(given), facts(None, None)).is_ok(), "{given:?}");
    }
}

#[test]
fn a_revoked_link_ends_access_and_completion() {
    let complete =
        || Ph1onbCompleteCommitRow { onboarding_session_id: session_id(), idempotency_key: "k".into() };
    for status in LinkStatus::ALL.iter().copied().filter(|status| *status != LinkStatus::Activated) {
        let mut link = link();
        link.link_status = status;
        let workplace = Workplace { link: Some(link), ..Workplace::default() };
        let facts = AccessFacts { workplace: workplace.clone(), ..access_facts(ready(Some("a"))) };
        assert_eq!(refusal(access(None), facts), ("ONB_LINK_NOT_ACTIVATED", "token_id"), "{status}");
        let session =
            OnboardingSessionRecord { access_engine_instance_id: Some("acc_1".into()), ..ready(Some("a")) };
        let facts = CompletionFacts { session: Some(session), workplace, ..CompletionFacts::default() };
        assert_eq!(refusal(complete(), facts), ("ONB_LINK_NOT_ACTIVATED", "token_id"), "{status}");
    }
    let session =
        OnboardingSessionRecord { access_engine_instance_id: Some("acc_1".into()), ..ready(Some("a")) };
    let workplace = Workplace { link: Some(link()), ..Workplace::default() };
    let done = decide(
        complete(),
        CompletionFacts {
            session: Some(session),
            workplace,
            people: people(Some("eve")),
            ..CompletionFacts::default()
        },
    )
    .unwrap();
    assert_eq!(done.change.0.0.link_status, LinkStatus::Consumed);
    assert_eq!(done.change.2.0.status, OnboardingStatus::Complete);
}
