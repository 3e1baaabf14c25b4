//! The people, devices and sessions that the suites act with.

use selene_contracts::ph1_f::{
    DeviceType, Ph1fDeviceInsertRow, Ph1fIdentityInsertRow, Ph1fReadDeviceRow, Ph1fSessionOpenCommitRow,
};
use selene_contracts::ph1_j::Ph1jReadRows;
use selene_contracts::shared::{
    AuditEventRecord, CorrelationId, DeviceId, IdempotencyKey, MonotonicTimeNs, SessionId, TenantId, TurnId,
    UserId,
};
use selene_contracts::{CallContext, Caller, Committed, Disposition, ReasonCode, StorageError};
use selene_storage::test_support::inputs;
use selene_storage::test_support::onboarding_session;

use crate::harness::{Backend, Harness, OpenStore};

/// A store with people in it.
///
/// Users are named `ann` and `bob`, tenants `tenant_a` and `tenant_b`; a device carries its owner's name.
pub struct World<B> {
    open: OpenStore<B>,
}

impl<B: Backend> World<B> {
    /// An empty world.
    pub fn empty(harness: &impl Harness<Store = B>) -> Self {
        Self { open: harness.open() }
    }

    /// A world with `ann` and her device `ann_phone` in `tenant_a`, `bob` and his device `bob_phone` in `tenant_b`, and
    /// `ann`'s second device `ann_tablet` without a tenant.
    pub fn with_people(harness: &impl Harness<Store = B>) -> Self {
        let world = Self::empty(harness);
        world.identity("ann");
        world.identity("bob");
        world.device("ann_phone", "ann", Some("tenant_a"));
        world.device("ann_tablet", "ann", None);
        world.device("bob_phone", "bob", Some("tenant_b"));
        world
    }

    /// The store with the people and devices in it.
    pub fn store(&self) -> &B {
        self.open.store()
    }

    /// What [`OpenStore::execute`] does on this store.
    ///
    /// # Panics
    /// The store has no place, or the statement fails.
    pub fn execute(&self, statement: &str) -> usize {
        self.open.execute(statement)
    }

    /// What [`OpenStore::unlock`] does on this store.
    ///
    /// # Panics
    /// The store has no place, or the ledger no such trigger.
    pub fn unlock(&self, ledger: &str) {
        self.open.unlock(ledger);
    }

    /// Closes and opens the store again, where it has a place.
    pub fn reopen(&mut self) {
        self.open.reopen();
    }

    /// Inserts an identity without a home tenant.
    ///
    /// # Panics
    /// The insert is refused.
    pub fn identity(&self, user_id: &str) {
        self.person(user_id, None);
    }

    /// Inserts an identity whose home is a tenant.
    ///
    /// # Panics
    /// The insert is refused.
    pub fn at_home(&self, user_id: &str, tenant_id: &str) {
        self.person(user_id, Some(TenantId::new(tenant_id)));
    }

    fn person(&self, user_id: &str, tenant_id: Option<TenantId>) {
        let input =
            Ph1fIdentityInsertRow { tenant_id, ..inputs::identity(UserId::new(user_id), key("identity")) };
        self.store().ph1f_identity_insert_row(&context(1), input).expect("the identity is inserted");
    }

    /// Registers a device.
    ///
    /// # Panics
    /// The registration is refused.
    pub fn device(&self, device_id: &str, user_id: &str, tenant_id: Option<&str>) {
        let input = Ph1fDeviceInsertRow {
            device_id: DeviceId::new(device_id),
            user_id: UserId::new(user_id),
            device_type: DeviceType::new("PHONE"),
            audio_profile_ref: None,
            tenant_id: tenant_id.map(TenantId::new),
            idempotency_key: key("device"),
        };
        self.store().ph1f_device_insert_row(&context(1), input).expect("the device is registered");
    }

    /// Opens a session.
    ///
    /// # Panics
    /// The session is refused.
    pub fn session(&self, session_id: u64, user_id: &str, device_id: &str) {
        let input = Ph1fSessionOpenCommitRow {
            session_id: SessionId::new(session_id),
            user_id: UserId::new(user_id),
            device_id: DeviceId::new(device_id),
            idempotency_key: key("session"),
        };
        self.store().ph1f_session_open_commit_row(&context(1), input).expect("the session opens");
    }

    /// Starts an onboarding session.
    ///
    /// # Panics
    /// There is one of this name.
    pub fn onboarding(
        &self,
        onboarding_session_id: &str,
        tenant_id: Option<&str>,
        primary_device: Option<&str>,
    ) {
        let record = onboarding_session(
            onboarding_session_id.into(),
            tenant_id.map(TenantId::new),
            primary_device.map(DeviceId::new),
        );
        self.store().insert_onboarding_session(&record).expect("the onboarding session is inserted");
    }

    /// The tenant that a device is bound to.
    ///
    /// # Panics
    /// There is no such device.
    pub fn tenant_of(&self, device_id: &str) -> Option<TenantId> {
        let input = Ph1fReadDeviceRow { device_id: DeviceId::new(device_id) };
        let device = self.store().ph1f_read_device_row(&context(1), input).expect("the read is served");
        device.expect("the device exists").tenant_id
    }

    /// Every audit event there is.
    ///
    /// # Panics
    /// The read is refused.
    pub fn events(&self) -> Vec<AuditEventRecord> {
        self.store().ph1j_read_rows(&context(1), Ph1jReadRows {}).expect("the read is served")
    }

    /// Checks that a call is refused with `code` and leaves no trace.
    ///
    /// # Panics
    /// The call is served, refused with another code, or leaves an event.
    pub fn refuses<T: std::fmt::Debug>(
        &self,
        code: impl Into<ReasonCode>,
        call: impl FnOnce(&B) -> Result<T, StorageError>,
    ) {
        let before = self.events();
        let error = call(self.store()).expect_err("the call is refused");
        assert_eq!(error.reason_code(), code.into(), "{error}");
        assert_eq!(self.events(), before, "a refused call leaves no event");
    }

    /// Checks that a second call replays the first one with `code`, and that a differing one gets the first outcome
    /// too. Gives that outcome.
    ///
    /// # Panics
    /// A call is refused, or answered as if it were new.
    pub fn replays<I: Clone, T: PartialEq + std::fmt::Debug>(
        &self,
        code: impl Into<ReasonCode>,
        input: I,
        differing: I,
        call: impl Fn(&B, &CallContext, I) -> Result<Committed<T>, StorageError>,
    ) -> T {
        let first = call(self.store(), &in_chain(3, 50), input.clone()).expect("the first call is applied");
        assert!(first.is_applied());
        let before = self.events();
        let again = call(self.store(), &in_chain(3, 60), input).expect("the second call is replayed");
        assert_eq!(again.disposition, Disposition::Replayed { identical: true });
        assert_eq!((&again.value, &again.event_id), (&first.value, &first.event_id));
        assert_eq!(again.reason_code, code.into());
        let other = call(self.store(), &in_chain(3, 60), differing).expect("the differing call is replayed");
        assert_eq!(other.disposition, Disposition::Replayed { identical: false });
        assert_eq!(other.value, first.value);
        assert_eq!(self.events(), before, "a replay emits nothing");
        first.value
    }

    /// Checks every chain of the store.
    ///
    /// # Panics
    /// A chain is broken.
    pub fn chains_verify(&self) {
        let report = self.store().verify_chains(&[]).expect("the chains are read");
        assert!(report.is_intact(), "{report:?}");
    }
}

/// A normal call of Selene OS in chain 1, turn 1.
pub fn context(now_ns: u64) -> CallContext {
    in_chain(1, now_ns)
}

/// A normal call of Selene OS in a chain, turn 1.
pub fn in_chain(correlation_id: u128, now_ns: u64) -> CallContext {
    CallContext::new(
        Caller::SeleneOs,
        MonotonicTimeNs::new(now_ns),
        CorrelationId::new(correlation_id),
        TurnId::new(1),
    )
}

/// An idempotency key.
pub fn key(text: &str) -> IdempotencyKey {
    IdempotencyKey::new(text)
}
