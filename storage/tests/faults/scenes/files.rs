//! Files that a scene begins with, and what holds of every file, whatever broke.

use std::path::{Path, PathBuf};
use std::time::Duration;

use selene_storage::{OpenError, SavedHead, SqliteStore, StoreOptions};

use crate::common::{populate, raw};

/// The database in a folder.
pub fn database(folder: &Path) -> PathBuf {
    folder.join("selene.db")
}

/// A store that does not wait long for others: to SQLite a lock that cannot be had is somebody else's, whatever the system says.
pub fn options() -> StoreOptions {
    let mut options = StoreOptions::default();
    options.busy_timeout = Duration::from_millis(20);
    options
}

/// Opens a store with [`options`].
pub fn open(path: &Path) -> Result<SqliteStore, OpenError> {
    SqliteStore::open_with(path, &options())
}

/// A file with two people, that every run of a scene begins with.
pub struct Template {
    folder: tempfile::TempDir,
    /// The ends of its chains.
    pub heads: Vec<SavedHead>,
}

impl Template {
    /// Two people with what they have; `fill` adds more. The log is carried over.
    pub fn new(fill: impl FnOnce(&SqliteStore)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = open(&database(folder.path())).unwrap();
        populate(&store);
        fill(&store);
        let heads = store.chain_heads().unwrap();
        Self { folder, heads }
    }

    /// The same with a log and its index that lie beside the file, as a killed process leaves them.
    pub fn with_log(fill: impl FnOnce(&SqliteStore)) -> Self {
        let made = tempfile::tempdir().unwrap();
        let store = open(&database(made.path())).unwrap();
        populate(&store);
        fill(&store);
        let template = Self { folder: tempfile::tempdir().unwrap(), heads: store.chain_heads().unwrap() };
        copy_files(made.path(), template.folder.path());
        template
    }

    /// Puts the file into a folder, with what lies beside it.
    pub fn copy(&self, folder: &Path) -> PathBuf {
        copy_files(self.folder.path(), folder);
        database(folder)
    }
}

fn copy_files(from: &Path, to: &Path) {
    std::fs::copy(database(from), database(to)).unwrap();
    for beside in ["db-wal", "db-shm"] {
        let file = database(from).with_extension(beside);
        if file.exists() {
            std::fs::copy(file, database(to).with_extension(beside)).unwrap();
        }
    }
}

/// A store is whole: its chains up to heads that were saved, its rows and its folds. Says how many events it has.
pub fn verify(store: &SqliteStore, saved: &[SavedHead]) -> u64 {
    let report = store.verify(saved).unwrap();
    assert!(report.is_intact(), "{report:?}");
    report.chains.events
}

/// The file is whole as SQLite sees it, once no store has it open; and a store that is opened on it is whole too.
pub fn verify_anew(path: &Path, saved: &[SavedHead]) -> SqliteStore {
    let result: String =
        raw(path).query_row("PRAGMA integrity_check", [], |row| row.get(0)).expect("the file is read");
    assert_eq!(result, "ok");
    let store = open(path).unwrap();
    verify(&store, saved);
    store
}
