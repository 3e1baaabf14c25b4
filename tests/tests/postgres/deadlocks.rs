//! Writers that lock in one order wait for each other in a row and not in a circle: the server counts no deadlock.

use std::sync::Barrier;
use std::thread;
use std::time::Duration;

use selene_acceptance::{Database, OwnServer, context};
use selene_contracts::ph1_f::{Ph1fDeviceInsertRow, Ph1fFoundationRepo as _};
use selene_contracts::ph1_persona::{Ph1PersonaRepo as _, Ph1personaProfileCommitRow};
use selene_contracts::ph1_w::Ph1wWakeRepo as _;
use selene_contracts::shared::TenantId;
use selene_storage::test_support::inputs;
use selene_storage::test_support::wake_event;
use selene_storage_postgres::PostgresStore;
use selene_storage_postgres::test_support::{Raw, lane_of};

use crate::interleaved::identity;
use crate::order::wait_for_waiting;

const ROUNDS: usize = 10;
const TENANTS: usize = 6;
const PEOPLE: usize = 24;

fn open(database: &Database) -> PostgresStore {
    PostgresStore::open(&database.address()).expect("a store opens")
}

fn tenant(number: usize) -> TenantId {
    TenantId::new(format!("tenant_{number}"))
}

/// Somebody of no tenant.
fn person(store: &PostgresStore, user: &str) {
    store.ph1f_identity_insert_row(&context(1), identity(user, None, user)).unwrap();
}

fn device(store: &PostgresStore, device: &str, user: &str, tenant_id: Option<TenantId>) {
    let input = Ph1fDeviceInsertRow { tenant_id, ..inputs::device(device, user, device) };
    store.ph1f_device_insert_row(&context(1), input).unwrap();
}

fn wakes(store: &PostgresStore, device: &str, key: &str) {
    let event = wake_event(key, device, key);
    assert!(store.ph1w_runtime_event_commit_row(&context(1), event).unwrap().is_applied(), "{key}");
}

fn profile(tenant_id: TenantId, user: &str, device: &str, key: &str) -> Ph1personaProfileCommitRow {
    inputs::profile(tenant_id, user, device, key)
}

/// Two calls at one moment.
fn at_once<T: Send>(one: impl FnOnce() -> T + Send, other: impl FnOnce() -> T + Send) {
    let barrier = Barrier::new(2);
    thread::scope(|scope| {
        let one = scope.spawn(|| {
            barrier.wait();
            one()
        });
        barrier.wait();
        other();
        one.join().expect("no call panics");
    });
}

/// How many deadlocks the server has counted in a database. A session says so when it ends, so no store is open.
fn deadlocks(database: &Database) -> u64 {
    let (raw, name) = (database.raw(), database.name());
    let sessions = format!(
        "SELECT pid::text FROM pg_stat_activity WHERE datname = '{name}' AND usename NOT IN (current_user)"
    );
    let are_over = (0..1_000).any(|_| {
        let are_over = raw.texts(&sessions).unwrap().is_empty();
        if !are_over {
            thread::sleep(Duration::from_millis(10));
        }
        are_over
    });
    assert!(are_over, "sessions of stores do not end");
    let counted = format!("SELECT deadlocks::text FROM pg_stat_database WHERE datname = '{name}'");
    raw.texts(&counted).unwrap()[0].parse().unwrap()
}

/// As two processes do that have just been started: neither knows yet to which chains the devices lead.
#[test]
fn stores_that_know_no_device_yet_meet_no_deadlock_over_the_same_devices() {
    let database = Database::empty();
    let before = deadlocks(&database);
    let store = open(&database);
    for number in 0..PEOPLE {
        let user = format!("user_{number}");
        person(&store, &user);
        device(&store, &format!("phone_{number}"), &user, Some(tenant(number % TENANTS)));
    }
    let events =
        |store: &PostgresStore, round: usize, who: &str, numbers: &mut dyn Iterator<Item = usize>| {
            let calls = numbers.map(|number| {
                let key = format!("{who}_{round}_{number}");
                (context(1), wake_event(&key, &format!("phone_{number}"), &key))
            });
            for ticket in store.submit_all(calls) {
                assert!(ticket.wait().unwrap().is_applied());
            }
        };
    for round in 0..ROUNDS {
        let [one, other] = [open(&database), open(&database)];
        at_once(
            || events(&one, round, "one", &mut (0..PEOPLE)),
            || events(&other, round, "other", &mut (0..PEOPLE).rev()),
        );
        // The first of them knows all devices now, and holds the lane of each before its row.
        let fresh = open(&database);
        at_once(
            || events(&fresh, round, "fresh", &mut (0..PEOPLE)),
            || {
                for number in (0..PEOPLE).rev() {
                    wakes(&one, &format!("phone_{number}"), &format!("known_{round}_{number}"));
                }
            },
        );
    }
    let report = store.verify(&[]).unwrap();
    assert!(report.is_intact(), "{report:?}");
    drop(store);
    assert_eq!(deadlocks(&database) - before, 0);
}

/// Transactions of several lanes lock the rows of people who are nobody's.
#[test]
fn rows_that_two_tenants_share_are_locked_in_one_order() {
    let database = Database::empty();
    let before = deadlocks(&database);
    let store = open(&database);
    for number in 0..PEOPLE {
        let user = format!("user_{number}");
        person(&store, &user);
        for owner in 0..2 {
            device(&store, &format!("phone_{number}_{owner}"), &user, Some(tenant(owner)));
        }
    }
    assert_ne!(lane_of(tenant(0).as_str()), lane_of(tenant(1).as_str()), "both are written side by side");
    let stores = [open(&database), open(&database)];
    let profiles = |round: usize, owner: usize, numbers: &mut dyn Iterator<Item = usize>| {
        let calls = numbers.map(|number| {
            let (user, phone) = (format!("user_{number}"), format!("phone_{number}_{owner}"));
            let key = format!("{round}_{owner}_{number}");
            (context(1), profile(tenant(owner), &user, &phone, &key))
        });
        for ticket in stores[owner].submit_all(calls) {
            assert!(ticket.wait().unwrap().is_applied());
        }
    };
    for round in 0..ROUNDS {
        at_once(|| profiles(round, 0, &mut (0..PEOPLE)), || profiles(round, 1, &mut (0..PEOPLE).rev()));
    }
    let report = store.verify(&[]).unwrap();
    assert!(report.is_intact(), "{report:?}");
    drop((store, stores));
    assert_eq!(deadlocks(&database) - before, 0);
}

/// A store remembers a device as nobody's; another one has bound it since. So it holds the wrong lane, and then the row of the device.
#[test]
fn a_store_that_guesses_a_chain_wrong_gives_up_what_it_has_locked() {
    let database = Database::empty();
    let before = deadlocks(&database);
    let [one, other] = [open(&database), open(&database)];
    person(&one, "ann");
    device(&one, "phone", "ann", None);
    wakes(&one, "phone", "first");
    let binds = profile(tenant(0), "ann", "phone", "binds");
    assert!(other.ph1persona_profile_commit_row(&context(1), binds).unwrap().is_applied());
    let (holder, watcher) = (Raw::open(&database.superuser_address()).unwrap(), database.raw());
    let lane = lane_of(tenant(0).as_str());
    holder.run(&format!("BEGIN; SELECT lane FROM commit_lanes WHERE lane = {lane} FOR UPDATE")).unwrap();
    thread::scope(|scope| {
        let right = scope.spawn(|| wakes(&other, "phone", "right"));
        wait_for_waiting(watcher, database.name(), 1);
        let wrong = scope.spawn(|| wakes(&one, "phone", "wrong"));
        wait_for_waiting(watcher, database.name(), 2);
        holder.run("COMMIT").unwrap();
        right.join().expect("no call panics");
        wrong.join().expect("no call panics");
    });
    assert!(one.verify(&[]).unwrap().is_intact());
    drop((one, other));
    assert_eq!(deadlocks(&database) - before, 0);
}

/// Somebody else locks a row and then what lanes are locked in. The server ends the store's transaction, and the next one holds the lane
/// first, as the one before did. The whole table is locked, because its lock is handed to whoever waits for it: a row's may be taken again by
/// the store before the other one has noticed, which is a second deadlock.
#[test]
fn a_transaction_that_met_a_deadlock_as_it_began_begins_again_with_what_was_noted() {
    let server = OwnServer::with_options(&["deadlock_timeout=3s"]);
    let database = server.database();
    let store = open(&database);
    person(&store, "ann");
    device(&store, "phone", "ann", Some(tenant(0)));
    wakes(&store, "phone", "first");
    let (holder, watcher) = (Raw::open(&database.superuser_address()).unwrap(), database.raw());
    holder.run("SET deadlock_timeout = '1h'; BEGIN; SELECT 1 FROM devices FOR UPDATE").unwrap();
    let waits_for_lane = format!(
        "SELECT pid::text FROM pg_stat_activity
         WHERE datname = '{}' AND wait_event_type = 'Lock' AND query LIKE 'UPDATE commit_lanes%'",
        database.name()
    );
    thread::scope(|scope| {
        let call = scope.spawn(|| wakes(&store, "phone", "second"));
        wait_for_waiting(watcher, database.name(), 1);
        // Returns once the store's transaction is ended.
        holder.run("LOCK TABLE commit_lanes IN EXCLUSIVE MODE").unwrap();
        let holds_lane_first = (0..3_000).any(|_| {
            thread::sleep(Duration::from_millis(10));
            watcher.texts(&waits_for_lane).unwrap().len() == 1
        });
        holder.run("COMMIT").unwrap();
        assert!(holds_lane_first, "the lane is held first again");
        call.join().expect("no call panics");
    });
    drop(store);
    assert_eq!(deadlocks(&database), 1);
}
