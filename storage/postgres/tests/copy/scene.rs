//! Stores to copy: files of every released schema version, with rows in every table, every call that was made on them, and its answer.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use selene_storage::test_support::{Cell, TableRows};
use selene_storage::{SavedHead, SqliteStore};
use selene_storage_postgres::PostgresStore;

use crate::calls::{Answer, Call, Writes};
use crate::database::Database;
use crate::tamper::tamper;

/// Schema versions of released files. Events of the first two do not seal rows, and their hashes go over numbers of rows.
pub const VERSIONS: [u32; 3] = [4, 5, 6];

/// A copy of a released file, in a folder of its own.
pub struct Scene {
    pub calls: Vec<Call>,
    pub heads: Vec<SavedHead>,
    folder: tempfile::TempDir,
}

impl Scene {
    /// The file as it was released.
    pub fn released(version: u32) -> Self {
        let source =
            Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../tests/migrations/released/v{version}"));
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("selene.db"), std::fs::read(source.join("store.db")).unwrap())
            .unwrap();
        let heads = serde_json::from_slice(&std::fs::read(source.join("heads.json")).unwrap()).unwrap();
        Self { calls: Call::read(&source.join("calls.jsonl")), heads, folder }
    }

    /// The same, brought to this build's schema version.
    pub fn migrated(version: u32) -> Self {
        let scene = Self::released(version);
        drop(scene.open());
        scene
    }

    pub fn path(&self) -> PathBuf {
        self.at("selene.db")
    }

    /// A name in the folder of the file.
    pub fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn open(&self) -> SqliteStore {
        SqliteStore::open(self.path()).unwrap()
    }

    /// A connection without locks of ours: `sql` changes what nothing else would let it change.
    pub fn tamper(&self, sql: &str) {
        tamper(&self.path(), sql);
    }

    /// A new person, whom no released call is about.
    pub fn person(&self, name: &str) -> Call {
        let of_person = |call: &&Call| call.capability == "PH1F_IDENTITY_INSERT_ROW";
        let mut call = self.calls.iter().find(of_person).expect("somebody was inserted").clone();
        (call.name, call.answer) = (format!("the person {name}"), None);
        call.input["user_id"] = name.into();
        call.input["idempotency_key"] = format!("person {name}").into();
        call
    }

    /// What every released call is answered today: the answer and whether it was replayed, or the code of the refusal.
    pub fn answers(&self, store: &impl Writes) -> Vec<(String, Result<Answer, String>)> {
        let answer = |call: &Call| match call.make(store) {
            Ok(made) => {
                assert_eq!(
                    format!("{:?}", made.disposition),
                    "Replayed { identical: true }",
                    "{}",
                    call.name
                );
                Ok(made.answer)
            }
            Err(error) => Err(error.reason_code().to_string()),
        };
        self.calls.iter().map(|call| (call.name.clone(), answer(call))).collect()
    }
}

/// An empty database that no other test gets: a copy may be left in it unfinished.
pub fn target() -> Database {
    let database = Database::empty();
    database.spend();
    database
}

/// Every row of every table, by the names of columns; without tables and columns that a server has for itself.
pub fn rows(every_row: BTreeMap<String, TableRows>) -> BTreeMap<String, Vec<BTreeMap<String, Cell>>> {
    let named = |table: TableRows| {
        let columns = table.columns;
        let rows = table.rows.into_iter().map(|row| columns.iter().cloned().zip(row).collect());
        let mut rows: Vec<BTreeMap<String, Cell>> = rows.collect();
        rows.sort();
        rows
    };
    every_row.into_iter().map(|(name, table)| (name, named(table))).collect()
}

pub fn rows_of_file(path: &Path) -> BTreeMap<String, Vec<BTreeMap<String, Cell>>> {
    rows(SqliteStore::open(path).unwrap().every_row().unwrap())
}

pub fn rows_of_server(address: &str) -> BTreeMap<String, Vec<BTreeMap<String, Cell>>> {
    rows(PostgresStore::open(address).unwrap().every_row().unwrap())
}
