//! Connections that are lent for one read each, opened when they are needed.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

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
    /// How often all connections were given up: what was lent before is closed when it comes back.
    renewals: u64,
}

impl<C> Pool<C> {
    /// A pool without connections; it may open at least one.
    pub fn new(at_most: usize) -> Self {
        let state = Mutex::new(State { idle: Vec::new(), open: 0, renewals: 0 });
        Self { at_most: at_most.max(1), state, returned: Condvar::new() }
    }

    /// How many connections the pool opens at most.
    pub const fn at_most(&self) -> usize {
        self.at_most
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
        self.borrow(is_of_use).lend(open, |connection| read(connection))
    }

    /// The same for a read that may replace its connection. Waits no longer than this while all are in use: none where no connection
    /// came back.
    ///
    /// # Errors
    /// No connection can be opened.
    ///
    /// # Panics
    /// The read panics.
    pub fn with_within<T, E>(
        &self,
        wait_at_most: Duration,
        open: impl FnOnce() -> Result<C, E>,
        is_of_use: fn(&C) -> bool,
        read: impl FnOnce(&mut C) -> T,
    ) -> Option<Result<T, E>> {
        Some(self.borrow_within(wait_at_most, is_of_use)?.lend(open, read))
    }

    /// Gives all connections up: those that are lent once they come back.
    pub fn renew(&self) {
        let mut state = lock(&self.state);
        state.renewals += 1;
        state.open -= state.idle.len();
        let given_up = std::mem::take(&mut state.idle);
        drop(state);
        drop(given_up);
        self.returned.notify_all();
    }

    /// A connection that is there, or the right to open one.
    fn borrow(&self, is_of_use: fn(&C) -> bool) -> Loan<'_, C> {
        let state = self.returned.wait_while(lock(&self.state), |state| self.is_exhausted(state));
        self.take(&mut state.unwrap_or_else(PoisonError::into_inner), is_of_use)
    }

    /// The same, or none where all stay in use for so long.
    fn borrow_within(&self, wait_at_most: Duration, is_of_use: fn(&C) -> bool) -> Option<Loan<'_, C>> {
        let waited = self
            .returned
            .wait_timeout_while(lock(&self.state), wait_at_most, |state| self.is_exhausted(state));
        let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        (!self.is_exhausted(&state)).then(|| self.take(&mut state, is_of_use))
    }

    fn is_exhausted(&self, state: &State<C>) -> bool {
        state.idle.is_empty() && state.open >= self.at_most
    }

    /// The newest connection that is of use, or the right to open one. The pool is not exhausted.
    fn take(&self, state: &mut State<C>, is_of_use: fn(&C) -> bool) -> Loan<'_, C> {
        while let Some(connection) = state.idle.pop() {
            if is_of_use(&connection) {
                let renewals = state.renewals;
                return Loan { pool: self, is_of_use, renewals, connection: Some(connection) };
            }
            state.open -= 1;
        }
        state.open += 1;
        Loan { pool: self, is_of_use, renewals: state.renewals, connection: None }
    }
}

/// A connection that goes back to the pool, also after a panic of the read.
struct Loan<'a, C> {
    pool: &'a Pool<C>,
    is_of_use: fn(&C) -> bool,
    renewals: u64,
    connection: Option<C>,
}

impl<C> Loan<'_, C> {
    /// Runs a read. The loan gives its place back also where the connection does not open.
    fn lend<T, E>(
        mut self,
        open: impl FnOnce() -> Result<C, E>,
        read: impl FnOnce(&mut C) -> T,
    ) -> Result<T, E> {
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => open()?,
        };
        Ok(read(self.connection.insert(connection)))
    }
}

impl<C> Drop for Loan<'_, C> {
    fn drop(&mut self) {
        let mut state = lock(&self.pool.state);
        match self.connection.take() {
            Some(connection) if self.renewals == state.renewals && (self.is_of_use)(&connection) => {
                state.idle.push(connection);
            }
            _ => state.open -= 1,
        }
        drop(state);
        self.pool.returned.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A connection; one with an odd number is of no use.
    #[derive(Debug, PartialEq, Eq)]
    struct Numbered(u32);

    type Opened = Result<Numbered, ()>;

    fn is_even(connection: &Numbered) -> bool {
        connection.0.is_multiple_of(2)
    }

    #[test]
    fn a_wait_for_a_connection_ends_while_all_are_in_use() {
        let pool = Pool::new(1);
        let open = || Opened::Ok(Numbered(2));
        let inner = pool.with(open, is_even, |_| {
            pool.with_within(Duration::from_millis(20), open, is_even, |connection| connection.0)
        });
        assert_eq!(inner, Ok(None));
        let now = pool.with_within(Duration::ZERO, open, is_even, |connection| connection.0);
        assert_eq!(now, Some(Ok(2)));
    }

    #[test]
    fn a_place_is_given_back_by_what_is_of_no_use_and_by_what_does_not_open() {
        let pool = Pool::new(1);
        let within = |open: Opened| {
            pool.with_within(
                Duration::ZERO,
                || open,
                is_even,
                |connection| std::mem::replace(connection, Numbered(4)).0,
            )
        };
        assert_eq!(within(Err(())), Some(Err(())));
        assert_eq!(pool.with(|| Opened::Ok(Numbered(3)), is_even, |connection| connection.0), Ok(3));
        assert_eq!(within(Ok(Numbered(2))), Some(Ok(2)));
        // What replaced it is lent the next time.
        assert_eq!(within(Ok(Numbered(6))), Some(Ok(4)));
    }

    #[test]
    fn a_pool_that_is_renewed_lends_no_connection_of_before() {
        let pool = Pool::new(2);
        let with = |number, during: &dyn Fn()| {
            let read = |connection: &Numbered| {
                during();
                connection.0
            };
            pool.with(|| Opened::Ok(Numbered(number)), is_even, read).unwrap()
        };
        // One lies idle and one is lent meanwhile.
        let lent = with(2, &|| {
            assert_eq!(with(4, &|| ()), 4);
            pool.renew();
        });
        assert_eq!(lent, 2);
        assert_eq!(with(6, &|| assert_eq!(with(8, &|| ()), 8)), 6);
    }
}
