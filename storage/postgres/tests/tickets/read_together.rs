//! Operations of a batch that ask the same of several rows ask it together, and each finds what is there once nobody else holds its row.

use std::thread;

use selene_contracts::ph1_f::{Ph1fDeviceInsertRow, Ph1fIdentityInsertRow};
use selene_storage::Ticket;
use selene_storage::test_support::wake_event;
use selene_storage_postgres::test_support::Raw;

use crate::database::Database;
use crate::people::{applied, device, person};
use crate::scene::{chains, context, store, until};

/// Devices in the order of their reads: that of the one in the middle waits for another writer.
const DEVICES: [&str; 3] = ["phone_1", "phone_2", "phone_3"];

#[test]
fn each_of_several_rows_that_are_read_at_once_is_waited_for_and_answers_its_own_call() {
    let database = Database::empty();
    let store = store(&database);
    let owners = DEVICES.map(|name| {
        let owner = person(&format!("owner_of_{name}"), "acme");
        (context(), Ph1fIdentityInsertRow { tenant_id: None, ..owner })
    });
    applied(store.submit_all(owners).into_iter().map(Ticket::wait));
    let devices = DEVICES.map(|name| {
        let unbound = device(name, &format!("owner_of_{name}"), "acme");
        (context(), Ph1fDeviceInsertRow { tenant_id: None, ..unbound })
    });
    applied(store.submit_all(devices).into_iter().map(Ticket::wait));

    let binder = Raw::open(&database.superuser_address()).unwrap();
    binder.run("BEGIN; UPDATE devices SET tenant_id = 'acme' WHERE device_id = 'phone_2'").unwrap();
    let events = DEVICES
        .map(|name| (context(), wake_event(&format!("wake_of_{name}"), name, &format!("key_of_{name}"))));
    let tickets = store.submit_all(events);
    thread::scope(|scope| {
        let answers = scope.spawn(move || applied(tickets.into_iter().map(Ticket::wait)));
        let waits = "SELECT query FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        until("the read of all three waits for the row of the second", || {
            database.raw().texts(waits).unwrap().iter().any(|query| query.contains("LATERAL"))
        });
        binder.run("COMMIT").unwrap();
        answers.join().unwrap();
    });

    let chains = chains(&database);
    assert_eq!(chains["acme"], ["key_of_phone_2"]);
    assert!(chains[""].ends_with(&["key_of_phone_1".to_owned(), "key_of_phone_3".to_owned()]), "{chains:?}");
}
