//! What a file holds, and how large it is.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension as _};
use serde::Serialize;

use super::error::UpkeepError;
use super::look::look_into;
use crate::check::heads;
use crate::sqlite::presence::Presence;
use crate::sqlite::schema::{self, Identity};
use crate::sqlite::store::StoreOptions;
use crate::truth::ledgers;

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
    /// Chains of audit events.
    pub chains: u64,
    /// The event that was stored first.
    pub oldest_event: Option<EventAt>,
    /// The event that was stored last.
    pub newest_event: Option<EventAt>,
    /// Every table with its rows, by name.
    pub tables: Vec<TableRows>,
    /// Settings that the file itself holds, by name.
    pub settings: Vec<(&'static str, String)>,
}

/// The rows of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct TableRows {
    /// The table by its name in SQL: `audit_events`.
    pub table: String,
    /// How many rows it has.
    pub rows: u64,
    /// Whether its rows never change.
    pub is_ledger: bool,
}

/// An event, as far as it says when it was stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct EventAt {
    /// Its id: `aud_` and 32 hexadecimal digits.
    pub event_id: String,
    /// Nanoseconds, as its call gave them.
    pub created_at: u64,
    /// The tenant of its chain; absent for the chain of the events without one.
    pub tenant_id: Option<String>,
    /// Its place in its chain, from one.
    pub chain_sequence: u64,
    /// The engine that wrote it.
    pub engine: String,
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
    let tables = tables(&snapshot).map_err(failed())?;
    let [oldest_event, newest_event] = events(&snapshot).map_err(failed())?;
    Ok(Inspection {
        schema_version: identity.user_version,
        newest_version: schema::NEWEST,
        file_bytes: std::fs::metadata(path).map_err(UpkeepError::file(path))?.len(),
        log_bytes: log_bytes.map_err(crate::sqlite::open_error::OpenError::from)?,
        page_bytes: number("page_size").map_err(failed())?,
        pages: number("page_count").map_err(failed())?,
        free_pages: number("freelist_count").map_err(failed())?,
        chains: heads::heads(&*snapshot)?.len() as u64,
        oldest_event,
        newest_event,
        tables,
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

fn tables(connection: &Connection) -> rusqlite::Result<Vec<TableRows>> {
    let mut statement = connection.prepare(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
    )?;
    let names = statement.query_map([], |row| row.get::<_, String>(0))?;
    let rows = names.map(|name| {
        let table = name?;
        let rows: i64 =
            connection.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0))?;
        let is_ledger = ledgers().contains(table.as_str());
        Ok(TableRows { table, rows: rows.cast_unsigned(), is_ledger })
    });
    let mut tables = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    tables.sort_by(|a, b| a.table.cmp(&b.table));
    Ok(tables)
}

/// The first and the last event.
fn events(connection: &Connection) -> rusqlite::Result<[Option<EventAt>; 2]> {
    let event = |sql: &str| {
        let read = |row: &rusqlite::Row<'_>| {
            Ok(EventAt {
                event_id: row.get(0)?,
                created_at: row.get::<_, i64>(1)?.cast_unsigned(),
                tenant_id: row.get(2)?,
                chain_sequence: row.get::<_, i64>(3)?.cast_unsigned(),
                engine: row.get(4)?,
            })
        };
        connection.query_row(sql, [], read).optional()
    };
    Ok([
        event(
            "SELECT event_id, created_at, tenant_id, chain_sequence, engine FROM audit_events
             ORDER BY ledger_position LIMIT 1",
        )?,
        event(
            "SELECT event_id, created_at, tenant_id, chain_sequence, engine FROM audit_events
             ORDER BY ledger_position DESC LIMIT 1",
        )?,
    ])
}
