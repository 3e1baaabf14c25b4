//! The clock of what is watched.
//!
//! What lives here: elapsed time. What must not: a time that reaches a row, a hash or an answer.

use std::time::Duration;
#[cfg(any(feature = "metrics", feature = "tracing"))]
use std::time::Instant;

/// Measures how long something takes; empty where nobody can watch.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stopwatch(#[cfg(any(feature = "metrics", feature = "tracing"))] Instant);

impl Stopwatch {
    /// A stopwatch that begins now.
    pub(crate) fn start() -> Self {
        Self(
            #[cfg(any(feature = "metrics", feature = "tracing"))]
            Instant::now(),
        )
    }

    /// Time since the start; zero where nobody can watch.
    pub(crate) fn elapsed(self) -> Duration {
        #[cfg(any(feature = "metrics", feature = "tracing"))]
        return self.0.elapsed();
        #[cfg(not(any(feature = "metrics", feature = "tracing")))]
        Duration::ZERO
    }
}

/// A time as spans and events carry it.
#[cfg(feature = "tracing")]
pub(super) fn micros(elapsed: Duration) -> u64 {
    u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX)
}
