//! Several processes on one file: they may create it at the same time, and none loses its log to another.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use selene_storage::SqliteStore;

use crate::common::{World, count, identity, raw};

/// Names the database of a child; without it a child does nothing.
const DATABASE: &str = "SELENE_CHILD_DATABASE";
/// What a child does there.
const WORK: &str = "SELENE_CHILD_WORK";

/// What a child does once it is asked to go.
enum Work {
    /// Opens the store and inserts this identity.
    Insert(String),
    /// Tries to have the file for itself alone, and must not get it.
    Take,
}

/// The text that stands for [`Work::Take`].
const TAKE: &str = "";

#[test]
#[ignore = "run by the tests below, in a process of its own"]
fn child_of_the_tests_below() {
    let Some(path) = std::env::var_os(DATABASE) else { return };
    let work = std::env::var(WORK).unwrap();
    println!("\nready");
    std::io::stdin().read_line(&mut String::new()).unwrap();
    if work == TAKE {
        let other = raw(Path::new(&path));
        other.busy_timeout(std::time::Duration::ZERO).unwrap();
        other.pragma_update(None, "locking_mode", "exclusive").unwrap();
        let taken = other.query_row("SELECT count(*) FROM identities", [], |row| row.get::<_, i64>(0));
        assert_eq!(taken.unwrap_err().sqlite_error_code(), Some(rusqlite::ErrorCode::DatabaseBusy));
    } else {
        drop(identity(&SqliteStore::open(path).unwrap(), &work).unwrap());
    }
}

/// Starts a child for every piece of work, starts all of them at once, and waits for them.
fn run(path: &Path, work: impl IntoIterator<Item = Work>) {
    let start = |work| {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--ignored", "--exact", "--nocapture", "processes::child_of_the_tests_below"])
            .env(DATABASE, path)
            .env(
                WORK,
                match work {
                    Work::Insert(user) => user,
                    Work::Take => TAKE.to_owned(),
                },
            )
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        (child, output)
    };
    let mut children: Vec<(Child, BufReader<ChildStdout>)> = work.into_iter().map(start).collect();
    for (_, output) in &mut children {
        output.lines().find(|line| line.as_ref().is_ok_and(|line| line == "ready")).unwrap().unwrap();
    }
    for (child, _) in &mut children {
        child.stdin.take().unwrap().write_all(b"go\n").unwrap();
    }
    for (mut child, output) in children {
        // Read to the end, so that the child can say all it has to say.
        let _ = output.lines().count();
        assert!(child.wait().unwrap().success(), "a process was refused");
    }
}

#[test]
fn processes_that_create_one_file_at_the_same_time_all_write_to_it() {
    // One round shows the race only now and then.
    for _ in 0..20 {
        let world = World::new();
        run(&world.path(), (0..6).map(|number| Work::Insert(format!("user-{number}"))));
        assert_eq!(count(&world.path(), "identities"), 6);
        assert!(world.open().verify_chains(&[]).unwrap().is_intact());
    }
}

#[test]
fn a_second_store_in_the_process_does_not_cost_the_first_one_its_lock() {
    let world = World::new();
    let store = world.open();
    identity(&store, "ada").unwrap();
    drop(world.open());
    #[cfg(unix)]
    {
        let link = world.path().with_file_name("link.db");
        std::os::unix::fs::symlink(world.path(), &link).unwrap();
        drop(SqliteStore::open(&link).unwrap());
    }
    // A process that could have the file alone would take itself for the last one and delete the log, together
    // with every write that is answered afterwards.
    run(&world.path(), [Work::Take]);
    identity(&store, "bob").unwrap();
    drop(store);
    assert_eq!(count(&world.path(), "identities"), 2);
}
