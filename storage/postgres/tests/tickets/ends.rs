//! Tickets that are dropped, stores that are dropped before them, queues that are full, and connections that are lost.

use std::collections::BTreeSet;
use std::thread;

use selene_contracts::StorageError;
use selene_storage::Ticket;

use crate::database::Database;
use crate::people::applied;
use crate::scene::{events, hold_lane, insert, store, tenants_apart, until};

/// More than fit into all queues of a process at once.
const MANY: usize = 7_000;

fn calls(
    count: usize,
) -> Vec<(selene_contracts::CallContext, selene_contracts::ph1_f::Ph1fIdentityInsertRow)> {
    (0..count)
        .map(|number| insert(&format!("user_{number:04}"), &format!("tenant_{}", number % 12)))
        .collect()
}

#[test]
fn what_nobody_waits_for_is_committed_with_the_last_handle() {
    let database = Database::empty();
    let first = store(&database);
    let second = first.clone();
    let mut without_tenant = insert("nobody", "tenant");
    without_tenant.1.tenant_id = None;
    drop(first.submit_all(calls(40)));
    drop(second.submit(&without_tenant.0, without_tenant.1));
    drop(first);
    assert_eq!(events(&database), 0, "a handle is left");
    drop(second);
    assert_eq!(events(&database), 41);
}

#[test]
fn tickets_outlive_their_store() {
    let database = Database::empty();
    let opened = store(&database);
    let tickets = opened.submit_all(calls(40));
    drop(opened);
    applied(tickets.into_iter().map(Ticket::wait));
    assert_eq!(events(&database), 40);
}

#[test]
fn more_than_there_is_room_for_is_taken_all_the_same() {
    let database = Database::empty();
    let store = store(&database);
    let tickets = store.submit_all(calls(MANY));
    applied(tickets.into_iter().map(Ticket::wait));
    assert_eq!(events(&database), MANY);
}

#[test]
fn a_lost_connection_costs_the_tickets_of_its_queue_at_most() {
    let database = Database::empty();
    let (store, tenants) = (store(&database), tenants_apart(4));
    let calls =
        |from: usize| (from..from + 40).map(|number| insert(&format!("user_{number}"), &tenants[number % 4]));
    applied(store.submit_all(calls(0)).into_iter().map(Ticket::wait));
    let holder = hold_lane(&database, &tenants[0]);
    let tickets = store.submit_all(calls(40));
    let answers: Vec<_> = thread::scope(|scope| {
        let waits = scope.spawn(|| tickets.into_iter().map(Ticket::wait).collect());
        until("the others are committed", || events(&database) == 70);
        let waiting = format!(
            "SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity WHERE datname = '{}' AND wait_event_type = 'Lock'",
            database.name()
        );
        // The batch begins once more on a new connection, and loses that one too; then it is given up.
        while !waits.is_finished() {
            database.raw().texts(&waiting).unwrap();
        }
        waits.join().unwrap()
    });
    holder.run("ROLLBACK").unwrap();
    let mut refused = BTreeSet::new();
    for (number, answer) in answers.into_iter().enumerate() {
        match answer {
            Ok(committed) => assert!(committed.is_applied()),
            Err(StorageError::BackendUnavailable { .. }) => {
                refused.insert(number);
            }
            Err(error) => panic!("{error}"),
        }
    }
    assert_eq!(refused, (0..40).step_by(4).collect(), "those of the tenant whose lane was held");
    assert_eq!(events(&database), 70);
    // The handle goes on, and a retry shows what became of each.
    for (number, ticket) in store.submit_all(calls(40)).into_iter().enumerate() {
        assert_eq!(ticket.wait().unwrap().is_applied(), number.is_multiple_of(4));
    }
    assert_eq!(events(&database), 80);
    assert!(store.verify(&[]).unwrap().is_intact());
}
