//! Files that are made, and files of earlier builds that are migrated.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use selene_storage::test_support::TableRows;
use selene_storage::{OpenError, SavedHead, SqliteStore};

use super::files::{database, open, verify, verify_anew};
use crate::common::{populate, raw};
use crate::layer::{Fault, Kind, in_child};
use crate::proof;
use crate::sweep::{Scene, for_ever_and_once, sweep};

/// The schema version of this build.
const NEWEST: i32 = 6;

/// A new file is made.
struct Making;

impl Scene for Making {
    type Before = ();
    type After = Result<SqliteStore, OpenError>;

    fn begin(&self, _folder: &Path) {}

    fn act(&self, folder: &Path, (): ()) -> Self::After {
        open(&database(folder))
    }

    fn check(&self, folder: &Path, opened: Self::After, is_whole: bool) {
        assert!(opened.is_ok() || !is_whole, "{opened:?}");
        drop(opened);
        let store = open(&database(folder)).unwrap();
        populate(&store);
        let heads = store.chain_heads().unwrap();
        drop(store);
        verify_anew(&database(folder), &heads);
    }
}

/// A file of an earlier build is brought to today's form.
struct Migrating {
    /// Files of a release.
    released: PathBuf,
    version: i32,
    heads: Vec<SavedHead>,
    /// What the file holds in today's form.
    rows: BTreeMap<String, TableRows>,
}

impl Migrating {
    fn of(version: i32) -> Self {
        let released = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join(format!("tests/migrations/released/v{version}/store.db"));
        let heads = std::fs::read_to_string(released.with_file_name("heads.json")).unwrap();
        let heads = serde_json::from_str(&heads).unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::copy(&released, database(folder.path())).unwrap();
        let rows = open(&database(folder.path())).unwrap().every_row().unwrap();
        Self { released, version, heads, rows }
    }
}

impl Scene for Migrating {
    type Before = ();
    type After = Result<SqliteStore, OpenError>;

    /// The journal with which the file was given a log is not deleted, and SQLite does not see it the next time.
    fn pairs(&self) -> Vec<[Fault; 2]> {
        for_ever_and_once(Kind::Unlink, Kind::Look, 17..=29)
    }

    fn begin(&self, folder: &Path) {
        std::fs::copy(&self.released, database(folder)).unwrap();
    }

    fn act(&self, folder: &Path, (): ()) -> Self::After {
        open(&database(folder))
    }

    fn check(&self, folder: &Path, opened: Self::After, is_whole: bool) {
        let path = database(folder);
        match opened {
            Ok(store) => {
                verify(&store, &self.heads);
                assert!(store.every_row().unwrap() == self.rows, "rows were lost or changed");
            }
            Err(error) => {
                assert!(!is_whole, "{error}");
                let found: i32 =
                    raw(&path).pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
                assert!(found == self.version || found == NEWEST, "{found} is neither before nor after");
            }
        }
        let store = verify_anew(&path, &self.heads);
        assert!(store.every_row().unwrap() == self.rows, "rows were lost or changed");
    }
}

#[test]
#[ignore = "run by the tests below, in a process of its own"]
fn child_that_makes_a_file() {
    sweep("making a file", &Making);
}

#[test]
#[ignore = "run by the tests below, in a process of its own"]
fn child_that_migrates() {
    let versions: &[i32] = if proof::is_whole() { &[4, 5, 6] } else { &[4] };
    for version in versions {
        sweep(&format!("migrating from {version}"), &Migrating::of(*version));
    }
}

#[test]
fn a_file_that_could_not_be_made_is_made_the_next_time() {
    in_child("scenes::opening::child_that_makes_a_file");
}

#[test]
fn a_file_is_migrated_or_as_it_was() {
    in_child("scenes::opening::child_that_migrates");
}
