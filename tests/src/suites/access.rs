//! The acceptance tests AT-ACCESS-DB-01..03: access instances.

use selene_contracts::ph1_f::{IdentityStatus, Ph1fFoundationRepo, Ph1fIdentityInsertRow};
use selene_contracts::ph2_access::{
    AccessInstanceRecord, AccessLifecycle, Ph2AccessAcceptance, Ph2AccessReasonCode, Ph2AccessRepo,
    Ph2accessInstanceCreateCommitRow, Ph2accessLifecycleCommitRow, Ph2accessReadInstanceRow,
};
use selene_storage::test_support::inputs;

use crate::harness::{Backend, Harness};
use crate::workplace::{replays, simulated};
use crate::world::{World, key};

/// The acceptance tests of PH2.ACCESS on the stores of a harness.
pub struct AccessSuite<H>(pub H);

fn create(tenant_id: &str, user_id: &str, idempotency_key: &str) -> Ph2accessInstanceCreateCommitRow {
    Ph2accessInstanceCreateCommitRow {
        tenant_id: tenant_id.into(),
        user_id: user_id.into(),
        role_template_id: "role_nurse".into(),
        access_lifecycle: AccessLifecycle::Restricted,
        idempotency_key: key(idempotency_key),
    }
}

fn move_to(tenant_id: &str, to: AccessLifecycle, idempotency_key: &str) -> Ph2accessLifecycleCommitRow {
    Ph2accessLifecycleCommitRow {
        tenant_id: tenant_id.into(),
        user_id: "ann".into(),
        access_lifecycle: to,
        idempotency_key: key(idempotency_key),
    }
}

fn row(world: &World<impl Backend>, tenant_id: &str, user_id: &str) -> Option<AccessInstanceRecord> {
    let input = Ph2accessReadInstanceRow { tenant_id: tenant_id.into(), user_id: user_id.into() };
    world.store().ph2access_read_instance_row(&simulated(1), input).expect("the read is served")
}

fn refused_create<'a, B: Backend>(
    tenant_id: &'a str,
    user_id: &'a str,
) -> impl FnOnce(&B) -> Result<(), selene_contracts::StorageError> + 'a {
    move |store| {
        store
            .ph2access_instance_create_commit_row(&simulated(10), create(tenant_id, user_id, "refused"))
            .map(drop)
    }
}

impl<H: Harness> Ph2AccessAcceptance for AccessSuite<H> {
    fn at_access_db_01_tenant_isolation_enforced(&self) {
        let world = World::with_people(&self.0);
        world.at_home("cleo", "tenant_b");
        let scope = Ph2AccessReasonCode::AccessScopeViolation;
        // Who has another home tenant, and who is unknown, is refused in the same words.
        let refusal =
            |user_id| refused_create("tenant_a", user_id)(world.store()).expect_err("it is refused");
        assert_eq!(refusal("cleo"), refusal("nobody"));
        world.refuses(scope, refused_create("tenant_a", "cleo"));

        // Nobody gets access with an identity that is DISABLED.
        let left = Ph1fIdentityInsertRow {
            tenant_id: Some("tenant_a".into()),
            status: IdentityStatus::Disabled,
            ..inputs::identity("eve", key("identity"))
        };
        world.store().ph1f_identity_insert_row(&simulated(1), left).unwrap();
        world.refuses(Ph2AccessReasonCode::AccessStateInvalid, refused_create("tenant_a", "eve"));
        world.refuses(scope, refused_create("tenant_b", "eve"));

        // The same person in two tenants has two instances, and neither tenant sees the other's.
        let mut ids = Vec::new();
        for tenant_id in ["tenant_a", "tenant_b"] {
            assert_eq!(row(&world, tenant_id, "ann"), None);
            let input = create(tenant_id, "ann", "k1");
            let created = world.store().ph2access_instance_create_commit_row(&simulated(10), input).unwrap();
            assert!(created.is_applied(), "a key of one tenant is free in another one");
            ids.push(created.value.access_instance_id);
        }
        assert_ne!(ids[0], ids[1]);
        let moved = move_to("tenant_a", AccessLifecycle::Active, "k2");
        world.store().ph2access_lifecycle_commit_row(&simulated(20), moved).unwrap();
        let other = row(&world, "tenant_b", "ann").expect("the other tenant's row");
        assert_eq!((other.access_lifecycle, other.updated_at.get()), (AccessLifecycle::Restricted, 10));

        // A tenant without an instance of the person gets the answer that it would get for an unknown person.
        world.refuses(scope, |store| {
            let input = move_to("tenant_c", AccessLifecycle::Active, "k2");
            store.ph2access_lifecycle_commit_row(&simulated(20), input)
        });
        for event in world.events().iter().filter(|event| event.engine.as_str() == "PH2.ACCESS") {
            let id = event.payload_min.iter().find(|(key, _)| *key == "access_instance_id").map(|(_, id)| id);
            let tenant = usize::from(event.tenant_id == Some("tenant_b".into()));
            assert_eq!(id, Some(ids[tenant].as_str()));
        }
        world.chains_verify();
    }

    fn at_access_db_02_one_instance_per_person_and_tenant(&self) {
        let mut world = World::with_people(&self.0);
        let created = world
            .store()
            .ph2access_instance_create_commit_row(&simulated(10), create("tenant_a", "ann", "k1"))
            .unwrap()
            .value;
        world.reopen();
        world.refuses(Ph2AccessReasonCode::AccessInstanceExists, refused_create("tenant_a", "ann"));
        assert_eq!(row(&world, "tenant_a", "ann"), Some(created.clone()));

        // It moves between its states, and its person, tenant, role and id stay.
        let steps = [
            (AccessLifecycle::Restricted, false),
            (AccessLifecycle::Active, true),
            (AccessLifecycle::Active, false),
            (AccessLifecycle::Suspended, true),
            (AccessLifecycle::Suspended, false),
            (AccessLifecycle::Restricted, true),
        ];
        for (step, (to, is_allowed)) in steps.into_iter().enumerate() {
            let input = move_to("tenant_a", to, &format!("m{step}"));
            let now = 20 + step as u64;
            if is_allowed {
                let moved = world.store().ph2access_lifecycle_commit_row(&simulated(now), input).unwrap();
                let expected = AccessInstanceRecord {
                    access_lifecycle: to,
                    updated_at: simulated(now).now,
                    ..created.clone()
                };
                assert_eq!(moved.value, expected);
                assert_eq!(row(&world, "tenant_a", "ann"), Some(expected));
            } else {
                world.refuses(Ph2AccessReasonCode::AccessStateInvalid, |store| {
                    store.ph2access_lifecycle_commit_row(&simulated(now), input)
                });
            }
        }
    }

    fn at_access_db_03_idempotency_dedupe_works(&self) {
        let mut world = World::with_people(&self.0);
        let code = Ph2AccessReasonCode::AccessIdempotencyReplay;
        let first = create("tenant_a", "ann", "k1");
        let differing = Ph2accessInstanceCreateCommitRow {
            role_template_id: "role_doctor".into(),
            ..create("tenant_a", "ann", "k1")
        };
        replays(&mut world, code, &first, differing, |store, context, input| {
            store.ph2access_instance_create_commit_row(context, input)
        });
        let first = move_to("tenant_a", AccessLifecycle::Active, "k1");
        let differing = move_to("tenant_a", AccessLifecycle::Suspended, "k1");
        replays(&mut world, code, &first, differing, |store, context, input| {
            store.ph2access_lifecycle_commit_row(context, input)
        });
        let current = row(&world, "tenant_a", "ann").expect("the instance is there");
        assert_eq!(current.role_template_id.as_str(), "role_nurse", "a differing replay changed nothing");
        assert_eq!(current.access_lifecycle, AccessLifecycle::Active);
        // A key belongs to its person: another one may use it.
        let of_bob = create("tenant_a", "bob", "k1");
        assert!(
            world.store().ph2access_instance_create_commit_row(&simulated(70), of_bob).unwrap().is_applied()
        );
    }
}
