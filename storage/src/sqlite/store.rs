//! The store: a cheap handle over one writing connection and a pool of readers.

use std::path::Path;
use std::sync::{Arc, RwLock};
use std::time::Duration;

use rusqlite::Connection;
use selene_contracts::{Capability, Refusals, StorageError};

#[cfg(feature = "async")]
use crate::asynchronous::{self, implement_async_handle};
use crate::commit::calls::Serves;
use crate::commit::leader::Commits;
#[cfg(test)]
use crate::commit::operation::Work;
use crate::commit::queue::{GATHER_FOR, Queue};
use crate::commit::store::{Patience, Store};
use crate::failure::{Failure, unavailable};
use crate::handle::implement_handle;
use crate::rules::ph1_j;
use crate::sqlite::open_error::OpenError;
use crate::sqlite::place::Place;
use crate::sqlite::presence::Presence;
use crate::sqlite::readers::Readers;
use crate::sqlite::schema::tables;
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
///
/// # Lists
/// A list may be longer than memory: [`SqliteStore::each_row`] shows its rows one by one. In memory nothing is written while rows are
/// shown, so `visit` must not write to a store in memory: it would wait for itself.
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
        let readers = Arc::new(Readers::new(place.clone(), options.readers));
        let writer = Writer::open(place.clone(), Arc::downgrade(&readers))?;
        let turns = (place.medium() == Medium::Memory).then(RwLock::default);
        let queue = Queue::new(if turns.is_some() { Duration::ZERO } else { GATHER_FOR });
        let shared = Shared { readers, commits: Commits::new(writer, queue, turns), files: place };
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
}

#[cfg(test)]
impl SqliteStore {
    /// Queues work for the writing connection and waits for it.
    pub(crate) fn work<W: Work<Connection> + 'static>(&self, work: W) -> Result<W::Output, StorageError> {
        crate::commit::calls::work(&self.shared, work)
    }
}

implement_handle!(SqliteStore);

#[cfg(feature = "async")]
implement_async_handle! {
    /// The SQLite backend for tasks of Tokio: the traits of [`selene_contracts::asynchronous`], over a [`SqliteStore`]. A clone is another
    /// handle to the same store.
    ///
    /// ```
    /// use selene_contracts::asynchronous::ph1_f::*;
    /// use selene_contracts::shared::{CorrelationId, MonotonicTimeNs, TurnId};
    /// use selene_contracts::{CallContext, Caller};
    /// use selene_storage::{AsyncSqliteStore, SqliteStore};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let store = AsyncSqliteStore::from(SqliteStore::open_in_memory()?); // or AsyncSqliteStore::open("selene.db").await?
    /// let context =
    ///     CallContext::new(Caller::SeleneOs, MonotonicTimeNs::new(1), CorrelationId::new(7), TurnId::new(1));
    /// let input = Ph1fIdentityInsertRow {
    ///     user_id: "ada".into(),
    ///     speaker_id: None,
    ///     primary_language: None,
    ///     tenant_id: None,
    ///     status: IdentityStatus::Active,
    ///     idempotency_key: "insert-ada".into(),
    /// };
    /// assert!(store.ph1f_identity_insert_row(&context, input).await?.is_applied());
    /// store.close().await;
    /// # Ok(())
    /// # }
    /// ```
    AsyncSqliteStore over SqliteStore
}

#[cfg(feature = "async")]
impl AsyncSqliteStore {
    /// Opens the database file, or creates it, on a thread that may block.
    ///
    /// # Errors
    /// As [`SqliteStore::open`].
    ///
    /// # Panics
    /// There is no Tokio runtime, or it shuts down meanwhile.
    pub async fn open(path: impl AsRef<Path>) -> Result<Self, OpenError> {
        Self::open_with(path, &StoreOptions::default()).await
    }

    /// Opens the database file with other options.
    ///
    /// # Errors
    /// As [`SqliteStore::open`].
    ///
    /// # Panics
    /// As [`AsyncSqliteStore::open`].
    pub async fn open_with(path: impl AsRef<Path>, options: &StoreOptions) -> Result<Self, OpenError> {
        let (path, options) = (path.as_ref().to_owned(), options.clone());
        asynchronous::open(move || SqliteStore::open_with(path, &options)).await.map(Self::from)
    }
}

/// What all handles of a store share.
pub(crate) struct Shared {
    /// Declared before the writer and so closed before it: the last connection empties the log, and a reader
    /// could not.
    readers: Arc<Readers>,
    commits: Commits<Writer>,
    /// Where the files lie; let go last.
    files: Place,
}

impl Shared {
    /// Runs a query on a reading connection, once.
    pub(crate) fn once<T>(
        &self,
        refusals: &'static Refusals,
        read: impl FnOnce(&Connection) -> Result<T, Failure>,
    ) -> Result<T, StorageError> {
        let _turn = self.commits.reading_turn();
        let answer = match self.readers.with(read) {
            Ok(answer) => answer.map_err(|failure| failure.into_error(refusals))?,
            Err(error) => return Err(unavailable(refusals, error.to_string())),
        };
        // After the read: a change that was made meanwhile may have been read by half.
        self.files.check_seal().map_err(|error| unavailable(refusals, error.to_string()))?;
        // This read may have been what kept the log long.
        self.commits.upkeep_if_due();
        Ok(answer)
    }
}

impl Store for Shared {
    type Leader = Self;
    type Reader = Connection;

    fn common_leader(self: &Arc<Self>) -> &Arc<Self> {
        self
    }

    fn leader<C: Capability>(self: &Arc<Self>, _input: &C) -> &Arc<Self> {
        self
    }

    /// A file does not keep anybody waiting, so there is nothing to lose patience with.
    fn query<T>(
        &self,
        refusals: &'static Refusals,
        _patience: Patience,
        read: impl Fn(&Connection) -> Result<T, Failure>,
    ) -> Result<T, StorageError> {
        self.once(refusals, read)
    }

    fn snapshot<T>(
        &self,
        refusals: &'static Refusals,
        _patience: Patience,
        read: impl Fn(&Connection) -> Result<T, Failure>,
    ) -> Result<T, StorageError> {
        self.once(refusals, |connection| {
            let snapshot = connection.unchecked_transaction()?;
            let answer = read(&snapshot)?;
            snapshot.rollback()?;
            Ok(answer)
        })
    }

    fn readers_at_most(&self) -> usize {
        self.readers.at_most()
    }

    fn tables_of_rows(connection: &Connection) -> Result<Vec<String>, Failure> {
        Ok(tables(connection)?)
    }
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
