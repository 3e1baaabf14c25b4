//! A disk that loses its power: what was synced is there, and of everything else any part may be.

use std::collections::BTreeMap;
use std::path::Path;

use crate::proof::Numbers;

/// What a disk writes as a whole, or not at all.
const SECTOR: usize = 512;

/// What was done to a file or to the names of a folder, in the order in which it was done.
#[derive(Debug)]
pub enum Done {
    Create(String),
    Write { name: String, at: usize, bytes: Vec<u8> },
    Truncate { name: String, length: usize },
    Unlink(String),
    Sync(String),
}

/// What the layer wrote down: for each operation a line `what place count name`, and behind a write its bytes.
pub fn read_journal(mut bytes: &[u8]) -> Vec<Done> {
    let mut done = Vec::new();
    while let Some(end) = bytes.iter().position(|byte| *byte == b'\n') {
        let (line, rest) = bytes.split_at(end);
        bytes = &rest[1..];
        let mut words = std::str::from_utf8(line).unwrap().splitn(4, ' ');
        let mut word = || words.next().unwrap();
        let (what, at, count) = (word(), word().parse().unwrap(), word().parse().unwrap());
        let name = word().to_owned();
        done.push(match what {
            "create" => Done::Create(name),
            "truncate" => Done::Truncate { name, length: at },
            "unlink" => Done::Unlink(name),
            "sync" => Done::Sync(name),
            _ => {
                let (written, rest) = bytes.split_at(count);
                bytes = rest;
                Done::Write { name, at, bytes: written.to_vec() }
            }
        });
    }
    done
}

/// A change of the bytes of a file.
#[derive(Debug, Clone)]
enum Change {
    Write(usize, Vec<u8>),
    Truncate(usize),
}

impl Change {
    fn apply(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::Write(at, written) => {
                let end = at + written.len();
                bytes.resize(bytes.len().max(end), 0);
                bytes[*at..end].copy_from_slice(written);
            }
            Self::Truncate(length) => bytes.resize(*length, 0),
        }
    }
}

/// A change of the names of the folder.
#[derive(Debug, Clone)]
enum Naming {
    /// A name for a file by its number.
    Link(String, usize),
    Unlink(String),
}

#[derive(Debug, Clone, Default)]
struct File {
    synced: Vec<u8>,
    /// What was done since the last sync.
    since: Vec<Change>,
}

/// How much of what was not synced is there after the cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// No byte that was not synced.
    None,
    /// All of it: the process was killed, and the power stayed.
    All,
    /// Some of it, whatever its order.
    Some,
    /// Some of it, and of each write only some sectors.
    Torn,
}

/// The files of one folder, as they are on the disk and as programs see them.
#[derive(Debug, Clone, Default)]
pub struct Disk {
    files: Vec<File>,
    names: BTreeMap<String, usize>,
    synced_names: BTreeMap<String, usize>,
    since: Vec<Naming>,
}

impl Disk {
    /// Takes an operation. `folder` is the name of the folder in the journal.
    pub fn take(&mut self, done: &Done, folder: &str) {
        match done {
            Done::Create(name) => {
                self.names.insert(name.clone(), self.files.len());
                self.since.push(Naming::Link(name.clone(), self.files.len()));
                self.files.push(File::default());
            }
            Done::Write { name, at, bytes } => self.change(name, Change::Write(*at, bytes.clone())),
            Done::Truncate { name, length } => self.change(name, Change::Truncate(*length)),
            Done::Unlink(name) => {
                self.names.remove(name);
                self.since.push(Naming::Unlink(name.clone()));
            }
            Done::Sync(name) if name == folder => {
                let since = std::mem::take(&mut self.since);
                apply_names(&mut self.synced_names, &since);
            }
            Done::Sync(name) => {
                if let Some(number) = self.names.get(name) {
                    let file = &mut self.files[*number];
                    let since = std::mem::take(&mut file.since);
                    for change in &since {
                        change.apply(&mut file.synced);
                    }
                }
            }
        }
    }

    fn change(&mut self, name: &str, change: Change) {
        // What is written to a file that was deleted meanwhile is gone.
        if let Some(number) = self.names.get(name) {
            self.files[*number].since.push(change);
        }
    }

    /// Writes what is there after a cut into a folder.
    pub fn cut(&self, kept: Kept, numbers: &mut Numbers, into: &Path) {
        let mut names = self.synced_names.clone();
        let since: Vec<Naming> = self.since.iter().filter(|_| is_kept(kept, numbers)).cloned().collect();
        apply_names(&mut names, &since);
        for (name, number) in names {
            let name = name.rsplit('/').next().unwrap();
            // What processes share about the log is in memory.
            if name.ends_with("-shm") {
                continue;
            }
            let file = &self.files[number];
            let mut bytes = file.synced.clone();
            for change in &file.since {
                if is_kept(kept, numbers) {
                    for part in torn(change, kept, numbers) {
                        part.apply(&mut bytes);
                    }
                }
            }
            std::fs::write(into.join(name), bytes).unwrap();
        }
    }
}

fn is_kept(kept: Kept, numbers: &mut Numbers) -> bool {
    match kept {
        Kept::None => false,
        Kept::All => true,
        Kept::Some | Kept::Torn => numbers.below(2) == 0,
    }
}

/// The sectors of a write that came to the disk.
fn torn(change: &Change, kept: Kept, numbers: &mut Numbers) -> Vec<Change> {
    let Change::Write(at, bytes) = change else { return vec![change.clone()] };
    if kept != Kept::Torn {
        return vec![change.clone()];
    }
    let mut parts = Vec::new();
    let (mut start, end) = (*at, at + bytes.len());
    while start < end {
        let next = (start / SECTOR + 1) * SECTOR;
        let next = next.min(end);
        if numbers.below(2) == 0 {
            parts.push(Change::Write(start, bytes[start - at..next - at].to_vec()));
        }
        start = next;
    }
    parts
}

fn apply_names(names: &mut BTreeMap<String, usize>, changes: &[Naming]) {
    for change in changes {
        match change {
            Naming::Link(name, number) => names.insert(name.clone(), *number),
            Naming::Unlink(name) => names.remove(name),
        };
    }
}
