//! What an operator may watch of a store: spans and events for a subscriber of `tracing`, counters and histograms for a recorder of
//! `metrics`. Each behind the feature of its name; without them every type here is empty and nothing looks at a clock.
//!
//! What lives here: what is reported, and the only clock of the library. What must not: values of rows or inputs. Of a tenant only a mark
//! is reported, which is the same for the same tenant and is not the tenant's id.

#![allow(clippy::unused_self, reason = "without the features nothing is reported of what is there")]

mod batch;
mod call;
mod log;
mod metrics;
mod stopwatch;

pub(crate) use batch::{Batch, begin, commit, rerun};
#[cfg(feature = "async")]
pub(crate) use call::Parent;
pub(crate) use call::{Call, answer, tenant};
pub(crate) use log::{checkpoint, log_bytes, reopened};
pub use metrics::{METRICS, Metric, MetricKind, describe};
pub(crate) use metrics::{queue_full, queued};
