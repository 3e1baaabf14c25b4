//! Servers that let in, or take a statement, and then say nothing.

use std::net::TcpListener;
use std::thread;
use std::time::{Duration, Instant};

use selene_acceptance::{Database, context};
use selene_contracts::StorageError;
use selene_contracts::ph1_f::{
    IdentityStatus, Ph1fFoundationRepo as _, Ph1fIdentityInsertRow, Ph1fReadIdentityRow,
};
use selene_storage_postgres::{OpenError, PostgresOptions, PostgresStore};

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
        let input = Ph1fIdentityInsertRow {
            user_id: "ada".into(),
            speaker_id: None,
            primary_language: None,
            tenant_id: None,
            status: IdentityStatus::Active,
            idempotency_key: "ada".into(),
        };
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
