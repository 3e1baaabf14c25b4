//! The write-ahead log of a file: its length and its checkpoints; and connections that were given up.
//!
//! What lives here: what is reported of files. What must not: their names, which say where a store lies.

use crate::observe::metrics::{count, count_by, seconds_by};
use crate::observe::stopwatch::Stopwatch;
#[cfg(feature = "tracing")]
use crate::observe::stopwatch::micros;

/// The log was measured.
pub(crate) fn log_bytes(bytes: u64) {
    #[cfg(feature = "metrics")]
    #[expect(clippy::cast_precision_loss, reason = "no log is longer than what a float counts exactly")]
    metrics::gauge!("selene_log_bytes").set(bytes as f64);
    let _ = bytes;
}

/// Watches a checkpoint; it says whether all of the log was carried over. `kind` is a value of the label.
pub(crate) fn checkpoint<E>(kind: &'static str, run: impl FnOnce() -> Result<bool, E>) -> Result<bool, E> {
    let began = Stopwatch::start();
    let result = run();
    let elapsed = began.elapsed();
    let is_whole = matches!(result, Ok(true));
    seconds_by("selene_checkpoint_seconds", "kind", kind, elapsed);
    if !is_whole {
        count_by("selene_checkpoint_failures_total", "kind", kind);
    }
    #[cfg(feature = "tracing")]
    tracing::debug!(target: "selene::log", kind, is_whole, checkpoint_us = micros(elapsed), "checkpoint ended");
    result
}

/// The writing connection was given up; the next batch opens another one.
pub(crate) fn reopened() {
    count("selene_reopened_total");
    #[cfg(feature = "tracing")]
    tracing::warn!(target: "selene::batch", "the writing connection is replaced");
}
