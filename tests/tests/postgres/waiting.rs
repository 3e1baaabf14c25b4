//! Connections that end while their transactions wait for another one: for a lane, for a key, for a row, and for whoever inserts the same
//! row. Whoever waited has written nothing, so its call is refused or runs again, and the same call again is answered by what is there.

use selene_acceptance::{Database, context};
use selene_contracts::ph1_f::{Ph1FReasonCode, Ph1fFoundationRepo as _};
use selene_contracts::ph1_persona::Ph1PersonaReasonCode;
use selene_contracts::ph1_write::Ph1WriteReasonCode;
use selene_contracts::{ReasonCode, StorageError};
use selene_storage_postgres::PostgresStore;

use crate::interleaved::{USERS, append, format, identity, people_of_both, person, profile};
use crate::order::{Answer, First, TENANTS, second_lost_while_it_waits};

/// How often a connection is ended at most: more often than a call is tried.
const OFTEN: usize = 50;

/// Calls of two writers of which the second waits for the first; why it is refused where that one commits, if it is.
fn waits(
    prepare: impl Fn(&PostgresStore),
    call: impl Fn(usize, &PostgresStore) -> Answer + Sync,
    refusal: Option<ReasonCode>,
) {
    for (first, times) in
        [(First::Commits, 1), (First::Commits, OFTEN), (First::IsLost, 1), (First::IsLost, OFTEN)]
    {
        let database = Database::empty();
        prepare(&PostgresStore::open(&database.address()).expect("a store opens"));
        let [answer, again] = second_lost_while_it_waits(&database, first, times, &call);
        let refusal = refusal.filter(|_| first == First::Commits);
        let is_right = |answer: &Answer| match (answer, refusal) {
            (Ok(_), None) => true,
            (Err(refused), Some(refusal)) => refused.reason_code() == refusal,
            _ => false,
        };
        let is_lost = matches!(answer, Err(StorageError::BackendUnavailable { .. }));
        assert!(is_lost || is_right(&answer), "{first:?}, {times}: {answer:?}");
        assert!(is_right(&again), "{first:?}, {times}: {again:?}");
        if refusal.is_none() {
            assert_eq!(
                again,
                Ok(is_lost),
                "{first:?}, {times}: what was lost is made, and what was not is not"
            );
        }
    }
}

fn inserts(store: &PostgresStore, user: &str, tenant: &str, key: &str) -> Answer {
    store
        .ph1f_identity_insert_row(&context(1), identity(user, Some(tenant), key))
        .map(|done| done.is_applied())
}

#[test]
fn a_connection_that_ends_while_it_waits_for_a_lane() {
    waits(|_| {}, |number, store| inserts(store, USERS[number], TENANTS[0], USERS[number]), None);
}

#[test]
fn a_batch_whose_connection_ends_while_it_waits_for_a_lane() {
    let call = |number: usize, store: &PostgresStore| {
        if number == 0 {
            return inserts(store, USERS[0], TENANTS[0], USERS[0]);
        }
        let users = (0..3).map(|call| format!("user_{call}"));
        let calls = users.map(|user| (context(1), identity(&user, Some(TENANTS[0]), &user)));
        let answers: Result<Vec<_>, _> =
            store.submit_all(calls).into_iter().map(selene_storage::Ticket::wait).collect();
        answers.map(|answers| answers.iter().all(selene_contracts::Committed::is_applied))
    };
    waits(|_| {}, call, None);
}

#[test]
fn a_connection_that_ends_while_it_waits_for_a_key() {
    let call = |number: usize, store: &PostgresStore| match number {
        0 => append(store, number, "shared"),
        _ => format(store, TENANTS[number], USERS[number], "shared"),
    };
    waits(people_of_both, call, Some(Ph1WriteReasonCode::WriteScopeViolation.into()));
}

#[test]
fn a_connection_that_ends_while_it_waits_for_a_row() {
    let call = |number: usize, store: &PostgresStore| {
        profile(store, TENANTS[number], "ann", ["key_0", "key_1"][number])
    };
    waits(|store| person(store, "ann", None), call, Some(Ph1PersonaReasonCode::PersonaScopeViolation.into()));
}

#[test]
fn a_connection_that_ends_while_it_waits_for_whoever_inserts_the_same_row() {
    let call = |number: usize, store: &PostgresStore| {
        inserts(store, "ann", TENANTS[number], ["key_0", "key_1"][number])
    };
    waits(|_| {}, call, Some(Ph1FReasonCode::FDuplicateKey.into()));
}
