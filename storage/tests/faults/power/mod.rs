//! Power that goes: whatever part of what was not synced is on the disk, every answered write is there once.
//!
//! A process works while the layer writes down what it does to its files; then the disk is made up as it may be after a cut at
//! any operation, and a store is opened on it.

mod disk;

use std::io::Write as _;
use std::path::Path;
use std::sync::Mutex;

use selene_contracts::{Disposition, StorageError};
use selene_storage::SavedHead;
use serde::{Deserialize, Serialize};

use self::disk::{Disk, Done, Kept, read_journal};
use crate::common::populate;
use crate::layer::control::BROKEN;
use crate::layer::{Bed, Fault, Kind, Way, in_child};
use crate::proof::{self, Numbers};
use crate::scenes::files::{database, open, verify, verify_anew};
use crate::scenes::writes::write;

/// Where a process says what it was answered, beside its files, so that the layer writes that down too.
const PROGRESS: &str = "progress";
/// Threads that write.
const LANES: usize = 4;
/// Writes of each.
const WRITES: usize = 10;
/// Cuts that a sample tries.
const SAMPLE: usize = 60;

/// A line of what a process was answered.
#[derive(Debug, Serialize, Deserialize)]
enum Line {
    /// Two people are there.
    Populated,
    /// A write was answered by its event.
    Answer(usize, String),
    /// The ends of the chains, kept elsewhere.
    Heads(Vec<SavedHead>),
}

/// What was answered up to a moment.
#[derive(Default)]
struct Answered {
    is_populated: bool,
    writes: Vec<(usize, String)>,
    heads: Vec<SavedHead>,
    /// Writes that were answered before the heads were kept.
    before_heads: usize,
    text: Vec<u8>,
}

impl Answered {
    fn take(&mut self, bytes: &[u8]) {
        self.text.extend(bytes);
        while let Some(end) = self.text.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = self.text.drain(..=end).collect();
            match serde_json::from_slice(&line).unwrap() {
                Line::Populated => self.is_populated = true,
                Line::Answer(number, event) => self.writes.push((number, event)),
                Line::Heads(heads) => (self.heads, self.before_heads) = (heads, self.writes.len()),
            }
        }
    }
}

/// Opens a store, writes to it by several threads, closes it, and does the same again.
fn work(folder: &Path) {
    let progress = Mutex::new(std::fs::File::create(folder.join(PROGRESS)).unwrap());
    let note = |line: &Line| {
        let line = serde_json::to_string(line).unwrap() + "\n";
        progress.lock().unwrap().write_all(line.as_bytes()).unwrap();
    };
    for life in 0..2 {
        let store = open(&database(folder)).unwrap();
        populate(&store);
        note(&Line::Populated);
        std::thread::scope(|scope| {
            for lane in 0..LANES {
                let (store, note) = (&store, &note);
                scope.spawn(move || {
                    for number in 0..WRITES {
                        let number = (life * LANES + lane) * WRITES + number;
                        let made = write(store, number).unwrap();
                        assert_eq!(made.disposition, Disposition::Applied);
                        note(&Line::Answer(number, made.event_id.to_string()));
                    }
                });
            }
        });
        note(&Line::Heads(store.chain_heads().unwrap()));
    }
}

/// What was done to the files, from a process that worked with these faults.
fn journal_of_work(faults: &[Fault]) -> Option<(Vec<Done>, String)> {
    let bed = Bed::of_child()?;
    let folder = bed.new_folder();
    bed.arm(faults);
    bed.write_down(true);
    work(&folder);
    bed.write_down(false);
    let broken = bed.disarm()[0].broken;
    assert_eq!(broken > 0, !faults.is_empty());
    let name = format!("/{}", folder.file_name().unwrap().to_string_lossy());
    let done = read_journal(&std::fs::read(bed.journal()).unwrap());
    Some((done, name))
}

/// Cuts the power at some operations, or at all, in one way each or in all ways, and looks at what is left.
fn cut_everywhere(
    seed: &str,
    (done, name): &(Vec<Done>, String),
    in_all_ways: bool,
    look: impl Fn(&Path, &Answered),
) {
    let progress = format!("{name}/{PROGRESS}");
    let mut disk = Disk::default();
    let mut answered = Answered::default();
    let kinds = [Kept::None, Kept::All, Kept::Some, Kept::Torn];
    let step = if proof::is_whole() { 1 } else { (done.len() / SAMPLE).max(1) };
    let mut cuts = 0;
    for (number, done) in done.iter().enumerate() {
        if let Done::Write { name, bytes, .. } = done
            && *name == progress
        {
            answered.take(bytes);
        }
        disk.take(done, name);
        if number % step != step / 2 {
            continue;
        }
        let kinds = if in_all_ways { &kinds[..] } else { &kinds[(number / step) % kinds.len()..][..1] };
        for kept in kinds {
            let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
            disk.cut(*kept, &mut Numbers::of(format!("{seed} {number} {kept:?}")), folder.path());
            let _on_panic = OnPanic(number, *kept);
            look(folder.path(), &answered);
            cuts += 1;
        }
    }
    println!("{seed}: {} operations, {cuts} cuts", done.len());
}

/// Says where the power was cut where something does not hold.
struct OnPanic(usize, Kept);

impl Drop for OnPanic {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("cut at operation {} with {:?}", self.0, self.1);
        }
    }
}

/// Syncs were true: all that was answered is there.
fn look_at_true_disk(folder: &Path, answered: &Answered) {
    let path = database(folder);
    let store = open(&path).unwrap();
    let events = verify(&store, &answered.heads);
    let all = u64::try_from(6 + 2 * LANES * WRITES).unwrap();
    assert!(events <= all, "{events} events, and {all} writes");
    if answered.is_populated {
        assert!(events >= 6 + u64::try_from(answered.writes.len()).unwrap());
    }
    for (number, event) in &answered.writes {
        let again = write(&store, *number).unwrap();
        assert_eq!(again.disposition, Disposition::Replayed { identical: true }, "write {number}");
        assert_eq!(again.event_id.to_string(), *event);
    }
    drop(store);
    verify_anew(&path, &answered.heads);
}

/// Syncs were lies: what is lost is named, by a refusal, by an error or by a report; what is not named is there.
fn look_at_lying_disk(folder: &Path, answered: &Answered) {
    let Ok(store) = open(&database(folder)) else { return };
    let report = match store.verify(&answered.heads) {
        Ok(report) if report.is_intact() => report,
        Ok(_) | Err(StorageError::BackendUnavailable { .. }) => return,
        Err(error) => panic!("{error}"),
    };
    let saved: u64 = answered.heads.iter().map(|head| head.sequence).sum();
    assert!(report.chains.events >= saved, "the heads that were kept lie beyond the end");
    for (number, event) in &answered.writes[..answered.before_heads] {
        // What SQLite finds damaged by now is an error, and no other answer.
        if let Ok(again) = write(&store, *number) {
            assert_eq!(again.disposition, Disposition::Replayed { identical: true }, "write {number}");
            assert_eq!(again.event_id.to_string(), *event);
        }
    }
}

#[test]
#[ignore = "run by the tests below, in a process of its own"]
fn child_whose_syncs_are_true() {
    let Some(journal) = journal_of_work(&[]) else { return };
    cut_everywhere("power", &journal, proof::is_whole(), look_at_true_disk);
}

#[test]
#[ignore = "run by the tests below, in a process of its own"]
fn child_whose_syncs_lie() {
    for first in if proof::is_whole() { &[1, 10, 40][..] } else { &[10] } {
        let lie = Fault { kind: Kind::Sync, way: Way::Skip, error: BROKEN, first: *first, last: u64::MAX };
        let Some(journal) = journal_of_work(&[lie]) else { return };
        cut_everywhere(&format!("lies from {first}"), &journal, false, look_at_lying_disk);
    }
}

#[test]
fn a_power_cut_loses_no_answered_write() {
    in_child("power::child_whose_syncs_are_true");
}

#[test]
fn what_a_lying_disk_lost_is_named() {
    in_child("power::child_whose_syncs_lie");
}
