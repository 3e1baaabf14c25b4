//! Backups, compacting and checkpoints.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use selene_storage::SqliteStore;
use selene_storage::test_support::TableRows;
use selene_storage::upkeep::{self, UpkeepError};

use super::files::{Template, database, open, options, verify, verify_anew};
use super::writes::{Writes, write};
use crate::layer::in_child;
use crate::sweep::{Scene, sweep};

type Rows = BTreeMap<String, TableRows>;

fn rows(template: &Template) -> Rows {
    let folder = tempfile::tempdir().unwrap();
    open(&template.copy(folder.path())).unwrap().every_row().unwrap()
}

/// A store is copied while it is open.
struct BackingUp {
    template: Template,
    rows: Rows,
}

fn copy_of(folder: &Path) -> PathBuf {
    folder.join("copy.db")
}

fn back_up(folder: &Path) -> Result<(), UpkeepError> {
    upkeep::copy(&database(folder), &copy_of(folder), &options(), |_| ())?.keep()
}

impl BackingUp {
    fn check_copy(&self, folder: &Path) {
        let copy = SqliteStore::open_read_only_with(copy_of(folder), &options()).unwrap();
        verify(&copy, &self.template.heads);
        assert!(copy.every_row().unwrap() == self.rows, "the copy has other rows");
    }
}

impl Scene for BackingUp {
    type Before = SqliteStore;
    type After = (SqliteStore, Result<(), UpkeepError>);

    fn begin(&self, folder: &Path) -> SqliteStore {
        open(&self.template.copy(folder)).unwrap()
    }

    fn act(&self, folder: &Path, store: SqliteStore) -> Self::After {
        (store, back_up(folder))
    }

    fn check(&self, folder: &Path, (store, copied): Self::After, is_whole: bool) {
        assert!(copied.is_ok() || !is_whole, "{copied:?}");
        // An error may come after the copy has its name; what has it is whole.
        if copied.is_ok() || copy_of(folder).exists() {
            self.check_copy(folder);
        } else {
            back_up(folder).unwrap();
            self.check_copy(folder);
        }
        verify(&store, &self.template.heads);
        drop(store);
        verify_anew(&database(folder), &self.template.heads);
    }
}

/// A file is written anew.
struct Compacting {
    template: Template,
    rows: Rows,
}

impl Scene for Compacting {
    type Before = ();
    type After = Result<upkeep::Compaction, UpkeepError>;

    fn begin(&self, folder: &Path) {
        self.template.copy(folder);
    }

    fn act(&self, folder: &Path, (): ()) -> Self::After {
        upkeep::compact(&database(folder), &options())
    }

    fn check(&self, folder: &Path, compacted: Self::After, is_whole: bool) {
        assert!(compacted.is_ok() || !is_whole, "{compacted:?}");
        let store = verify_anew(&database(folder), &self.template.heads);
        assert!(store.every_row().unwrap() == self.rows, "compacting changed rows");
    }
}

/// A commit makes the log long enough to be carried into the database.
struct CheckPointing {
    template: Template,
    events: u64,
}

/// Bytes of a log from which the next commits carry it over: a little less than 4,000 pages.
const NEARLY_DUE: u64 = 3_960 * 4_120;

impl CheckPointing {
    fn new() -> Self {
        let template = Template::with_log(|store| {
            let calls = (1_000..).map(|number| write(store, number).unwrap());
            for _ in calls {
                if store.log_bytes().unwrap() > NEARLY_DUE {
                    break;
                }
            }
        });
        let events = template.heads.iter().map(|head| head.sequence).sum();
        Self { template, events }
    }
}

impl Scene for CheckPointing {
    type Before = SqliteStore;
    type After = (SqliteStore, Writes);

    fn begin(&self, folder: &Path) -> SqliteStore {
        open(&self.template.copy(folder)).unwrap()
    }

    fn act(&self, _folder: &Path, store: SqliteStore) -> Self::After {
        let writes = Writes::of_one(&store, 8);
        (store, writes)
    }

    fn check(&self, folder: &Path, (store, writes): Self::After, is_whole: bool) {
        let made = writes.check(&store, is_whole);
        assert_eq!(verify(&store, &self.template.heads), self.events + u64::try_from(made).unwrap());
        let heads = store.chain_heads().unwrap();
        drop(store);
        verify_anew(&database(folder), &heads);
    }
}

#[test]
#[ignore = "run by the tests below, in a process of its own"]
fn child_that_backs_up() {
    let template = Template::new(|_| ());
    let rows = rows(&template);
    sweep("backing up", &BackingUp { template, rows });
}

#[test]
#[ignore = "run by the tests below, in a process of its own"]
fn child_that_compacts() {
    let template = Template::new(|_| ());
    let rows = rows(&template);
    sweep("compacting", &Compacting { template, rows });
}

#[test]
#[ignore = "run by the tests below, in a process of its own"]
fn child_that_checkpoints() {
    sweep("checkpointing", &CheckPointing::new());
}

#[test]
fn a_backup_is_whole_or_has_no_name() {
    in_child("scenes::upkeep::child_that_backs_up");
}

#[test]
fn compacting_changes_no_row() {
    in_child("scenes::upkeep::child_that_compacts");
}

#[test]
fn a_checkpoint_that_fails_loses_nothing() {
    in_child("scenes::upkeep::child_that_checkpoints");
}
