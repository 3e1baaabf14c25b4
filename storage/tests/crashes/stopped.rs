//! Processes that are stopped in the middle of their work and go on, or are killed while they are stopped, while others write and a
//! backup is made: whatever a process holds at that moment, every answered write is there once, and nothing is there by half.
//!
//! With `SELENE_PROOF` there are many more files.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use selene_contracts::ph1_persona::Ph1PersonaRepo as _;
use selene_contracts::{Disposition, StorageError};
use selene_storage::{SqliteStore, StoreOptions, upkeep};

use crate::common::{World, context, count, populate, profile};
use crate::proof::{self, Numbers};

/// Names the database of the child; without it the child does nothing.
const DATABASE: &str = "SELENE_STOPPED_DATABASE";
/// The number of the child, of which its writes have names.
const NUMBER: &str = "SELENE_STOPPED_NUMBER";

/// Stops of a file.
const STOPS: u32 = 24;
/// Files of a proof; a sample has one.
const FILES: u32 = 40;
/// Every so many stops a stopped process is killed, and another one begins.
const KILL_EVERY: u32 = 4;
/// Processes that write beside this one.
const CHILDREN: usize = 2;

/// A store that does not wait long for a process that is stopped.
fn options() -> StoreOptions {
    let mut options = StoreOptions::default();
    options.busy_timeout = Duration::from_millis(30);
    options
}

/// Writes once, again and again until it is answered. A refusal has left nothing, or the write is there by now.
fn write(store: &SqliteStore, number: usize, key: usize) -> bool {
    let call = context(100 + number as u128);
    match store.ph1persona_profile_commit_row(&call, profile("t", &format!("k{key}"))) {
        Ok(_) => true,
        Err(StorageError::BackendUnavailable { .. } | StorageError::OutcomeUnknown { .. }) => false,
        Err(error) => panic!("{error}"),
    }
}

/// The child: it writes and says which writes were answered, until it is killed.
#[test]
#[ignore = "run by the test below, in a process of its own"]
fn child_that_writes_until_it_is_killed() {
    let Some(path) = std::env::var_os(DATABASE) else { return };
    let number = std::env::var(NUMBER).unwrap().parse().unwrap();
    // While others write and it waits for none of them, it may be refused for a while.
    let store = (0..1_000).find_map(|_| SqliteStore::open_with(&path, &options()).ok());
    let store = store.expect("the file is opened once another process lets it");
    println!();
    for key in 0.. {
        while !write(&store, number, key) {}
        println!("answered {number} {key}");
    }
}

/// A child that does not outlive the test, and what it says.
struct Writer {
    child: Child,
    answers: Receiver<(usize, usize)>,
}

impl Writer {
    fn start(path: &Path, number: usize) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--ignored", "--exact", "--nocapture", "stopped::child_that_writes_until_it_is_killed"])
            .env(DATABASE, path)
            .env(NUMBER, number.to_string())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let (sender, answers) = channel();
        std::thread::spawn(move || {
            for answer in lines.map_while(Result::ok).filter_map(|line| answer(&line)) {
                if sender.send(answer).is_err() {
                    break;
                }
            }
        });
        let writer = Self { child, answers };
        // Its file is open and its first write made.
        writer.answers.recv_timeout(Duration::from_mins(1)).expect("a child writes");
        writer
    }

    fn signal(&self, name: &str) {
        let id = self.child.id();
        let status = Command::new("sh").args(["-c", &format!("kill -{name} {id}")]).status().unwrap();
        assert!(status.success(), "{name} {id}");
    }

    /// Kills it, stopped or not, and gives every write that it was answered, the first one too.
    fn end(mut self, number: usize) -> Vec<(usize, usize)> {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        let mut answered = vec![(number, 0)];
        // What lies in the pipe was answered too; the thread ends with it. A line that the kill cut off says nothing.
        while let Ok(answer) = self.answers.recv_timeout(Duration::from_secs(10)) {
            answered.push(answer);
        }
        answered
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn answer(line: &str) -> Option<(usize, usize)> {
    let (number, key) = line.strip_prefix("answered ")?.split_once(' ')?;
    Some((number.parse().ok()?, key.parse().ok()?))
}

/// A number of microseconds, the same in every run.
fn moment(stop: u32) -> Duration {
    Duration::from_micros(Numbers::of(format!("stop {stop}")).below(4_096))
}

/// What this process does while another one is stopped: it writes and copies the file. Says whether its write was answered.
fn work_meanwhile(store: &SqliteStore, world: &World, stop: u32) -> bool {
    let copy = world.path().with_file_name("copy.db");
    let draft = upkeep::copy(&world.path(), &copy, &options(), |_| ()).unwrap();
    let found = draft.verify(&[], &options(), |_| ()).unwrap();
    assert!(found.is_intact(), "{found:?}");
    drop(draft);
    write(store, 99, stop as usize)
}

#[test]
fn a_process_that_is_stopped_and_goes_on_or_is_killed_loses_nothing() {
    let files = if proof::is_whole() { FILES } else { 1 };
    for file in 0..files {
        live(file);
    }
}

/// The life of a file whose writers are stopped.
fn live(file: u32) {
    let world = World::new();
    let store = SqliteStore::open_with(world.path(), &options()).unwrap();
    populate(&store);
    let mut next = 0;
    let mut start = || {
        next += 1;
        (next, Writer::start(&world.path(), next))
    };
    let mut writers: Vec<(usize, Writer)> = (0..CHILDREN).map(|_| start()).collect();
    let (mut answered, mut refused) = (Vec::new(), 0);
    for stop in 0..STOPS {
        std::thread::sleep(moment(file * STOPS + stop));
        let (_, stopped) = &writers[0];
        stopped.signal("STOP");
        if work_meanwhile(&store, &world, stop) {
            answered.push((99, stop as usize));
        } else {
            refused += 1;
        }
        let (number, stopped) = writers.remove(0);
        if stop % KILL_EVERY == 0 {
            answered.extend(stopped.end(number));
            writers.push(start());
        } else {
            stopped.signal("CONT");
            writers.push((number, stopped));
        }
        // Whoever held a lock goes on or is gone, and the same handle writes.
        let is_written = (0..1_000).any(|_| write(&store, 98, stop as usize));
        assert!(is_written, "file {file}, stop {stop}: nobody holds the file any more");
        answered.push((98, stop as usize));
    }
    for (number, writer) in writers {
        answered.extend(writer.end(number));
    }
    println!("file {file}: {STOPS} stops, {refused} writes refused meanwhile, {} answered", answered.len());
    check(&world, &store, &answered);
    drop(store);
    check(&world, &world.open(), &answered);
}

/// Everything that must hold: every answered write is there once, and the file is whole.
fn check(world: &World, store: &SqliteStore, answered: &[(usize, usize)]) {
    let report = store.verify(&[]).unwrap();
    assert!(report.is_intact(), "{report:?}");
    let heads = store.chain_heads().unwrap();
    for (number, key) in answered {
        let call = context(100 + *number as u128);
        let again = store.ph1persona_profile_commit_row(&call, profile("t", &format!("k{key}"))).unwrap();
        assert_eq!(again.disposition, Disposition::Replayed { identical: true }, "{number} {key}");
    }
    assert_eq!(store.chain_heads().unwrap(), heads, "a write is there that was not");
    assert_eq!(count(&world.path(), "audit_events"), count(&world.path(), "idempotency_records"));
}
