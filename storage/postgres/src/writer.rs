//! The writing connection of a lane: its transactions, and a new connection where the old one is of no use.

use std::sync::Arc;

use selene_storage::backend::{Begun, CommitEnd, Driver};

use crate::connection::{Connection, Standing};
use crate::server::{Role, Server};
use crate::trouble;

/// The writing connection of a lane, opened when it is needed.
pub(crate) struct Writer {
    server: Arc<Server>,
    lane: i64,
    connection: Option<Connection>,
    /// How often the lane was locked for good, as the last commit of this writer left it; none where that is not known.
    commits: Option<i64>,
    /// The same with the open transaction.
    commits_after: i64,
}

impl Writer {
    pub(crate) const fn new(server: Arc<Server>, lane: i64) -> Self {
        Self { server, lane, connection: None, commits: None, commits_after: 0 }
    }

    /// Opens a transaction on the connection that is there, or on a new one. Nothing was written, so one that is lost meanwhile is
    /// replaced.
    fn open_transaction(&mut self) -> Result<i64, String> {
        if let Some(connection) = self.connection.as_ref().filter(|connection| !connection.is_closed()) {
            match connection.begin(self.lane) {
                Ok(commits) => return Ok(commits),
                Err(error) if !trouble::needs_another_connection(&error) => {
                    return Err(trouble::describe(&error));
                }
                Err(_) => {}
            }
        }
        self.connection = None;
        let connection = self.server.connect(Role::Writer).map_err(|error| error.to_string())?;
        let begun = connection.begin(self.lane);
        self.connection = Some(connection);
        begun.map_err(|error| trouble::describe(&error))
    }
}

#[cfg(feature = "test-support")]
impl Writer {
    /// Loses the connection before or behind the commit, where a test asks for it.
    fn break_commit(&mut self) -> Option<CommitEnd> {
        use selene_storage::test_support::BrokenCommit;
        let broken = self.server.broken_commit.lock().ok().and_then(|mut broken| broken.take())?;
        let connection = self.connection.take()?;
        self.commits = None;
        if broken == BrokenCommit::Durable
            && let Err(error) = connection.end("COMMIT")
        {
            return Some(CommitEnd::Unknown(trouble::describe(&error)));
        }
        Some(CommitEnd::Unknown("the connection was lost".to_owned()))
    }
}

impl Driver for Writer {
    type Connection = Connection;

    fn begin(&mut self) -> Result<Begun, String> {
        let commits = self.open_transaction()?;
        self.commits_after = commits;
        // Another number says that somebody else has written, or that it is not known.
        let is_next = self.commits.is_some_and(|known| known + 1 == commits);
        Ok(if is_next { Begun::Unchanged } else { Begun::Changed })
    }

    fn connection(&mut self) -> Option<&mut Connection> {
        self.connection.as_mut()
    }

    fn commit(&mut self, _operations: usize) -> CommitEnd {
        #[cfg(feature = "test-support")]
        if let Some(end) = self.break_commit() {
            return end;
        }
        let Some(connection) = &self.connection else { return CommitEnd::RolledBack };
        let known = self.commits.take();
        match connection.end("COMMIT") {
            // How often the lane was locked stays unknown, so heads are read again.
            Ok(()) if connection.ended_with_warning() => CommitEnd::Unknown(
                "the server committed with a warning: a standby may not have it".to_owned(),
            ),
            Ok(()) => {
                self.commits = Some(self.commits_after);
                CommitEnd::Durable
            }
            Err(error) if trouble::is_conflict(&error) => {
                self.commits = known;
                CommitEnd::Conflict
            }
            Err(error) if trouble::is_refusal(&error) => {
                self.commits = known;
                CommitEnd::NotCommitted(trouble::describe(&error))
            }
            Err(error) => {
                self.connection = None;
                CommitEnd::Unknown(trouble::describe(&error))
            }
        }
    }

    /// A connection that cannot even roll back is dropped, and the server rolls back.
    fn roll_back(&mut self) {
        let is_clean = self.connection.as_ref().is_none_or(|connection| {
            connection.standing() == Standing::Idle || connection.end("ROLLBACK").is_ok()
        });
        if !is_clean {
            self.connection = None;
        }
    }

    fn needs_upkeep(&self) -> bool {
        false
    }

    fn upkeep(&mut self) {}
}
