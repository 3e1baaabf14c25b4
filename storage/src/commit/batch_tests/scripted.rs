//! A driver and operations that do what a test says, and write down what is asked of them.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use selene_contracts::row::{Cells, FromRow, Value};

use crate::commit::batch::Batches;
use crate::commit::driver::{Begun, CommitEnd, Driver, Held, OpenTransaction};
use crate::commit::operation::{Operation, Trouble, Verdict};
use crate::commit::slot::Waiter;
use crate::commit::transaction::Transaction;
use crate::failure::Failure;
use crate::rows::stored::LedgerRow;
use crate::session::Session;

/// What was done, in words.
#[derive(Clone, Default)]
pub(super) struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    fn note(&self, step: impl Into<String>) {
        self.0.lock().unwrap().push(step.into());
    }

    /// How often a step was done.
    fn count(&self, step: &str) -> usize {
        self.0.lock().unwrap().iter().filter(|other| *other == step).count()
    }

    pub(super) fn shown(&self) -> String {
        self.0.lock().unwrap().join(", ")
    }
}

/// A connection without rows.
pub(super) struct Connection {
    log: Log,
}

impl Session for Connection {
    fn execute(&self, _: &'static str, _: &[Value<'_>]) -> Result<usize, Failure> {
        unreachable!("no rows are written")
    }

    fn first<R: FromRow>(&self, _: &'static str, _: &[Value<'_>]) -> Result<Option<R>, Failure> {
        unreachable!("no rows are read")
    }

    fn visit(
        &self,
        _: &str,
        _: &[Value<'_>],
        _: &mut dyn FnMut(&dyn Cells) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        unreachable!("no rows are read")
    }

    fn exists(&self, _: &'static str, _: &[Value<'_>]) -> Result<bool, Failure> {
        unreachable!("no rows are read")
    }
}

impl OpenTransaction for Connection {
    fn hold_chain(&self, _: &str) -> Result<Held, Failure> {
        unreachable!("no chain is appended to")
    }

    fn hold_key(&self, _: impl FnOnce() -> [u8; 16]) -> Result<(), Failure> {
        unreachable!("no key is used")
    }

    fn is_open(&self) -> bool {
        true
    }

    fn mark(&self) -> Result<(), Failure> {
        self.log.note("mark");
        Ok(())
    }

    fn release_mark(&self) -> Result<(), Failure> {
        self.log.note("release");
        Ok(())
    }

    fn undo_to_mark(&self) -> Result<(), Failure> {
        self.log.note("undo");
        Ok(())
    }

    fn prove_locked(&mut self, _: &LedgerRow) -> Result<(), Failure> {
        unreachable!("no ledger is tried")
    }
}

/// A driver whose transactions end as a test says.
pub(super) struct Scripted<const GATHERS_FIRST: bool> {
    connection: Connection,
    /// How the next commits end; all later ones are durable.
    pub(super) ends: VecDeque<CommitEnd>,
    /// How the next looks ahead end in the transaction, where a second one is worth it.
    pub(super) second_looks: VecDeque<Result<(), Failure>>,
    pub(super) looks_ahead: bool,
    /// After so many transactions the time of the batch is over.
    pub(super) late_after: usize,
}

impl<const GATHERS_FIRST: bool> Driver for Scripted<GATHERS_FIRST> {
    type Connection = Connection;

    const GATHERS_FIRST: bool = GATHERS_FIRST;

    /// Calls that are gathered first have waited too long, all of them.
    fn is_past(_: Option<Instant>) -> bool {
        GATHERS_FIRST
    }

    fn is_late(&self) -> bool {
        self.connection.log.count("begin") >= self.late_after
    }

    fn look_ahead(&mut self) -> Option<&mut Connection> {
        self.looks_ahead.then(|| {
            self.connection.log.note("look");
            &mut self.connection
        })
    }

    fn needs_second_look(&self) -> bool {
        !self.second_looks.is_empty()
    }

    fn read_ahead(&mut self) -> Result<(), Failure> {
        self.connection.log.note("read ahead");
        self.second_looks.pop_front().unwrap_or(Ok(()))
    }

    fn begin(&mut self) -> Result<Begun, String> {
        self.connection.log.note("begin");
        Ok(Begun::Unchanged)
    }

    fn connection(&mut self) -> Option<&mut Connection> {
        Some(&mut self.connection)
    }

    fn commit(&mut self, operations: usize) -> CommitEnd {
        self.connection.log.note(format!("commit {operations}"));
        self.ends.pop_front().unwrap_or(CommitEnd::Durable)
    }

    fn roll_back(&mut self) {
        self.connection.log.note("roll back");
    }

    fn needs_upkeep(&self) -> bool {
        false
    }

    fn upkeep(&mut self) {}
}

/// Batches whose commits end in these ways, and what is done.
pub(super) fn batches<const GATHERS_FIRST: bool>(
    ends: impl IntoIterator<Item = CommitEnd>,
) -> (Batches<Scripted<GATHERS_FIRST>>, Log) {
    let log = Log::default();
    let driver = Scripted {
        connection: Connection { log: log.clone() },
        ends: ends.into_iter().collect(),
        second_looks: VecDeque::new(),
        looks_ahead: false,
        late_after: usize::MAX,
    };
    (Batches::new(driver), log)
}

/// An operation that writes and ends as a test says.
struct Step {
    name: &'static str,
    log: Log,
    /// How its next runs end; all later ones are kept.
    verdicts: VecDeque<Verdict>,
}

/// An operation that writes, and whose next runs end in these ways; all later ones are kept.
pub(super) fn step(
    name: &'static str,
    log: &Log,
    verdicts: impl IntoIterator<Item = Verdict>,
) -> Box<dyn Operation<Connection>> {
    Box::new(Step { name, log: log.clone(), verdicts: verdicts.into_iter().collect() })
}

impl Operation<Connection> for Step {
    fn run(&mut self, transaction: &mut Transaction<'_, Connection>) -> Verdict {
        self.log.note(self.name);
        // It changes rows in two steps.
        transaction.begin_change().unwrap();
        transaction.begin_change().unwrap();
        self.verdicts.pop_front().unwrap_or(Verdict::Keep)
    }

    fn fail(&mut self, trouble: &Trouble) {
        let (Trouble::Unavailable(detail) | Trouble::Unknown(detail)) = trouble;
        self.log.note(format!("{} fails: {detail}", self.name));
    }

    fn resolve(&mut self) {
        self.log.note(format!("{} is answered", self.name));
    }

    fn waiter(&self) -> Option<Waiter> {
        None
    }

    fn wait_until(&mut self, _: Instant) {}

    fn due(&self) -> Option<Instant> {
        None
    }
}
