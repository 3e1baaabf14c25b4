//! Files of today's form: they are opened, also with the log of a killed process and for reading only, and a backup is restored.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use selene_contracts::Disposition;
use selene_storage::test_support::TableRows;
use selene_storage::upkeep::{self, UpkeepError};
use selene_storage::{OpenError, SqliteStore};

use super::files::{Template, database, open, options, verify, verify_anew};
use super::writes::write;
use crate::layer::control::BROKEN;
use crate::layer::{Bed, Fault, Kind, Way, in_child};
use crate::sweep::{Scene, for_ever_and_once, sweep};

type Rows = BTreeMap<String, TableRows>;

/// Number of a write that no file of a scene has.
const ANOTHER: usize = 9_999;

fn rows(template: &Template) -> Rows {
    let folder = tempfile::tempdir().unwrap();
    open(&template.copy(folder.path())).unwrap().every_row().unwrap()
}

/// What a read gave while files broke is the truth or an error.
fn check_read(found: &Result<Rows, selene_contracts::StorageError>, rows: &Rows, is_whole: bool) {
    assert!(found.is_ok() || !is_whole, "{:?}", found.as_ref().err());
    assert!(found.as_ref().map_or(true, |found| found == rows), "rows were lost or changed");
}

/// A file is opened for writing, and read.
struct Opening {
    template: Template,
    rows: Rows,
}

impl Opening {
    fn of(template: Template) -> Self {
        let rows = rows(&template);
        Self { template, rows }
    }
}

type Opened = Result<(SqliteStore, Result<Rows, selene_contracts::StorageError>), OpenError>;

impl Scene for Opening {
    type Before = ();
    type After = Opened;

    /// The index of a log cannot be emptied by whoever has it first, and it cannot be opened for writing when the connection is closed:
    /// SQLite then takes the log for empty, and would delete it.
    fn pairs(&self) -> Vec<[Fault; 2]> {
        for_ever_and_once(Kind::Truncate, Kind::Open, 1..=7)
    }

    fn begin(&self, folder: &Path) {
        self.template.copy(folder);
    }

    fn act(&self, folder: &Path, (): ()) -> Opened {
        let store = open(&database(folder))?;
        let found = store.every_row();
        Ok((store, found))
    }

    fn check(&self, folder: &Path, opened: Opened, is_whole: bool) {
        match opened {
            Ok((store, found)) => {
                check_read(&found, &self.rows, is_whole);
                check_read(&store.every_row(), &self.rows, true);
                verify(&store, &self.template.heads);
                // The first write may be the one that finds out that a file was opened for reading alone.
                let made = write(&store, ANOTHER).or_else(|_| write(&store, ANOTHER));
                assert_eq!(made.unwrap().disposition, Disposition::Applied, "the handle does not write");
                drop(store);
                verify_anew(&database(folder), &self.template.heads);
            }
            Err(error) => {
                assert!(!is_whole, "{error}");
                let store = verify_anew(&database(folder), &self.template.heads);
                check_read(&store.every_row(), &self.rows, true);
            }
        }
    }
}

/// A file is opened for reading only, and read.
struct OpeningToRead(Opening);

impl Scene for OpeningToRead {
    type Before = ();
    type After = Opened;

    fn begin(&self, folder: &Path) {
        self.0.begin(folder);
    }

    fn act(&self, folder: &Path, (): ()) -> Opened {
        let store = SqliteStore::open_read_only_with(database(folder), &options())?;
        let found = store.every_row();
        Ok((store, found))
    }

    fn check(&self, folder: &Path, opened: Opened, is_whole: bool) {
        assert!(opened.is_ok() || !is_whole, "{:?}", opened.err());
        if let Ok((store, found)) = opened {
            check_read(&found, &self.0.rows, is_whole);
            check_read(&store.every_row(), &self.0.rows, true);
            verify(&store, &self.0.template.heads);
        }
        let store = verify_anew(&database(folder), &self.0.template.heads);
        check_read(&store.every_row(), &self.0.rows, true);
    }
}

/// A backup is copied to where there is no file, checked and given its name.
struct Restoring(Opening);

fn backup_of(folder: &Path) -> PathBuf {
    folder.join("backup.db")
}

impl Restoring {
    fn restore(&self, folder: &Path) -> Result<(), UpkeepError> {
        let draft = upkeep::copy(&backup_of(folder), &database(folder), &options(), |_| ())?;
        let found = draft.verify(&self.0.template.heads, &options(), |_| ())?;
        assert!(found.is_intact(), "{found:?}");
        draft.keep()
    }
}

impl Scene for Restoring {
    type Before = ();
    type After = Result<(), UpkeepError>;

    fn begin(&self, folder: &Path) {
        std::fs::rename(self.0.template.copy(folder), backup_of(folder)).unwrap();
    }

    fn act(&self, folder: &Path, (): ()) -> Self::After {
        self.restore(folder)
    }

    fn check(&self, folder: &Path, restored: Self::After, is_whole: bool) {
        assert!(restored.is_ok() || !is_whole, "{restored:?}");
        // An error may come after the file has its name; what has it is whole.
        if restored.is_err() && !database(folder).exists() {
            self.restore(folder).unwrap();
        }
        let store = verify_anew(&database(folder), &self.0.template.heads);
        check_read(&store.every_row(), &self.0.rows, true);
        assert_eq!(write(&store, ANOTHER).unwrap().disposition, Disposition::Applied);
        drop(store);
        let backup = verify_anew(&backup_of(folder), &self.0.template.heads);
        check_read(&backup.every_row(), &self.0.rows, true);
    }
}

/// A file with the log that a killed process left: some writes lie in it alone.
fn left_by_a_killed_process() -> Opening {
    Opening::of(Template::with_log(|store| {
        for number in 0..8 {
            write(store, number).unwrap();
        }
    }))
}

fn closed_well() -> Opening {
    Opening::of(Template::new(|_| ()))
}

/// Names the file that a process holds; without it the process does nothing.
const HELD: &str = "SELENE_FAULTS_HELD";

/// A process without faults that has a file open.
struct Holder(Child);

impl Holder {
    fn of(path: &Path) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--ignored", "--exact", "--nocapture", "scenes::existing::child_that_holds_a_file"])
            .env(HELD, path)
            .env_remove("LD_PRELOAD")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        assert!(lines.map_while(Result::ok).any(|line| line.ends_with("held")), "nobody holds the file");
        Self(child)
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}

#[test]
#[ignore = "run by the test below, in a process of its own"]
fn child_that_holds_a_file() {
    let Some(path) = std::env::var_os(HELD) else { return };
    let store = open(Path::new(&path)).unwrap();
    store.every_row().unwrap();
    println!("held");
    std::io::stdin().read_to_end(&mut Vec::new()).unwrap();
}

/// One of the files cannot be opened for writing, once, and SQLite opens it for reading: the index of the log too, which all connections
/// of the process share as long as one of them is open.
#[test]
#[ignore = "run by the tests below, in a process of its own"]
fn child_beside_another() {
    let Some(bed) = Bed::of_child() else { return };
    let scene = closed_well();
    let mut opened = 0;
    for first in 1..=8 {
        let folder = bed.new_folder();
        scene.begin(&folder);
        let holder = Holder::of(&database(&folder));
        bed.arm(&[Fault { kind: Kind::Open, way: Way::Fail, error: BROKEN, first, last: first }]);
        let answer = scene.act(&folder, ());
        let broken = bed.disarm()[0].broken;
        opened += usize::from(answer.is_ok() && broken > 0);
        scene.check(&folder, answer, broken == 0);
        drop(holder);
    }
    assert!(opened > 0, "no store was opened where a file could not be");
}

#[test]
#[ignore = "run by the tests below, in a process of its own"]
fn child_that_opens() {
    sweep("opening", &closed_well());
}

#[test]
#[ignore = "run by the tests below, in a process of its own"]
fn child_that_recovers() {
    sweep("opening after a kill", &left_by_a_killed_process());
}

#[test]
#[ignore = "run by the tests below, in a process of its own"]
fn child_that_opens_to_read() {
    sweep("opening to read", &OpeningToRead(left_by_a_killed_process()));
}

#[test]
#[ignore = "run by the tests below, in a process of its own"]
fn child_that_restores() {
    sweep("restoring", &Restoring(closed_well()));
}

#[test]
fn a_file_that_could_not_be_opened_is_as_it_was() {
    in_child("scenes::existing::child_that_opens");
}

#[test]
fn a_store_beside_another_process_writes_once_its_files_can_be_opened() {
    in_child("scenes::existing::child_beside_another");
}

#[test]
fn the_log_of_a_killed_process_is_not_lost() {
    in_child("scenes::existing::child_that_recovers");
}

#[test]
fn a_file_is_opened_to_read_or_refused() {
    in_child("scenes::existing::child_that_opens_to_read");
}

#[test]
fn a_backup_is_restored_whole_or_not_at_all() {
    in_child("scenes::existing::child_that_restores");
}
