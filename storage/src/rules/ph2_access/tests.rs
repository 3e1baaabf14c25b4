//! The rules of access, compared with the spec page.

use selene_contracts::ph2_access::{
    AccessInstanceRecord, AccessLifecycle, Ph2accessInstanceCreateCommitRow, Ph2accessLifecycleCommitRow,
};
use selene_contracts::shared::{MonotonicTimeNs, TenantId};

use super::{CreateFacts, instance_id, is_move};
use crate::change::{Insert, Update};
use crate::rules::person::Person;
use crate::rules::trial::{NOW, decide, refusal};

fn create(tenant: &str) -> Ph2accessInstanceCreateCommitRow {
    Ph2accessInstanceCreateCommitRow {
        tenant_id: tenant.into(),
        user_id: "ann".into(),
        role_template_id: "nurse".into(),
        access_lifecycle: AccessLifecycle::Restricted,
        idempotency_key: "k".into(),
    }
}

fn facts(home: Option<&str>, has_instance: bool) -> CreateFacts {
    let person = Person { home_tenant_id: home.map(TenantId::new), ..Person::default() };
    CreateFacts { person: Some(person), has_instance }
}

fn instance(access_lifecycle: AccessLifecycle) -> AccessInstanceRecord {
    AccessInstanceRecord {
        access_instance_id: instance_id(&"a".into(), &"ann".into()),
        tenant_id: "a".into(),
        user_id: "ann".into(),
        role_template_id: "nurse".into(),
        access_lifecycle,
        created_at: MonotonicTimeNs::new(1),
        updated_at: MonotonicTimeNs::new(2),
    }
}

fn move_to(access_lifecycle: AccessLifecycle) -> Ph2accessLifecycleCommitRow {
    Ph2accessLifecycleCommitRow {
        tenant_id: "a".into(),
        user_id: "ann".into(),
        access_lifecycle,
        idempotency_key: "k".into(),
    }
}

#[test]
fn every_state_goes_to_every_other_one() {
    use AccessLifecycle::{Active, Restricted, Suspended};
    let table = [
        (Restricted, vec![Active, Suspended]),
        (Active, vec![Restricted, Suspended]),
        (Suspended, vec![Restricted, Active]),
    ];
    assert_eq!(table.each_ref().map(|row| row.0), AccessLifecycle::ALL);
    for (from, allowed) in table {
        for to in AccessLifecycle::ALL.iter().copied() {
            let is_allowed = allowed.contains(&to);
            assert_eq!(is_move(from, to), is_allowed, "{from} to {to}");
            if is_allowed {
                let decision = decide(move_to(to), Some(instance(from))).unwrap();
                assert_eq!(
                    decision.change,
                    Update(AccessInstanceRecord { access_lifecycle: to, updated_at: NOW, ..instance(from) })
                );
            } else {
                let expected = ("ACCESS_STATE_INVALID", "access_lifecycle");
                assert_eq!(refusal(move_to(to), Some(instance(from))), expected, "{from} to {to}");
            }
        }
    }
    assert_eq!(refusal(move_to(Active), None), ("ACCESS_SCOPE_VIOLATION", "user_id"));
}

#[test]
fn time_does_not_run_backwards_in_an_instance() {
    let at = |ahead: u64| {
        let updated_at = MonotonicTimeNs::new(NOW.get() + ahead);
        Some(AccessInstanceRecord { updated_at, ..instance(AccessLifecycle::Active) })
    };
    assert!(decide(move_to(AccessLifecycle::Suspended), at(0)).is_ok());
    let back = refusal(move_to(AccessLifecycle::Suspended), at(1));
    assert_eq!(back, ("ACCESS_CONTRACT_VALIDATION_FAILED", "now"));
    // The state is checked first.
    assert_eq!(
        refusal(move_to(AccessLifecycle::Active), at(1)),
        ("ACCESS_STATE_INVALID", "access_lifecycle")
    );
}

#[test]
fn access_is_given_once_to_somebody_who_fits() {
    for home in [None, Some("a")] {
        let decision = decide(create("a"), facts(home, false)).unwrap();
        let expected = AccessInstanceRecord {
            created_at: NOW,
            updated_at: NOW,
            ..instance(AccessLifecycle::Restricted)
        };
        assert_eq!(decision.change, Insert(expected));
        assert_eq!(decision.event.user_id, Some("ann".into()));
        assert_eq!(decision.event.tenant_id, Some("a".into()));
        assert_eq!(refusal(create("a"), facts(home, true)), ("ACCESS_INSTANCE_EXISTS", "user_id"));
    }
}

#[test]
fn a_disabled_identity_gets_no_access() {
    let disabled = |home| {
        let mut facts = facts(home, false);
        facts.person.as_mut().unwrap().is_disabled = true;
        facts
    };
    for home in [None, Some("a")] {
        assert_eq!(refusal(create("a"), disabled(home)), ("ACCESS_STATE_INVALID", "user_id"));
    }
    // Another tenant must not see that the person is DISABLED.
    assert_eq!(refusal(create("a"), disabled(Some("b"))), ("ACCESS_SCOPE_VIOLATION", "user_id"));
}

#[test]
fn a_person_of_another_tenant_is_refused_like_an_unknown_one() {
    let unknown = decide(create("a"), CreateFacts::default()).err().unwrap();
    for has_instance in [false, true] {
        let of_other_tenant = decide(create("a"), facts(Some("b"), has_instance)).err().unwrap();
        assert_eq!(of_other_tenant, unknown);
    }
    assert_eq!(unknown.reason_code().as_str(), "ACCESS_SCOPE_VIOLATION");
}

#[test]
fn an_id_is_of_one_person_in_one_tenant() {
    let id = |tenant: &str, user: &str| instance_id(&tenant.into(), &user.into());
    assert_eq!(id("a", "ann"), id("a", "ann"));
    assert_ne!(id("a", "ann"), id("b", "ann"));
    assert_ne!(id("a", "ann"), id("a", "bob"));
    assert_ne!(id("a", "bc"), id("ab", "c"));
}
