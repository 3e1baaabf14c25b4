//! Connections that are lent for one read each, opened when they are needed.

use std::sync::{Condvar, Mutex, PoisonError};

use crate::lock::lock;

/// Connections that only read; so many at most.
pub struct Pool<C> {
    at_most: usize,
    state: Mutex<State<C>>,
    returned: Condvar,
}

struct State<C> {
    idle: Vec<C>,
    open: usize,
}

impl<C> Pool<C> {
    /// A pool without connections; it holds at least one when it is used.
    pub fn new(at_most: usize) -> Self {
        let state = Mutex::new(State { idle: Vec::new(), open: 0 });
        Self { at_most: at_most.max(1), state, returned: Condvar::new() }
    }

    /// Lends a connection for one read; waits while all are in use. One that is of no use when it comes back, also after a panic of
    /// the read, is closed.
    ///
    /// # Errors
    /// No connection can be opened.
    ///
    /// # Panics
    /// The read panics.
    pub fn with<T, E>(
        &self,
        open: impl FnOnce() -> Result<C, E>,
        is_of_use: fn(&C) -> bool,
        read: impl FnOnce(&C) -> T,
    ) -> Result<T, E> {
        let mut loan = self.borrow(is_of_use);
        // The loan gives the place back also when the connection does not open.
        let connection = match loan.connection.take() {
            Some(connection) => connection,
            None => open()?,
        };
        Ok(read(loan.connection.insert(connection)))
    }

    /// A connection that is there, or the right to open one.
    fn borrow(&self, is_of_use: fn(&C) -> bool) -> Loan<'_, C> {
        let mut state = lock(&self.state);
        loop {
            if let Some(connection) = state.idle.pop() {
                if is_of_use(&connection) {
                    return Loan { pool: self, is_of_use, connection: Some(connection) };
                }
                state.open -= 1;
            } else if state.open < self.at_most {
                state.open += 1;
                return Loan { pool: self, is_of_use, connection: None };
            } else {
                state = self.returned.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
        }
    }
}

/// A connection that goes back to the pool, also after a panic of the read.
struct Loan<'a, C> {
    pool: &'a Pool<C>,
    is_of_use: fn(&C) -> bool,
    connection: Option<C>,
}

impl<C> Drop for Loan<'_, C> {
    fn drop(&mut self) {
        let mut state = lock(&self.pool.state);
        match self.connection.take() {
            Some(connection) if (self.is_of_use)(&connection) => state.idle.push(connection),
            _ => state.open -= 1,
        }
        drop(state);
        self.pool.returned.notify_one();
    }
}
