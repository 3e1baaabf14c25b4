//! Giving pages that hold nothing back to the system.

use std::path::Path;

use serde::Serialize;

use super::error::UpkeepError;
use crate::sqlite::open_error::OpenError;
use crate::sqlite::place::Place;
use crate::sqlite::store::{SqliteStore, StoreOptions};

/// The size of a file before and after compacting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Compaction {
    /// Bytes of the database file and its log before.
    pub bytes_before: u64,
    /// Bytes of the same files after.
    pub bytes_after: u64,
}

/// Writes the database anew without pages that hold nothing, and each table in one piece. SQLite makes the new form in a temporary
/// file and carries it over in one transaction of the log: killed at any moment, the file holds the same rows as before. No row
/// changes, and no lock of a ledger is lifted. Needs the size of the file twice as free space: in the folder of temporary files
/// (`SQLITE_TMPDIR`), and beside the file.
///
/// Other programs may read meanwhile; whoever writes waits. While somebody reads for long, the log keeps its length.
///
/// # Errors
/// The file is no store of this build's schema version, another program has it locked, the disk is full, or it cannot be written. The
/// rows are then as they were.
pub fn compact(path: &Path, options: &StoreOptions) -> Result<Compaction, UpkeepError> {
    // Refuses what is no store of this build before anything could be written.
    drop(SqliteStore::open_read_only_with(path, options)?);
    let bytes_before = bytes(path)?;
    let place = Place::existing(path, options.busy_timeout)?;
    let connection = place.open_upkeep()?;
    let failed = || UpkeepError::sqlite("compact the database");
    connection.execute_batch("VACUUM").map_err(failed())?;
    // A log that somebody still reads is carried over later.
    connection
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
        .map_err(UpkeepError::sqlite("carry the log into the database"))?;
    connection.close().map_err(|(_, error)| OpenError::sqlite("close the database", error))?;
    Ok(Compaction { bytes_before, bytes_after: bytes(path)? })
}

/// Bytes of a database file and its log.
fn bytes(path: &Path) -> Result<u64, UpkeepError> {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    let file = std::fs::metadata(path).map_err(UpkeepError::file(path))?.len();
    Ok(file + std::fs::metadata(log).map_or(0, |log| log.len()))
}
