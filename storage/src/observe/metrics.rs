//! Names of the counters, gauges and histograms, and the few places that only count.
//!
//! What lives here: every metric of the store, in one list that the documents and the tests are compared with. What must not: labels
//! with values of rows.

use std::time::Duration;

/// What a metric does with its values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MetricKind {
    /// A number that only grows.
    Counter,
    /// It is what it was set to last, or the sum of its steps.
    Gauge,
    /// It keeps a distribution.
    Histogram,
}

/// A metric with its labels and its meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Metric {
    /// `selene_calls_total`
    pub name: &'static str,
    /// What it does with its values.
    pub kind: MetricKind,
    /// Its labels, in order.
    pub labels: &'static [&'static str],
    /// What it says, with its unit.
    pub meaning: &'static str,
}

const fn metric(
    name: &'static str,
    kind: MetricKind,
    labels: &'static [&'static str],
    meaning: &'static str,
) -> Metric {
    Metric { name, kind, labels, meaning }
}

/// Every metric of a store, in the order of a call's way.
pub const METRICS: [Metric; 17] = [
    metric(
        "selene_calls_total",
        MetricKind::Counter,
        &["capability", "outcome"],
        "Calls that ended, also those that the contract refused before the store saw them.",
    ),
    metric(
        "selene_refusals_total",
        MetricKind::Counter,
        &["code"],
        "Refused calls by reason code. A guard that proves its lock is one: its proof is the refusal.",
    ),
    metric(
        "selene_call_seconds",
        MetricKind::Histogram,
        &["capability"],
        "Seconds from a call to its answer.",
    ),
    metric(
        "selene_wait_seconds",
        MetricKind::Histogram,
        &[],
        "Seconds that a queued call waited until its transaction ran it.",
    ),
    metric("selene_queue_operations", MetricKind::Gauge, &[], "Calls that wait for a leader."),
    metric("selene_queue_full_total", MetricKind::Counter, &[], "Times that a caller found the queue full."),
    metric(
        "selene_batches_total",
        MetricKind::Counter,
        &[],
        "Batches that were led, each in one transaction where nothing fails.",
    ),
    metric("selene_batch_operations", MetricKind::Histogram, &[], "Calls of a batch."),
    metric(
        "selene_batch_seconds",
        MetricKind::Histogram,
        &[],
        "Seconds from the first look into the queue until every call of a batch is decided and durable.",
    ),
    metric(
        "selene_batch_reruns_total",
        MetricKind::Counter,
        &[],
        "Transactions that ran a batch again, because one of its calls failed or another writer was in the way.",
    ),
    metric(
        "selene_begin_seconds",
        MetricKind::Histogram,
        &[],
        "Seconds that a transaction took to begin; other processes that write make it wait.",
    ),
    metric("selene_commits_total", MetricKind::Counter, &["end"], "COMMIT statements, by how they ended."),
    metric(
        "selene_commit_seconds",
        MetricKind::Histogram,
        &[],
        "Seconds of a COMMIT statement: the log is written and synced in it.",
    ),
    metric(
        "selene_log_bytes",
        MetricKind::Gauge,
        &[],
        "Bytes of the write-ahead log of a file when it was measured last.",
    ),
    metric(
        "selene_checkpoint_seconds",
        MetricKind::Histogram,
        &["kind"],
        "Seconds in which the log was carried into the database: `passive` within a commit, `truncate` once the log is too long.",
    ),
    metric(
        "selene_checkpoint_failures_total",
        MetricKind::Counter,
        &["kind"],
        "Checkpoints that did not carry all of the log: a reader was in the way, or an error.",
    ),
    metric(
        "selene_reopened_total",
        MetricKind::Counter,
        &[],
        "Writing connections that were given up after a failure.",
    ),
];

/// Describes every metric to the installed recorder. Call it once the recorder is installed; it is for people who read the
/// metrics, and changes nothing else. Does nothing without the feature `metrics`.
pub fn describe() {
    #[cfg(feature = "metrics")]
    for Metric { name, kind, labels: _, meaning } in METRICS {
        let unit = match name {
            _ if name.ends_with("_seconds") => ::metrics::Unit::Seconds,
            _ if name.ends_with("_bytes") => ::metrics::Unit::Bytes,
            _ => ::metrics::Unit::Count,
        };
        match kind {
            MetricKind::Counter => ::metrics::describe_counter!(name, unit, meaning),
            MetricKind::Gauge => ::metrics::describe_gauge!(name, unit, meaning),
            MetricKind::Histogram => ::metrics::describe_histogram!(name, unit, meaning),
        }
    }
}

/// Operations joined the queue, or left it.
pub(crate) fn queued(change: isize) {
    #[cfg(feature = "metrics")]
    #[expect(clippy::cast_precision_loss, reason = "a queue is far shorter than what a float counts")]
    ::metrics::gauge!("selene_queue_operations").increment(change as f64);
    let _ = change;
}

/// A caller found no room in the queue.
pub(crate) fn queue_full() {
    count("selene_queue_full_total");
}

pub(super) fn count(name: &'static str) {
    #[cfg(feature = "metrics")]
    ::metrics::counter!(name).increment(1);
    let _ = name;
}

pub(super) fn count_by(name: &'static str, label: &'static str, value: &'static str) {
    #[cfg(feature = "metrics")]
    ::metrics::counter!(name, label => value).increment(1);
    let _ = (name, label, value);
}

pub(super) fn seconds(name: &'static str, elapsed: Duration) {
    #[cfg(feature = "metrics")]
    ::metrics::histogram!(name).record(elapsed);
    let _ = (name, elapsed);
}

pub(super) fn seconds_by(name: &'static str, label: &'static str, value: &'static str, elapsed: Duration) {
    #[cfg(feature = "metrics")]
    ::metrics::histogram!(name, label => value).record(elapsed);
    let _ = (name, label, value, elapsed);
}

pub(super) fn amount(name: &'static str, amount: usize) {
    #[cfg(feature = "metrics")]
    #[expect(clippy::cast_precision_loss, reason = "a batch is far smaller than what a float counts")]
    ::metrics::histogram!(name).record(amount as f64);
    let _ = (name, amount);
}
