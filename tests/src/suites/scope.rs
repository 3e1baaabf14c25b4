//! What PH1.PERSONA and PH1.WRITE promise alike, stated once for both: each has one commit, whose only row is its event.

use selene_contracts::ph1_j::{Ph1JReasonCode, Ph1jAppendOnlyGuard};
use selene_contracts::shared::{
    AuditEventId, AuditEventRecord, AuditEventType, CorrelationId, DeviceId, SessionId, TenantId, UserId,
};
use selene_contracts::{CallContext, CallMode, Capability, Committed, Disposition, ReasonCode, StorageError};

use crate::harness::Backend;
use crate::world::{World, in_chain, key};

/// A commit that names a tenant, a user, a device and perhaps a session.
pub trait ScopedCommit: Capability {
    /// The engine, as `PH1.WRITE`.
    const ENGINE: &'static str;
    /// The payload of the event of a [valid](Self::valid) commit, sorted by key.
    const PAYLOAD: &'static [(&'static str, &'static str)];

    /// A valid commit for `ann` on `ann_phone` in `tenant_a`.
    fn valid(idempotency_key: &str) -> Self;
    /// The same with another outcome.
    fn differing(idempotency_key: &str) -> Self;
    /// The fields that the scope checks look at.
    fn scope(&mut self) -> (&mut TenantId, &mut Option<SessionId>, &mut UserId, &mut DeviceId);
    /// Runs the commit.
    fn run(
        self,
        store: &impl Backend,
        context: &CallContext,
    ) -> Result<Committed<AuditEventId>, StorageError>;
    /// The events of the engine in a tenant and a chain of work.
    fn read(
        store: &impl Backend,
        context: &CallContext,
        tenant_id: TenantId,
        correlation_id: CorrelationId,
    ) -> Result<Vec<AuditEventRecord>, StorageError>;
    /// The reason of a [valid](Self::valid) commit.
    fn reason() -> ReasonCode;
    /// The engine's code for a scope violation.
    fn scope_violation() -> ReasonCode;
    /// The engine's code for a replay.
    fn replay() -> ReasonCode;

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
pub fn tenant_isolation<C: ScopedCommit>(world: &World<impl Backend>) {
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

/// Every single thing that does not fit is refused, and the refusal names the first one in the order of checks.
pub fn refuses_every_scope_violation<C: ScopedCommit>(world: &World<impl Backend>) {
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
        ("device of another tenant", "tenant_b", Some(1), "ann", "ann_phone", "device_id"),
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

/// The guard of the ledger refuses, also after a restart, and a later commit changes no earlier event.
pub fn append_only<C: ScopedCommit, B: Backend>(world: &mut World<B>) {
    let first = C::valid("k1").run(world.store(), &in_chain(7, 10)).expect("it is applied");
    let before = world.events();
    let is_locked = |world: &World<B>| {
        world.refuses(Ph1JReasonCode::JAppendOnlyViolation, |store| {
            let guard = Ph1jAppendOnlyGuard { event_id: first.event_id.clone() };
            store.ph1j_append_only_guard(&in_chain(7, 11), guard)
        });
    };
    is_locked(world);
    world.reopen();
    is_locked(world);
    assert_eq!(world.events(), before, "the event stands as it was committed");
    C::valid("k2").run(world.store(), &in_chain(7, 12)).expect("it is applied");
    world.reopen();
    let after = world.events();
    let kept = after.iter().filter(|event| before.contains(event)).count();
    assert_eq!(kept, before.len(), "a later commit changes no earlier event");
    assert_eq!(after.len(), before.len() + 1);
    world.chains_verify();
}

/// A key gets the first outcome again in its chain of work, is free in another one, and never answers another engine.
pub fn dedupe<C: ScopedCommit, Other: ScopedCommit>(world: &mut World<impl Backend>) {
    let first = C::valid("k1").run(world.store(), &in_chain(7, 10)).expect("it is applied");
    assert_eq!(first.disposition, Disposition::Applied);
    assert_eq!(first.value, first.event_id);
    world.reopen();
    let before = world.events();

    let again = C::valid("k1").run(world.store(), &in_chain(7, 99)).expect("it is replayed");
    assert_eq!(again.disposition, Disposition::Replayed { identical: true });
    assert_eq!(again.value, first.value);
    assert_eq!(again.reason_code, C::replay());
    let differing = C::differing("k1").run(world.store(), &in_chain(7, 99)).expect("it is replayed");
    assert_eq!(differing.disposition, Disposition::Replayed { identical: false });
    assert_eq!(differing.value, first.value);
    assert_eq!(world.events(), before, "a replay emits nothing");

    world.refuses(Other::scope_violation(), |store| Other::valid("k1").run(store, &in_chain(7, 30)));
    Other::valid("k2").run(world.store(), &in_chain(7, 30)).expect("another key is free");
    world.refuses(C::scope_violation(), |store| C::valid("k2").run(store, &in_chain(7, 40)));
    for (chain, key) in [(8, "k1"), (9, "k2")] {
        let elsewhere = C::valid(key).run(world.store(), &in_chain(chain, 40)).expect("it is applied");
        assert!(elsewhere.is_applied(), "the key is free in another chain");
    }
}

/// The ledger alone answers a read: the events of this engine and this chain of work, in the order of their commits.
pub fn reads_its_ledger<C: ScopedCommit, Other: ScopedCommit, B: Backend>(world: &mut World<B>) {
    world.session(5, "ann", "ann_phone");
    let with_session = C::scoped("k1", "tenant_a", Some(5), "ann", "ann_phone");
    let first = with_session.run(world.store(), &in_chain(7, 10)).expect("it is applied");
    Other::valid("k2").run(world.store(), &in_chain(7, 15)).expect("it is applied");
    let second = C::valid("k3").run(world.store(), &in_chain(7, 20)).expect("it is applied");
    C::valid("k4").run(world.store(), &in_chain(8, 30)).expect("it is applied");
    world.reopen();

    let read = |world: &World<B>, context: &CallContext| {
        C::read(world.store(), context, TenantId::new("tenant_a"), CorrelationId::new(7))
            .expect("the read is served")
    };
    let rows = read(world, &in_chain(7, 40));
    let ids: Vec<_> = rows.iter().map(|row| row.event_id.clone()).collect();
    assert_eq!(ids, [first.event_id, second.event_id]);
    let row = &rows[0];
    assert_eq!(row.engine.as_str(), C::ENGINE);
    assert_eq!(row.event_type, AuditEventType::Other);
    assert_eq!(row.reason_code, C::reason());
    assert_eq!(row.tenant_id, Some(TenantId::new("tenant_a")));
    assert_eq!(row.session_id, Some(SessionId::new(5)));
    assert_eq!(row.idempotency_key, Some(key("k1")));
    assert_eq!(row.payload_min.iter().collect::<Vec<_>>(), C::PAYLOAD);

    let before = world.events().len();
    read(world, &in_chain(7, 50).with_mode(CallMode::Diagnostic));
    assert_eq!(world.events().len(), before + 1, "a diagnostic read leaves one event");
}
