//! How a batch becomes one transaction, and what happens when something breaks in the middle of it.

use crate::commit::driver::{Begun, CommitEnd, Driver, OpenTransaction as _};
use crate::commit::heads::Heads;
use crate::commit::operation::{Operation, Trouble, Verdict, refuse_late};
use crate::commit::transaction::{Transaction, Undo};
use crate::observe;

/// Operations that share a transaction.
pub(crate) type Batch<N> = Vec<Box<dyn Operation<N>>>;

/// Adds to a batch what arrived meanwhile; says whether there was anything.
pub(crate) type Gather<'a, N> = &'a mut dyn FnMut(&mut Batch<N>) -> bool;

/// The driver, and the newest event of each chain as of its last transaction.
pub(crate) struct Batches<D> {
    pub(crate) driver: D,
    heads: Heads,
}

/// How often a batch runs again because another writer was in the way. Whoever is in the way makes progress meanwhile.
const AGAIN_AT_MOST: usize = 8;

/// Error text of a batch whose time is over.
const TOO_LATE: &str = "the database took too long; try again";

/// How a transaction ended.
enum End {
    /// Every operation has its answer, and what was to be kept is durable.
    Answered,
    /// An operation failed in a way that took the whole transaction down; nothing was written.
    RolledBack,
    /// Another writer was in the way; nothing was written.
    InTheWay,
    /// A statement that was sent for several operations failed; nothing was written. Which of them it was for shows when each
    /// sends its own.
    Refused,
    /// The same for every operation: nothing was written, or nobody knows.
    Failed(Trouble),
}

impl<D: Driver> Batches<D> {
    pub(crate) fn new(driver: D) -> Self {
        Self { driver, heads: Heads::default() }
    }

    /// Runs a batch as one transaction and gives every operation its answer. What `gather` adds runs in the same
    /// transaction.
    ///
    /// Rules refuse before anything is written, so an operation that fails after it wrote is rare. A batch
    /// hopes for none; where one does, all of it is rolled back and runs again with a savepoint for each. Where
    /// the database rolls back even that because of one operation, each runs in a transaction of its own, so that
    /// the others do not pay for it. Where another writer was in the way, the batch runs again as a whole, a bounded
    /// number of times. None of this begins once the time of the batch is over.
    pub(crate) fn run(&mut self, batch: &mut Batch<D::Connection>, gather: Gather<'_, D::Connection>) {
        let mut undo = Undo::Transaction;
        let mut end = self.transact(batch, undo, gather);
        for _ in 0..AGAIN_AT_MOST {
            match end {
                _ if self.driver.is_late() => break,
                End::InTheWay => {}
                End::Refused if undo == Undo::Transaction => undo = Undo::Savepoint,
                End::RolledBack if undo == Undo::Transaction && batch.len() > 1 => undo = Undo::Savepoint,
                _ => break,
            }
            observe::rerun();
            end = self.transact(batch, undo, &mut |_| false);
        }
        match end {
            End::Answered => {}
            End::RolledBack | End::Refused | End::InTheWay if self.driver.is_late() => {
                fail(batch, &Trouble::Unavailable(TOO_LATE.to_owned()));
            }
            End::RolledBack | End::Refused | End::InTheWay if batch.len() > 1 => {
                for operation in std::mem::take(batch) {
                    let mut alone = vec![operation];
                    if self.driver.is_late() {
                        fail(&mut alone, &Trouble::Unavailable(TOO_LATE.to_owned()));
                    } else {
                        self.run(&mut alone, &mut |_| false);
                    }
                    batch.append(&mut alone);
                }
            }
            End::RolledBack | End::Refused => {
                fail(batch, &Trouble::Unavailable("the transaction was rolled back".to_owned()));
            }
            End::InTheWay => {
                fail(
                    batch,
                    &Trouble::Unavailable("other writers were in the way each time; try again".to_owned()),
                );
            }
            End::Failed(trouble) => fail(batch, &trouble),
        }
    }

    /// Runs a batch in one transaction, and with it what `gather` adds while it is open.
    fn transact(
        &mut self,
        batch: &mut Batch<D::Connection>,
        undo: Undo,
        gather: Gather<'_, D::Connection>,
    ) -> End {
        if D::GATHERS_FIRST {
            while gather(batch) {}
            while refuse_all_late::<D>(batch) {
                while gather(batch) {}
            }
            if batch.is_empty() {
                return End::Answered;
            }
        }
        if let Err(end) = self.begin(batch, undo) {
            self.roll_back();
            return end;
        }
        let mut next = 0;
        loop {
            while let Some(operation) = batch.get_mut(next) {
                let Some(connection) = self.driver.connection() else { return End::RolledBack };
                let mut transaction = Transaction::new(connection, &mut self.heads, undo);
                let verdict = operation.run(&mut transaction);
                let is_settled = match verdict {
                    Verdict::Keep => transaction.keep().is_ok(),
                    Verdict::Undo => transaction.undo().unwrap_or(false),
                    Verdict::Again => false,
                };
                // After an error the database may have rolled back everything, also the operations before.
                if !is_settled || !connection.is_open() {
                    self.roll_back();
                    if verdict == Verdict::Again {
                        return End::InTheWay;
                    }
                    let is_answered = batch.len() == 1 && verdict == Verdict::Undo;
                    return if is_answered { End::Answered } else { End::RolledBack };
                }
                next += 1;
            }
            if D::GATHERS_FIRST || !gather(batch) {
                return self.commit(batch.len());
            }
        }
    }

    /// Opens the transaction of a batch, and reads ahead what its operations will read. Not where each has a savepoint: those
    /// runs find out which operation fails, so nothing is done for several of them.
    fn begin(&mut self, batch: &mut Batch<D::Connection>, undo: Undo) -> Result<(), End> {
        if undo == Undo::Transaction {
            self.look_ahead(batch);
        }
        match observe::begin(|| self.driver.begin()) {
            Ok(Begun::Unchanged) => {}
            Ok(Begun::Changed) => self.heads.forget(),
            Err(detail) => return Err(End::Failed(Trouble::Unavailable(detail))),
        }
        if undo == Undo::Transaction && self.driver.needs_second_look() {
            self.look_ahead(batch);
            let read = self.driver.read_ahead();
            read.map_err(|failure| if failure.is_conflict() { End::InTheWay } else { End::Refused })?;
        }
        Ok(())
    }

    /// Runs operations only to note what they read; their answers are those of the next run.
    fn look_ahead(&mut self, batch: &mut Batch<D::Connection>) {
        for operation in batch {
            let Some(connection) = self.driver.look_ahead() else { return };
            operation.run(&mut Transaction::new(connection, &mut self.heads, Undo::Transaction));
        }
    }

    fn commit(&mut self, operations: usize) -> End {
        match observe::commit(operations, || self.driver.commit(operations), CommitEnd::describe) {
            CommitEnd::Durable => End::Answered,
            CommitEnd::RolledBack => {
                self.heads.forget();
                End::RolledBack
            }
            CommitEnd::Conflict => {
                self.heads.forget();
                End::InTheWay
            }
            CommitEnd::Refused => {
                self.heads.forget();
                End::Refused
            }
            CommitEnd::NotCommitted(detail) => {
                self.heads.forget();
                End::Failed(Trouble::Unavailable(detail))
            }
            CommitEnd::Unknown(detail) => {
                self.heads.forget();
                End::Failed(Trouble::Unknown(detail))
            }
        }
    }

    /// What the operations appended is taken back, and so is what is remembered of it.
    fn roll_back(&mut self) {
        self.heads.forget();
        self.driver.roll_back();
    }
}

/// Refuses the operations that have waited too long. Says whether there were any.
fn refuse_all_late<D: Driver>(batch: &mut Batch<D::Connection>) -> bool {
    let late: Vec<_> = batch.extract_if(.., |operation| D::is_past(operation.due())).collect();
    let has_any = !late.is_empty();
    late.into_iter().for_each(refuse_late);
    has_any
}

fn fail<N>(batch: &mut Batch<N>, trouble: &Trouble) {
    for operation in batch {
        operation.fail(trouble);
    }
}
