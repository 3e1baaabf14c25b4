//! The pool of connections that only read.

use std::sync::Arc;

use selene_storage::backend::Pool;

use crate::connection::{Connection, Standing};
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
    #[cfg(feature = "test-support")]
    pub(crate) fn server(&self) -> &Server {
        &self.server
    }

    /// Lends a connection for one read; waits while all are in use.
    pub(crate) fn with<T>(&self, read: impl FnOnce(&Connection) -> T) -> Result<T, OpenError> {
        let is_of_use =
            |connection: &Connection| connection.standing() == Standing::Idle && !connection.is_closed();
        self.pool.with(|| self.server.connect(Role::Reader), is_of_use, read)
    }
}
