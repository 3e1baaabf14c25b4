//! The pool of connections that only read.

use rusqlite::Connection;

use crate::pool::Pool;
use crate::sqlite::open_error::OpenError;
use crate::sqlite::place::Place;

/// Connections that only read, opened when they are needed.
pub(crate) struct Readers {
    place: Place,
    pool: Pool<Connection>,
}

impl Readers {
    pub(crate) fn new(place: Place, at_most: usize) -> Self {
        Self { place, pool: Pool::new(at_most) }
    }

    pub(crate) const fn at_most(&self) -> usize {
        self.pool.at_most()
    }

    /// Gives all connections up: the next reads open new ones.
    pub(crate) fn renew(&self) {
        self.pool.renew();
    }

    /// Lends a connection for one read; waits while all are in use.
    pub(crate) fn with<T>(&self, read: impl FnOnce(&Connection) -> T) -> Result<T, OpenError> {
        self.pool.with(|| self.place.open_reader(), Connection::is_autocommit, read)
    }
}
