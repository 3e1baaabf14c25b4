//! Connections that the server ends in the middle of work.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use selene_acceptance::{Database, context};
use selene_contracts::ph1_f::{
    IdentityRecord, IdentityStatus, Ph1fFoundationRepo as _, Ph1fIdentityInsertRow,
};
use selene_contracts::{Committed, StorageError};
use selene_storage_postgres::PostgresStore;

/// Calls that are made while connections end.
const CALLS: usize = 400;

fn insert(store: &PostgresStore, user: &str) -> Result<Committed<IdentityRecord>, StorageError> {
    let input = Ph1fIdentityInsertRow {
        user_id: user.into(),
        speaker_id: None,
        primary_language: None,
        tenant_id: None,
        status: IdentityStatus::Active,
        idempotency_key: user.into(),
    };
    store.ph1f_identity_insert_row(&context(1), input)
}

#[test]
fn what_was_answered_is_there_once_and_the_rest_is_absent_or_unknown() {
    let database = Database::empty();
    let store = PostgresStore::open(&database.address()).unwrap();
    let is_over = AtomicBool::new(false);
    let (mut acknowledged, mut unanswered) = (Vec::new(), Vec::new());
    thread::scope(|scope| {
        let calls = scope.spawn(|| {
            for call in 0..CALLS {
                let user = format!("user_{call}");
                match insert(&store, &user) {
                    Ok(_) => acknowledged.push(user),
                    Err(StorageError::OutcomeUnknown { .. } | StorageError::BackendUnavailable { .. }) => {
                        unanswered.push(user);
                    }
                    Err(other) => panic!("{other}"),
                }
            }
            is_over.store(true, Ordering::Relaxed);
        });
        while !is_over.load(Ordering::Relaxed) && !calls.is_finished() {
            database.end_connections_of_stores();
            thread::sleep(Duration::from_millis(5));
        }
    });
    assert!(!unanswered.is_empty(), "no connection ended in the middle of a call");
    let users = database.raw().texts("SELECT user_id FROM identities ORDER BY user_id").unwrap();
    assert!(acknowledged.iter().all(|user| users.contains(user)), "an acknowledged write is lost");
    // The same calls again tell what became of each, and make the absent ones.
    for user in &unanswered {
        insert(&store, user).unwrap();
    }
    let report = store.verify(&[]).unwrap();
    assert!(report.is_intact(), "{report:?}");
    assert_eq!(report.chains.events, CALLS as u64);
}
