//! A file with rows in every table, and all that is known of it.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use selene_contracts::StorageError;
use selene_storage::test_support::TableRows;
use selene_storage::{SavedHead, SqliteStore};

use crate::recorded::{Call, Made};
use crate::scenes::files::{database, open};
use crate::scenes::writes::write;

/// The files of a release.
const RELEASED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/migrations/released/v6");

/// Calls that were made on a released file.
pub struct Calls(Vec<Call>);

impl Calls {
    pub fn read() -> Self {
        Self(Call::read(&Path::new(RELEASED).join("calls.jsonl")))
    }

    /// Makes all of them again.
    pub fn make(&self, store: &SqliteStore) -> Vec<Result<Made, StorageError>> {
        self.0.iter().map(|call| call.make(store)).collect()
    }
}

/// A file, and all that is known of it.
pub struct Known {
    /// The files by their names.
    files: BTreeMap<String, Vec<u8>>,
    /// The ends of its chains, kept elsewhere.
    pub heads: Vec<SavedHead>,
    pub rows: BTreeMap<String, TableRows>,
    pub calls: Arc<Calls>,
    /// What the calls are answered when they are made again.
    pub answers: Vec<Made>,
}

impl Known {
    /// A file whose log was carried over.
    pub fn plain(calls: &Arc<Calls>) -> Self {
        let folder = released();
        Self::of(folder.path(), calls)
    }

    /// A file with a log beside it, which holds some of its rows.
    pub fn logged(calls: &Arc<Calls>) -> Self {
        let folder = released();
        let store = open(&database(folder.path())).unwrap();
        for number in 10..30 {
            write(&store, number).unwrap();
        }
        Self::of(folder.path(), calls)
    }

    fn of(folder: &Path, calls: &Arc<Calls>) -> Self {
        let mut files = BTreeMap::new();
        for name in ["selene.db", "selene.db-wal"] {
            if let Ok(bytes) = std::fs::read(folder.join(name)) {
                files.insert(name.to_owned(), bytes);
            }
        }
        let copy = tempfile::tempdir().unwrap();
        put(&files, copy.path());
        let store = open(&database(copy.path())).unwrap();
        let (heads, rows) = (store.chain_heads().unwrap(), store.every_row().unwrap());
        let answers = calls.make(&store).into_iter().map(Result::unwrap).collect();
        Self { files, heads, rows, calls: Arc::clone(calls), answers }
    }

    /// Puts the files into a folder.
    pub fn put(&self, folder: &Path) {
        put(&self.files, folder);
    }
}

fn put(files: &BTreeMap<String, Vec<u8>>, folder: &Path) {
    for (name, bytes) in files {
        std::fs::write(folder.join(name), bytes).unwrap();
    }
}

/// A folder with the released file.
fn released() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let bytes = std::fs::read(Path::new(RELEASED).join("store.db")).unwrap();
    std::fs::write(database(folder.path()), bytes).unwrap();
    folder
}
