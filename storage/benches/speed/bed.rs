//! Database files that start from the same content: filled once by the store, then copied for every contestant.

use std::path::{Path, PathBuf};

use rusqlite::Connection;
use selene_storage::{SqliteStore, Ticket};

use crate::raw::{Chain, Raw};
use crate::workload;

/// Calls that are handed over at once while a file is filled.
const FILL_AT_ONCE: usize = 5_000;

/// A file with the fleet and a number of wake events.
pub struct Template {
    path: PathBuf,
    /// Wake events in it: the numbers from zero up to this one.
    pub events: usize,
}

impl Template {
    /// Fills a file in the folder.
    pub fn fill(folder: &Path, events: usize) -> Self {
        let path = folder.join(format!("template-{events}.db"));
        let store = SqliteStore::open(&path).expect("the folder takes a database");
        workload::populate(&store);
        for start in (0..events).step_by(FILL_AT_ONCE) {
            let calls = workload::calls(start..events.min(start + FILL_AT_ONCE));
            for ticket in store.submit_all(calls) {
                Ticket::wait(ticket).expect("a wake event of the fleet");
            }
        }
        drop(store);
        Self { path, events }
    }

    /// A copy for the store.
    pub fn store(&self, name: &str) -> SqliteStore {
        SqliteStore::open(self.copy(name)).expect("the copy of a database opens")
    }

    /// A copy for plain statements.
    pub fn raw(&self, name: &str, chain: Chain) -> Raw {
        Raw::open(&self.copy(name), chain).expect("the copy of a database opens")
    }

    /// A copy with every byte on the disk, so that nobody's clock pays for it.
    pub fn copy(&self, name: &str) -> PathBuf {
        let path = self.path.with_file_name(format!("{name}-{}.db", self.events));
        std::fs::copy(&self.path, &path).expect("the disk has room");
        std::fs::File::open(&path).and_then(|file| file.sync_all()).expect("the disk takes the copy");
        path
    }
}

/// Every row of every table, in the order of the keys, as text.
pub fn dump(path: &Path) -> rusqlite::Result<Vec<String>> {
    let connection = Connection::open(path)?;
    let mut names = connection
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")?;
    let names: Vec<String> = names.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    let mut lines = Vec::new();
    for name in names {
        // Both sides must have the same columns, too.
        let mut statement = connection.prepare(&format!("SELECT * FROM {name} ORDER BY 1, 2"))?;
        let columns = statement.column_count();
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let values = (0..columns).map(|column| row.get_ref(column).map(|value| format!("{value:?}")));
            let values: Vec<String> = values.collect::<rusqlite::Result<_>>()?;
            lines.push(format!("{name}: {}", values.join(", ")));
        }
    }
    Ok(lines)
}
