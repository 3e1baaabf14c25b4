//! The store: a cheap handle over one writing connection and a pool of readers.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::{Arc, RwLock};
use std::time::Duration;

use rusqlite::Connection;
use selene_contracts::{Admitted, AdmittedPage, CallContext, Page, Refusals, StorageError};

use crate::commit::calls::{self, Serves};
use crate::commit::leader::Commits;
#[cfg(test)]
use crate::commit::operation::Work;
use crate::commit::queue::{GATHER_FOR, Queue};
use crate::commit::ticket::{Ticket, WriteAnswer};
use crate::failure::{Failure, unavailable};
use crate::rows::listed::StoredPages;
use crate::rows::stored::{StoredGuard, StoredRead, StoredWrite};
use crate::rules::ph1_j;
use crate::sqlite::open_error::OpenError;
use crate::sqlite::place::Place;
use crate::sqlite::presence::Presence;
use crate::sqlite::readers::Readers;
use crate::sqlite::settings::{LOG_BOUND_BYTES, Medium};
use crate::sqlite::writer::Writer;

/// How a store behaves.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct StoreOptions {
    /// How long a transaction waits for another process that writes, before its calls are refused because the store is
    /// unavailable. A call that queues behind others waits for theirs as well.
    pub busy_timeout: Duration,
    /// Connections that read at the same time, at most.
    pub readers: usize,
}

impl Default for StoreOptions {
    fn default() -> Self {
        Self { busy_timeout: Duration::from_secs(5), readers: 8 }
    }
}

/// The SQLite backend. A clone is another handle to the same store; it may be used from any thread.
///
/// Writes of many callers are committed together. A write returns once it is durable.
///
/// # The files
/// A store on a file has three: the database, its log (`-wal`) and the index of the log (`-shm`). Before and after
/// every commit it looks whether they still lie at their place. Where one was deleted, renamed or replaced, or its
/// folder was, writes, audited reads and guards are refused with `BackendUnavailable`, and the text says which file.
/// What was being committed at that moment is answered with `OutcomeUnknown`; nothing is ever answered as applied.
/// The same handle writes again once the same files are back at their place. Another file never takes their place:
/// open a store anew. When the last handle is closed, what the log holds is carried into the database file, wherever
/// that lies by then. Other reads go on returning what the open file holds; a reading connection that has yet to be
/// opened is refused.
///
/// The log is at most [`SqliteStore::LOG_BOUND_BYTES`] long, and what one batch adds. Only somebody who reads for
/// long makes it grow further: SQLite keeps what a reader may still ask for. Once the reader is gone, its own store's
/// reading call, or else the next write, empties the log; [`SqliteStore::log_bytes`] says how long it is.
#[derive(Clone)]
pub struct SqliteStore {
    pub(crate) shared: Arc<Shared>,
}

impl SqliteStore {
    /// Opens the database file, or creates it, readable by its owner only.
    ///
    /// # Errors
    /// The file is no database of ours, comes from a newer build, cannot be used, or does not take the
    /// settings.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, OpenError> {
        Self::open_with(path, &StoreOptions::default())
    }

    /// Opens the database file with other options.
    ///
    /// # Errors
    /// As [`SqliteStore::open`].
    pub fn open_with(path: impl AsRef<Path>, options: &StoreOptions) -> Result<Self, OpenError> {
        Self::at(Place::file(path.as_ref(), options.busy_timeout)?, options)
    }

    /// Opens a database file that is there for reading only: its owner's writes are seen, its chains and folds can be
    /// verified, and nothing is ever written to it. Writes, audited reads and guards are refused with
    /// `BackendUnavailable`.
    ///
    /// Needs no right to write the file. The file must have this build's schema version; opening it once for writing
    /// brings it there. Where the folder can be written, SQLite puts the log's files beside the database, if they are
    /// not there yet, and what the log holds is read. Where it cannot, as on a medium that is read only, the log must
    /// be absent or empty, or its index readable beside it, else the file is refused, because what only the log holds
    /// would be missing. Such a file must not be changed while it is open; a read that finds that it was changed is
    /// refused, and so is every later one.
    ///
    /// # Errors
    /// There is no such file, or it is no database of ours, is older or newer than this build, has a log that cannot
    /// be read, or cannot be used.
    pub fn open_read_only(path: impl AsRef<Path>) -> Result<Self, OpenError> {
        Self::open_read_only_with(path, &StoreOptions::default())
    }

    /// Opens the database file for reading only with other options.
    ///
    /// # Errors
    /// As [`SqliteStore::open_read_only`].
    pub fn open_read_only_with(path: impl AsRef<Path>, options: &StoreOptions) -> Result<Self, OpenError> {
        Self::at(Place::read_only(path.as_ref(), options.busy_timeout)?, options)
    }

    /// Opens a new database in memory. It is gone with its last handle.
    ///
    /// # Errors
    /// The settings do not take.
    pub fn open_in_memory() -> Result<Self, OpenError> {
        let options = StoreOptions::default();
        Self::at(Place::memory(options.busy_timeout), &options)
    }

    pub(crate) fn at(place: Place, options: &StoreOptions) -> Result<Self, OpenError> {
        let writer = Writer::open(place.clone())?;
        let files = place.clone();
        let turns = (place.medium() == Medium::Memory).then(RwLock::default);
        let queue = Queue::new(if turns.is_some() { Duration::ZERO } else { GATHER_FOR });
        let shared = Shared {
            readers: Readers::new(place, options.readers),
            commits: Commits::new(writer, queue, turns),
            files,
        };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// How long the log is at most, in bytes, but for what one batch adds, while nothing reads for long.
    pub const LOG_BOUND_BYTES: u64 = LOG_BOUND_BYTES;

    /// How long the log beside the database is now, in bytes; zero in memory. SQLite starts over in the same file, so
    /// that not all of it needs to be in use.
    ///
    /// # Errors
    /// The system does not say.
    pub fn log_bytes(&self) -> Result<u64, StorageError> {
        let bytes = self.shared.files.presence().map_or(Ok(0), Presence::log_bytes);
        bytes.map_err(|error| unavailable(ph1_j::refusals(), error.to_string()))
    }

    /// Hands a write over without waiting for it. Writes that one caller hands over before it waits are
    /// committed together.
    ///
    /// A call that the contract does not admit gives a ticket with the refusal.
    pub fn submit<C: StoredWrite>(&self, context: &CallContext, input: C) -> Ticket<C::Output> {
        calls::submit(&self.shared, context, input)
    }

    /// Hands several writes of one capability over at once; they are committed in their order, next to each
    /// other.
    pub fn submit_all<C: StoredWrite>(
        &self,
        calls: impl IntoIterator<Item = (CallContext, C)>,
    ) -> Vec<Ticket<C::Output>> {
        calls::submit_all(&self.shared, calls)
    }

    /// Commits one admitted write and waits for it.
    pub(crate) fn commit<C: StoredWrite>(&self, call: Admitted<C>) -> WriteAnswer<C::Output> {
        calls::commit(&self.shared, call)
    }

    /// Answers one admitted read. In replay and diagnostic mode it emits an audit event, in the same
    /// transaction.
    pub(crate) fn read<C: StoredRead>(&self, call: Admitted<C>) -> Result<C::Output, StorageError> {
        if call.context().mode.audits_reads() {
            return calls::audited_read(&self.shared, call);
        }
        self.query(C::SPEC.refusals, |connection| C::read(connection, &call))
    }

    /// Answers one admitted page, in one snapshot. In replay and diagnostic mode it emits an audit event as the whole read does,
    /// in the same transaction.
    pub(crate) fn read_page<C: StoredPages>(
        &self,
        call: AdmittedPage<C>,
    ) -> Result<Page<C::Row>, StorageError> {
        if call.call().context().mode.audits_reads() {
            return calls::audited_page(&self.shared, call);
        }
        if C::IS_ONE_STATEMENT {
            return self.query(C::SPEC.refusals, |connection| C::page(connection, &call));
        }
        self.snapshot(C::SPEC.refusals, |snapshot| C::page(snapshot, &call))
    }

    /// Shows every row of a list in its order, until `visit` breaks. All of it is one state of the store, and no more than a thousand
    /// rows are in memory, however long the list is.
    ///
    /// The call is admitted as the read of the whole list is. In replay and diagnostic mode its event is committed before the first row is
    /// shown, so a list that the event belongs to ends with it.
    ///
    /// While rows are shown, one connection of the pool reads, and what others write makes the log longer; in memory nothing is written
    /// meanwhile. So `visit` must not write to a store in memory: it would wait for itself. Pages keep nothing open in between.
    ///
    /// ```
    /// # use std::ops::ControlFlow;
    /// # use selene_contracts::ph1_j::Ph1jReadRows;
    /// # use selene_contracts::CallContext;
    /// # use selene_storage::SqliteStore;
    /// # fn count(store: &SqliteStore, context: &CallContext) -> Result<usize, selene_contracts::StorageError> {
    /// let mut count = 0;
    /// store.each_row(context, Ph1jReadRows {}, |_event| {
    ///     count += 1;
    ///     ControlFlow::Continue(())
    /// })?;
    /// # Ok(count)
    /// # }
    /// ```
    ///
    /// # Errors
    /// As the read of the whole list. Rows that were shown before the store became unavailable were as they were shown.
    pub fn each_row<C: StoredPages>(
        &self,
        context: &CallContext,
        input: C,
        mut visit: impl FnMut(C::Row) -> ControlFlow<()>,
    ) -> Result<(), StorageError> {
        let call = Admitted::admit(context, input)?;
        if context.mode.audits_reads() {
            calls::event_of_read(&self.shared, call.clone())?;
        }
        self.snapshot(C::SPEC.refusals, |snapshot| C::each(snapshot, &call, &mut visit))
    }

    /// Proves that a ledger row cannot be changed. The proof is the refusal.
    pub(crate) fn guard<C: StoredGuard>(&self, call: Admitted<C>) -> Result<(), StorageError> {
        calls::guard(&self.shared, call)
    }

    /// Runs queries on a reading connection that see one state of the store.
    pub(crate) fn snapshot<T>(
        &self,
        refusals: &'static Refusals,
        read: impl FnOnce(&Connection) -> Result<T, Failure>,
    ) -> Result<T, StorageError> {
        self.query(refusals, |connection| {
            let snapshot = connection.unchecked_transaction()?;
            let answer = read(&snapshot)?;
            snapshot.rollback()?;
            Ok(answer)
        })
    }

    /// Runs a query on a reading connection.
    pub(crate) fn query<T>(
        &self,
        refusals: &'static Refusals,
        read: impl FnOnce(&Connection) -> Result<T, Failure>,
    ) -> Result<T, StorageError> {
        let _turn = self.shared.commits.reading_turn();
        let answer = match self.shared.readers.with(read) {
            Ok(answer) => answer.map_err(|failure| failure.into_error(refusals))?,
            Err(error) => return Err(unavailable(refusals, error.to_string())),
        };
        // After the read: a change that was made meanwhile may have been read by half.
        self.shared.files.check_seal().map_err(|error| unavailable(refusals, error.to_string()))?;
        // This read may have been what kept the log long.
        self.shared.commits.upkeep_if_due();
        Ok(answer)
    }
}

#[cfg(test)]
impl SqliteStore {
    /// Queues work for the writing connection and waits for it.
    pub(crate) fn work<W: Work<Connection> + 'static>(&self, work: W) -> Result<W::Output, StorageError> {
        calls::work(&self.shared, work)
    }
}

// An engine or a capability without rows does not compile.
selene_contracts::implement_every_backend!(SqliteStore);

impl std::fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SqliteStore").finish_non_exhaustive()
    }
}

/// What all handles of a store share.
pub(crate) struct Shared {
    /// Declared before the writer and so closed before it: the last connection empties the log, and a reader
    /// could not.
    readers: Readers,
    commits: Commits<Writer>,
    /// Where the files lie; let go last.
    files: Place,
}

impl Serves for Shared {
    type Driver = Writer;

    fn commits(&self) -> &Commits<Writer> {
        &self.commits
    }
}

impl Drop for Shared {
    /// What was handed over and never waited for is committed with the last handle.
    fn drop(&mut self) {
        self.commits.flush();
    }
}
