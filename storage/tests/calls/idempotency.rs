//! When two calls are the same call, and who gets its answer.

use selene_contracts::ph1_f::{Ph1fFoundationRepo as _, Ph1fSessionStateCommitRow, SessionState};
use selene_contracts::ph1_j::{Ph1jAuditAppendCommitRow, Ph1jAuditRepo as _};
use selene_contracts::ph1_persona::{Ph1PersonaReasonCode, Ph1PersonaRepo as _};
use selene_contracts::ph1_write::Ph1WriteRepo as _;
use selene_contracts::shared::{AuditEventType, AuditSeverity, MonotonicTimeNs, SessionId, TurnId};
use selene_contracts::{Disposition, Payload, StorageError};

use crate::common::{World, context, count, dump, format, memory, populate, profile};

fn direct(tenant: Option<&str>, work_order: Option<&str>, idempotency_key: &str) -> Ph1jAuditAppendCommitRow {
    Ph1jAuditAppendCommitRow {
        tenant_id: tenant.map(Into::into),
        work_order_id: work_order.map(Into::into),
        session_id: None,
        user_id: None,
        device_id: None,
        engine: "PH1.PERSONA".into(),
        event_type: AuditEventType::GatePass,
        reason_code: Ph1PersonaReasonCode::PersonaProfileCommit.into(),
        severity: AuditSeverity::Warn,
        payload_min: Payload::new([("style_profile_ref", "style-1")]),
        evidence_ref: Some("evidence-1".into()),
        idempotency_key: idempotency_key.into(),
    }
}

fn is_scope_violation<T: std::fmt::Debug>(answer: &Result<T, StorageError>) -> bool {
    matches!(answer, Err(StorageError::ScopeViolation { field: "idempotency_key", .. }))
}

#[test]
fn a_retry_gets_the_first_answer_and_writes_nothing() {
    let world = World::new();
    let store = world.open();
    populate(&store);
    let first = store.ph1persona_profile_commit_row(&context(3), profile("t", "k")).unwrap();
    assert_eq!(first.disposition, Disposition::Applied);
    assert_eq!(first.reason_code.as_str(), "PERSONA_PROFILE_COMMIT");
    let before = dump(&world.path());

    // Later, and in another turn.
    let mut later = context(3).at(MonotonicTimeNs::new(9_000));
    later.turn_id = TurnId::new(7);
    let again = store.ph1persona_profile_commit_row(&later, profile("t", "k")).unwrap();
    assert_eq!(again.disposition, Disposition::Replayed { identical: true });
    assert_eq!((again.value, again.event_id), (first.value.clone(), first.event_id.clone()));
    assert_eq!(again.reason_code.as_str(), "PERSONA_IDEMPOTENCY_REPLAY");

    let mut other = profile("t", "k");
    other.style_profile_ref = "style-2".into();
    let differing = store.ph1persona_profile_commit_row(&context(3), other).unwrap();
    assert_eq!(differing.disposition, Disposition::Replayed { identical: false });
    assert_eq!(differing.value, first.value);
    assert_eq!(dump(&world.path()), before);
}

#[test]
fn a_replay_gives_the_first_row_even_after_the_row_has_changed() {
    let world = World::new();
    let store = world.open();
    populate(&store);
    let step = |state, key: &str, now| {
        let input = Ph1fSessionStateCommitRow {
            session_id: SessionId::new(1),
            session_state: state,
            idempotency_key: key.into(),
        };
        store.ph1f_session_state_commit_row(&context(3).at(MonotonicTimeNs::new(now)), input).unwrap()
    };
    let first = step(SessionState::SoftClosed, "a", 2_000);
    step(SessionState::Open, "b", 3_000);
    step(SessionState::Closed, "c", 4_000);
    let replayed = step(SessionState::SoftClosed, "a", 5_000);
    assert_eq!(replayed.value, first.value);
    assert_eq!(replayed.disposition, Disposition::Replayed { identical: true });
}

#[test]
fn a_key_of_another_engine_in_the_chain_is_refused() {
    let world = World::new();
    let store = world.open();
    populate(&store);
    store.ph1persona_profile_commit_row(&context(3), profile("t", "k")).unwrap();
    let before = dump(&world.path());
    let answer = store.ph1write_format_commit_row(&context(3), format("t", "k"));
    assert!(is_scope_violation(&answer), "{answer:?}");
    assert_eq!(answer.unwrap_err().reason_code().as_str(), "WRITE_SCOPE_VIOLATION");
    assert!(is_scope_violation(&store.ph1j_audit_append_commit_row(&context(3), direct(None, None, "k"))));
    assert_eq!(dump(&world.path()), before);
    // In another chain the key is free.
    store.ph1write_format_commit_row(&context(4), format("t", "k")).unwrap();
}

#[test]
fn a_key_of_a_write_with_a_dedupe_key_of_its_own_is_refused_too() {
    let world = World::new();
    let store = world.open();
    populate(&store);
    store.ph1f_memory_append_commit_row(&context(3), memory("ada", "colour", "k")).unwrap();
    assert!(is_scope_violation(&store.ph1persona_profile_commit_row(&context(3), profile("t", "k"))));
    // A work order gives a direct append another dedupe key; its event still takes the key in its chain.
    store.ph1j_audit_append_commit_row(&context(4), direct(Some("t"), Some("order-1"), "k")).unwrap();
    assert!(is_scope_violation(&store.ph1persona_profile_commit_row(&context(4), profile("t", "k"))));
    store.ph1persona_profile_commit_row(&context(5), profile("t", "k")).unwrap();
    assert!(is_scope_violation(
        &store.ph1j_audit_append_commit_row(&context(5), direct(Some("t"), Some("order-2"), "k"))
    ));
}

#[test]
fn a_key_never_answers_another_tenant() {
    let world = World::new();
    let store = world.open();
    populate(&store);
    store.ph1persona_profile_commit_row(&context(3), profile("t", "k")).unwrap();
    assert!(is_scope_violation(&store.ph1persona_profile_commit_row(&context(3), profile("other", "k"))));
    store.ph1j_audit_append_commit_row(&context(4), direct(Some("t"), None, "k")).unwrap();
    for tenant in [Some("other"), None] {
        let answer = store.ph1j_audit_append_commit_row(&context(4), direct(tenant, None, "k"));
        assert!(is_scope_violation(&answer), "{tenant:?}: {answer:?}");
    }
}

#[test]
fn work_orders_of_one_chain_have_keys_of_their_own() {
    let world = World::new();
    let store = world.open();
    let append = |order: &str| {
        store.ph1j_audit_append_commit_row(&context(4), direct(Some("t"), Some(order), "k")).unwrap()
    };
    let (one, two) = (append("order-1"), append("order-2"));
    assert!(one.is_applied() && two.is_applied());
    assert_ne!(one.value, two.value);
    assert!(!append("order-1").is_applied());
    // The work order names the call also in another chain of work.
    let elsewhere =
        store.ph1j_audit_append_commit_row(&context(9), direct(Some("t"), Some("order-1"), "k")).unwrap();
    assert_eq!((elsewhere.is_applied(), elsewhere.value), (false, one.value));
    assert_eq!(count(&world.path(), "audit_events"), 2);
}

#[test]
fn a_refused_write_leaves_its_key_free() {
    let world = World::new();
    let store = world.open();
    let refused = store.ph1persona_profile_commit_row(&context(3), profile("t", "k"));
    assert!(matches!(refused, Err(StorageError::ForeignKey { field: "user_id", .. })), "{refused:?}");
    assert_eq!(count(&world.path(), "audit_events") + count(&world.path(), "idempotency_records"), 0);
    populate(&store);
    assert!(store.ph1persona_profile_commit_row(&context(3), profile("t", "k")).unwrap().is_applied());
}

#[test]
fn every_applied_write_has_one_event_and_one_record() {
    let world = World::new();
    let store = world.open();
    populate(&store);
    crate::common::fill_ledgers(&store);
    store.ph1persona_profile_commit_row(&context(3), profile("t", "k")).unwrap();
    store.ph1write_format_commit_row(&context(3), format("t", "k2")).unwrap();
    assert_eq!(count(&world.path(), "audit_events"), 18);
    assert_eq!(count(&world.path(), "idempotency_records"), 18);
}
