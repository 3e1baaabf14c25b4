//! PH1.J: what a direct append may say, and in which order it is refused.

use selene_contracts::ph1_j::{
    Ph1jAuditAppendCommitRow, Ph1jAuditRepo as _, Ph1jReadCorrelationRows, Ph1jReadTenantRows,
};
use selene_contracts::shared::{AuditEventType, AuditSeverity, SessionId, SimulationId};
use selene_contracts::{Payload, ReasonCode, StorageError};
use selene_storage::SqliteStore;

use crate::common::{World, context, device, dump, populate};

fn append(change: impl FnOnce(&mut Ph1jAuditAppendCommitRow)) -> Ph1jAuditAppendCommitRow {
    let mut input = Ph1jAuditAppendCommitRow {
        tenant_id: Some("t".into()),
        work_order_id: None,
        session_id: Some(SessionId::new(1)),
        user_id: Some("ada".into()),
        device_id: Some("ada-phone".into()),
        engine: "PH1.WRITE".into(),
        event_type: AuditEventType::GateFail,
        reason_code: code("WRITE_SCOPE_VIOLATION"),
        severity: AuditSeverity::Error,
        payload_min: Payload::new([("format_mode", "FORMATTED_TEXT")]),
        evidence_ref: Some("evidence-1".into()),
        idempotency_key: "k".into(),
    };
    change(&mut input);
    input
}

fn code(name: &str) -> ReasonCode {
    name.parse().unwrap()
}

fn store() -> SqliteStore {
    let store = SqliteStore::open_in_memory().unwrap();
    populate(&store);
    device(&store, "ada-watch", "ada", Some("elsewhere")).unwrap();
    store
}

#[test]
fn an_append_is_read_back_as_it_was_given() {
    let store = store();
    let context = context(3).with_simulation(SimulationId::new("simulation-1"));
    let event_id = store.ph1j_audit_append_commit_row(&context, append(|_| ())).unwrap().value;
    let input =
        Ph1jReadCorrelationRows { tenant_id: Some("t".into()), correlation_id: context.correlation_id };
    let rows = store.ph1j_read_correlation_rows(&context, input).unwrap();
    let [row] = rows.as_slice() else { panic!("{rows:?}") };
    assert_eq!(row.event_id, event_id);
    assert_eq!(row.engine.as_str(), "PH1.WRITE");
    assert_eq!(row.event_type, AuditEventType::GateFail);
    assert_eq!(row.severity, AuditSeverity::Error);
    assert_eq!(row.reason_code.as_str(), "WRITE_SCOPE_VIOLATION");
    assert_eq!(row.evidence_ref, Some("evidence-1".into()));
    assert_eq!(row.simulation_id, context.simulation_id);
    assert_eq!(row.payload_min.get("format_mode"), Some("FORMATTED_TEXT"));
    assert_eq!((row.session_id, row.user_id.clone()), (Some(SessionId::new(1)), Some("ada".into())));
    assert_eq!((row.created_at, row.turn_id), (context.now, context.turn_id));
}

#[test]
fn a_correlation_chain_is_read_by_tenant_and_no_tenant_is_one_of_its_own() {
    let store = store();
    let context = context(3);
    let of_nobody = append(|i| {
        (i.tenant_id, i.session_id, i.user_id, i.device_id) = (None, None, None, None);
        i.idempotency_key = "of-nobody".into();
    });
    let of_tenant = store.ph1j_audit_append_commit_row(&context, append(|_| ())).unwrap().value;
    let of_nobody = store.ph1j_audit_append_commit_row(&context, of_nobody).unwrap().value;
    let read = |tenant_id: Option<&str>| {
        let tenant_id = tenant_id.map(Into::into);
        let input = Ph1jReadCorrelationRows { tenant_id, correlation_id: context.correlation_id };
        let rows = store.ph1j_read_correlation_rows(&context, input).unwrap();
        rows.into_iter().map(|row| row.event_id).collect::<Vec<_>>()
    };
    assert_eq!(read(Some("t")), [of_tenant]);
    assert_eq!(read(None), [of_nobody]);
    assert!(read(Some("elsewhere")).is_empty());
}

#[test]
fn each_check_refuses_before_the_next_one() {
    let world = World::new();
    let store = world.open();
    populate(&store);
    device(&store, "ada-watch", "ada", Some("elsewhere")).unwrap();
    let before = dump(&world.path());
    let cases: [(Ph1jAuditAppendCommitRow, &str, &str); 8] = [
        (
            append(|i| {
                i.reason_code = code("F_SESSION_OPEN");
                i.payload_min = Payload::new([("secret", "x")]);
            }),
            "reason_code",
            "J_CONTRACT_VALIDATION_FAILED",
        ),
        (
            append(|i| {
                i.payload_min = Payload::new([("secret", "x")]);
                i.user_id = Some("nobody".into());
            }),
            "payload_min",
            "J_CONTRACT_VALIDATION_FAILED",
        ),
        (
            append(|i| {
                i.payload_min = Payload::new([("directive", "something else")]);
                i.user_id = Some("nobody".into());
            }),
            "payload_min",
            "J_CONTRACT_VALIDATION_FAILED",
        ),
        (
            append(|i| {
                i.user_id = Some("nobody".into());
                i.device_id = Some("nothing".into());
            }),
            "user_id",
            "J_TENANT_SCOPE_VIOLATION",
        ),
        (
            append(|i| {
                i.device_id = Some("nothing".into());
                i.session_id = Some(SessionId::new(9));
            }),
            "device_id",
            "J_TENANT_SCOPE_VIOLATION",
        ),
        (append(|i| i.device_id = Some("bob-tablet".into())), "device_id", "J_TENANT_SCOPE_VIOLATION"),
        (append(|i| i.session_id = Some(SessionId::new(2))), "session_id", "J_TENANT_SCOPE_VIOLATION"),
        (
            append(|i| {
                i.device_id = Some("ada-watch".into());
                i.session_id = None;
            }),
            "device_id",
            "J_TENANT_SCOPE_VIOLATION",
        ),
    ];
    for (input, field, reason_code) in cases {
        let error = store.ph1j_audit_append_commit_row(&context(3), input).unwrap_err();
        assert_eq!(error.reason_code().as_str(), reason_code, "{error}");
        let named = match &error {
            StorageError::ContractViolation { violations, .. } => violations[0].field,
            StorageError::ForeignKey { field, .. } | StorageError::ScopeViolation { field, .. } => field,
            other => panic!("{other}"),
        };
        assert_eq!(named, field, "{error}");
    }
    assert_eq!(dump(&world.path()), before);
}

#[test]
fn a_session_speaks_for_the_tenant_of_its_device() {
    let store = store();
    crate::common::session(&store, 5, "ada", "ada-watch").unwrap();
    let with_session = |tenant: Option<&str>, key: &str| {
        append(|i| {
            i.tenant_id = tenant.map(Into::into);
            i.device_id = None;
            i.session_id = Some(SessionId::new(5));
            i.idempotency_key = key.into();
        })
    };
    let error = store.ph1j_audit_append_commit_row(&context(3), with_session(Some("t"), "a")).unwrap_err();
    assert!(matches!(error, StorageError::ForeignKey { field: "session_id", .. }), "{error}");
    store.ph1j_audit_append_commit_row(&context(3), with_session(None, "b")).unwrap();
    let input = Ph1jReadTenantRows { tenant_id: "elsewhere".into() };
    assert_eq!(store.ph1j_read_tenant_rows(&context(1), input).unwrap().len(), 3);
}

#[test]
fn tenants_read_only_their_own_chain() {
    let store = store();
    for (tenant, key) in [("t", "a"), ("u", "b"), ("t", "c")] {
        let input = append(|i| {
            i.tenant_id = Some(tenant.into());
            i.device_id = None;
            i.session_id = None;
            i.idempotency_key = key.into();
        });
        store.ph1j_audit_append_commit_row(&context(3), input).unwrap();
    }
    let keys = |tenant: &str| -> Vec<String> {
        let input = Ph1jReadTenantRows { tenant_id: tenant.into() };
        let rows = store.ph1j_read_tenant_rows(&context(1), input).unwrap();
        rows.iter().map(|row| row.idempotency_key.as_ref().unwrap().to_string()).collect()
    };
    assert_eq!(keys("t"), ["a", "c"]);
    assert_eq!(keys("u"), ["b"]);
    assert!(keys("v").is_empty());
}
