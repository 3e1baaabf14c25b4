//! Connections that the server ends in the middle of work.

use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use selene_acceptance::{Database, context};
use selene_contracts::ph1_f::{IdentityRecord, Ph1fFoundationRepo as _, Ph1fReadIdentityRow};
use selene_contracts::{Committed, Disposition, StorageError};
use selene_storage::test_support::inputs;
use selene_storage_postgres::test_support::Raw;
use selene_storage_postgres::{PostgresOptions, PostgresStore};

/// Calls that are made while connections end.
const CALLS: usize = 400;

fn insert(store: &PostgresStore, user: &str) -> Result<Committed<IdentityRecord>, StorageError> {
    let input = inputs::identity(user, user);
    store.ph1f_identity_insert_row(&context(1), input)
}

/// As it does where somebody ends the wait of a commit for its standby: the client gets a success, and a warning.
#[test]
fn a_commit_with_a_warning_is_unknown_until_a_retry() {
    let database = Database::empty();
    let store = PostgresStore::open(&database.address()).unwrap();
    insert(&store, "user_0").unwrap();
    let warn = "CREATE FUNCTION public.warn() RETURNS trigger LANGUAGE plpgsql AS
                    $$ BEGIN RAISE WARNING 'no standby has it'; RETURN NULL; END $$;
                CREATE CONSTRAINT TRIGGER warns AFTER INSERT ON selene.identities DEFERRABLE INITIALLY DEFERRED
                    FOR EACH ROW EXECUTE FUNCTION public.warn()";
    database.raw().run(warn).unwrap();
    let answer = insert(&store, "user_1");
    database.raw().run("DROP FUNCTION public.warn() CASCADE").unwrap();
    assert!(matches!(answer, Err(StorageError::OutcomeUnknown { .. })), "{answer:?}");
    let again = insert(&store, "user_1").unwrap();
    assert_eq!(again.disposition, Disposition::Replayed { identical: true });
    assert!(insert(&store, "user_2").unwrap().is_applied());
    assert!(store.verify(&[]).unwrap().is_intact());
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
    // The same calls again show what became of each, and make the absent ones.
    for user in &unanswered {
        insert(&store, user).unwrap();
    }
    let report = store.verify(&[]).unwrap();
    assert!(report.is_intact(), "{report:?}");
    assert_eq!(report.chains.events, CALLS as u64);
}

/// A connection may end while nobody uses it, and nobody notices before the next read.
#[test]
fn connections_that_ended_between_two_reads_cost_no_answer() {
    const ROUNDS: usize = 20;
    const AT_ONCE: usize = 4;
    let database = Database::empty();
    let store = PostgresStore::open(&database.address()).unwrap();
    insert(&store, "ann").unwrap();
    let barrier = Barrier::new(AT_ONCE + 1);
    let answers: Vec<_> = thread::scope(|scope| {
        let round = || {
            barrier.wait();
            let input = Ph1fReadIdentityRow { user_id: "ann".into() };
            let answer = store.ph1f_read_identity_row(&context(1), input);
            barrier.wait();
            answer
        };
        // Nobody panics before the last round, or the others would wait for ever.
        let readers: Vec<_> =
            (0..AT_ONCE).map(|_| scope.spawn(move || [(); ROUNDS].map(|()| round()))).collect();
        for _ in 0..ROUNDS {
            database.end_connections_of_stores();
            barrier.wait();
            barrier.wait();
        }
        readers.into_iter().flat_map(|reader| reader.join().unwrap()).collect()
    });
    let refused: Vec<_> = answers.iter().filter(|answer| !matches!(answer, Ok(Some(_)))).collect();
    assert!(refused.is_empty(), "{refused:?}");
    assert!(store.verify(&[]).unwrap().is_intact());
}

/// The server ends what nobody uses, and the store opens it again where it is needed.
#[test]
fn connections_that_nobody_uses_are_closed_and_cost_no_answer() {
    let database = Database::empty();
    let mut options = PostgresOptions::default();
    options.unused_timeout = Duration::from_secs(1);
    let store = PostgresStore::open_with(&database.address(), &options).unwrap();
    let is_open = format!(
        "SELECT pid::text FROM pg_stat_activity WHERE datname = '{}' AND usename = 'selene_test'",
        database.name()
    );
    for round in 0..3 {
        assert!(insert(&store, &format!("user_{round}")).unwrap().is_applied());
        let input = Ph1fReadIdentityRow { user_id: "user_0".into() };
        assert!(store.ph1f_read_identity_row(&context(1), input).unwrap().is_some());
        assert!(!database.raw().texts(&is_open).unwrap().is_empty(), "round {round}");
        let are_closed = (0..400).any(|_| {
            thread::sleep(Duration::from_millis(50));
            database.raw().texts(&is_open).unwrap().is_empty()
        });
        assert!(are_closed, "round {round}");
    }
    assert!(store.verify(&[]).unwrap().is_intact());
}

/// As after a failover to a server that never had the last commits: what a store remembers of chains is older than its connection.
#[test]
fn what_a_server_has_lost_is_no_longer_remembered() {
    let database = Database::empty();
    let [store, other] = [0, 1].map(|_| PostgresStore::open(&database.address()).unwrap());
    insert(&store, "user_0").unwrap();
    insert(&store, "user_1").unwrap();
    let lose = "SET session_replication_role = replica;
        DELETE FROM idempotency_records WHERE chain_sequence = 2;
        DELETE FROM audit_events WHERE chain_sequence = 2;
        DELETE FROM identities WHERE user_id = 'user_1';
        UPDATE commit_lanes SET commits = commits - 1 WHERE commits > 0";
    let superuser = Raw::open(&database.superuser_address()).unwrap();
    superuser.run(lose).unwrap();
    database.end_connections_of_stores();
    insert(&other, "user_2").unwrap();
    insert(&store, "user_3").unwrap();
    let report = store.verify(&[]).unwrap();
    assert!(report.is_intact(), "{report:?}");
    assert_eq!(report.chains.events, 3);
}
