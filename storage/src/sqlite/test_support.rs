//! What only tests ask of the store: rows that no call leads to, every row, and commits that break.

use rusqlite::Connection;

use crate::commit::calls::Serves as _;
use crate::failure::Failure;
use crate::lock::lock;
use crate::sqlite::faults::CommitFault;
use crate::sqlite::store::SqliteStore;
use crate::test_support::{BrokenCommit, implement_test_support};

implement_test_support!(SqliteStore, columns);

impl SqliteStore {
    /// For tests only: lets the next commit report an error of the disk.
    pub fn break_next_commit(&self, broken: BrokenCommit) {
        lock(&self.shared.commits().batches).driver.faults.next_commit = match broken {
            BrokenCommit::Durable => CommitFault::ReportsAfter,
            BrokenCommit::Lost => CommitFault::ReportsInstead,
        };
    }
}

fn columns(connection: &Connection, table: &str) -> Result<Vec<String>, Failure> {
    Ok(super::migration::columns(connection, table)?)
}
