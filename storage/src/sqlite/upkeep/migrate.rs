//! Bringing a file to the schema version of this build.

use std::path::Path;

use serde::Serialize;

use super::error::UpkeepError;
use super::look::look_into;
use crate::sqlite::schema::{self, Identity};
use crate::sqlite::store::{SqliteStore, StoreOptions};

/// What a migration did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Migration {
    /// The schema version that the file had.
    pub from: i32,
    /// The schema version that it has.
    pub to: i32,
}

/// Brings a file that is there to the schema version of this build, in one transaction: killed at any moment, it has the old version
/// or the new one. The same happens whenever a store is opened for writing.
///
/// # Errors
/// There is no such file, it is no store or empty, it is newer than this build, its rows cannot be carried over, another program has
/// it locked, or it cannot be written. The file is then as it was.
pub fn migrate(path: &Path, options: &StoreOptions) -> Result<Migration, UpkeepError> {
    let (_place, connection) = look_into(path, options)?;
    let found = Identity::read(&connection).map_err(UpkeepError::sqlite("read the schema version"))?;
    drop(connection);
    drop(SqliteStore::open_with(path, options)?);
    Ok(Migration { from: found.user_version, to: schema::NEWEST })
}
