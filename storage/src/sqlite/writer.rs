//! The one writing connection: its transactions, its log, and a new connection where the old one is of no use.

use std::sync::Weak;
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::config::DbConfig;
use rusqlite::wal::CheckpointMode;

use crate::commit::driver::{Begun, CommitEnd, Driver};
use crate::observe;
use crate::sqlite::open_error::OpenError;
use crate::sqlite::place::Place;
use crate::sqlite::presence::{Misplaced, Presence};
use crate::sqlite::readers::Readers;
use crate::sqlite::session::run;
use crate::sqlite::settings::{LOG_BOUND_BYTES, Medium};
use crate::sqlite::trouble::{describe, is_busy, is_read_only};

/// How long the shortening of the log waits for readers to leave it, now and then.
const LOG_WAIT: Duration = Duration::from_millis(10);
/// Length of the log from which it is measured after every commit. Ordinary work never gets there.
const MEASURE_LOG_ALWAYS_FROM_BYTES: u64 = LOG_BOUND_BYTES / 4 * 3;
/// Operations after which a shorter log is measured: they add less than what is left to its bound then.
const MEASURE_LOG_AFTER_OPERATIONS: usize = 64;
/// How far a log grows, after a reader was waited for in vain, before one is waited for again.
const WAIT_AGAIN_AFTER_BYTES: u64 = LOG_BOUND_BYTES / 8;

/// The writing connection and what is known about the database without asking it.
pub(crate) struct Writer {
    /// Absent after a failure that needs a new connection, until the next batch opens one.
    connection: Option<Connection>,
    place: Place,
    /// Those who read what this connection writes.
    readers: Weak<Readers>,
    /// `PRAGMA data_version` of the last batch; another value means that another process has written.
    data_version: Option<i64>,
    /// Length of the log when it was measured last.
    log_bytes: u64,
    /// Operations that were committed since.
    unmeasured_operations: usize,
    /// Length of the log at which readers are waited for again.
    wait_from_bytes: u64,
    #[cfg(any(test, feature = "test-support"))]
    pub(crate) faults: crate::sqlite::faults::Faults,
}

impl Writer {
    pub(crate) fn open(place: Place, readers: Weak<Readers>) -> Result<Self, OpenError> {
        let connection = if place.is_read_only() { None } else { Some(place.open_writer()?) };
        Ok(Self {
            connection,
            place,
            readers,
            data_version: None,
            log_bytes: 0,
            unmeasured_operations: 0,
            wait_from_bytes: LOG_BOUND_BYTES,
            #[cfg(any(test, feature = "test-support"))]
            faults: crate::sqlite::faults::Faults::default(),
        })
    }

    /// Opens the transaction, and finds out whether another process has written since the last one.
    fn open_transaction(&mut self) -> Result<Begun, Failed> {
        // Before anything is read: a file that is gone gives no answers.
        self.place.check_presence_again()?;
        if self.connection.is_none() {
            self.data_version = None;
            self.connection = Some(self.place.open_writer()?);
        }
        let connection = self.connection.as_ref().ok_or(Failed::NoConnection)?;
        let begun = run(connection, "BEGIN IMMEDIATE");
        // The log or its index was opened for reading alone, because the system refused more at that moment: it may no longer.
        // All connections of a process share the index, so that of the readers goes too.
        if begun.as_ref().is_err_and(is_read_only) {
            self.reopen();
            if let Some(readers) = self.readers.upgrade() {
                readers.renew();
            }
        }
        begun?;
        let connection = self.connection.as_ref().ok_or(Failed::NoConnection)?;
        let version: i64 =
            connection.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))?;
        let known = self.data_version.replace(version);
        Ok(if known == Some(version) { Begun::Unchanged } else { Begun::Changed })
    }

    /// A commit into a file that went away meanwhile is lost, or found again with the file: nobody knows.
    fn after_commit(&mut self, operations: usize) -> CommitEnd {
        let looked_for = match self.place.check_presence_again() {
            Ok(looked_for) => looked_for,
            Err(misplaced) => return CommitEnd::Unknown(misplaced.to_string()),
        };
        self.unmeasured_operations += operations;
        let is_due = self.log_bytes >= MEASURE_LOG_ALWAYS_FROM_BYTES
            || self.unmeasured_operations >= MEASURE_LOG_AFTER_OPERATIONS;
        let measured = looked_for.or_else(|| {
            let presence = self.place.presence().filter(|_| is_due)?;
            presence.log_bytes().ok()
        });
        if let Some(log_bytes) = measured {
            (self.log_bytes, self.unmeasured_operations) = (log_bytes, 0);
            observe::log_bytes(log_bytes);
        }
        CommitEnd::Durable
    }

    /// Carries the log into the database and empties it, if it is too long and nobody reads from it any more. Waits
    /// for readers a moment only, and that once for every few megabytes that the log grows.
    fn shorten_log(&mut self) {
        let Some(connection) = self.connection.as_ref().filter(|_| self.log_bytes > LOG_BOUND_BYTES) else {
            return;
        };
        let waits = self.log_bytes >= self.wait_from_bytes;
        let truncate = || connection.wal_checkpoint_v2(None::<&str>, CheckpointMode::TRUNCATE).map(|_| true);
        let shortened = connection
            .busy_timeout(if waits { LOG_WAIT } else { Duration::ZERO })
            .and_then(|()| observe::checkpoint("truncate", truncate));
        let restored = connection.busy_timeout(self.place.busy_timeout());
        if shortened.is_ok() {
            (self.log_bytes, self.wait_from_bytes) = (0, LOG_BOUND_BYTES);
            observe::log_bytes(0);
        } else if waits {
            self.wait_from_bytes = self.log_bytes + WAIT_AGAIN_AFTER_BYTES;
        }
        if restored.is_err() {
            self.reopen();
        }
    }

    /// Replaces the connection: at once for a database in memory, which lives as long as a connection to it
    /// does; else with the next batch, when the file may be well again.
    pub(crate) fn reopen(&mut self) {
        observe::reopened();
        self.data_version = None;
        if let Some(connection) = &self.connection
            && !connection.is_autocommit()
        {
            // A failure here is answered by dropping the connection.
            let _ = connection.execute_batch("ROLLBACK");
        }
        self.leave_misplaced();
        if let Some(presence) = self.place.presence() {
            presence.forget_log();
        }
        self.connection = match self.place.medium() {
            Medium::File | Medium::ImmutableFile => None,
            Medium::Memory => self.place.open_writer().ok(),
        };
    }
}

impl Driver for Writer {
    type Connection = Connection;

    fn begin(&mut self) -> Result<Begun, String> {
        self.open_transaction().map_err(|error| error.to_string())
    }

    fn connection(&mut self) -> Option<&mut Connection> {
        self.connection.as_mut()
    }

    fn commit(&mut self, operations: usize) -> CommitEnd {
        let Some(connection) = self.connection.as_ref() else { return CommitEnd::RolledBack };
        #[cfg(any(test, feature = "test-support"))]
        let result = self.faults.commit(|| run(connection, "COMMIT"));
        #[cfg(not(any(test, feature = "test-support")))]
        let result = run(connection, "COMMIT");
        let Err(error) = result else { return self.after_commit(operations) };
        let detail = describe(&error);
        // SQLite says for certain that it did not commit, and keeps the transaction open.
        if is_busy(&error) && !connection.is_autocommit() {
            self.roll_back();
            return CommitEnd::NotCommitted(detail);
        }
        self.reopen();
        CommitEnd::Unknown(detail)
    }

    /// A connection that cannot even roll back is replaced.
    fn roll_back(&mut self) {
        let is_clean = self
            .connection
            .as_ref()
            .is_none_or(|connection| connection.is_autocommit() || run(connection, "ROLLBACK").is_ok());
        if !is_clean {
            self.reopen();
        }
    }

    /// Whether the log is longer than its bound.
    fn needs_upkeep(&self) -> bool {
        self.log_bytes > LOG_BOUND_BYTES
    }

    fn upkeep(&mut self) {
        self.shorten_log();
    }
}

impl Writer {
    /// Before a connection to misplaced files is closed: what the log holds is carried into the database, wherever
    /// that lies, and the log is emptied, so that no other database takes it for its own. SQLite does neither for a
    /// database that was moved. And it deletes the log beside the path, whosever that is: it must not where it is
    /// another one's.
    fn leave_misplaced(&self) {
        let Some(connection) = self.connection.as_ref().filter(|_| self.place.check_presence().is_err())
        else {
            return;
        };
        // Whatever fails here leaves the files as they are.
        let _ = connection.busy_timeout(Duration::ZERO);
        let _ = connection.wal_checkpoint_v2(None::<&str>, CheckpointMode::TRUNCATE);
        if self.place.presence().is_some_and(Presence::is_log_of_another) {
            let _ = connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true);
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.leave_misplaced();
    }
}

/// Why a transaction did not begin.
#[derive(Debug, thiserror::Error)]
enum Failed {
    #[error("{0}")]
    Open(#[from] OpenError),
    #[error(transparent)]
    Misplaced(#[from] Misplaced),
    #[error("{}", describe(.0))]
    Sqlite(#[from] rusqlite::Error),
    #[error("there is no connection")]
    NoConnection,
}
