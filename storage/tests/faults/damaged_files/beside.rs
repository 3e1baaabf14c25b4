//! What lies beside a file: its log, the log of another file, and leftovers of other programs.

use std::path::{Path, PathBuf};

use super::bytes::{change_file, flip, place};
use super::way::Way;
use crate::common::populate;
use crate::proof::Numbers;
use crate::scenes::files::{database, open};
use crate::scenes::writes::write;

/// Bytes of the header of a log.
const HEADER: usize = 32;
/// Bytes of a frame of a log: of a page, and what stands before it.
const FRAME: usize = 24 + 4_096;

/// Ways to change what lies beside a file.
pub const WAYS: &[Way] = &[
    Way::of_log("nothing is changed", |_, _| ()).harmless(),
    Way::of_log("a bit of the log", |numbers, folder| change_file(&log(folder), |log| flip(numbers, log, 1))),
    Way::of_log("a bit of the header of the log", |numbers, folder| {
        change_file(&log(folder), |log| flip(numbers, &mut log[..HEADER], 1));
    }),
    Way::of_log("the log is cut off", |numbers, folder| {
        change_file(&log(folder), |log| log.truncate(place(numbers, log.len())));
    }),
    Way::of_log("frames of the log are cut off", |numbers, folder| {
        change_file(&log(folder), |log| log.truncate(HEADER + place(numbers, log.len() / FRAME) * FRAME));
    }),
    Way::of_log("the log is gone", |_, folder| std::fs::remove_file(log(folder)).unwrap()),
    Way::of_log("a bit of a file with a log", |numbers, folder| {
        change_file(&database(folder), |file| flip(numbers, file, 1));
    }),
    Way::of_log("the log of another store", foreign_log),
    Way::of_file("the log of another store beside a file without one", |numbers, folder| {
        foreign_log(numbers, folder);
    }),
    Way::of_file("a log that is none", |numbers, folder| {
        std::fs::write(log(folder), noise(numbers)).unwrap();
    }),
    Way::of_file("a log of the file in which rows are gone, whole or cut off", log_without_rows),
    Way::of_log("an index of the log that is none", |numbers, folder| {
        std::fs::write(beside(folder, "-shm"), noise(numbers)).unwrap();
    })
    .harmless(),
    Way::of_file("a rollback journal that is none", |numbers, folder| {
        std::fs::write(beside(folder, "-journal"), noise(numbers)).unwrap();
    }),
    Way::of_file("the rollback journal of another file", foreign_journal),
];

fn beside(folder: &Path, suffix: &str) -> PathBuf {
    folder.join(format!("selene.db{suffix}"))
}

fn log(folder: &Path) -> PathBuf {
    beside(folder, "-wal")
}

fn noise(numbers: &mut Numbers) -> Vec<u8> {
    let count = place(numbers, 40_000);
    (0..count).map(|_| u8::try_from(numbers.below(256)).unwrap()).collect()
}

/// The log of another store, whole or cut off.
fn foreign_log(numbers: &mut Numbers, folder: &Path) {
    let other = tempfile::tempdir().unwrap();
    let store = open(&database(other.path())).unwrap();
    populate(&store);
    for number in 0..place(numbers, 20) {
        write(&store, number).unwrap();
    }
    std::fs::copy(log(other.path()), log(folder)).unwrap();
    if numbers.below(2) == 0 {
        change_file(&log(folder), |log| log.truncate(HEADER + place(numbers, log.len() / FRAME) * FRAME));
    }
}

/// A log of the same file, as SQLite writes it where all rows of a table are removed.
fn log_without_rows(numbers: &mut Numbers, folder: &Path) {
    let other = tempfile::tempdir().unwrap();
    std::fs::copy(database(folder), database(other.path())).unwrap();
    let raw = crate::common::raw(&database(other.path()));
    raw.pragma_update(None, "journal_mode", "wal").unwrap();
    let table = *numbers.pick(&["conversation_ledger", "memory_current", "sessions", "identities"]);
    let mut triggers = raw.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").unwrap();
    let triggers = triggers.query_map([], |row| row.get::<_, String>(0)).unwrap();
    for name in triggers.map(Result::unwrap).collect::<Vec<_>>() {
        raw.execute_batch(&format!("DROP TRIGGER {name}")).unwrap();
    }
    raw.execute_batch(&format!("DELETE FROM {table}")).unwrap();
    std::fs::copy(log(other.path()), log(folder)).unwrap();
    change_file(&log(folder), |log| log.truncate(HEADER + (1 + place(numbers, log.len() / FRAME)) * FRAME));
}

/// A rollback journal that SQLite takes for that of the file.
fn foreign_journal(numbers: &mut Numbers, folder: &Path) {
    let other = tempfile::tempdir().unwrap();
    let path = other.path().join("other.db");
    std::fs::copy(database(folder), &path).unwrap();
    let raw = crate::common::raw(&path);
    // The journal stays where it is, and only its header is cleared with the end of the transaction.
    raw.execute_batch("PRAGMA journal_mode = DELETE; PRAGMA cache_size = 1; PRAGMA cache_spill = 1").unwrap();
    raw.execute_batch(
        "BEGIN; CREATE TABLE theirs (a); INSERT INTO theirs SELECT zeroblob(3000) FROM audit_events",
    )
    .unwrap();
    let journal = path.with_file_name("other.db-journal");
    std::fs::copy(journal, beside(folder, "-journal")).unwrap();
    let changed = numbers.below(2) == 0;
    change_file(&beside(folder, "-journal"), |journal| {
        if changed && !journal.is_empty() {
            flip(numbers, journal, 8);
        }
    });
}
