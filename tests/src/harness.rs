//! Where a suite gets its store from.

use std::path::{Path, PathBuf};

use selene_storage::SqliteStore;
use tempfile::TempDir;

/// Opens an empty store for one test.
pub trait Harness {
    /// An empty store, and what it takes to open it again.
    fn open(&self) -> OpenStore;
}

/// A store for one test.
pub struct OpenStore {
    store: Option<SqliteStore>,
    file: Option<(PathBuf, TempDir)>,
}

impl OpenStore {
    /// The store.
    ///
    /// # Panics
    /// Never between calls: the store is only absent while it is opened again.
    pub fn store(&self) -> &SqliteStore {
        self.store.as_ref().expect("the store is open")
    }

    /// The file of a store on disk.
    pub fn path(&self) -> Option<&Path> {
        self.file.as_ref().map(|(path, _)| path.as_path())
    }

    /// Closes a store on disk and opens its file again. Memory cannot be opened again and stays as it is.
    ///
    /// # Panics
    /// The file cannot be opened.
    pub fn reopen(&mut self) {
        if let Some((path, _)) = &self.file {
            self.store = None;
            self.store = Some(SqliteStore::open(path).expect("the store opens again"));
        }
    }
}

/// A store in a file of a temporary folder.
#[derive(Debug, Clone, Copy)]
pub struct OnDisk;

impl Harness for OnDisk {
    fn open(&self) -> OpenStore {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("selene.db");
        let store = SqliteStore::open(&path).expect("a new store opens");
        OpenStore { store: Some(store), file: Some((path, folder)) }
    }
}

/// A store in memory.
#[derive(Debug, Clone, Copy)]
pub struct InMemory;

impl Harness for InMemory {
    fn open(&self) -> OpenStore {
        OpenStore { store: Some(SqliteStore::open_in_memory().expect("a store in memory opens")), file: None }
    }
}
