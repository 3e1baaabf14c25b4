//! The writing connection of a leader: its transactions, and a new connection where the old one is of no use.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant;

use selene_storage::backend::{Begun, CommitEnd, Driver, Failure};

use crate::batch::Notes;
use crate::batch::likely_chains::LikelyChains;
use crate::connection::trouble;
use crate::connection::{Connection, TransactionState};
use crate::server::{Role, Server};
use crate::session::transaction::NotBegun;

/// Error text of a batch whose time is over before its commit.
const TOO_LATE: &str = "the database server took too long; try again";

/// The writing connection of a leader, opened when it is needed.
pub(crate) struct Writer {
    server: Arc<Server>,
    likely_chains: Arc<LikelyChains>,
    connection: Option<Connection>,
    needs_second_look: bool,
    /// When the time of the batch is over.
    deadline: Option<Instant>,
    /// Why the batch has no connection, where that was tried already.
    refused: Option<String>,
}

impl Writer {
    pub(crate) const fn new(server: Arc<Server>, likely_chains: Arc<LikelyChains>) -> Self {
        Self {
            server,
            likely_chains,
            connection: None,
            needs_second_look: false,
            deadline: None,
            refused: None,
        }
    }

    /// The connection that is there, or a new one.
    fn connect(&mut self) -> Result<&mut Connection, String> {
        if let Some(refused) = self.refused.take() {
            return Err(refused);
        }
        let is_of_use = |connection: &Connection| !connection.is_lost() && !connection.is_stale();
        let connection = match self.connection.take().filter(is_of_use) {
            Some(connection) => connection,
            None => self.new_connection()?,
        };
        connection.end_by(self.deadline);
        Ok(self.connection.insert(connection))
    }

    fn new_connection(&self) -> Result<Connection, String> {
        let connection =
            self.server.connect(Role::Writer, self.deadline).map_err(|error| error.to_string())?;
        connection.writing.likely_chains.replace(Arc::clone(&self.likely_chains));
        connection.learn_references().map_err(|error| trouble::describe(&error))?;
        Ok(connection)
    }

    /// Opens a transaction on the connection that is there, or on a new one. Nothing was written, so one that is lost meanwhile is
    /// replaced; what was noted is lost with it.
    fn open_transaction(&mut self) -> Result<(), String> {
        let connection = self.connect()?;
        let mut notes = connection.writing.take_notes();
        // Lanes are held together and in their order, so all of them once all are known.
        let is_open = notes.is_open;
        if is_open {
            notes.lanes.clear();
            notes.heads.clear();
        }
        let has_missed = connection.writing.has_missed_before.get() && !notes.is_empty();
        let needs_second_look = is_open || has_missed;
        let begun = match connection.begin(notes) {
            Err(NotBegun::Lost(_)) => {
                self.connection = None;
                self.connect()?.begin(Notes::default())
            }
            begun => {
                self.needs_second_look = needs_second_look;
                begun
            }
        };
        begun.map_err(|not_begun| match not_begun {
            NotBegun::Lost(error) | NotBegun::Refused(error) => trouble::describe(&error),
        })
    }

    /// Sends what was kept back, and commits.
    fn end(&mut self, operations: usize) -> CommitEnd {
        let Some(connection) = &self.connection else { return CommitEnd::RolledBack };
        match connection.send_kept() {
            Ok(()) => {}
            Err(failure) if !connection.is_lost() => {
                self.roll_back();
                return if failure.is_conflict() { CommitEnd::Conflict } else { CommitEnd::Refused };
            }
            // Several operations are worth another try on another connection.
            Err(_) => {
                self.connection = None;
                return if operations > 1 {
                    CommitEnd::RolledBack
                } else {
                    CommitEnd::NotCommitted(trouble::LOST.to_owned())
                };
            }
        }
        // Before the commit is sent, nothing is in doubt: without a connection the server rolls back. The commit has its own time.
        let is_closed = connection.is_closed();
        if is_closed || self.is_late() {
            self.connection = None;
            return match operations {
                0 | 1 if is_closed => CommitEnd::NotCommitted(trouble::LOST.to_owned()),
                0 | 1 => CommitEnd::NotCommitted(TOO_LATE.to_owned()),
                _ => CommitEnd::RolledBack,
            };
        }
        connection.end_by(None);
        let held: BTreeSet<i64> = connection.writing.lanes_held();
        match connection.end("COMMIT") {
            // How often lanes were locked stays unknown, so heads are read again.
            Ok(()) if connection.ended_with_warning() => CommitEnd::Unknown(
                "the server committed with a warning: a standby may not have it".to_owned(),
            ),
            Ok(()) => {
                connection.writing.committed(&held);
                CommitEnd::Durable
            }
            Err(error) if trouble::is_conflict(&error) => CommitEnd::Conflict,
            Err(error) if trouble::is_refusal(&error) => CommitEnd::NotCommitted(trouble::describe(&error)),
            Err(error) => {
                self.connection = None;
                CommitEnd::Unknown(trouble::describe(&error))
            }
        }
    }
}

#[cfg(feature = "test-support")]
impl Writer {
    /// Loses the connection before or behind the commit, where a test asks for it.
    fn break_commit(&mut self) -> Option<CommitEnd> {
        use selene_storage::test_support::BrokenCommit;
        let broken = self.server.broken_commit.lock().ok().and_then(|mut broken| broken.take())?;
        let connection = self.connection.take()?;
        if broken == BrokenCommit::Durable {
            let ended = connection.send_kept().map(|()| connection.end("COMMIT"));
            if !matches!(ended, Ok(Ok(()))) {
                return Some(CommitEnd::RolledBack);
            }
        }
        Some(CommitEnd::Unknown("the connection was lost".to_owned()))
    }
}

impl Driver for Writer {
    type Connection = Connection;

    /// What arrives later may need other lanes, and lanes are held together.
    const GATHERS_FIRST: bool = true;

    fn now() -> Option<Instant> {
        Some(Instant::now())
    }

    fn starts(&mut self) {
        self.refused = None;
        self.deadline = Instant::now().checked_add(self.server.options().write_timeout);
    }

    fn is_late(&self) -> bool {
        Self::is_past(self.deadline)
    }

    fn look_ahead(&mut self) -> Option<&mut Connection> {
        // Where a transaction is open, another connection would have none.
        let is_open =
            self.connection.as_ref().is_some_and(|open| open.transaction_state() != TransactionState::Idle);
        if !is_open && let Err(refused) = self.connect() {
            self.refused = Some(refused);
            return None;
        }
        let connection = self.connection.as_mut()?;
        connection.writing.look_ahead();
        connection.locks_reads.set(true);
        Some(connection)
    }

    fn needs_second_look(&self) -> bool {
        self.needs_second_look
    }

    fn read_ahead(&mut self) -> Result<(), Failure> {
        let Some(connection) = &self.connection else { return Ok(()) };
        connection.read_ahead(connection.writing.take_notes())
    }

    /// Holding a chain says whether somebody else may have appended to it.
    fn begin(&mut self) -> Result<Begun, String> {
        self.needs_second_look = false;
        self.open_transaction()?;
        Ok(Begun::Unchanged)
    }

    fn connection(&mut self) -> Option<&mut Connection> {
        self.connection.as_mut()
    }

    fn commit(&mut self, operations: usize) -> CommitEnd {
        #[cfg(feature = "test-support")]
        if let Some(end) = self.break_commit() {
            return end;
        }
        self.end(operations)
    }

    /// A connection that cannot even roll back is dropped, and the server rolls back.
    fn roll_back(&mut self) {
        let is_clean = self.connection.as_ref().is_none_or(|connection| {
            connection.transaction_state() == TransactionState::Idle || connection.end("ROLLBACK").is_ok()
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
