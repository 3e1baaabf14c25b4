//! The acceptance tests AT-WRITE-DB-01..04: formatting outcomes. Alike to `persona` by nature, as it says there.

use selene_contracts::ph1_persona::Ph1personaProfileCommitRow;
use selene_contracts::ph1_write::{
    FormatMode, Ph1WriteAcceptance, Ph1WriteReasonCode, Ph1writeFormatCommitRow, Ph1writeReadAuditRows,
};
use selene_contracts::shared::{
    AuditEventId, AuditEventRecord, CorrelationId, DeviceId, SessionId, TenantId, UserId,
};
use selene_contracts::{CallContext, Committed, ReasonCode, StorageError};

use super::scope::{self, ScopedCommit};
use crate::harness::{Backend, Harness};
use crate::world::{World, key};

/// The acceptance tests of PH1.WRITE on the stores of a harness.
pub struct WriteSuite<H>(pub H);

impl ScopedCommit for Ph1writeFormatCommitRow {
    const ENGINE: &'static str = "PH1.WRITE";
    const PAYLOAD: &'static [(&'static str, &'static str)] =
        &[("directive", "format"), ("format_mode", "FORMATTED_TEXT")];

    fn valid(idempotency_key: &str) -> Self {
        Self {
            tenant_id: TenantId::new("tenant_a"),
            session_id: None,
            user_id: UserId::new("ann"),
            device_id: DeviceId::new("ann_phone"),
            format_mode: FormatMode::FormattedText,
            reason_code: Ph1WriteReasonCode::WriteFormattedText,
            idempotency_key: key(idempotency_key),
        }
    }

    fn differing(idempotency_key: &str) -> Self {
        Self {
            format_mode: FormatMode::FallbackOriginal,
            reason_code: Ph1WriteReasonCode::WriteFallbackOriginal,
            ..Self::valid(idempotency_key)
        }
    }

    fn scope(&mut self) -> (&mut TenantId, &mut Option<SessionId>, &mut UserId, &mut DeviceId) {
        (&mut self.tenant_id, &mut self.session_id, &mut self.user_id, &mut self.device_id)
    }

    fn run(
        self,
        store: &impl Backend,
        context: &CallContext,
    ) -> Result<Committed<AuditEventId>, StorageError> {
        store.ph1write_format_commit_row(context, self)
    }

    fn read(
        store: &impl Backend,
        context: &CallContext,
        tenant_id: TenantId,
        correlation_id: CorrelationId,
    ) -> Result<Vec<AuditEventRecord>, StorageError> {
        store.ph1write_read_audit_rows(context, Ph1writeReadAuditRows { tenant_id, correlation_id })
    }

    fn reason() -> ReasonCode {
        Ph1WriteReasonCode::WriteFormattedText.into()
    }

    fn scope_violation() -> ReasonCode {
        Ph1WriteReasonCode::WriteScopeViolation.into()
    }

    fn replay() -> ReasonCode {
        Ph1WriteReasonCode::WriteIdempotencyReplay.into()
    }
}

impl<H: Harness> Ph1WriteAcceptance for WriteSuite<H> {
    fn at_write_db_01_tenant_isolation_enforced(&self) {
        scope::tenant_isolation::<Ph1writeFormatCommitRow>(&World::with_people(&self.0));
        scope::refuses_every_scope_violation::<Ph1writeFormatCommitRow>(&World::with_people(&self.0));
    }

    fn at_write_db_02_append_only_enforced(&self) {
        scope::append_only::<Ph1writeFormatCommitRow, _>(&mut World::with_people(&self.0));
    }

    fn at_write_db_03_idempotency_dedupe_works(&self) {
        let mut world = World::with_people(&self.0);
        scope::dedupe::<Ph1writeFormatCommitRow, Ph1personaProfileCommitRow>(&mut world);
    }

    fn at_write_db_04_no_current_table_rebuild_required(&self) {
        let mut world = World::with_people(&self.0);
        scope::reads_its_ledger::<Ph1writeFormatCommitRow, Ph1personaProfileCommitRow, _>(&mut world);
    }
}
