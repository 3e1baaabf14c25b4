//! What the sessions of a server wait for, and what it counts.

use std::fmt;
use std::thread;
use std::time::{Duration, Instant};

use crate::database::Database;

/// Between two looks at the sessions.
const EVERY: Duration = Duration::from_millis(50);

/// Sessions of stores that wait for a lock of another session, for the disk, and that run.
const SESSIONS: &str = "SELECT concat_ws(' ',
        count(*) FILTER (WHERE wait_event_type = 'Lock'),
        count(*) FILTER (WHERE wait_event_type IN ('IO', 'LWLock')),
        count(*) FILTER (WHERE wait_event_type IS NULL))
    FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND state = 'active'";

/// Means over all looks.
pub struct Contention {
    looks: f64,
    sums: [f64; 3],
}

impl Contention {
    /// Looks at the sessions until a moment.
    pub fn watch(database: &Database, until: Instant) -> Self {
        let mut found = Self { looks: 0.0, sums: [0.0; 3] };
        while Instant::now() < until {
            for (sum, number) in found.sums.iter_mut().zip(numbers(database, SESSIONS)) {
                *sum += number;
            }
            found.looks += 1.0;
            thread::sleep(EVERY);
        }
        found
    }
}

impl fmt::Display for Contention {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [lock, disk, running] = self.sums.map(|sum| sum / self.looks.max(1.0));
        write!(f, "{lock:.1}, {disk:.1}, {running:.1}")
    }
}

/// What a server and the lanes count.
pub struct Counters {
    /// Bytes of the log.
    pub wal_bytes: u64,
    /// Transactions that have written.
    pub transactions: f64,
    /// The part of them that the busiest lane has.
    pub busiest_lane: f64,
    lanes: Vec<f64>,
}

impl Counters {
    pub fn of(database: &Database) -> Self {
        let wal = numbers(database, "SELECT (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint::text");
        let lanes =
            numbers(database, "SELECT string_agg(commits::text, ' ' ORDER BY lane) FROM selene.commit_lanes");
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a number of bytes")]
        let wal_bytes = wal.first().copied().unwrap_or_default() as u64;
        Self { wal_bytes, transactions: 0.0, busiest_lane: 0.0, lanes }
    }

    /// What was counted since then.
    pub fn since(&self, before: &Self) -> Self {
        let lanes: Vec<f64> = self.lanes.iter().zip(&before.lanes).map(|(now, then)| now - then).collect();
        let transactions: f64 = lanes.iter().sum();
        let busiest = lanes.iter().copied().fold(0.0, f64::max);
        Self {
            wal_bytes: self.wal_bytes - before.wal_bytes,
            transactions,
            busiest_lane: busiest / transactions.max(1.0),
            lanes,
        }
    }
}

/// The numbers of an answer of one text.
fn numbers(database: &Database, sql: &str) -> Vec<f64> {
    let texts = database.raw().texts(sql).unwrap_or_else(|error| panic!("{error}: {sql}"));
    texts.iter().flat_map(|text| text.split(' ')).filter_map(|number| number.parse().ok()).collect()
}
