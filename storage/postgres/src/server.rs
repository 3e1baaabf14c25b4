//! Which server a store is on, and what every connection is asked, and how it is set up, before it is used.

use std::time::Duration;

use crate::address::Address;
use crate::catalog::SCHEMA;
use crate::connection::Connection;
use crate::open_error::OpenError;
use crate::schema::{self, rights};
use crate::settings;

/// How a store behaves.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PostgresOptions {
    /// How long a statement waits for rows that another transaction holds, before its call is refused because the store is
    /// unavailable.
    pub lock_timeout: Duration,
    /// How long a transaction may stand still, as that of a process that was stopped, before the server ends it and lets others
    /// write.
    pub idle_timeout: Duration,
    /// How long an answer of the server may take before its connection is given up: of a commit that waits for a standby, or of a
    /// server that stands still. The outcome of a commit is unknown then, and a read is refused. So long may a read also wait for a
    /// connection. The checks of a whole store take as long as they need.
    pub answer_timeout: Duration,
    /// Connections that read at the same time, at most.
    pub readers: usize,
}

impl Default for PostgresOptions {
    fn default() -> Self {
        Self {
            lock_timeout: Duration::from_secs(5),
            idle_timeout: Duration::from_secs(30),
            answer_timeout: Duration::from_secs(30),
            readers: 8,
        }
    }
}

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// One of those that write, a lane each.
    Writer,
    /// One of those that only read.
    Reader,
}

/// Where a store is.
pub(crate) struct Server {
    address: Address,
    options: PostgresOptions,
    /// What a test asks of the next commit.
    #[cfg(feature = "test-support")]
    pub(crate) broken_commit: std::sync::Mutex<Option<selene_storage::test_support::BrokenCommit>>,
}

impl Server {
    pub(crate) const fn new(address: Address, options: PostgresOptions) -> Self {
        Self {
            address,
            options,
            #[cfg(feature = "test-support")]
            broken_commit: std::sync::Mutex::new(None),
        }
    }

    pub(crate) const fn options(&self) -> &PostgresOptions {
        &self.options
    }

    /// A connection that was checked: a server may have become a standby, or its settings may have changed, since the last one.
    pub(crate) fn connect(&self, role: Role) -> Result<Connection, OpenError> {
        let connection = self.connect_as_anybody(role)?;
        rights::check_role(&connection)?;
        connection.give_up_after(Some(self.options.answer_timeout));
        Ok(connection)
    }

    /// A connection of the owner of the tables, to copy rows into them. An answer may take as long as it needs.
    pub(crate) fn connect_as_owner(&self) -> Result<Connection, OpenError> {
        let connection = self.connect_as_anybody(Role::Writer)?;
        connection.give_up_after(None);
        Ok(connection)
    }

    fn connect_as_anybody(&self, role: Role) -> Result<Connection, OpenError> {
        let read_only = if role == Role::Reader { "on" } else { "off" };
        let setup = format!(
            "SET search_path = {SCHEMA}; SET lock_timeout = {}; SET idle_in_transaction_session_timeout = {};
             SET default_transaction_isolation = 'read committed'; SET default_transaction_read_only = {read_only};
             SET client_min_messages = warning",
            self.options.lock_timeout.as_millis(),
            self.options.idle_timeout.as_millis(),
        );
        let connection = Connection::open(&self.address, &setup)?;
        settings::check(&connection)?;
        Ok(connection)
    }

    /// The same, and the schema is looked at.
    pub(crate) fn connect_and_check_schema(&self, role: Role) -> Result<Connection, OpenError> {
        let connection = self.connect(role)?;
        schema::check(&connection)?;
        Ok(connection)
    }
}
