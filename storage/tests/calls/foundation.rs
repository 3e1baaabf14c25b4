//! PH1.F: sessions move as they may, memory follows its ledger, a turn has one row.

use std::collections::BTreeMap;

use selene_contracts::ph1_f::{
    MemoryOperation, Ph1fFoundationRepo as _, Ph1fReadConversationRows, Ph1fReadIdentityRow,
    Ph1fReadMemoryCurrentRows, Ph1fReadMemoryLedgerRows, Ph1fReadSessionRow, Ph1fSessionStateCommitRow,
    SessionState,
};
use selene_contracts::ph1_j::{Ph1jAuditRepo as _, Ph1jReadTenantRows};
use selene_contracts::ph1_persona::Ph1PersonaRepo as _;
use selene_contracts::shared::{MonotonicTimeNs, SessionId, TurnId};
use selene_contracts::{Committed, StorageError};
use selene_storage::SqliteStore;

use crate::common::{World, context, memory, populate, profile, session, turn};

fn world() -> SqliteStore {
    let store = SqliteStore::open_in_memory().unwrap();
    populate(&store);
    store
}

/// Moves session 1; every call has a key of its own.
fn move_to(
    store: &SqliteStore,
    state: SessionState,
    now: u64,
) -> Result<Committed<selene_contracts::ph1_f::SessionRecord>, StorageError> {
    let input = Ph1fSessionStateCommitRow {
        session_id: SessionId::new(1),
        session_state: state,
        idempotency_key: format!("{state}-{now}").into(),
    };
    store.ph1f_session_state_commit_row(&context(3).at(MonotonicTimeNs::new(now)), input)
}

#[test]
fn a_session_makes_only_the_moves_that_its_state_allows() {
    use SessionState::{Closed, Open, SoftClosed, Suspended};
    let paths: [(&[SessionState], &[SessionState]); 4] = [
        (&[], &[SoftClosed, Suspended, Closed]),
        (&[SoftClosed], &[Open, Closed]),
        (&[Suspended], &[Open, Closed]),
        (&[Closed], &[]),
    ];
    for (path, allowed) in paths {
        for to in SessionState::ALL {
            let store = world();
            for (step, state) in path.iter().enumerate() {
                move_to(&store, *state, 2_000 + step as u64).unwrap();
            }
            let answer = move_to(&store, *to, 5_000);
            if allowed.contains(to) {
                let record = answer.unwrap().value;
                assert_eq!((record.session_state, record.last_activity_at.get()), (*to, 5_000));
                assert_eq!(record.closed_at.is_some(), *to == Closed);
            } else {
                let error = answer.unwrap_err();
                assert_eq!(error.reason_code().as_str(), "F_SESSION_STATE_INVALID", "{path:?} to {to}");
            }
        }
    }
}

#[test]
fn a_session_never_goes_back_in_time() {
    let store = world();
    move_to(&store, SessionState::SoftClosed, 1_000).unwrap();
    let error = move_to(&store, SessionState::Open, 999).unwrap_err();
    assert_eq!(error.reason_code().as_str(), "F_SESSION_STATE_INVALID");
    move_to(&store, SessionState::Open, u64::MAX).unwrap();
    let read = store.ph1f_read_session_row(&context(1), Ph1fReadSessionRow { session_id: SessionId::new(1) });
    assert_eq!(read.unwrap().unwrap().last_activity_at.get(), u64::MAX);
}

#[test]
fn an_unknown_session_is_not_found() {
    let store = world();
    let input = Ph1fSessionStateCommitRow {
        session_id: SessionId::new(77),
        session_state: SessionState::Closed,
        idempotency_key: "k".into(),
    };
    let error = store.ph1f_session_state_commit_row(&context(3), input).unwrap_err();
    assert!(matches!(error, StorageError::NotFound { field: "session_id", .. }), "{error}");
}

#[test]
fn a_session_needs_a_device_of_its_user_and_a_new_key() {
    let store = world();
    let error = session(&store, 9, "ada", "bob-tablet").unwrap_err();
    assert!(matches!(error, StorageError::ScopeViolation { field: "device_id", .. }), "{error}");
    let error = session(&store, 9, "ada", "nothing").unwrap_err();
    assert!(matches!(error, StorageError::ForeignKey { field: "device_id", .. }), "{error}");
    // The largest number is a number as any other.
    session(&store, u64::MAX, "ada", "ada-phone").unwrap();
    let input = Ph1fReadSessionRow { session_id: SessionId::new(u64::MAX) };
    let read = store.ph1f_read_session_row(&context(1), input).unwrap().unwrap();
    assert_eq!(read.session_id.get(), u64::MAX);
}

#[test]
fn memory_current_is_the_fold_of_its_ledger() {
    let store = world();
    for (number, (key, value)) in [
        ("colour", Some("red")),
        ("food", Some("figs")),
        ("colour", Some("blue")),
        ("food", None),
        ("pet", Some("cat")),
    ]
    .into_iter()
    .enumerate()
    {
        let mut input = memory("ada", key, &format!("k{number}"));
        input.memory_value_ref = value.map(Into::into);
        input.memory_operation =
            if value.is_some() { MemoryOperation::Store } else { MemoryOperation::Forget };
        let row = store.ph1f_memory_append_commit_row(&context(3), input).unwrap().value;
        assert_eq!(row.memory_seq, number as u64 + 1);
    }
    let ledger = store
        .ph1f_read_memory_ledger_rows(&context(1), Ph1fReadMemoryLedgerRows { user_id: "ada".into() })
        .unwrap();
    let mut fold = BTreeMap::new();
    for row in &ledger {
        fold.insert(row.memory_key.clone(), (row.memory_seq, row.memory_value_ref.clone()));
    }
    let current = store
        .ph1f_read_memory_current_rows(&context(1), Ph1fReadMemoryCurrentRows { user_id: "ada".into() })
        .unwrap();
    let rows: BTreeMap<_, _> =
        current.into_iter().map(|row| (row.memory_key, (row.memory_seq, row.memory_value_ref))).collect();
    assert_eq!((ledger.len(), rows), (5, fold));
}

#[test]
fn store_needs_a_value_and_forget_has_none() {
    let store = world();
    let mut without = memory("ada", "colour", "a");
    without.memory_value_ref = None;
    let mut with = memory("ada", "colour", "b");
    with.memory_operation = MemoryOperation::Forget;
    for input in [without, with] {
        let error = store.ph1f_memory_append_commit_row(&context(3), input).unwrap_err();
        assert_eq!(error.reason_code().as_str(), "F_CONTRACT_VALIDATION_FAILED", "{error}");
    }
    let error = store.ph1f_memory_append_commit_row(&context(3), memory("nobody", "x", "c")).unwrap_err();
    assert!(matches!(error, StorageError::ForeignKey { field: "user_id", .. }));
}

#[test]
fn a_turn_has_one_row_and_turns_are_read_in_order() {
    let store = world();
    for number in [u64::MAX, 3, 1 << 63, 20] {
        let mut context = context(6);
        context.turn_id = TurnId::new(number);
        store.ph1f_conversation_append_commit_row(&context, turn("ada", &format!("k{number}"))).unwrap();
    }
    let input = Ph1fReadConversationRows { user_id: "ada".into(), correlation_id: context(6).correlation_id };
    let turns: Vec<_> = store
        .ph1f_read_conversation_rows(&context(1), input)
        .unwrap()
        .into_iter()
        .map(|turn| turn.turn_id.get())
        .collect();
    assert_eq!(turns, [3, 20, 1 << 63, u64::MAX]);
    let mut again = context(6);
    again.turn_id = TurnId::new(3);
    let error = store.ph1f_conversation_append_commit_row(&again, turn("ada", "another")).unwrap_err();
    assert!(matches!(error, StorageError::DuplicateKey { field: "turn_id", .. }), "{error}");
}

#[test]
fn a_turn_of_somebody_elses_session_is_refused() {
    let store = world();
    let mut input = turn("ada", "k");
    input.session_id = Some(SessionId::new(2));
    let error = store.ph1f_conversation_append_commit_row(&context(6), input).unwrap_err();
    assert!(matches!(error, StorageError::ScopeViolation { field: "session_id", .. }), "{error}");
}

#[test]
fn events_without_a_tenant_in_the_input_follow_the_device() {
    let store = world();
    store.ph1persona_profile_commit_row(&context(3), profile("t", "k")).unwrap();
    move_to(&store, SessionState::SoftClosed, 2_000).unwrap();
    let mut input = turn("ada", "c");
    input.session_id = Some(SessionId::new(1));
    store.ph1f_conversation_append_commit_row(&context(6), input).unwrap();
    let rows =
        store.ph1j_read_tenant_rows(&context(1), Ph1jReadTenantRows { tenant_id: "t".into() }).unwrap();
    let reasons: Vec<_> = rows.iter().map(|row| row.reason_code.as_str()).collect();
    assert_eq!(reasons, ["PERSONA_PROFILE_COMMIT", "F_SESSION_STATE", "F_CONVERSATION_APPEND"]);
    let places: Vec<_> = rows.iter().map(|row| row.chain_sequence).collect();
    assert_eq!(places, [1, 2, 3]);
}

#[test]
fn rows_that_are_not_there_read_as_none() {
    let world = World::new();
    let store = world.open();
    let input = Ph1fReadIdentityRow { user_id: "nobody".into() };
    assert_eq!(store.ph1f_read_identity_row(&context(1), input).unwrap(), None);
}
