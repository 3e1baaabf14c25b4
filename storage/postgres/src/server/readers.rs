//! The pool of connections that only read.

use std::sync::Arc;
use std::time::Duration;

use selene_storage::backend::{Failure, Pool};

use crate::connection::{Connection, TransactionState};
use crate::open_error::OpenError;
use crate::server::{Role, Server};

/// Connections that only read, opened when they are needed.
pub(crate) struct Readers {
    server: Arc<Server>,
    pool: Pool<Connection>,
}

impl Readers {
    pub(crate) fn new(server: Arc<Server>) -> Self {
        let pool = Pool::new(server.options().readers);
        Self { server, pool }
    }

    /// The server that they are connected to.
    pub(crate) fn server(&self) -> &Server {
        &self.server
    }

    /// Lends a connection for one read, with the time that each of its answers may take; none where one may take as long as it needs. A
    /// read that loses its connection is run once more on a new one: it has changed nothing, and a connection may have ended while
    /// nobody used it.
    ///
    /// # Errors
    /// All connections stay in use for the time that an answer to a call may take, or no connection can be opened.
    pub(crate) fn with<T>(
        &self,
        patience: Option<Duration>,
        read: impl Fn(&Connection) -> Result<T, Failure>,
    ) -> Result<Result<T, Failure>, OpenError> {
        let is_of_use = |connection: &Connection| {
            connection.transaction_state() == TransactionState::Idle
                && !connection.is_lost()
                && !connection.is_stale()
        };
        let wait_at_most = self.server.options().answer_timeout;
        let answer = self.pool.with_within(
            wait_at_most,
            || self.server.connect(Role::Reader, None),
            is_of_use,
            |connection| {
                connection.give_up_after(patience);
                let answer = read(connection);
                if answer.is_ok() || !connection.is_lost() || connection.is_given_up() {
                    return Ok(answer);
                }
                *connection = self.server.connect(Role::Reader, None)?;
                connection.give_up_after(patience);
                Ok(read(connection))
            },
        );
        let in_use = OpenError::InUse { readers: self.server.options().readers.max(1), waited: wait_at_most };
        answer.ok_or(in_use)??
    }
}
