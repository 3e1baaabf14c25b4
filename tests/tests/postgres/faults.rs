//! Servers that fail in the middle of a commit: at each of its statements, before it and behind it, until a commit meets no failure.
//!
//! Promised each time: what was answered is there once; what was refused is absent; what is unknown is there once or absent, and the
//! same call again answers which; the handle goes on; and in the end chains, rows and folds hold.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use selene_acceptance::{Database, OwnServer, context};
use selene_contracts::StorageError;
use selene_contracts::ph1_f::{Ph1fFoundationRepo as _, Ph1fIdentityInsertRow, Ph1fReadIdentityRow};
use selene_storage::test_support::inputs;
use selene_storage_postgres::PostgresStore;
use selene_storage_postgres::test_support::Raw;

use crate::wire::{Side, Wire};

/// Where a connection ends at a statement. The last one is about the store: by then a server has no part in it any more.
const EVERY_SIDE: [Side; 3] = [Side::Before, Side::Behind, Side::Received];

/// Calls that are made at once: a batch of a tenant, and one without, which is committed behind it.
const GROUP: usize = 4;

fn identity(user: &str, tenant: usize) -> Ph1fIdentityInsertRow {
    Ph1fIdentityInsertRow {
        tenant_id: (tenant > 0).then(|| format!("tenant_{tenant}").as_str().into()),
        ..inputs::identity(user, user)
    }
}

/// What is in a database, seen by another connection.
fn people(database: &Database) -> BTreeSet<String> {
    let raw = Raw::open(&database.superuser_address()).unwrap_or_else(|error| panic!("{error}"));
    raw.texts("SELECT user_id FROM identities").unwrap().into_iter().collect()
}

/// Calls, each with its number, and whether it was applied.
type Answers = Vec<(String, usize, Result<bool, StorageError>)>;

/// What came of calls while something failed.
#[derive(Debug, Default)]
struct Outcomes {
    made: usize,
    acknowledged: usize,
    refused: usize,
    unknown_and_there: usize,
    unknown_and_absent: usize,
}

impl Outcomes {
    /// Compares answers with the rows, and makes every call again.
    fn hold(&mut self, store: &PostgresStore, database: &Database, answers: Answers) {
        let there = people(database);
        for (user, tenant, answer) in answers {
            let is_there = there.contains(&user);
            self.made += 1;
            match answer {
                Ok(is_applied) => {
                    assert!(is_applied && is_there, "{user} was answered and is not there");
                    self.acknowledged += 1;
                }
                Err(StorageError::BackendUnavailable { .. }) => {
                    assert!(!is_there, "{user} was refused and is there");
                    self.refused += 1;
                }
                Err(StorageError::OutcomeUnknown { .. }) if is_there => self.unknown_and_there += 1,
                Err(StorageError::OutcomeUnknown { .. }) => self.unknown_and_absent += 1,
                Err(other) => panic!("{user}: {other}"),
            }
            let again = store.ph1f_identity_insert_row(&context(1), identity(&user, tenant));
            let again = again.unwrap_or_else(|error| panic!("the handle does not go on: {error}"));
            assert_eq!(
                again.is_applied(),
                !is_there,
                "{user}: a retry answers what became of the first call"
            );
        }
    }

    /// Everything is there once, and intact.
    fn close(&self, store: &PostgresStore, database: &Database) {
        let heads = store.chain_heads().unwrap();
        let report = store.verify(&heads).unwrap();
        assert!(report.is_intact(), "{report:?}");
        assert_eq!(report.chains.events, self.made as u64, "{self:?}");
        assert_eq!(people(database).len(), self.made, "{self:?}");
    }
}

/// A single call without a tenant, or calls that are handed over together, those of a tenant first.
fn call(store: &PostgresStore, name: &str, count: usize) -> Answers {
    let users = (0..count).map(|number| (format!("{name}_{number}"), (count - 1 - number) / 2));
    if count == 1 {
        let made = |(user, tenant): (String, usize)| {
            let answer = store.ph1f_identity_insert_row(&context(1), identity(&user, tenant));
            (user, tenant, answer.map(|committed| committed.is_applied()))
        };
        return users.map(made).collect();
    }
    let tickets: Vec<_> = users
        .map(|(user, tenant)| {
            let ticket = store.submit(&context(1), identity(&user, tenant));
            (user, tenant, ticket)
        })
        .collect();
    let waited = tickets.into_iter();
    waited
        .map(|(user, tenant, ticket)| (user, tenant, ticket.wait().map(|committed| committed.is_applied())))
        .collect()
}

/// Lets a server fail at every statement of a commit: of a call alone, and of a batch.
fn at_every_statement(
    name: &str,
    counts: &[usize],
    sides: &[Side],
    strike: impl Fn(&OwnServer, i32) + Send + Sync + 'static,
) {
    let server = Arc::new(OwnServer::start());
    let database = server.database();
    let struck = Arc::clone(&server);
    let wire = Wire::to(server.folder(), move |process| strike(&struck, process));
    let store = PostgresStore::open(&wire.address(&database.address(), server.folder())).unwrap();
    let mut all = Outcomes::default();
    for &count in counts {
        for &side in sides {
            let mut outcomes = Outcomes::default();
            let mut statement = 0;
            loop {
                // A connection that is there and has its statements prepared, so that what breaks is a commit.
                let warm = call(&store, &format!("{name}_{count}_{side:?}_{statement}_warm"), count);
                outcomes.hold(&store, &database, warm);
                wire.break_at(statement, side);
                let answers = call(&store, &format!("{name}_{count}_{side:?}_{statement}"), count);
                let is_broken = wire.is_broken();
                server.wait_until_up();
                outcomes.hold(&store, &database, answers);
                if !is_broken {
                    break;
                }
                statement += 1;
            }
            assert!(statement >= 3, "{name}: a commit has more than {statement} statements");
            match side {
                Side::Before => assert!(outcomes.unknown_and_absent > 0, "{name}: {side:?}: {outcomes:?}"),
                // What the server has answered is on its disk.
                Side::Behind => assert!(
                    outcomes.unknown_and_there > 0 && outcomes.unknown_and_absent == 0,
                    "{name}: {side:?}: {outcomes:?}"
                ),
                // Whether an answer that is there is still read depends on whether the store writes at that moment, and notices so first
                // that the connection is closed. Either way the answer is right.
                Side::Received => {}
            }
            // What is lost before the end is refused where a call is alone. A batch runs again, call by call.
            assert!(count > 1 || outcomes.refused > 0, "{name}: nothing was lost {side:?}: {outcomes:?}");
            println!("{name}, {count} at once, {side:?} each of {statement} statements: {outcomes:?}");
            all.made += outcomes.made;
        }
    }
    all.close(&store, &database);
}

/// Lets a server fail at every statement of a read, and of a check that takes one state of the store: a read that loses its connection is
/// run once more, so the caller notices nothing.
fn reads_at_every_statement(name: &str, strike: impl Fn(&OwnServer, i32) + Send + Sync + 'static) {
    let server = Arc::new(OwnServer::start());
    let database = server.database();
    let struck = Arc::clone(&server);
    let wire = Wire::to(server.folder(), move |process| strike(&struck, process));
    let store = PostgresStore::open(&wire.address(&database.address(), server.folder())).unwrap();
    store.ph1f_identity_insert_row(&context(1), identity("ann", 1)).unwrap();
    let read = || {
        let input = Ph1fReadIdentityRow { user_id: "ann".into() };
        assert!(store.ph1f_read_identity_row(&context(1), input).unwrap().is_some());
    };
    let check = || assert!(store.verify_chains(&[]).unwrap().is_intact());
    for (work, at_least) in [(&read as &dyn Fn(), 1), (&check, 3)] {
        for side in [Side::Before, Side::Behind] {
            let mut statement = 0;
            loop {
                work();
                wire.break_at(statement, side);
                work();
                if !wire.is_broken() {
                    break;
                }
                server.wait_until_up();
                statement += 1;
            }
            assert!(statement >= at_least, "{name}: {side:?} {statement} statements");
        }
    }
}

/// Waits until a process is gone.
fn gone(process: i32) {
    let is_gone = (0..2_000).any(|_| {
        thread::sleep(Duration::from_millis(5));
        !Path::new(&format!("/proc/{process}")).exists()
    });
    assert!(is_gone, "process {process} of the server does not end");
}

#[test]
fn a_connection_that_is_lost_at_any_statement_loses_and_doubles_nothing() {
    at_every_statement("cut", &[1, GROUP], &EVERY_SIDE, |_, _| {});
}

#[test]
fn a_connection_that_the_server_ends_at_any_statement_loses_and_doubles_nothing() {
    at_every_statement("ended", &[1, GROUP], &EVERY_SIDE, |server, process| {
        server.raw().texts(&format!("SELECT pg_terminate_backend({process})::text")).unwrap();
        gone(process);
    });
}

#[test]
fn a_read_whose_connection_ends_at_any_statement_is_answered() {
    reads_at_every_statement("cut", |_, _| {});
    reads_at_every_statement("ended", |server, process| {
        server.raw().texts(&format!("SELECT pg_terminate_backend({process})::text")).unwrap();
        gone(process);
    });
}

#[test]
fn a_server_that_is_restarted_between_two_reads_costs_no_answer() {
    let server = OwnServer::start();
    let database = server.database();
    let store = PostgresStore::open(&database.address()).unwrap();
    for signal in ["INT", "QUIT"] {
        let input = Ph1fReadIdentityRow { user_id: "ann".into() };
        assert_eq!(store.ph1f_read_identity_row(&context(1), input), Ok(None), "{signal}");
        server.restart(signal);
        assert!(store.verify(&[]).unwrap().is_intact(), "{signal}");
    }
}

#[test]
fn a_server_process_that_is_killed_at_any_statement_loses_and_doubles_nothing() {
    at_every_statement("killed", &[1], &EVERY_SIDE[..2], |server, process| {
        let other = server.raw();
        assert!(Command::new("kill").args(["-9", &process.to_string()]).status().unwrap().success());
        gone(process);
        // The server ends all the others then, and starts again from its log.
        let is_ended = (0..2_000).any(|_| {
            thread::sleep(Duration::from_millis(5));
            other.texts("SELECT 'still here'").is_err()
        });
        assert!(is_ended, "the server has not noticed");
        server.wait_until_up();
    });
}

#[test]
fn a_server_that_is_restarted_at_any_statement_loses_and_doubles_nothing() {
    at_every_statement("restarted", &[1], &EVERY_SIDE[..2], |server, _| server.restart("INT"));
}

#[test]
fn a_server_that_crashes_at_any_statement_loses_and_doubles_nothing() {
    at_every_statement("crashed", &[1], &EVERY_SIDE[..2], |server, _| server.restart("QUIT"));
}

/// Whether this machine lets the tests have a disk of their own.
fn may_mount() -> bool {
    let mut mount = Command::new("unshare");
    mount.args(["--mount", "mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", "/mnt"]);
    mount.status().is_ok_and(|status| status.success())
}

#[test]
fn a_full_disk_loses_and_doubles_nothing() {
    const CALLS: usize = 150;
    if !may_mount() {
        // Not by `eprintln`, which nobody sees while a test passes.
        let _ = writeln!(
            std::io::stderr(),
            "NOT TESTED: a full disk, because mounting one takes the rights of root"
        );
        return;
    }
    let server = OwnServer::on_disk_of(96);
    let database = server.database();
    let store = PostgresStore::open(&database.address()).unwrap();
    let mut outcomes = Outcomes::default();
    for (round, end_log) in [false, true].into_iter().enumerate() {
        outcomes.hold(&store, &database, call(&store, &format!("warm_{round}"), 1));
        server.fill_disk();
        if end_log {
            // The log of the server needs a new file now. Without room for it the server goes down.
            let _ = server.raw().texts("SELECT pg_switch_wal()::text");
        }
        let answers: Vec<_> =
            (0..CALLS).flat_map(|number| call(&store, &format!("full_{round}_{number}"), 1)).collect();
        let failed = answers.iter().filter(|(_, _, answer)| answer.is_err()).count();
        assert!(failed > 0, "the disk was never full in round {round}");
        server.free_disk();
        outcomes.hold(&store, &database, answers);
    }
    assert!(outcomes.refused > 0, "{outcomes:?}");
    outcomes.close(&store, &database);
}
