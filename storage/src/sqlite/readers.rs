//! The pool of connections that only read.

use std::sync::{Condvar, Mutex, PoisonError};

use rusqlite::Connection;

use crate::lock::lock;
use crate::sqlite::open_error::OpenError;
use crate::sqlite::place::Place;

/// Connections that only read, opened when they are needed.
pub(crate) struct Readers {
    place: Place,
    at_most: usize,
    state: Mutex<State>,
    returned: Condvar,
}

#[derive(Default)]
struct State {
    idle: Vec<Connection>,
    open: usize,
}

impl Readers {
    pub(crate) fn new(place: Place, at_most: usize) -> Self {
        Self { place, at_most: at_most.max(1), state: Mutex::default(), returned: Condvar::new() }
    }

    /// Lends a connection for one read; waits while all are in use.
    pub(crate) fn with<T>(&self, read: impl FnOnce(&Connection) -> T) -> Result<T, OpenError> {
        let loan = self.borrow()?;
        Ok(loan.connection.as_ref().map(read).expect("a loan holds its connection until it is dropped"))
    }

    fn borrow(&self) -> Result<Loan<'_>, OpenError> {
        let mut state = lock(&self.state);
        loop {
            if let Some(connection) = state.idle.pop() {
                return Ok(Loan { readers: self, connection: Some(connection) });
            }
            if state.open < self.at_most {
                state.open += 1;
                break;
            }
            state = self.returned.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        drop(state);
        // The loan gives the place back also when the connection does not open.
        let mut loan = Loan { readers: self, connection: None };
        loan.connection = Some(self.place.open_reader()?);
        Ok(loan)
    }
}

/// A connection that goes back to the pool, also after a panic of the read.
struct Loan<'a> {
    readers: &'a Readers,
    connection: Option<Connection>,
}

impl Drop for Loan<'_> {
    fn drop(&mut self) {
        let mut state = lock(&self.readers.state);
        match self.connection.take() {
            Some(connection) if connection.is_autocommit() => state.idle.push(connection),
            _ => state.open -= 1,
        }
        drop(state);
        self.readers.returned.notify_one();
    }
}
