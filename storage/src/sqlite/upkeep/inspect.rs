//! What a file holds, and how large it is.

use std::path::Path;

use rusqlite::Connection;
use serde::Serialize;

use super::error::UpkeepError;
use super::look::look_into;
use crate::audit::Contents;
use crate::audit::contents::contents;
use crate::sqlite::presence::Presence;
use crate::sqlite::schema::{self, Identity};
use crate::sqlite::store::StoreOptions;

/// What a file holds, in one state of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Inspection {
    /// The schema version of the file.
    pub schema_version: i32,
    /// The schema version that this build makes.
    pub newest_version: i32,
    /// Bytes of the database file.
    pub file_bytes: u64,
    /// Bytes of the log beside it; zero where there is none.
    pub log_bytes: u64,
    /// Bytes of a page.
    pub page_bytes: u64,
    /// Pages of the database.
    pub pages: u64,
    /// Pages that hold nothing; compacting gives them back to the system.
    pub free_pages: u64,
    /// The number of rows of its tables, and its oldest and newest event.
    #[serde(flatten)]
    pub contents: Contents,
    /// Settings that the file itself holds, by name.
    pub settings: Vec<(&'static str, String)>,
}

/// Settings that a file holds.
const SETTINGS: [&str; 5] = ["journal_mode", "auto_vacuum", "encoding", "application_id", "user_version"];

/// Looks into the file of a store of this or of an earlier schema version. Nothing is changed, and the rows of every table are counted.
///
/// # Errors
/// There is no such file, it is no store, it is newer than this build, or it cannot be read.
pub fn inspect(path: &Path, options: &StoreOptions) -> Result<Inspection, UpkeepError> {
    let (place, connection) = look_into(path, options)?;
    let failed = || UpkeepError::sqlite("look into the database");
    let snapshot = connection.unchecked_transaction().map_err(failed())?;
    let identity = Identity::read(&snapshot).map_err(failed())?;
    let number = |pragma: &str| -> rusqlite::Result<u64> {
        snapshot.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0)).map(i64::cast_unsigned)
    };
    let log_bytes = place.presence().map_or(Ok(0), Presence::log_bytes);
    let tables = schema::tables(&snapshot).map_err(failed())?;
    Ok(Inspection {
        schema_version: identity.user_version,
        newest_version: schema::NEWEST,
        file_bytes: std::fs::metadata(path).map_err(UpkeepError::file(path))?.len(),
        log_bytes: log_bytes.map_err(crate::sqlite::open_error::OpenError::from)?,
        page_bytes: number("page_size").map_err(failed())?,
        pages: number("page_count").map_err(failed())?,
        free_pages: number("freelist_count").map_err(failed())?,
        contents: contents(&*snapshot, tables)?,
        settings: settings(&snapshot).map_err(failed())?,
    })
}

fn settings(connection: &Connection) -> rusqlite::Result<Vec<(&'static str, String)>> {
    let value = |setting| {
        connection.pragma_query_value(None, setting, |row| {
            Ok(match row.get_ref(0)? {
                rusqlite::types::ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
                other => other.as_i64().unwrap_or_default().to_string(),
            })
        })
    };
    SETTINGS.into_iter().map(|setting| Ok((setting, value(setting)?))).collect()
}
