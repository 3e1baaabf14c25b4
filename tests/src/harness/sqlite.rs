//! The SQLite store under test: in a file, and in memory. Of the suites, models and harnesses only this file and
//! `tasks.rs` name it.

use std::path::PathBuf;

use rusqlite::Connection;
use selene_storage::SqliteStore;
use tempfile::TempDir;

use super::backend::{Harness, OpenStore, Place, Shared};
use super::forward::impl_backend;
use super::recorded::Recorded;

impl_backend!(SqliteStore);

/// A store in a file of a temporary folder.
#[derive(Debug, Clone, Copy)]
pub struct OnDisk;

/// The file, which is deleted with its folder.
struct File(TempDir);

impl File {
    fn path(&self) -> PathBuf {
        self.0.path().join("selene.db")
    }
}

impl Place<Recorded<SqliteStore>> for File {
    fn open(&self) -> Recorded<SqliteStore> {
        Recorded::new(SqliteStore::open(self.path()).expect("the store opens"))
    }

    fn address(&self) -> String {
        self.path().into_os_string().into_string().expect("the path is a text")
    }

    fn execute(&self, statement: &str) -> usize {
        let connection = Connection::open(self.path()).expect("the file opens");
        connection.execute(statement, []).unwrap_or_else(|error| panic!("{error}: {statement}"))
    }

    fn unlock(&self, ledger: &str) {
        let connection = Connection::open(self.path()).expect("the file opens");
        let triggers = "SELECT name FROM sqlite_schema
            WHERE type = 'trigger' AND tbl_name = $1 AND sql LIKE '%BEFORE UPDATE ON%'";
        let trigger: String =
            connection.query_row(triggers, [ledger], |row| row.get(0)).expect("the ledger has a trigger");
        self.execute(&format!("DROP TRIGGER {trigger}"));
    }
}

impl Harness for OnDisk {
    type Store = Recorded<SqliteStore>;

    fn open(&self) -> OpenStore<Self::Store> {
        OpenStore::lasting(File(tempfile::tempdir().expect("a temporary folder")))
    }
}

impl Shared for OnDisk {
    fn open_at(&self, address: &str) -> Self::Store {
        Recorded::new(SqliteStore::open(address).expect("the store opens"))
    }
}

/// A store in memory.
#[derive(Debug, Clone, Copy)]
pub struct InMemory;

impl Harness for InMemory {
    type Store = Recorded<SqliteStore>;

    fn open(&self) -> OpenStore<Self::Store> {
        OpenStore::brief(Recorded::new(SqliteStore::open_in_memory().expect("a store in memory opens")))
    }
}
