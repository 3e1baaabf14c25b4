//! Servers that let in, or take a statement, and then say nothing.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::thread;
use std::time::{Duration, Instant};

use selene_acceptance::{Database, OwnServer, context};
use selene_contracts::StorageError;
use selene_contracts::ph1_f::{Ph1fFoundationRepo as _, Ph1fIdentityInsertRow, Ph1fReadIdentityRow};
use selene_storage::test_support::inputs;
use selene_storage_postgres::{OpenError, PostgresOptions, PostgresStore};

use crate::wire::Wire;

/// Calls that are made while nothing is answered.
const CALLS: usize = 40;

/// Times of a store that a test waits for, and the longest that a call may take with them, and a bit for a machine that is busy.
fn impatient() -> (PostgresOptions, Duration) {
    let mut options = PostgresOptions::default();
    options.lock_timeout = Duration::from_mins(1);
    options.answer_timeout = Duration::from_secs(2);
    options.write_timeout = Duration::from_secs(3);
    let bound = options.write_timeout * 2 + options.answer_timeout + Duration::from_secs(3);
    (options, bound)
}

fn somebody(number: usize) -> Ph1fIdentityInsertRow {
    Ph1fIdentityInsertRow {
        tenant_id: Some(format!("tenant_{}", number % 7).as_str().into()),
        ..inputs::identity(format!("user_{number}"), format!("user_{number}"))
    }
}

/// Makes calls of several tenants, half of them handed over and half at once: what became of them, and how long the slowest took.
fn calls(store: &PostgresStore) -> (BTreeMap<&'static str, usize>, Duration) {
    let began = Instant::now();
    let insert = |number| store.ph1f_identity_insert_row(&context(1), somebody(number));
    let answers: Vec<_> = thread::scope(|scope| {
        let made: Vec<_> = (0..CALLS / 2).map(|number| scope.spawn(move || insert(number))).collect();
        let tickets = store.submit_all((CALLS / 2..CALLS).map(|number| (context(1), somebody(number))));
        let answers: Vec<_> = tickets.into_iter().map(selene_storage::Ticket::wait).collect();
        made.into_iter().map(|call| call.join().expect("no call panics")).chain(answers).collect()
    });
    let mut outcomes = BTreeMap::new();
    for answer in answers {
        let word = match answer {
            Ok(_) => "answered",
            Err(StorageError::BackendUnavailable { .. }) => "refused",
            Err(StorageError::OutcomeUnknown { .. }) => "unknown",
            Err(other) => panic!("{other}"),
        };
        *outcomes.entry(word).or_default() += 1;
    }
    (outcomes, began.elapsed())
}

/// All of it is there once, however often it was asked for.
fn all_are_there(store: &PostgresStore) {
    assert_eq!(calls(store).0, BTreeMap::from([("answered", CALLS)]));
    let report = store.verify(&[]).unwrap();
    assert!(report.is_intact(), "{report:?}");
    assert_eq!(report.chains.events, CALLS as u64);
}

#[test]
fn every_write_returns_in_its_time_while_a_lock_is_held() {
    let database = Database::empty();
    let (options, bound) = impatient();
    let store = PostgresStore::open_with(&database.address(), &options).unwrap();
    let raw = database.raw();
    raw.run("BEGIN; SELECT lane FROM commit_lanes FOR UPDATE").unwrap();
    let (outcomes, took) = calls(&store);
    raw.run("ROLLBACK").unwrap();
    assert_eq!(outcomes, BTreeMap::from([("refused", CALLS)]));
    assert!(took < bound, "{took:?}");
    all_are_there(&store);
}

#[test]
fn every_write_returns_in_its_time_while_a_server_is_silent() {
    let server = OwnServer::start();
    let database = server.database();
    let wire = Wire::to(server.folder(), |_| {});
    let (options, bound) = impatient();
    let address = wire.address(&database.address(), server.folder());
    let store = PostgresStore::open_with(&address, &options).unwrap();
    // Some of the connections are there when the server falls silent, and others are made then.
    store.ph1f_identity_insert_row(&context(1), somebody(0)).unwrap();
    wire.be_silent(true);
    let (outcomes, took) = calls(&store);
    wire.be_silent(false);
    assert_eq!(outcomes.get("answered"), None, "{outcomes:?}");
    assert!(took < bound, "{took:?}");
    all_are_there(&store);
}

#[test]
fn a_host_that_lets_in_and_says_nothing_is_given_up() {
    // Its system takes connections; nobody is there who would answer.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    let began = Instant::now();
    let address = format!("host=127.0.0.1,127.0.0.1 port={port},{port} user=u dbname=d connect_timeout=1");
    let refused = PostgresStore::open(&address).unwrap_err();
    assert!(matches!(refused, OpenError::Silent(_)), "{refused}");
    // Each of the two has had its time.
    assert!((2..20).contains(&began.elapsed().as_secs()), "{:?}", began.elapsed());
}

#[test]
fn an_answer_that_takes_too_long_is_given_up_and_the_store_goes_on() {
    let database = Database::empty();
    let mut options = PostgresOptions::default();
    options.lock_timeout = Duration::from_mins(1);
    options.answer_timeout = Duration::from_secs(1);
    let store = PostgresStore::open_with(&database.address(), &options).unwrap();
    let insert = || {
        let input = inputs::identity("ada", "ada");
        store.ph1f_identity_insert_row(&context(1), input)
    };
    let raw = database.raw();
    raw.run("BEGIN; SELECT lane FROM commit_lanes FOR UPDATE").unwrap();
    let began = Instant::now();
    let refused = insert().unwrap_err();
    assert!(matches!(refused, StorageError::BackendUnavailable { .. }), "{refused}");
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    raw.run("ROLLBACK").unwrap();
    assert!(insert().unwrap().is_applied());
}

#[test]
fn a_read_waits_for_no_answer_and_for_no_connection_beyond_its_time() {
    let database = Database::empty();
    let mut options = PostgresOptions::default();
    options.lock_timeout = Duration::from_mins(1);
    options.answer_timeout = Duration::from_secs(1);
    options.readers = 1;
    let store = PostgresStore::open_with(&database.address(), &options).unwrap();
    let read = || {
        let input = Ph1fReadIdentityRow { user_id: "ada".into() };
        store.ph1f_read_identity_row(&context(1), input)
    };
    assert_eq!(read(), Ok(None));
    let raw = database.raw();
    raw.run("BEGIN; LOCK TABLE identities IN ACCESS EXCLUSIVE MODE").unwrap();
    let began = Instant::now();
    // One waits for its answer, the others for its connection: the second one gets it, the last one may not.
    thread::scope(|scope| {
        let readers: Vec<_> = (0..3).map(|_| scope.spawn(read)).collect();
        for reader in readers {
            let refused = reader.join().unwrap().unwrap_err();
            assert!(matches!(refused, StorageError::BackendUnavailable { .. }), "{refused}");
        }
    });
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    raw.run("ROLLBACK").unwrap();
    assert_eq!(read(), Ok(None));
}

#[test]
fn a_check_of_the_whole_store_takes_the_time_that_it_needs() {
    let database = Database::empty();
    let mut options = PostgresOptions::default();
    options.lock_timeout = Duration::from_mins(1);
    options.answer_timeout = Duration::from_millis(500);
    let store = PostgresStore::open_with(&database.address(), &options).unwrap();
    let raw = database.raw();
    raw.run("BEGIN; LOCK TABLE audit_events IN ACCESS EXCLUSIVE MODE").unwrap();
    thread::scope(|scope| {
        let check = scope.spawn(|| store.verify_chains(&[]));
        thread::sleep(Duration::from_secs(2));
        raw.run("ROLLBACK").unwrap();
        assert!(check.join().unwrap().unwrap().is_intact());
    });
}
