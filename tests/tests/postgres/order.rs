//! Two writers in an order that a test decides: the first has made all its decisions and cannot end yet when the second one begins. Then the
//! first ends, once well and once not.

use std::thread;
use std::time::Duration;

use selene_acceptance::Database;
use selene_contracts::{ReasonCode, StorageError};
use selene_storage_postgres::test_support::{Raw, lane_of};
use selene_storage_postgres::{PostgresOptions, PostgresStore};

/// Two tenants whose chains are written side by side.
pub const TENANTS: [&str; 2] = ["tenant_a", "tenant_b"];

/// How the first writer ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum First {
    Commits,
    IsLost,
}

/// The answer to a writer: whether its call was applied.
pub type Answer = Result<bool, StorageError>;

/// Where the writers are.
pub struct Scene {
    address: String,
    superuser_address: String,
    name: String,
}

impl Scene {
    pub fn of(database: &Database) -> Self {
        Self {
            address: database.address(),
            superuser_address: database.superuser_address(),
            name: database.name().to_owned(),
        }
    }

    pub fn raw(&self) -> Raw {
        Raw::open(&self.superuser_address).unwrap_or_else(|error| panic!("{error}"))
    }
}

/// Keeps every writer from appending its event, which is the last thing that it does.
struct Held<'a> {
    scene: &'a Scene,
    watcher: Raw,
    holder: Raw,
}

impl<'a> Held<'a> {
    fn events_of(scene: &'a Scene) -> Self {
        let holder = scene.raw();
        holder.run("BEGIN; LOCK TABLE audit_events IN SHARE MODE").unwrap();
        Self { scene, watcher: scene.raw(), holder }
    }

    /// Waits until so many writers stand still.
    fn wait_for(&self, writers: usize) {
        wait_for_waiting(&self.watcher, &self.scene.name, writers);
    }

    /// Ends the connection of the writer that is about to append its event.
    fn lose_the_first(&self) {
        let end = format!(
            "SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity
             WHERE datname = '{}' AND wait_event_type = 'Lock' AND wait_event = 'relation'",
            self.scene.name
        );
        assert_eq!(self.watcher.texts(&end).unwrap(), ["true"], "one writer is ended");
    }

    /// Ends the connection of the writer that waits for the first one, unless it is answered already. Says whether there was one.
    fn lose_the_second(&self, is_answered: impl Fn() -> bool) -> bool {
        let waits = format!(
            "FROM pg_stat_activity WHERE datname = '{}' AND wait_event_type = 'Lock' AND wait_event <> 'relation'",
            self.scene.name
        );
        let (end, look) = (
            format!("SELECT pg_terminate_backend(pid, 20000)::text {waits}"),
            format!("SELECT pid::text {waits}"),
        );
        for _ in 0..2_000 {
            if !self.watcher.texts(&look).unwrap().is_empty() {
                assert_eq!(self.watcher.texts(&end).unwrap(), ["true"], "one writer is ended");
                return true;
            }
            if is_answered() {
                return false;
            }
            thread::sleep(Duration::from_millis(5));
        }
        panic!("the second writer neither waits nor is answered");
    }

    fn release(self) {
        self.holder.run("COMMIT").unwrap();
    }
}

/// Waits until so many sessions of a database wait for a lock.
pub fn wait_for_waiting(watcher: &Raw, database: &str, sessions: usize) {
    let waiting = format!(
        "SELECT pid::text FROM pg_stat_activity WHERE datname = '{database}' AND wait_event_type = 'Lock'"
    );
    let stands = (0..3_000).any(|_| {
        thread::sleep(Duration::from_millis(10));
        watcher.texts(&waiting).unwrap().len() == sessions
    });
    assert!(stands, "{sessions} writers were expected to wait");
}

/// Runs two calls in the order, and gives what they answered.
pub fn interleaved(
    database: &Database,
    first: First,
    call: impl Fn(usize, &PostgresStore) -> Answer + Sync,
) -> [Answer; 2] {
    interleaved_at(&Scene::of(database), first, call)
}

/// The same where no database is at hand.
pub fn interleaved_at(
    scene: &Scene,
    first: First,
    call: impl Fn(usize, &PostgresStore) -> Answer + Sync,
) -> [Answer; 2] {
    assert_ne!(lane_of(TENANTS[0]), lane_of(TENANTS[1]), "the tenants are written side by side");
    let stores = TENANTS.map(|_| PostgresStore::open(&scene.address).expect("a store opens"));
    let held = Held::events_of(scene);
    let answers = thread::scope(|scope| {
        let (call, stores) = (&call, &stores);
        let one = scope.spawn(move || call(0, &stores[0]));
        held.wait_for(1);
        let other = scope.spawn(move || call(1, &stores[1]));
        held.wait_for(2);
        if first == First::IsLost {
            held.lose_the_first();
        }
        held.release();
        [one, other].map(|caller| caller.join().expect("no call panics"))
    });
    let report = stores[0].verify(&[]).unwrap();
    assert!(report.is_intact(), "{report:?}");
    answers
}

/// Runs two calls in the order; the second one loses its connection so often while it waits, or until it is answered. Then the second
/// call is made again by the same store: its first answer, and the one after that.
pub fn second_lost_while_it_waits(
    database: &Database,
    first: First,
    times: usize,
    call: impl Fn(usize, &PostgresStore) -> Answer + Sync,
) -> [Answer; 2] {
    let scene = Scene::of(database);
    // The first one is held for as long as the second one loses its connections, which is long where much else runs.
    let mut patient = PostgresOptions::default();
    for timeout in [&mut patient.lock_timeout, &mut patient.answer_timeout, &mut patient.write_timeout] {
        *timeout = Duration::from_mins(10);
    }
    let stores = TENANTS.map(|_| PostgresStore::open_with(&scene.address, &patient).expect("a store opens"));
    let held = Held::events_of(&scene);
    let answer = thread::scope(|scope| {
        let (call, stores) = (&call, &stores);
        let one = scope.spawn(move || call(0, &stores[0]));
        held.wait_for(1);
        let other = scope.spawn(move || call(1, &stores[1]));
        let lost = (0..times).take_while(|_| held.lose_the_second(|| other.is_finished())).count();
        assert!(lost > 0, "nobody waited");
        if first == First::IsLost {
            held.lose_the_first();
        }
        held.release();
        let one = one.join().expect("no call panics");
        assert_eq!(one.is_ok(), first == First::Commits, "{one:?}");
        other.join().expect("no call panics")
    });
    let again = call(1, &stores[1]);
    let report = stores[0].verify(&[]).unwrap();
    assert!(report.is_intact(), "{report:?}");
    [answer, again]
}

/// The second one is refused where the first one commits, and is applied where it is lost.
pub fn one_of_two(
    prepare: impl Fn(&PostgresStore),
    call: impl Fn(usize, &PostgresStore) -> Answer + Sync,
    refusals: &[ReasonCode],
) {
    for first in [First::Commits, First::IsLost] {
        let database = Database::empty();
        prepare(&PostgresStore::open(&database.address()).expect("a store opens"));
        let [one, other] = interleaved(&database, first, &call);
        if first == First::Commits {
            assert_eq!(one, Ok(true), "the first one");
            let refused = other.expect_err("the second one is refused");
            assert!(refusals.contains(&refused.reason_code()), "{refused}");
        } else {
            assert!(matches!(one, Err(StorageError::BackendUnavailable { .. })), "the first one: {one:?}");
            assert_eq!(other, Ok(true), "the second one");
        }
    }
}

/// Both are applied, whichever way the first one ends, but for the first one where it is lost. Then the database is looked at.
pub fn both(
    prepare: impl Fn(&PostgresStore),
    call: impl Fn(usize, &PostgresStore) -> Answer + Sync,
    look: impl Fn(First, &Database),
) {
    for first in [First::Commits, First::IsLost] {
        let database = Database::empty();
        prepare(&PostgresStore::open(&database.address()).expect("a store opens"));
        let [one, other] = interleaved(&database, first, &call);
        match first {
            First::Commits => assert_eq!(one, Ok(true), "the first one"),
            First::IsLost => {
                assert!(
                    matches!(one, Err(StorageError::BackendUnavailable { .. })),
                    "the first one: {one:?}"
                );
            }
        }
        assert_eq!(other, Ok(true), "the second one: {first:?}");
        look(first, &database);
    }
}
