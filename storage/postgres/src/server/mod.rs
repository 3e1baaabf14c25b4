//! Which server a store is on, and what every connection is asked, and how it is set up, before it is used.

pub mod readers;

use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::connection::address::Address;
use crate::connection::catalog::{SCHEMA, TEXTS};
use crate::connection::{Connection, settings};
use crate::open_error::OpenError;
use crate::schema::{self, rights};

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
    /// How long a write may wait for its turn, and how long the work on it and on those that are committed with it may then take, all
    /// attempts and new connections included, before its commit is sent. The commit has the time of an answer, so every call returns
    /// within twice this time and one `answer_timeout`.
    pub write_timeout: Duration,
    /// How long a connection that nobody uses stays open: then the server ends it, and it is opened again where it is needed. Zero: until
    /// the last handle of the store is dropped.
    pub unused_timeout: Duration,
    /// Connections that read at the same time, at most.
    pub readers: usize,
    /// Connections that write at the same time, beside the one of calls that lead to no tenant yet: one at least, and no more than there are
    /// lanes, which is 16. Each leads the calls of some tenants. With more of them a tenant waits for fewer others, where a lane is held by
    /// another process or a connection is lost, and batches are smaller, so a call costs more: docs/BENCHMARKS.md
    /// says how much.
    pub writers: usize,
}

impl Default for PostgresOptions {
    fn default() -> Self {
        Self {
            lock_timeout: Duration::from_secs(5),
            idle_timeout: Duration::from_secs(30),
            answer_timeout: Duration::from_secs(30),
            write_timeout: Duration::from_secs(30),
            unused_timeout: Duration::from_mins(10),
            readers: 8,
            writers: 2,
        }
    }
}

/// The pause before an attempt to connect that follows a failed one: doubled each time, up to the longest.
const PAUSE: Duration = Duration::from_millis(10);
const PAUSE_AT_MOST: Duration = Duration::from_millis(160);

/// Attempts to connect since the last one that succeeded, so that a server which is down or starts is not asked without a pause.
struct Attempts {
    failed: u32,
    last: Option<Instant>,
}

impl Attempts {
    /// How long the next attempt waits.
    fn pause(&self, now: Instant) -> Duration {
        let Some(last) = self.last.filter(|_| self.failed > 0) else { return Duration::ZERO };
        let doubled = PAUSE.saturating_mul(2_u32.saturating_pow(self.failed - 1));
        doubled.min(PAUSE_AT_MOST).saturating_sub(now.saturating_duration_since(last))
    }

    fn made(&mut self, is_connected: bool, now: Instant) {
        self.failed = if is_connected { 0 } else { self.failed.saturating_add(1) };
        self.last = Some(now);
    }
}

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// One of those that write, a lane each.
    Writer,
    /// One of those that only read.
    Reader,
    /// That of the owner of the tables, which copies rows.
    Owner,
}

/// A writer's statements are planned once for each connection, not anew for every batch: they look rows up by keys, whatever the keys are.
/// Such a plan is kept while its tables grow, so it never reads one from end to end where an index leads to the rows; and the price that
/// the planner puts on what it should not do is none to compile a statement for.
const PLANS: &str = "; SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET jit = off";

impl Role {
    /// What a connection of this kind is set up with beside what all are.
    const fn setup(self) -> &'static str {
        match self {
            Self::Writer => PLANS,
            Self::Reader => "; SET default_transaction_read_only = on",
            Self::Owner => "",
        }
    }
}

/// Where a store is.
pub(crate) struct Server {
    address: Address,
    options: PostgresOptions,
    attempts: Mutex<Attempts>,
    /// What a test asks of the next commit.
    #[cfg(feature = "test-support")]
    pub(crate) broken_commit: std::sync::Mutex<Option<selene_storage::test_support::BrokenCommit>>,
}

impl Server {
    pub(crate) const fn new(address: Address, options: PostgresOptions) -> Self {
        Self {
            address,
            options,
            attempts: Mutex::new(Attempts { failed: 0, last: None }),
            #[cfg(feature = "test-support")]
            broken_commit: std::sync::Mutex::new(None),
        }
    }

    pub(crate) const fn options(&self) -> &PostgresOptions {
        &self.options
    }

    /// A connection that was checked: a server may have become a standby, or its settings may have changed, since the last one. It has to
    /// be there, and whatever it answers, until the deadline. After attempts that failed, the next one waits a moment.
    pub(crate) fn connect(&self, role: Role, deadline: Option<Instant>) -> Result<Connection, OpenError> {
        let attempts = || self.attempts.lock().unwrap_or_else(PoisonError::into_inner);
        let pause = attempts().pause(Instant::now());
        let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
        thread::sleep(left.map_or(pause, |left| pause.min(left)));
        let connected = self.connect_and_check_role(role, deadline);
        attempts().made(connected.is_ok(), Instant::now());
        connected
    }

    fn connect_and_check_role(&self, role: Role, deadline: Option<Instant>) -> Result<Connection, OpenError> {
        let connection = self.connect_as_anybody(role, deadline)?;
        rights::check_role(&connection)?;
        connection.give_up_after(Some(self.options.answer_timeout));
        Ok(connection)
    }

    /// A connection of the owner of the tables, to copy rows into them. An answer may take as long as it needs.
    pub(crate) fn connect_as_owner(&self) -> Result<Connection, OpenError> {
        let connection = self.connect_as_anybody(Role::Owner, None)?;
        connection.give_up_after(None);
        Ok(connection)
    }

    fn connect_as_anybody(&self, role: Role, deadline: Option<Instant>) -> Result<Connection, OpenError> {
        let setup = format!(
            "SET search_path = {SCHEMA}; SET lock_timeout = {}; SET idle_in_transaction_session_timeout = {};
             SET default_transaction_isolation = 'read committed'; SET default_transaction_read_only = off;
             SET client_min_messages = warning; SET idle_session_timeout = {}; {TEXTS}{}",
            milliseconds(self.options.lock_timeout),
            milliseconds(self.options.idle_timeout),
            milliseconds(self.options.unused_timeout),
            role.setup(),
        );
        let connection = Connection::open(&self.address, &setup, deadline)?;
        connection.stale_after(self.options.unused_timeout);
        settings::check(&connection)?;
        Ok(connection)
    }

    /// The same, and the schema is looked at.
    pub(crate) fn connect_and_check_schema(&self, role: Role) -> Result<Connection, OpenError> {
        let connection = self.connect(role, None)?;
        schema::check(&connection)?;
        Ok(connection)
    }
}

/// A time as the server takes it: zero where there is no bound, and no more than it knows.
fn milliseconds(time: Duration) -> i32 {
    let milliseconds = i32::try_from(time.as_millis()).unwrap_or(i32::MAX);
    if time.is_zero() { 0 } else { milliseconds.max(1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_that_the_server_does_not_know_is_the_longest_that_it_knows() {
        for (time, expected) in [
            (Duration::ZERO, 0),
            (Duration::from_micros(1), 1),
            (Duration::from_secs(5), 5_000),
            (Duration::MAX, i32::MAX),
        ] {
            assert_eq!(milliseconds(time), expected);
        }
    }

    #[test]
    fn attempts_that_fail_are_made_ever_later_and_the_next_one_after_a_success_at_once() {
        let mut attempts = Attempts { failed: 0, last: None };
        let now = Instant::now();
        assert_eq!(attempts.pause(now), Duration::ZERO);
        for milliseconds in [10, 20, 40, 80, 160, 160] {
            attempts.made(false, now);
            assert_eq!(attempts.pause(now), Duration::from_millis(milliseconds));
        }
        attempts.failed = u32::MAX;
        assert_eq!(attempts.pause(now + Duration::from_millis(60)), Duration::from_millis(100));
        assert_eq!(attempts.pause(now + Duration::from_secs(2)), Duration::ZERO);
        attempts.made(true, now);
        assert_eq!(attempts.pause(now), Duration::ZERO);
    }
}
