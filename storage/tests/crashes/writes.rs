//! A process that is killed in the middle of its work leaves every answered write and no half one.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use selene_contracts::Disposition;
use selene_contracts::ph1_persona::Ph1PersonaRepo as _;
use selene_storage::SqliteStore;

use crate::common::{context, count, populate, profile};

/// Names the database of the child; without it the child does nothing.
const DATABASE: &str = "SELENE_CRASH_DATABASE";

/// The child: it writes from four threads and says which writes were answered, until it is killed.
#[test]
#[ignore = "run by the test below, in a process of its own"]
fn child_that_writes_until_it_is_killed() {
    let Some(path) = std::env::var_os(DATABASE) else { return };
    let store = SqliteStore::open(path).unwrap();
    populate(&store);
    std::thread::scope(|scope| {
        for thread in 0..4_u128 {
            let store = store.clone();
            scope.spawn(move || {
                for number in 0.. {
                    let key = format!("k{number}");
                    store.ph1persona_profile_commit_row(&context(100 + thread), profile("t", &key)).unwrap();
                    println!("answered {thread} {number}");
                }
            });
        }
    });
}

#[test]
fn a_killed_process_leaves_every_answered_write_and_no_half_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("selene.db");
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "--nocapture", "writes::child_that_writes_until_it_is_killed"])
        .env(DATABASE, &path)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut answered = Vec::new();
    while answered.len() < 200 {
        answered.extend(answer(&lines.next().expect("the child writes until it is killed").unwrap()));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    answered.extend(lines.map_while(Result::ok).filter_map(|line| answer(&line)));

    let store = SqliteStore::open(&path).unwrap();
    let report = store.verify(&[]).unwrap();
    assert!(report.is_intact(), "{report:?}");
    assert!(report.chains.events >= 6 + answered.len() as u64);
    assert_eq!(count(&path, "audit_events"), count(&path, "idempotency_records"));
    for (thread, number) in answered {
        let key = format!("k{number}");
        let again = store.ph1persona_profile_commit_row(&context(100 + thread), profile("t", &key)).unwrap();
        assert_eq!(again.disposition, Disposition::Replayed { identical: true });
    }
}

/// `answered <thread> <number>`; a line that the kill cut off is none.
fn answer(line: &str) -> Option<(u128, u64)> {
    let mut words = line.split("answered ").nth(1)?.split(' ');
    Some((words.next()?.parse().ok()?, words.next()?.parse().ok()?))
}
