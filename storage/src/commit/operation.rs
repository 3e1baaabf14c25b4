//! One queued piece of work, run by whoever leads.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Instant;

use selene_contracts::{Ended, Refusals, StorageError};

use crate::commit::slot::{Slot, Waiter};
use crate::commit::transaction::Transaction;
use crate::failure::{Failure, outcome_unknown, unavailable};
use crate::observe::Call;

/// What becomes of the rows that an operation wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// They are part of the commit of the batch.
    Keep,
    /// They are rolled back, and so are the events.
    Undo,
    /// They are rolled back with the whole transaction: another writer was in the way, and the batch runs again.
    Again,
}

/// What went wrong with a whole batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// The database failed, and nothing was written.
    Unavailable(String),
    /// Whether the commit is durable is unknown.
    Unknown(String),
}

/// A piece of work without its type.
pub(crate) trait Operation<N>: Send {
    /// Runs in an open transaction and keeps the answer until the commit. May be run again after a rollback.
    fn run(&mut self, transaction: &mut Transaction<'_, N>) -> Verdict;
    /// Replaces the answer by the failure of the transaction.
    fn fail(&mut self, trouble: &Trouble);
    /// Hands the answer over.
    fn resolve(&mut self);
    /// Whoever waits for the answer.
    fn waiter(&self) -> Option<Waiter>;
    /// Says until when it may wait for its turn.
    fn wait_until(&mut self, due: Instant);
    /// Until when it may; none: as long as it takes.
    fn due(&self) -> Option<Instant>;
}

/// Answers an operation that has waited too long for its turn. It was never run.
pub(crate) fn refuse_late<N>(mut operation: Box<dyn Operation<N>>) {
    operation
        .fail(&Trouble::Unavailable("the call waited too long for calls before it; try again".to_owned()));
    operation.resolve();
}

/// Work that answers `Result<T, StorageError>`.
pub(crate) trait Work<N>: Send {
    /// The answer of an operation that succeeds.
    type Output: Send;

    /// Runs in an open transaction.
    fn run(&mut self, transaction: &mut Transaction<'_, N>) -> Result<Done<Self::Output>, Failure>;
    /// The codes of its refusals.
    fn refusals(&self) -> &'static Refusals;
    /// Watches it from now on.
    fn watch(&self) -> Call;
    /// How a call with this answer ended.
    fn ended(_output: &Self::Output) -> Ended {
        Ended::ANSWERED
    }
}

/// An answer that keeps what was written. A guard keeps its audit event and answers with an error all the
/// same.
pub(crate) type Done<T> = Result<T, StorageError>;

/// Work together with the place of its answer.
pub(crate) struct Queued<N, W: Work<N>> {
    work: W,
    watched: Call,
    answer: Option<Result<W::Output, StorageError>>,
    slot: Arc<Slot<Result<W::Output, StorageError>>>,
    due: Option<Instant>,
}

impl<N, W: Work<N>> Queued<N, W> {
    pub(crate) fn new(work: W, slot: Arc<Slot<Result<W::Output, StorageError>>>) -> Self {
        Self { watched: work.watch(), work, answer: None, slot, due: None }
    }
}

impl<N, W: Work<N>> Operation<N> for Queued<N, W> {
    fn run(&mut self, transaction: &mut Transaction<'_, N>) -> Verdict {
        // A rule that panics must cost its own call only. What it wrote is rolled back.
        let Self { work, watched, .. } = self;
        let result = catch_unwind(AssertUnwindSafe(|| watched.run(|| work.run(transaction))));
        let refusals = self.work.refusals();
        let (answer, verdict) = match result {
            Ok(Ok(done)) => (done, Verdict::Keep),
            Ok(Err(failure)) => {
                let verdict = if failure.is_conflict() { Verdict::Again } else { Verdict::Undo };
                (Err(failure.into_error(refusals)), verdict)
            }
            Err(_) => (Err(unavailable(refusals, "the operation panicked")), Verdict::Undo),
        };
        self.answer = Some(answer);
        verdict
    }

    fn fail(&mut self, trouble: &Trouble) {
        let refusals = self.work.refusals();
        self.answer = Some(Err(match trouble {
            Trouble::Unavailable(detail) => unavailable(refusals, detail.clone()),
            Trouble::Unknown(detail) => outcome_unknown(refusals, detail.clone()),
        }));
    }

    fn resolve(&mut self) {
        if let Some(answer) = self.answer.take() {
            self.watched.end(answer.as_ref().map_or_else(Ended::of_error, W::ended));
            self.slot.resolve(answer);
        }
    }

    fn waiter(&self) -> Option<Waiter> {
        self.slot.waiter()
    }

    fn wait_until(&mut self, due: Instant) {
        self.due = Some(due);
    }

    fn due(&self) -> Option<Instant> {
        self.due
    }
}

impl<N, W: Work<N>> Drop for Queued<N, W> {
    /// An operation that is dropped without an answer, by a panic of the leader for instance, answers that its outcome is
    /// unknown, so that nobody waits for ever.
    fn drop(&mut self) {
        if self.slot.is_open() {
            Operation::fail(self, &Trouble::Unknown("the operation was lost".to_owned()));
            Operation::resolve(self);
        }
    }
}
