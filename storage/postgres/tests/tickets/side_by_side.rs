//! Writes of tenants that have nothing in common do not wait for each other.

use std::thread;

use crate::database::Database;
use crate::people::applied;
use crate::scene::{chains, hold_lane, insert, store, tenants_apart, until};

#[test]
fn a_ticket_of_one_tenant_is_answered_while_the_lane_of_another_is_held() {
    let database = Database::empty();
    let (store, tenants) = (store(&database), tenants_apart(2));
    let holder = hold_lane(&database, &tenants[0]);
    let mut tickets = store.submit_all([insert("ann", &tenants[0]), insert("ben", &tenants[1])]).into_iter();
    let (held, free) = (tickets.next().unwrap(), tickets.next().unwrap());
    thread::scope(|scope| {
        let waits = scope.spawn(move || held.wait());
        applied([free.wait()]);
        assert!(!waits.is_finished(), "its lane is held");
        holder.run("ROLLBACK").unwrap();
        applied([waits.join().unwrap()]);
    });
    assert_eq!(chains(&database).len(), 2);
}

#[test]
fn what_one_caller_hands_over_is_committed_side_by_side_while_the_caller_waits_for_one_of_it() {
    let database = Database::empty();
    let (store, tenants) = (store(&database), tenants_apart(4));
    let holder = hold_lane(&database, &tenants[0]);
    let tickets = store.submit_all(tenants.iter().map(|tenant| insert(&format!("user_of_{tenant}"), tenant)));
    thread::scope(|scope| {
        // The first ticket is that of the tenant whose lane is held, and nobody waits for the others yet.
        let waits = scope.spawn(move || applied(tickets.into_iter().map(selene_storage::Ticket::wait)));
        until("the other tenants do not wait for the first one", || chains(&database).len() == 3);
        assert!(!waits.is_finished(), "the lane of the first one is held");
        holder.run("ROLLBACK").unwrap();
        waits.join().unwrap();
    });
    assert_eq!(chains(&database).len(), 4);
}

#[test]
fn nothing_is_committed_before_somebody_waits() {
    let database = Database::empty();
    let (store, tenants) = (store(&database), tenants_apart(4));
    let tickets = store.submit_all(tenants.iter().map(|tenant| insert(&format!("user_of_{tenant}"), tenant)));
    assert_eq!(chains(&database).len(), 0, "a caller may hand over more, to be committed together");
    applied(tickets.into_iter().map(selene_storage::Ticket::wait));
}
