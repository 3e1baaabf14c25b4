//! A system that runs out of something, for real: room on a file system, the length of a file, descriptors, memory. What is refused
//! leaves nothing, what was answered is there once, and the same handle serves again once there is enough.

use std::fs::File;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use selene_contracts::StorageError;
use selene_contracts::ph1_j::{Ph1jAuditRepo as _, Ph1jReadRows};
use selene_storage::{SqliteStore, upkeep};

use crate::common::{context, populate};
use crate::scenes::files::{database, open, options, verify, verify_anew};
use crate::scenes::writes::{Writes, write};

/// Names the folder of a child; without it the child does nothing.
const FOLDER: &str = "SELENE_SCARCE_FOLDER";
/// Events of the two people that a store begins with.
const EVENTS: u64 = 6;

/// Runs an ignored test of this program behind a line of a shell, which sets a limit.
fn behind(limit: &str, test: &str, folder: &Path) -> Output {
    let test = format!("scarce::{test}");
    Command::new("sh")
        .args(["-c", &format!("{limit}; exec \"$@\""), "sh"])
        .arg(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "--nocapture", &test])
        .env(FOLDER, folder)
        .output()
        .unwrap()
}

/// As [`behind`]; the child must come to its end.
fn succeeds(limit: &str, test: &str, folder: &Path) {
    let output = behind(limit, test, folder);
    let printed =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && printed.contains("1 passed"), "{test}: {}\n{printed}", output.status);
    println!("{printed}");
}

fn folder_of_child() -> Option<PathBuf> {
    std::env::var_os(FOLDER).map(PathBuf::from)
}

/// Writes until a write is refused, and two more; says what each was answered.
fn write_until_refused(store: &SqliteStore) -> Writes {
    let mut writes = Writes::default();
    while writes.refused() < 3 {
        writes.make(store);
        assert!(writes.count() < 100_000, "nothing runs out");
    }
    println!("{} writes, of which {} were refused", writes.count(), writes.refused());
    writes
}

/// Every answer was true, the same handle serves, and the file is whole.
fn check(folder: &Path, store: SqliteStore, writes: &Writes) {
    let made = writes.check(&store, false);
    let heads = store.chain_heads().unwrap();
    assert_eq!(verify(&store, &[]), EVENTS + u64::try_from(made).unwrap());
    drop(store);
    verify_anew(&database(folder), &heads);
}

/// A file that takes nearly all that is left of a file system.
fn fill_up(path: &Path) {
    use std::io::Write as _;
    let mut file = File::create(path).unwrap();
    for length in [65_536, 4_096, 512, 1] {
        while file.write_all(&vec![7; length]).is_ok() {}
    }
    // Some writes find room.
    let length = file.metadata().unwrap().len();
    file.set_len(length - 120_000).unwrap();
}

#[test]
#[ignore = "run by the tests below, in a process of its own"]
fn child_on_a_full_file_system() {
    let Some(folder) = folder_of_child() else { return };
    let store = open(&database(&folder)).unwrap();
    populate(&store);
    let filler = folder.join("filler");
    fill_up(&filler);
    let writes = write_until_refused(&store);
    store.ph1j_read_rows(&context(1), Ph1jReadRows {}).expect("what is there is read");
    upkeep::copy(&database(&folder), &folder.join("copy.db"), &options(), |_| ())
        .expect_err("there is no room");
    SqliteStore::open(folder.join("another.db")).expect_err("there is no room");
    std::fs::remove_file(filler).unwrap();
    check(&folder, store, &writes);
}

#[test]
fn a_full_file_system_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().display();
    // A file system of its own, in a name space of its own: gone with the process.
    let mount = format!("mount -t tmpfs -o size=3m none '{path}'");
    let enter = Command::new("unshare").args(["-m", "sh", "-c", &mount]).output();
    if !enter.is_ok_and(|output| output.status.success()) {
        println!("a full file system was not tried: this user may mount none");
        return;
    }
    let exe = std::env::current_exe().unwrap();
    let run = format!(
        "{mount} && exec '{}' --ignored --exact --nocapture scarce::child_on_a_full_file_system",
        exe.display()
    );
    let output =
        Command::new("unshare").args(["-m", "sh", "-c", &run]).env(FOLDER, folder.path()).output().unwrap();
    let printed =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && printed.contains("1 passed"), "{}\n{printed}", output.status);
    println!("{printed}");
}

#[test]
#[ignore = "run by the tests below, in a process of its own"]
fn child_whose_files_may_not_grow() {
    let Some(folder) = folder_of_child() else { return };
    let store = open(&database(&folder)).unwrap();
    let writes = write_until_refused(&store);
    store.ph1j_read_rows(&context(1), Ph1jReadRows {}).expect("what is there is read");
    drop(store);
    std::fs::write(folder.join("answers"), serde_json::to_vec(&writes.answered()).unwrap()).unwrap();
}

#[test]
fn files_that_may_not_grow_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    populate(&open(&database(folder.path())).unwrap());
    succeeds("trap '' XFSZ; ulimit -f 2000", "child_whose_files_may_not_grow", folder.path());
    let answers = std::fs::read(folder.path().join("answers")).unwrap();
    let answered: Vec<(usize, String)> = serde_json::from_slice(&answers).unwrap();
    let store = verify_anew(&database(folder.path()), &[]);
    assert!(!answered.is_empty());
    for (number, event) in &answered {
        let again = write(&store, *number).unwrap();
        assert_eq!(again.event_id.to_string(), *event, "write {number}");
        assert!(!again.is_applied(), "write {number}");
    }
    // None of the refused ones is there.
    assert_eq!(verify(&store, &[]), EVENTS + u64::try_from(answered.len()).unwrap());
}

#[test]
#[ignore = "run by the tests below, in a process of its own"]
fn child_without_descriptors() {
    let Some(folder) = folder_of_child() else { return };
    let store = open(&database(&folder)).unwrap();
    let mut taken = Vec::new();
    while let Ok(file) = File::open("/dev/null") {
        taken.push(file);
    }
    assert!(taken.len() > 4, "few descriptors were left");
    let refused =
        store.ph1j_read_rows(&context(1), Ph1jReadRows {}).expect_err("a reader needs a descriptor");
    assert!(matches!(refused, StorageError::BackendUnavailable { .. }), "{refused}");
    SqliteStore::open(database(&folder)).expect_err("a file needs a descriptor");
    upkeep::copy(&database(&folder), &folder.join("copy.db"), &options(), |_| ())
        .expect_err("a copy needs a descriptor");
    upkeep::inspect(&database(&folder), &options()).expect_err("to look needs a descriptor");
    // The connection that writes has its files open already.
    let writes = Writes::of_callers(&store, 8);
    assert_eq!(writes.refused(), 0, "the connection that writes needs no descriptor");
    drop(taken);
    check(&folder, store, &writes);
}

#[test]
fn descriptors_that_run_out_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    populate(&open(&database(folder.path())).unwrap());
    succeeds("ulimit -n 64", "child_without_descriptors", folder.path());
}

/// Bytes that are left of the memory of a child; with few of them the system ends it.
const LEFT: [usize; 6] = [1 << 12, 1 << 16, 1 << 18, 1 << 20, 1 << 22, 1 << 24];

#[test]
#[ignore = "run by the tests below, in a process of its own"]
fn child_without_memory() {
    use std::io::Write as _;
    let Some(folder) = folder_of_child() else { return };
    let left: usize = std::env::var("SELENE_SCARCE_LEFT").unwrap().parse().unwrap();
    let store = open(&database(&folder)).unwrap();
    let mut answers = File::create(folder.join("answers")).unwrap();
    let mut taken: Vec<Vec<u8>> = Vec::with_capacity(10_000);
    for size in [1 << 24, 1 << 20, 1 << 16, 1 << 12] {
        let mut room = Vec::new();
        while room.try_reserve_exact(size).is_ok() && taken.len() < taken.capacity() {
            taken.push(std::mem::take(&mut room));
        }
    }
    let mut freed = 0;
    while freed < left
        && let Some(room) = taken.pop()
    {
        freed += room.capacity();
    }
    let mut writes = Writes::default();
    for _ in 0..200 {
        if let Some((number, event)) = writes.make(&store) {
            writeln!(answers, "{number} {event}").unwrap();
        }
        let _ = store.ph1j_read_rows(&context(1), Ph1jReadRows {});
    }
    drop(taken);
    check(&folder, store, &writes);
}

/// Memory that runs out ends a program of Rust, or a call is refused: either way nothing is lost.
#[test]
fn memory_that_runs_out_loses_nothing() {
    let mut ended = 0;
    for left in LEFT {
        let folder = tempfile::tempdir().unwrap();
        populate(&open(&database(folder.path())).unwrap());
        let limit = format!("export SELENE_SCARCE_LEFT={left}; ulimit -v 600000; ulimit -c 0");
        let output = behind(&limit, "child_without_memory", folder.path());
        let printed = String::from_utf8_lossy(&output.stderr);
        // The test comes to its end, or an allocation of the program fails and it aborts; a broken promise is a panic.
        let is_aborted = output.status.signal().is_some() && !printed.contains("panicked");
        assert!(output.status.success() || is_aborted, "{left}: {}\n{printed}", output.status);
        ended += usize::from(is_aborted);
        let store = verify_anew(&database(folder.path()), &[]);
        let lines = std::fs::read_to_string(folder.path().join("answers")).unwrap();
        for line in lines.lines() {
            let (number, event) = line.split_once(' ').unwrap();
            let again = write(&store, number.parse().unwrap()).unwrap();
            assert_eq!(again.event_id.to_string(), event, "{left}: write {number}");
        }
        println!("{left} bytes left: {}, {} writes were answered", output.status, lines.lines().count());
    }
    println!("{ended} of {} processes were ended", LEFT.len());
    assert!(ended > 0, "memory never ran out");
}
