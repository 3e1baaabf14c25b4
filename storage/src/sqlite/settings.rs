//! Settings of every connection, set and then read back: a store never works on settings that did not take.

use rusqlite::Connection;
use rusqlite::config::DbConfig;

use crate::sqlite::open_error::OpenError;

/// Statements that a connection keeps compiled; more than the backend has, so that none is compiled twice.
const CACHED_STATEMENTS: usize = 128;

/// How long the log is at most, but for one batch, while nothing reads for long. Twice what lies between two
/// checkpoints, so that ordinary work never gets there.
pub(crate) const LOG_BOUND_BYTES: u64 = 33_554_432;
/// The same for SQLite.
const LOG_BOUND_TEXT: &str = "33554432";
/// Pages of the log from which a commit carries it into the database.
#[cfg(any(test, feature = "metrics", feature = "tracing"))]
const CHECKPOINT_PAGES: std::ffi::c_int = 4_000;
/// The same for SQLite.
const CHECKPOINT_PAGES_TEXT: &str = "4000";

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// The one connection that writes.
    Writer,
    /// One of the connections that only read.
    Reader,
}

/// Where the database lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Medium {
    /// A file, with a write-ahead log.
    File,
    /// A file that nobody changes, on a medium that takes no log: without one, whatever its header says.
    ImmutableFile,
    /// Memory; nothing is durable, so there is no log.
    Memory,
}

/// Sets everything and reads it back.
pub(crate) fn apply(connection: &Connection, role: Role, medium: Medium) -> Result<(), OpenError> {
    let failed = |error| OpenError::sqlite("configure the connection", error);
    connection.set_prepared_statement_cache_capacity(CACHED_STATEMENTS);
    for (setting, expected) in pragmas(role, medium) {
        // Only who writes needs the log: a file that was left without one is read as it is.
        let is_for_writing = setting == "journal_mode" && medium != Medium::Memory;
        if is_for_writing && role == Role::Reader {
            continue;
        }
        if setting != "journal_mode" || role == Role::Writer {
            set(connection, setting, expected).map_err(failed)?;
        }
        let found: String = connection
            .pragma_query_value(None, setting, |row| row.get_ref(0).map(|value| text_of(&value)))
            .map_err(failed)?;
        if found != expected {
            return Err(OpenError::Setting { setting, expected: expected.to_owned(), found });
        }
    }
    for (setting, name, expected) in switches() {
        let found = connection.set_db_config(setting, expected).map_err(failed)?;
        if found != expected {
            return Err(OpenError::Setting {
                setting: name,
                expected: expected.to_string(),
                found: found.to_string(),
            });
        }
    }
    Ok(())
}

/// Sets a pragma and takes its answer to the end. One that changes the file commits behind its row: who stops there is not told that the
/// commit failed, and works on with a journal that the next process rolls back.
fn set(connection: &Connection, setting: &str, value: &str) -> rusqlite::Result<()> {
    let mut statement = connection.prepare(&format!("PRAGMA {setting} = {value}"))?;
    let mut rows = statement.query([])?;
    while rows.next()?.is_some() {}
    Ok(())
}

/// Watches how long the checkpoints take that SQLite makes within commits, and makes them as it does by itself: once the log has the pages
/// of `wal_autocheckpoint`, without waiting for anybody, and whatever comes of one, the commit has been made.
#[cfg(any(feature = "metrics", feature = "tracing"))]
pub(crate) fn watch_checkpoints(connection: &mut Connection) -> rusqlite::Result<()> {
    use rusqlite::hooks::Wal;
    use rusqlite::wal::CheckpointMode;

    connection.wal_hook(Some(|log: &mut Wal, pages: std::ffi::c_int| {
        if pages >= CHECKPOINT_PAGES {
            let carry = || log.checkpoint_v2(CheckpointMode::PASSIVE).map(|(all, carried)| all == carried);
            let _ = crate::observe::checkpoint("passive", carry);
        }
        Ok(())
    }))
}

/// Pragmas with the value that reading them gives.
fn pragmas(role: Role, medium: Medium) -> [(&'static str, &'static str); 11] {
    [
        ("journal_mode", if medium == Medium::File { "wal" } else { "memory" }),
        // FULL: a commit is on the disk before its caller has the answer.
        ("synchronous", "2"),
        ("foreign_keys", "1"),
        // Delete triggers fire for rows that REPLACE removes.
        ("recursive_triggers", "1"),
        ("trusted_schema", "0"),
        ("cell_size_check", "1"),
        // Savepoints and sorters stay out of temporary files.
        ("temp_store", "2"),
        // KiB. The writer keeps the inner pages of every index at hand, also in a table of millions of rows.
        ("cache_size", if role == Role::Writer { "-65536" } else { "-16384" }),
        // Pages. Between two checkpoints a page that many commits touch is written to the database once.
        ("wal_autocheckpoint", CHECKPOINT_PAGES_TEXT),
        // Bytes. A log that grew while something kept it from starting over is cut to this when it does.
        ("journal_size_limit", LOG_BOUND_TEXT),
        ("query_only", if role == Role::Reader { "1" } else { "0" }),
    ]
}

/// Switches of the connection that are no pragmas.
fn switches() -> [(DbConfig, &'static str, bool); 7] {
    [
        (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, "DEFENSIVE", true),
        (DbConfig::SQLITE_DBCONFIG_WRITABLE_SCHEMA, "WRITABLE_SCHEMA", false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, "ENABLE_TRIGGER", true),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_FKEY, "ENABLE_FKEY", true),
        // Plans do not depend on bound values: otherwise SQLite compiles a statement anew for every value of a
        // column without an index.
        (DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, "ENABLE_QPSG", true),
        (DbConfig::SQLITE_DBCONFIG_DQS_DML, "DQS_DML", false),
        (DbConfig::SQLITE_DBCONFIG_DQS_DDL, "DQS_DDL", false),
    ]
}

fn text_of(value: &rusqlite::types::ValueRef<'_>) -> String {
    match value {
        rusqlite::types::ValueRef::Integer(number) => number.to_string(),
        rusqlite::types::ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
        other => format!("{other:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bounds_of_the_log_are_the_same_in_words_for_sqlite() {
        assert_eq!(LOG_BOUND_BYTES.to_string(), LOG_BOUND_TEXT);
        assert_eq!(CHECKPOINT_PAGES.to_string(), CHECKPOINT_PAGES_TEXT);
    }

    #[test]
    fn a_setting_that_does_not_take_refuses_to_open() {
        // A database in memory cannot have a write-ahead log.
        let connection = Connection::open_in_memory().unwrap();
        let error = apply(&connection, Role::Writer, Medium::File).unwrap_err();
        assert!(
            matches!(&error, OpenError::Setting { setting: "journal_mode", expected, found }
                if expected == "wal" && found == "memory"),
            "{error}"
        );
    }
}
