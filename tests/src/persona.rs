//! AT-PERS-DB-01..04.

use selene_contracts::ph1_persona::{
    DeliveryPolicyRef, Ph1PersonaAcceptance, Ph1PersonaReasonCode, Ph1PersonaRepo,
    Ph1personaProfileCommitRow, Ph1personaReadAuditRows, PreferencesSnapshotRef, StyleProfileRef,
};
use selene_contracts::shared::{AuditEventType, CorrelationId, DeviceId, SessionId, TenantId, UserId};
use selene_contracts::{CallMode, Disposition, ReasonCode};

use crate::harness::Harness;
use crate::scope::{ScopedCommit, refuses_every_scope_violation, tenant_isolation};
use crate::world::{World, in_chain, key};

/// The acceptance tests of PH1.PERSONA on the stores of a harness.
pub struct PersonaSuite<H>(pub H);

/// The read of chain 7.
fn chain_seven() -> Ph1personaReadAuditRows {
    Ph1personaReadAuditRows { tenant_id: TenantId::new("tenant_a"), correlation_id: CorrelationId::new(7) }
}

/// A valid decision for `ann` on her phone.
pub fn commit(idempotency_key: &str) -> Ph1personaProfileCommitRow {
    Ph1personaProfileCommitRow {
        tenant_id: TenantId::new("tenant_a"),
        session_id: None,
        user_id: UserId::new("ann"),
        device_id: DeviceId::new("ann_phone"),
        style_profile_ref: StyleProfileRef::new("style_calm"),
        delivery_policy_ref: DeliveryPolicyRef::new("voice_first"),
        preferences_snapshot_ref: PreferencesSnapshotRef::new("preferences_7"),
        reason_code: Ph1PersonaReasonCode::PersonaProfileCommit,
        idempotency_key: key(idempotency_key),
    }
}

impl ScopedCommit for Ph1personaProfileCommitRow {
    fn valid(idempotency_key: &str) -> Self {
        commit(idempotency_key)
    }

    fn scope(&mut self) -> (&mut TenantId, &mut Option<SessionId>, &mut UserId, &mut DeviceId) {
        (&mut self.tenant_id, &mut self.session_id, &mut self.user_id, &mut self.device_id)
    }

    fn run(
        self,
        store: &selene_storage::SqliteStore,
        context: &selene_contracts::CallContext,
    ) -> Result<
        selene_contracts::Committed<selene_contracts::shared::AuditEventId>,
        selene_contracts::StorageError,
    > {
        store.ph1persona_profile_commit_row(context, self)
    }

    fn scope_violation() -> ReasonCode {
        Ph1PersonaReasonCode::PersonaScopeViolation.into()
    }
}

impl<H: Harness> Ph1PersonaAcceptance for PersonaSuite<H> {
    fn at_pers_db_01_tenant_isolation_enforced(&self) {
        tenant_isolation::<Ph1personaProfileCommitRow>(&World::with_people(&self.0));
        refuses_every_scope_violation::<Ph1personaProfileCommitRow>(&World::with_people(&self.0));
    }

    fn at_pers_db_02_append_only_enforced(&self) {
        let mut world = World::with_people(&self.0);
        let first = world.store().ph1persona_profile_commit_row(&in_chain(7, 10), commit("k1")).unwrap();
        let before = world.events();
        let guard = selene_contracts::ph1_j::Ph1jAppendOnlyGuard { event_id: first.event_id.clone() };
        world.refuses(selene_contracts::ph1_j::Ph1JReasonCode::JAppendOnlyViolation, |store| {
            selene_contracts::ph1_j::Ph1jAuditRepo::ph1j_append_only_guard(store, &in_chain(7, 11), guard)
        });
        world.store().ph1persona_profile_commit_row(&in_chain(7, 12), commit("k2")).unwrap();
        world.reopen();
        let after = world.events();
        let kept: Vec<_> = after.iter().filter(|event| before.contains(event)).collect();
        assert_eq!(kept.len(), before.len(), "a later commit changes no earlier event");
        assert_eq!(after.len(), before.len() + 1);
        world.chains_verify();
    }

    fn at_pers_db_03_idempotency_dedupe_works(&self) {
        let mut world = World::with_people(&self.0);
        let first = world.store().ph1persona_profile_commit_row(&in_chain(7, 10), commit("k1")).unwrap();
        assert_eq!(first.disposition, Disposition::Applied);
        assert_eq!(first.value, first.event_id);
        world.reopen();
        let before = world.events();

        let again = world.store().ph1persona_profile_commit_row(&in_chain(7, 99), commit("k1")).unwrap();
        assert_eq!(again.disposition, Disposition::Replayed { identical: true });
        assert_eq!(again.value, first.value);
        assert_eq!(again.reason_code, Ph1PersonaReasonCode::PersonaIdempotencyReplay.into());

        let mut other = commit("k1");
        other.style_profile_ref = StyleProfileRef::new("style_brisk");
        let differing = world.store().ph1persona_profile_commit_row(&in_chain(7, 99), other).unwrap();
        assert_eq!(differing.disposition, Disposition::Replayed { identical: false });
        assert_eq!(differing.value, first.value);
        assert_eq!(world.events(), before, "a replay emits nothing");

        let elsewhere = world.store().ph1persona_profile_commit_row(&in_chain(8, 10), commit("k1")).unwrap();
        assert!(elsewhere.is_applied(), "the key is free in another chain");
    }

    fn at_pers_db_04_no_current_table_rebuild_required(&self) {
        let mut world = World::with_people(&self.0);
        world.session(5, "ann", "ann_phone");
        let mut with_session = commit("k1");
        with_session.session_id = Some(SessionId::new(5));
        let first = world.store().ph1persona_profile_commit_row(&in_chain(7, 10), with_session).unwrap();
        let second = world.store().ph1persona_profile_commit_row(&in_chain(7, 20), commit("k2")).unwrap();
        world.store().ph1persona_profile_commit_row(&in_chain(8, 30), commit("k3")).unwrap();
        world.reopen();

        let rows = world.store().ph1persona_read_audit_rows(&in_chain(7, 40), chain_seven()).unwrap();
        let ids: Vec<_> = rows.iter().map(|row| row.event_id.clone()).collect();
        assert_eq!(ids, [first.event_id, second.event_id], "the ledger alone answers, in commit order");
        let row = &rows[0];
        assert_eq!(row.engine.as_str(), "PH1.PERSONA");
        assert_eq!(row.event_type, AuditEventType::Other);
        assert_eq!(row.reason_code, Ph1PersonaReasonCode::PersonaProfileCommit.into());
        assert_eq!(row.tenant_id, Some(TenantId::new("tenant_a")));
        assert_eq!(row.session_id, Some(SessionId::new(5)));
        assert_eq!(row.idempotency_key, Some(key("k1")));
        let payload: Vec<_> = row.payload_min.iter().collect();
        assert_eq!(
            payload,
            [
                ("delivery_policy_ref", "voice_first"),
                ("preferences_snapshot_ref", "preferences_7"),
                ("style_profile_ref", "style_calm"),
            ]
        );

        let before = world.events().len();
        let diagnostic = in_chain(7, 50).with_mode(CallMode::Diagnostic);
        world.store().ph1persona_read_audit_rows(&diagnostic, chain_seven()).unwrap();
        assert_eq!(world.events().len(), before + 1, "a diagnostic read leaves one event");
    }
}
