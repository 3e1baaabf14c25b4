//! The acceptance tests AT-J-DB-01..04: the audit ledger.

use selene_contracts::ph1_j::{
    Ph1JAcceptance, Ph1JReasonCode, Ph1jAppendOnlyGuard, Ph1jAuditAppendCommitRow, Ph1jAuditRepo,
    Ph1jReadCorrelationRows, Ph1jReadTenantRows,
};
use selene_contracts::ph1_write::Ph1WriteReasonCode;
use selene_contracts::shared::{
    AuditEventId, AuditEventType, AuditSeverity, CorrelationId, DeviceId, EngineId, TenantId, UserId,
    WorkOrderId,
};
use selene_contracts::{Disposition, Payload, ReasonCode};

use crate::harness::Harness;
use crate::world::{World, in_chain, key};

/// The acceptance tests of PH1.J on the stores of a harness.
pub struct AuditSuite<H>(pub H);

fn append(idempotency_key: &str) -> Ph1jAuditAppendCommitRow {
    Ph1jAuditAppendCommitRow {
        tenant_id: Some(TenantId::new("tenant_a")),
        work_order_id: None,
        session_id: None,
        user_id: Some(UserId::new("ann")),
        device_id: Some(DeviceId::new("ann_phone")),
        engine: EngineId::new("PH1.J"),
        event_type: AuditEventType::GatePass,
        reason_code: ReasonCode::from(Ph1JReasonCode::JReadAudited),
        severity: AuditSeverity::Warn,
        payload_min: Payload::new([("gate", "access"), ("outcome", "open")]),
        evidence_ref: None,
        idempotency_key: key(idempotency_key),
    }
}

impl<H: Harness> Ph1JAcceptance for AuditSuite<H> {
    fn at_j_db_01_tenant_isolation_enforced(&self) {
        let world = World::with_people(&self.0);
        world.store().ph1j_audit_append_commit_row(&in_chain(7, 10), append("k1")).unwrap();
        let mut foreign = append("k2");
        foreign.tenant_id = Some(TenantId::new("tenant_b"));
        world.refuses(Ph1JReasonCode::JTenantScopeViolation, |store| {
            store.ph1j_audit_append_commit_row(&in_chain(7, 10), foreign.clone())
        });
        foreign.user_id = Some(UserId::new("bob"));
        world.refuses(Ph1JReasonCode::JTenantScopeViolation, |store| {
            store.ph1j_audit_append_commit_row(&in_chain(7, 10), foreign.clone())
        });
        // A key of tenant_a in the chain never answers tenant_b.
        foreign.device_id = Some(DeviceId::new("bob_phone"));
        foreign.idempotency_key = key("k1");
        world.refuses(Ph1JReasonCode::JTenantScopeViolation, |store| {
            store.ph1j_audit_append_commit_row(&in_chain(7, 10), foreign.clone())
        });
        foreign.idempotency_key = key("k2");
        world.store().ph1j_audit_append_commit_row(&in_chain(7, 10), foreign).unwrap();

        for tenant in ["tenant_a", "tenant_b"] {
            let read = Ph1jReadTenantRows { tenant_id: TenantId::new(tenant) };
            let rows = world.store().ph1j_read_tenant_rows(&in_chain(8, 20), read).unwrap();
            assert!(!rows.is_empty());
            assert!(rows.iter().all(|row| row.tenant_id == Some(TenantId::new(tenant))));
            let sequence: Vec<u64> = rows.iter().map(|row| row.chain_sequence).collect();
            assert_eq!(sequence, (1..=rows.len() as u64).collect::<Vec<_>>());
        }
    }

    fn at_j_db_02_append_only_enforced(&self) {
        let mut world = World::with_people(&self.0);
        let first = world.store().ph1j_audit_append_commit_row(&in_chain(7, 10), append("k1")).unwrap();
        let before = world.events();
        for event_id in [first.value, before[0].event_id.clone()] {
            world.refuses(Ph1JReasonCode::JAppendOnlyViolation, |store| {
                store.ph1j_append_only_guard(&in_chain(7, 11), Ph1jAppendOnlyGuard { event_id })
            });
        }
        // There is nothing to overwrite, and the guard says so instead of passing.
        let unknown = Ph1jAppendOnlyGuard { event_id: AuditEventId::new("aud_none") };
        let error = world.store().ph1j_append_only_guard(&in_chain(7, 11), unknown).unwrap_err();
        assert_eq!(error.reason_code().as_str(), "F_NOT_FOUND");
        world.reopen();
        assert_eq!(world.events(), before);
        world.chains_verify();
    }

    fn at_j_db_03_idempotency_dedupe_works(&self) {
        let mut world = World::with_people(&self.0);
        let first = world.store().ph1j_audit_append_commit_row(&in_chain(7, 10), append("k1")).unwrap();
        world.reopen();
        let before = world.events();
        let again = world.store().ph1j_audit_append_commit_row(&in_chain(7, 20), append("k1")).unwrap();
        assert_eq!(again.disposition, Disposition::Replayed { identical: true });
        assert_eq!(again.value, first.value);
        assert_eq!(again.reason_code, Ph1JReasonCode::JIdempotencyReplay.into());
        let mut differing = append("k1");
        differing.severity = AuditSeverity::Error;
        let differing = world.store().ph1j_audit_append_commit_row(&in_chain(7, 20), differing).unwrap();
        assert_eq!(differing.disposition, Disposition::Replayed { identical: false });
        assert_eq!(world.events(), before, "a replay emits nothing");

        // With tenant and work order the key holds across chains; without, it is free in the next chain.
        let mut ordered = append("k2");
        ordered.work_order_id = Some(WorkOrderId::new("order_1"));
        let applied = world.store().ph1j_audit_append_commit_row(&in_chain(7, 30), ordered.clone()).unwrap();
        let replayed = world.store().ph1j_audit_append_commit_row(&in_chain(8, 30), ordered.clone()).unwrap();
        assert_eq!(replayed.disposition, Disposition::Replayed { identical: true });
        assert_eq!(replayed.value, applied.value);
        ordered.work_order_id = Some(WorkOrderId::new("order_2"));
        assert!(world.store().ph1j_audit_append_commit_row(&in_chain(8, 30), ordered).unwrap().is_applied());
        assert!(
            world.store().ph1j_audit_append_commit_row(&in_chain(8, 30), append("k1")).unwrap().is_applied()
        );
    }

    fn at_j_db_04_ledger_only_nothing_to_rebuild(&self) {
        let mut world = World::with_people(&self.0);
        let mut ids = Vec::new();
        for step in 0..5_u64 {
            let input = append(&format!("k{step}"));
            ids.push(
                world.store().ph1j_audit_append_commit_row(&in_chain(7, 10 + step), input).unwrap().value,
            );
        }
        world.reopen();
        let rows = world
            .store()
            .ph1j_read_correlation_rows(
                &in_chain(7, 20),
                Ph1jReadCorrelationRows {
                    tenant_id: Some(TenantId::new("tenant_a")),
                    correlation_id: CorrelationId::new(7),
                },
            )
            .unwrap();
        assert_eq!(rows.iter().map(|row| row.event_id.clone()).collect::<Vec<_>>(), ids);
        for pair in rows.windows(2) {
            assert_eq!(pair[1].previous_hash, pair[0].hash, "each event carries the hash of the one before");
            assert_eq!(pair[1].chain_sequence, pair[0].chain_sequence + 1);
        }
        world.chains_verify();

        // What a spec does not allow does not enter the ledger.
        let mut unlisted = append("unlisted");
        unlisted.payload_min = Payload::new([("favourite_colour", "blue")]);
        world.refuses(Ph1JReasonCode::JContractValidationFailed, |store| {
            store.ph1j_audit_append_commit_row(&in_chain(7, 30), unlisted)
        });
        let mut forged = append("forged");
        forged.engine = EngineId::new("PH1.PERSONA");
        forged.reason_code = Ph1WriteReasonCode::WriteFormattedText.into();
        world.refuses(Ph1JReasonCode::JContractValidationFailed, |store| {
            store.ph1j_audit_append_commit_row(&in_chain(7, 30), forged)
        });
    }
}
