//! The acceptance tests AT-PERS-DB-01..04: profile decisions. What they try is in `scope`; the input, its reads and the trait of the tests
//! are the engine's own, so this file and `write` are alike by nature.

use selene_contracts::ph1_persona::{
    DeliveryPolicyRef, Ph1PersonaAcceptance, Ph1PersonaReasonCode, Ph1personaProfileCommitRow,
    Ph1personaReadAuditRows, PreferencesSnapshotRef, StyleProfileRef,
};
use selene_contracts::ph1_write::Ph1writeFormatCommitRow;
use selene_contracts::shared::{
    AuditEventId, AuditEventRecord, CorrelationId, DeviceId, SessionId, TenantId, UserId,
};
use selene_contracts::{CallContext, Committed, ReasonCode, StorageError};

use super::scope::{self, ScopedCommit};
use crate::harness::{Backend, Harness};
use crate::world::{World, key};

/// The acceptance tests of PH1.PERSONA on the stores of a harness.
pub struct PersonaSuite<H>(pub H);

impl ScopedCommit for Ph1personaProfileCommitRow {
    const ENGINE: &'static str = "PH1.PERSONA";
    const PAYLOAD: &'static [(&'static str, &'static str)] = &[
        ("delivery_policy_ref", "voice_first"),
        ("preferences_snapshot_ref", "preferences_7"),
        ("style_profile_ref", "style_calm"),
    ];

    fn valid(idempotency_key: &str) -> Self {
        Self {
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

    fn differing(idempotency_key: &str) -> Self {
        Self { style_profile_ref: StyleProfileRef::new("style_brisk"), ..Self::valid(idempotency_key) }
    }

    fn scope(&mut self) -> (&mut TenantId, &mut Option<SessionId>, &mut UserId, &mut DeviceId) {
        (&mut self.tenant_id, &mut self.session_id, &mut self.user_id, &mut self.device_id)
    }

    fn run(
        self,
        store: &impl Backend,
        context: &CallContext,
    ) -> Result<Committed<AuditEventId>, StorageError> {
        store.ph1persona_profile_commit_row(context, self)
    }

    fn read(
        store: &impl Backend,
        context: &CallContext,
        tenant_id: TenantId,
        correlation_id: CorrelationId,
    ) -> Result<Vec<AuditEventRecord>, StorageError> {
        let input = Ph1personaReadAuditRows { tenant_id, correlation_id };
        store.ph1persona_read_audit_rows(context, input)
    }

    fn reason() -> ReasonCode {
        Ph1PersonaReasonCode::PersonaProfileCommit.into()
    }

    fn scope_violation() -> ReasonCode {
        Ph1PersonaReasonCode::PersonaScopeViolation.into()
    }

    fn replay() -> ReasonCode {
        Ph1PersonaReasonCode::PersonaIdempotencyReplay.into()
    }
}

impl<H: Harness> Ph1PersonaAcceptance for PersonaSuite<H> {
    fn at_pers_db_01_tenant_isolation_enforced(&self) {
        scope::tenant_isolation::<Ph1personaProfileCommitRow>(&World::with_people(&self.0));
        scope::refuses_every_scope_violation::<Ph1personaProfileCommitRow>(&World::with_people(&self.0));
    }

    fn at_pers_db_02_append_only_enforced(&self) {
        scope::append_only::<Ph1personaProfileCommitRow, _>(&mut World::with_people(&self.0));
    }

    fn at_pers_db_03_idempotency_dedupe_works(&self) {
        let mut world = World::with_people(&self.0);
        scope::dedupe::<Ph1personaProfileCommitRow, Ph1writeFormatCommitRow>(&mut world);
    }

    fn at_pers_db_04_no_current_table_rebuild_required(&self) {
        let mut world = World::with_people(&self.0);
        scope::reads_its_ledger::<Ph1personaProfileCommitRow, Ph1writeFormatCommitRow, _>(&mut world);
    }
}
