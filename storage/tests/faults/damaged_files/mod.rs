//! Damaged files: a file that anybody changed in any way ends in a refusal, in a fault by name or in correct data; never in a
//! panic, in a wait without end or in another answer than the checks have seen.

mod beside;
mod bytes;
mod known;
mod locks;
mod way;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, mpsc};
use std::time::Duration;

use selene_contracts::StorageError;
use selene_storage::{SqliteStore, upkeep};

use self::known::{Calls, Known};
use self::way::Way;
use crate::proof::{self, Numbers};
use crate::scenes::files::{database, open, options, verify, verify_anew};
use crate::scenes::writes::write;

/// Files that a sample tries.
const SAMPLE: usize = 176;
/// Files where everything is tried.
const ALL: usize = 10_000;
/// How long a file may keep anybody busy. What is here takes a fraction of a second.
const AT_MOST: Duration = Duration::from_mins(2);

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    /// It was not opened.
    Refused,
    /// It was opened, and the checks could not read it.
    Unreadable,
    /// The checks named faults.
    Named,
    /// Everything is as it was.
    Correct,
}

/// Looks at a file that somebody changed.
fn look(known: &Known, folder: &Path) -> End {
    let path = database(folder);
    let _ = upkeep::inspect(&path, &options());
    if let Ok(draft) = upkeep::copy(&path, &folder.join("copy.db"), &options(), |_| ()) {
        let _ = draft.verify(&known.heads, &options(), |_| ());
    }
    let end = look_opened(known, &path);
    let _ = upkeep::compact(&path, &options());
    if let Ok(store) = SqliteStore::open_read_only_with(&path, &options()) {
        let _ = store.verify(&known.heads);
    }
    end
}

fn look_opened(known: &Known, path: &Path) -> End {
    let Ok(store) = open(path) else { return End::Refused };
    let end = match store.verify(&known.heads) {
        Ok(report) if report.is_intact() => End::Correct,
        Ok(_) => End::Named,
        Err(StorageError::BackendUnavailable { .. }) => End::Unreadable,
        Err(error) => panic!("{error}"),
    };
    if end != End::Correct {
        // The faults were reported; now every call only has to be answered.
        let _ = known.calls.make(&store);
        return end;
    }
    assert!(store.every_row().unwrap() == known.rows, "the checks are content, and rows are others");
    for (again, first) in known.calls.make(&store).into_iter().zip(&known.answers) {
        assert_eq!(&again.unwrap(), first, "the checks are content, and an answer is another one");
    }
    assert!(store.every_row().unwrap() == known.rows, "calls that were made before left something");
    write(&store, 1).unwrap();
    let events = verify(&store, &known.heads);
    drop(store);
    assert_eq!(verify(&verify_anew(path, &known.heads), &known.heads), events);
    end
}

/// One file, in a thread of its own. Says why it ends in none of these ways, where it does not, and where the file lies.
fn try_one(known: &Arc<Known>, way: &'static Way, number: usize) -> Result<End, String> {
    let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
    known.put(folder.path());
    let seed = format!("{} {number}", way.name);
    (way.change)(&mut Numbers::of(&seed), folder.path());
    let (end, ended) = mpsc::channel();
    let known = Arc::clone(known);
    let path = folder.path().to_owned();
    let looking = std::thread::spawn(move || end.send(look(&known, &path)).unwrap());
    match ended.recv_timeout(AT_MOST) {
        Ok(end) => {
            looking.join().unwrap();
            if way.is_harmless && end != End::Correct {
                Err(format!("{seed}: it gives the answers of before, and is {end:?}"))
            } else {
                Ok(end)
            }
        }
        Err(mpsc::RecvTimeoutError::Timeout) => Err(format!("{seed}: it does not end")),
        Err(mpsc::RecvTimeoutError::Disconnected) => Err(format!("{seed}: it panics, as printed above")),
    }
    .inspect_err(|error| eprintln!("{error}: {}", folder.keep().display()))
}

/// Changes files in every way, and says what became of them.
fn try_all(ways: &[&'static [Way]]) {
    let calls = Arc::new(Calls::read());
    let (plain, logged) = (Arc::new(Known::plain(&calls)), Arc::new(Known::logged(&calls)));
    let ways: Vec<&'static Way> = ways.iter().copied().flatten().collect();
    let files = if proof::is_whole() { ALL } else { SAMPLE };
    let mut ends: BTreeMap<(&str, End), usize> = BTreeMap::new();
    let mut errors = Vec::new();
    for number in 0..files {
        let way = ways[number % ways.len()];
        let known = if way.has_log { &logged } else { &plain };
        match try_one(known, way, number / ways.len()) {
            Ok(end) => *ends.entry((way.name, end)).or_default() += 1,
            Err(error) => errors.push(error),
        }
    }
    for ((way, end), count) in &ends {
        println!("{way}: {count} {end:?}");
    }
    for end in [End::Refused, End::Unreadable, End::Named, End::Correct] {
        let count: usize = ends.iter().filter(|((_, of), _)| *of == end).map(|(_, count)| count).sum();
        println!("{end:?}: {count} of {files}");
        // The checks name damaged pages, so hardly anything is left that they cannot read.
        assert!(count > 0 || end == End::Unreadable, "no file of {files} was {end:?}");
    }
    assert!(errors.is_empty(), "{} of {files}: {errors:#?}", errors.len());
}

#[test]
fn a_file_that_anybody_changed_is_refused_named_or_correct() {
    try_all(&[bytes::WAYS, locks::WAYS, beside::WAYS]);
}
