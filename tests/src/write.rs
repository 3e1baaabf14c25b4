//! AT-WRITE-DB-01..04.

use selene_contracts::ph1_j::{Ph1JReasonCode, Ph1jAppendOnlyGuard, Ph1jAuditRepo};
use selene_contracts::ph1_persona::Ph1PersonaRepo;
use selene_contracts::ph1_write::{
    FormatMode, Ph1WriteAcceptance, Ph1WriteReasonCode, Ph1WriteRepo, Ph1writeFormatCommitRow,
    Ph1writeReadAuditRows,
};
use selene_contracts::shared::{
    AuditEventId, AuditEventType, CorrelationId, DeviceId, SessionId, TenantId, UserId,
};
use selene_contracts::{CallContext, Committed, Disposition, ReasonCode, StorageError};
use selene_storage::SqliteStore;

use crate::harness::Harness;
use crate::persona;
use crate::scope::{ScopedCommit, refuses_every_scope_violation, tenant_isolation};
use crate::world::{World, in_chain, key};

/// The acceptance tests of PH1.WRITE on the stores of a harness.
pub struct WriteSuite<H>(pub H);

/// The read of chain 7.
fn chain_seven() -> Ph1writeReadAuditRows {
    Ph1writeReadAuditRows { tenant_id: TenantId::new("tenant_a"), correlation_id: CorrelationId::new(7) }
}

/// A valid outcome for `ann` on her phone.
pub fn commit(idempotency_key: &str) -> Ph1writeFormatCommitRow {
    Ph1writeFormatCommitRow {
        tenant_id: TenantId::new("tenant_a"),
        session_id: None,
        user_id: UserId::new("ann"),
        device_id: DeviceId::new("ann_phone"),
        format_mode: FormatMode::FormattedText,
        reason_code: Ph1WriteReasonCode::WriteFormattedText,
        idempotency_key: key(idempotency_key),
    }
}

impl ScopedCommit for Ph1writeFormatCommitRow {
    fn valid(idempotency_key: &str) -> Self {
        commit(idempotency_key)
    }

    fn scope(&mut self) -> (&mut TenantId, &mut Option<SessionId>, &mut UserId, &mut DeviceId) {
        (&mut self.tenant_id, &mut self.session_id, &mut self.user_id, &mut self.device_id)
    }

    fn run(
        self,
        store: &SqliteStore,
        context: &CallContext,
    ) -> Result<Committed<AuditEventId>, StorageError> {
        store.ph1write_format_commit_row(context, self)
    }

    fn scope_violation() -> ReasonCode {
        Ph1WriteReasonCode::WriteScopeViolation.into()
    }
}

impl<H: Harness> Ph1WriteAcceptance for WriteSuite<H> {
    fn at_write_db_01_tenant_isolation_enforced(&self) {
        tenant_isolation::<Ph1writeFormatCommitRow>(&World::with_people(&self.0));
        refuses_every_scope_violation::<Ph1writeFormatCommitRow>(&World::with_people(&self.0));
    }

    fn at_write_db_02_append_only_enforced(&self) {
        let mut world = World::with_people(&self.0);
        let first = world.store().ph1write_format_commit_row(&in_chain(7, 10), commit("k1")).unwrap();
        let before = world.events();
        world.reopen();
        world.refuses(Ph1JReasonCode::JAppendOnlyViolation, |store| {
            let guard = Ph1jAppendOnlyGuard { event_id: first.event_id.clone() };
            store.ph1j_append_only_guard(&in_chain(7, 11), guard)
        });
        assert_eq!(world.events(), before, "the event stands as it was committed");
        world.chains_verify();
    }

    fn at_write_db_03_idempotency_dedupe_works(&self) {
        let mut world = World::with_people(&self.0);
        let first = world.store().ph1write_format_commit_row(&in_chain(7, 10), commit("k1")).unwrap();
        world.reopen();
        let before = world.events();
        let again = world.store().ph1write_format_commit_row(&in_chain(7, 20), commit("k1")).unwrap();
        assert_eq!(again.disposition, Disposition::Replayed { identical: true });
        assert_eq!(again.value, first.value);
        assert_eq!(again.reason_code, Ph1WriteReasonCode::WriteIdempotencyReplay.into());
        let mut fallback = commit("k1");
        fallback.format_mode = FormatMode::FallbackOriginal;
        fallback.reason_code = Ph1WriteReasonCode::WriteFallbackOriginal;
        let differing = world.store().ph1write_format_commit_row(&in_chain(7, 20), fallback).unwrap();
        assert_eq!(differing.disposition, Disposition::Replayed { identical: false });
        assert_eq!(differing.value, first.value);
        assert_eq!(world.events(), before, "a replay emits nothing");

        // The other engine shares the ledger: its commit under this key is refused, and the other way round.
        world.refuses(selene_contracts::ph1_persona::Ph1PersonaReasonCode::PersonaScopeViolation, |store| {
            store.ph1persona_profile_commit_row(&in_chain(7, 30), persona::commit("k1"))
        });
        world.store().ph1persona_profile_commit_row(&in_chain(7, 30), persona::commit("k2")).unwrap();
        world.refuses(Ph1WriteReasonCode::WriteScopeViolation, |store| {
            store.ph1write_format_commit_row(&in_chain(7, 40), commit("k2"))
        });
        assert!(
            world.store().ph1write_format_commit_row(&in_chain(9, 40), commit("k2")).unwrap().is_applied()
        );
    }

    fn at_write_db_04_no_current_table_rebuild_required(&self) {
        let mut world = World::with_people(&self.0);
        let first = world.store().ph1write_format_commit_row(&in_chain(7, 10), commit("k1")).unwrap();
        world.store().ph1persona_profile_commit_row(&in_chain(7, 15), persona::commit("k2")).unwrap();
        let second = world.store().ph1write_format_commit_row(&in_chain(7, 20), commit("k3")).unwrap();
        world.reopen();
        let rows = world.store().ph1write_read_audit_rows(&in_chain(7, 30), chain_seven()).unwrap();
        let ids: Vec<_> = rows.iter().map(|row| row.event_id.clone()).collect();
        assert_eq!(ids, [first.event_id, second.event_id], "only this engine's events, in commit order");
        assert_eq!(rows[0].engine.as_str(), "PH1.WRITE");
        assert_eq!(rows[0].event_type, AuditEventType::Other);
        assert_eq!(rows[0].reason_code, Ph1WriteReasonCode::WriteFormattedText.into());
        let payload: Vec<_> = rows[0].payload_min.iter().collect();
        assert_eq!(payload, [("directive", "format"), ("format_mode", "FORMATTED_TEXT")]);
    }
}
