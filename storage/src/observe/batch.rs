//! One batch: its transaction, and how that ended.
//!
//! What lives here: the span of a batch and the times of its parts. What must not: which rows it wrote.

use crate::observe::metrics::{amount, count, count_by, seconds};
use crate::observe::stopwatch::Stopwatch;
#[cfg(feature = "tracing")]
use crate::observe::stopwatch::micros;

/// What is watched of one batch; empty where nobody can watch.
pub(crate) struct Batch {
    began: Stopwatch,
    #[cfg(feature = "tracing")]
    span: tracing::Span,
}

impl Batch {
    /// A leader looks into the queue. The span of a batch stands alone: its calls have callers of their own.
    pub(crate) fn begin() -> Self {
        Self {
            began: Stopwatch::start(),
            #[cfg(feature = "tracing")]
            span: tracing::debug_span!(
                target: "selene::batch",
                parent: None,
                "batch",
                operations = tracing::field::Empty,
                callers = tracing::field::Empty,
            ),
        }
    }

    /// Runs a part of the batch within its span.
    pub(crate) fn within<T>(&self, run: impl FnOnce() -> T) -> T {
        #[cfg(feature = "tracing")]
        return self.span.in_scope(run);
        #[cfg(not(feature = "tracing"))]
        run()
    }

    /// Every call of the batch has its answer.
    pub(crate) fn end(self, operations: usize, callers: usize) {
        let elapsed = self.began.elapsed();
        count("selene_batches_total");
        amount("selene_batch_operations", operations);
        seconds("selene_batch_seconds", elapsed);
        #[cfg(feature = "tracing")]
        {
            self.span.record("operations", operations);
            self.span.record("callers", callers);
            let elapsed_us = micros(elapsed);
            self.span.in_scope(
                || tracing::debug!(target: "selene::batch", operations, callers, elapsed_us, "batch ended"),
            );
        }
        let _ = callers;
    }
}

/// Watches how long a transaction takes to begin.
pub(crate) fn begin<T>(run: impl FnOnce() -> T) -> T {
    let watch = Stopwatch::start();
    let result = run();
    let elapsed = watch.elapsed();
    seconds("selene_begin_seconds", elapsed);
    #[cfg(feature = "tracing")]
    tracing::trace!(target: "selene::batch", begin_us = micros(elapsed), "transaction begun");
    result
}

/// Watches a COMMIT of a number of operations; `end` names how it ended, and why where the database failed.
pub(crate) fn commit<T>(
    operations: usize,
    commit: impl FnOnce() -> T,
    end: impl FnOnce(&T) -> (&'static str, Option<&str>),
) -> T {
    let began = Stopwatch::start();
    let result = commit();
    let elapsed = began.elapsed();
    let (end, detail) = end(&result);
    count_by("selene_commits_total", "end", end);
    seconds("selene_commit_seconds", elapsed);
    #[cfg(feature = "tracing")]
    {
        let commit_us = micros(elapsed);
        if let Some(detail) = detail {
            tracing::error!(target: "selene::batch", operations, commit_us, end, detail, "commit ended");
        } else {
            tracing::debug!(target: "selene::batch", operations, commit_us, end, "commit ended");
        }
    }
    let _ = (operations, detail);
    result
}

/// A batch runs again.
pub(crate) fn rerun() {
    count("selene_batch_reruns_total");
    #[cfg(feature = "tracing")]
    tracing::debug!(target: "selene::batch", "batch runs again");
}
