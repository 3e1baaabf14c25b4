//! The scope checks that PH1.PERSONA and PH1.WRITE share, stated once for both.

use selene_contracts::shared::{AuditEventId, DeviceId, SessionId, TenantId, UserId};
use selene_contracts::{CallContext, Capability, Committed, ReasonCode, StorageError};
use selene_storage::SqliteStore;

use crate::world::{World, in_chain};

/// A commit that names a tenant, a user, a device and perhaps a session.
pub trait ScopedCommit: Capability {
    /// A valid commit for `ann` on `ann_phone` in `tenant_a`.
    fn valid(idempotency_key: &str) -> Self;
    /// The fields that the scope checks look at.
    fn scope(&mut self) -> (&mut TenantId, &mut Option<SessionId>, &mut UserId, &mut DeviceId);
    /// Runs the commit.
    fn run(self, store: &SqliteStore, context: &CallContext)
    -> Result<Committed<AuditEventId>, StorageError>;
    /// The engine's code for a scope violation.
    fn scope_violation() -> ReasonCode;

    /// A commit in another scope.
    #[must_use]
    fn scoped(key: &str, tenant: &str, session: Option<u64>, user: &str, device: &str) -> Self {
        let mut commit = Self::valid(key);
        let (tenant_id, session_id, user_id, device_id) = commit.scope();
        *tenant_id = TenantId::new(tenant);
        *session_id = session.map(SessionId::new);
        *user_id = UserId::new(user);
        *device_id = DeviceId::new(device);
        commit
    }
}

/// A device serves one tenant; an unbound one is bound by the first commit and never moves.
pub fn tenant_isolation<C: ScopedCommit>(world: &World) {
    let context = in_chain(7, 10);
    C::valid("k1").run(world.store(), &context).expect("the own tenant is served");
    world.refuses(C::scope_violation(), |store| {
        C::scoped("k2", "tenant_b", None, "ann", "ann_phone").run(store, &context)
    });

    assert_eq!(world.tenant_of("ann_tablet"), None);
    world.refuses(C::scope_violation(), |store| {
        C::scoped("k3", "tenant_a", None, "bob", "ann_tablet").run(store, &context)
    });
    assert_eq!(world.tenant_of("ann_tablet"), None, "a refused commit binds nothing");
    C::scoped("k3", "tenant_a", None, "ann", "ann_tablet").run(world.store(), &context).expect("it is bound");
    assert_eq!(world.tenant_of("ann_tablet"), Some(TenantId::new("tenant_a")));
    world.refuses(C::scope_violation(), |store| {
        C::scoped("k4", "tenant_b", None, "ann", "ann_tablet").run(store, &context)
    });

    // A key of one tenant never answers another tenant in the same chain.
    world.refuses(C::scope_violation(), |store| {
        C::scoped("k1", "tenant_b", None, "bob", "bob_phone").run(store, &context)
    });
    C::scoped("k5", "tenant_b", None, "bob", "bob_phone")
        .run(world.store(), &context)
        .expect("another key is free");
    world.chains_verify();
    let tenants: Vec<_> = world.events().into_iter().map(|event| event.tenant_id).collect();
    assert!(tenants.contains(&Some(TenantId::new("tenant_a"))));
    assert!(tenants.contains(&Some(TenantId::new("tenant_b"))));
}

/// Every single thing that does not fit is refused, and the first one in the order of checks is the one that is told.
pub fn refuses_every_scope_violation<C: ScopedCommit>(world: &World) {
    world.device("ann_watch", "ann", Some("tenant_a"));
    world.session(1, "ann", "ann_phone");
    world.session(2, "ann", "ann_watch");
    world.session(3, "bob", "bob_phone");
    let cases = [
        ("unknown identity", "tenant_a", None, "eve", "ann_phone", "user_id"),
        ("unknown device", "tenant_a", None, "ann", "no_phone", "device_id"),
        ("device of another user", "tenant_b", None, "ann", "bob_phone", "device_id"),
        ("unknown session", "tenant_a", Some(9), "ann", "ann_phone", "session_id"),
        ("session of another device", "tenant_a", Some(2), "ann", "ann_phone", "session_id"),
        ("session of another user", "tenant_a", Some(3), "ann", "ann_phone", "session_id"),
        ("device of another tenant", "tenant_b", Some(1), "ann", "ann_phone", "tenant_id"),
        ("identity before device", "tenant_b", Some(9), "eve", "no_phone", "user_id"),
        ("device before session and tenant", "tenant_b", Some(9), "ann", "no_phone", "device_id"),
    ];
    for (case, tenant, session, user, device, field) in cases {
        world.refuses(C::scope_violation(), |store| {
            let result = C::scoped("k", tenant, session, user, device).run(store, &in_chain(7, 10));
            if let Err(error) = &result {
                assert!(error.to_string().contains(field), "{case}: {error}");
            }
            result
        });
    }
    let commit = C::scoped("k", "tenant_a", Some(1), "ann", "ann_phone");
    assert!(commit.run(world.store(), &in_chain(7, 10)).expect("what fits is served").is_applied());
}
