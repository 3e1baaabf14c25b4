//! Writes that name the same are done in the order in which they were handed over.

use std::collections::BTreeMap;
use std::thread;
use std::time::Duration;

use selene_contracts::ph1_f::Ph1fIdentityInsertRow;
use selene_contracts::ph1_w::{Ph1wRuntimeEventCommitRow, Ph1wWakeRepo as _};
use selene_contracts::{CallContext, Committed, StorageError};
use selene_storage::Ticket;
use selene_storage::test_support::wake_event;

use crate::database::Database;
use crate::people::{applied, device, person};
use crate::scene::{chains, context, hold_lane, insert, store, tenants_apart};

const CALLERS: usize = 4;
const CALLS: usize = 600;
const TENANTS: usize = 9;

#[test]
fn every_chain_has_the_order_in_which_its_tenant_handed_over() {
    let database = Database::empty();
    let store = store(&database);
    let calls = |caller: usize| {
        (0..CALLS).map(move |number| {
            // Tenants of a caller are nobody else's, and come in no order that they are written in.
            let tenant = format!("tenant_{}", caller * TENANTS + number * number % TENANTS);
            (format!("user_{caller}_{number:04}"), tenant)
        })
    };
    thread::scope(|scope| {
        for caller in 0..CALLERS {
            let store = &store;
            scope.spawn(move || {
                let mut calls: Vec<(CallContext, Ph1fIdentityInsertRow)> =
                    calls(caller).map(|(user, tenant)| insert(&user, &tenant)).collect();
                let mut tickets = Vec::new();
                while !calls.is_empty() {
                    // One alone, and then some together; and every now and then somebody waits.
                    let (context, input) = calls.remove(0);
                    tickets.push(store.submit(&context, input));
                    let rest = calls.split_off(calls.len().min(37));
                    tickets.extend(store.submit_all(std::mem::replace(&mut calls, rest)));
                    if calls.len().is_multiple_of(3) {
                        applied(tickets.drain(..).map(Ticket::wait));
                    }
                }
                applied(tickets.into_iter().map(Ticket::wait));
            });
        }
    });
    let mut expected = BTreeMap::<String, Vec<String>>::new();
    for (user, tenant) in (0..CALLERS).flat_map(calls) {
        expected.entry(tenant).or_default().push(user);
    }
    assert_eq!(chains(&database), expected);
    assert!(store.verify(&[]).unwrap().is_intact());
}

fn event(device: &str, key: &str) -> Ph1wRuntimeEventCommitRow {
    Ph1wRuntimeEventCommitRow {
        user_id: None,
        session_id: None,
        wake_profile_id: None,
        ..wake_event(&format!("wake_{key}"), device, key)
    }
}

fn is_applied<T>(ticket: Ticket<T>) -> Result<bool, StorageError> {
    ticket.wait().map(|committed: Committed<T>| committed.is_applied())
}

#[test]
fn what_needs_a_row_of_another_chain_waits_for_it() {
    let database = Database::empty();
    let (store, tenants) = (store(&database), tenants_apart(3));
    // The people are of no tenant, and their chain is held for a while: whatever does not wait for them is refused.
    let holder = hold_lane(&database, "");
    let mut tickets: Vec<Box<dyn FnOnce() -> Result<bool, StorageError> + Send>> = Vec::new();
    for (number, tenant) in tenants.iter().enumerate() {
        let (user, phone) = (format!("user_{number}"), format!("phone_{number}"));
        let mut anybody = person(&user, tenant);
        anybody.tenant_id = None;
        let ticket = store.submit(&context(), anybody);
        tickets.push(Box::new(move || is_applied(ticket)));
        let ticket = store.submit(&context(), device(&phone, &user, tenant));
        tickets.push(Box::new(move || is_applied(ticket)));
        // It names no tenant, and nobody knows yet whose device it is.
        let ticket = store.submit(&context(), event(&phone, &format!("event_{number}")));
        tickets.push(Box::new(move || is_applied(ticket)));
        // And this does not wait in the queue of its tenant, but behind the event.
        let ticket = store.submit(&context(), device(&format!("watch_{number}"), &user, tenant));
        tickets.push(Box::new(move || is_applied(ticket)));
    }
    tickets.rotate_left(1);
    thread::scope(|scope| {
        let answers: Vec<_> = tickets.into_iter().map(|ticket| scope.spawn(ticket)).collect();
        thread::sleep(Duration::from_millis(300));
        holder.run("ROLLBACK").unwrap();
        for answer in answers {
            assert_eq!(answer.join().unwrap(), Ok(true));
        }
    });
    for (number, tenant) in tenants.iter().enumerate() {
        let written = [format!("phone_{number}"), format!("event_{number}"), format!("watch_{number}")];
        assert_eq!(chains(&database)[tenant], written);
    }
    // The device's tenant is known by now.
    assert!(store.ph1w_runtime_event_commit_row(&context(), event("phone_0", "later")).unwrap().is_applied());
}

#[test]
fn of_two_tenants_that_name_one_id_the_first_gets_it() {
    let database = Database::empty();
    let (store, tenants) = (store(&database), tenants_apart(2));
    let holder = hold_lane(&database, &tenants[0]);
    let first = store.submit(&context(), person("ann", &tenants[0]));
    let mut other = person("ann", &tenants[1]);
    other.idempotency_key = "other".into();
    let second = store.submit(&context(), other);
    thread::scope(|scope| {
        let second = scope.spawn(move || second.wait());
        thread::sleep(Duration::from_millis(200));
        holder.run("ROLLBACK").unwrap();
        applied([first.wait()]);
        second.join().unwrap().expect_err("the id is taken");
    });
    assert_eq!(chains(&database), BTreeMap::from([(tenants[0].clone(), vec!["ann".to_owned()])]));
}
