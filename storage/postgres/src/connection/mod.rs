//! One connection to the server, with the runtime that drives it and the statements that it has prepared.
//!
//! The runtime runs on the thread that asks, and only while it asks: no thread is handed anything, and a connection does nothing
//! between two calls.

pub mod address;
pub mod catalog;
pub mod encryption;
mod joined;
pub mod round;
pub mod settings;
mod stream;
pub mod trouble;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Poll, ready};
use std::time::{Duration, Instant};

use futures_util::future;
use selene_storage::backend::Failure;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_postgres::error::SqlState;
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres::types::Type;
use tokio_postgres::{AsyncMessage, Client, Config, Error, NoTls, Socket, Statement};

use crate::batch::{Read, Writing};
use crate::connection::address::Address;
use crate::connection::stream::Encrypted;
use crate::open_error::OpenError;
use crate::statement::dialect;
use crate::statement::many;

/// Statements that are kept prepared at most; more than a store has.
const STATEMENTS_AT_MOST: usize = 512;

/// Whether a transaction is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TransactionState {
    /// No transaction is open.
    Idle,
    /// A transaction is open.
    Open,
    /// One is open in which a statement failed: the server takes nothing but its end.
    Failed,
}

/// What sends and receives for a client.
type Driving<S, T> = tokio_postgres::Connection<S, T>;

/// A connection. It is used by one thread at a time.
pub(crate) struct Connection {
    // Declared before the runtime, and so dropped before it.
    client: Client,
    /// What sends and receives; it ends with the connection.
    driving: JoinHandle<()>,
    /// Whether the server has warned since the last statement that ends a transaction was sent.
    has_warned: Arc<AtomicBool>,
    runtime: Runtime,
    /// How long an answer may take before the connection is given up; none where one may take as long as it needs.
    patience: Cell<Option<Duration>>,
    /// When the last answer has to be there, however long each may take.
    deadline: Cell<Option<Instant>>,
    /// When the last answer was there, and how long afterwards the server ends a connection that nobody uses; zero where it does not.
    used: Cell<Instant>,
    unused_at_most: Cell<Duration>,
    /// Whether an answer took longer.
    is_given_up: Cell<bool>,
    /// Whether an error has ended the connection.
    is_lost: Cell<bool>,
    statements: RefCell<BTreeMap<String, Statement>>,
    /// Prepared statements that read, by text and form.
    reads: RefCell<BTreeMap<Read, Statement>>,
    /// Those that read for several sets of values; none where each set is asked by itself.
    reads_of_many: RefCell<BTreeMap<Read, Option<Statement>>>,
    transaction_state: Cell<TransactionState>,
    /// Whether statements that read lock what they read.
    pub(crate) locks_reads: Cell<bool>,
    /// What a connection that writes knows of its open transaction, and of what others wrote.
    pub(crate) writing: Writing,
}

impl Connection {
    /// Connects to the first host that lets in, and sets the session up with statements. An answer may take as long as a host may
    /// take to let in, and all of it as long as the deadline says.
    pub(crate) fn open(address: &Address, setup: &str, deadline: Option<Instant>) -> Result<Self, OpenError> {
        address.try_each(deadline, |host, time_limit| {
            let connection = Self::open_host(address, host, time_limit)?;
            connection.end_by(deadline);
            connection.wait(connection.client.batch_execute(setup)).map_err(OpenError::Connect)?;
            Ok(connection)
        })
    }

    fn open_host(address: &Address, host: &Config, time_limit: Duration) -> Result<Self, OpenError> {
        if let Some(encryption) = address.encryption() {
            return Self::connect(host, Encrypted(encryption.clone()), time_limit);
        }
        #[cfg(unix)]
        if let Some(socket) = stream::socket(host) {
            return Self::connected(stream::connect(&socket, host), time_limit);
        }
        Self::connect(host, NoTls, time_limit)
    }

    fn connect<T>(host: &Config, encryption: T, time_limit: Duration) -> Result<Self, OpenError>
    where
        T: MakeTlsConnect<Socket, Stream: Send + 'static>,
    {
        let connecting = async { host.connect(encryption).await.map_err(OpenError::Connect) };
        Self::connected(connecting, time_limit)
    }

    fn connected<S, T>(
        connecting: impl Future<Output = Result<(Client, Driving<S, T>), OpenError>>,
        time_limit: Duration,
    ) -> Result<Self, OpenError>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
        T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(OpenError::Runtime)?;
        // A server that was stopped still has a system that lets in, and then says nothing.
        let (runtime, connected) = within(runtime, time_limit, connecting)?;
        let (client, driving) = connected?;
        let has_warned = Arc::default();
        let driving = runtime.spawn(drive(driving, Arc::clone(&has_warned)));
        Ok(Self {
            client,
            driving,
            has_warned,
            runtime,
            patience: Cell::new(Some(time_limit)),
            deadline: Cell::new(None),
            used: Cell::new(Instant::now()),
            unused_at_most: Cell::new(Duration::ZERO),
            is_given_up: Cell::new(false),
            statements: RefCell::default(),
            reads: RefCell::default(),
            reads_of_many: RefCell::default(),
            transaction_state: Cell::new(TransactionState::Idle),
            is_lost: Cell::new(false),
            locks_reads: Cell::new(false),
            writing: Writing::default(),
        })
    }

    pub(crate) fn transaction_state(&self) -> TransactionState {
        self.transaction_state.get()
    }

    /// A transaction was opened, has ended, or goes on after it went back to a savepoint.
    pub(crate) fn set_transaction_state(&self, state: TransactionState) {
        self.transaction_state.set(state);
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.client.is_closed()
    }

    /// Whether the connection is of no more use. It may have ended unnoticed while nobody used it.
    pub(crate) fn is_lost(&self) -> bool {
        self.is_lost.get() || self.is_closed()
    }

    /// Says how long the server keeps the connection while nobody uses it.
    pub(crate) fn stale_after(&self, unused_at_most: Duration) {
        self.unused_at_most.set(unused_at_most);
    }

    /// Whether the server has ended the connection, or is about to, because nobody used it.
    pub(crate) fn is_stale(&self) -> bool {
        let unused_at_most = self.unused_at_most.get();
        self.transaction_state() == TransactionState::Idle
            && !unused_at_most.is_zero()
            && self.used.get().elapsed() >= unused_at_most.mul_f64(0.9)
    }

    /// Whether the connection was given up because an answer took too long.
    pub(crate) fn is_given_up(&self) -> bool {
        self.is_given_up.get()
    }

    pub(crate) const fn client(&self) -> &Client {
        &self.client
    }

    /// How long an answer may take from now on; none: as long as it needs.
    pub(crate) fn give_up_after(&self, patience: Option<Duration>) {
        self.patience.set(patience);
    }

    /// When the last answer has to be there from now on; none: each has its time, and all of them any.
    pub(crate) fn end_by(&self, deadline: Option<Instant>) {
        self.deadline.set(deadline);
    }

    /// How long the next answer may take.
    fn patience(&self) -> Option<Duration> {
        let left = self.deadline.get().map(|deadline| deadline.saturating_duration_since(Instant::now()));
        match (self.patience.get(), left) {
            (Some(patience), Some(left)) => Some(patience.min(left)),
            (patience, left) => patience.or(left),
        }
    }

    /// Waits for an answer of the server. One that takes too long is given up with the connection.
    pub(crate) fn wait<T>(&self, answer: impl Future<Output = T>) -> T {
        let answer = self.wait_patiently(answer);
        self.used.set(Instant::now());
        answer
    }

    fn wait_patiently<T>(&self, answer: impl Future<Output = T>) -> T {
        let Some(patience) = self.patience() else { return self.runtime.block_on(answer) };
        self.runtime.block_on(async {
            let mut answer = pin!(answer);
            if let Ok(answer) = timeout(patience, answer.as_mut()).await {
                return answer;
            }
            self.is_given_up.set(true);
            // Whatever waits on it learns that the connection is closed.
            self.driving.abort();
            answer.await
        })
    }

    /// Waits for an answer within a call. A statement that fails takes an open transaction with it.
    pub(crate) fn ask<T>(&self, answer: impl Future<Output = Result<T, Error>>) -> Result<T, Failure> {
        self.wait(answer).map_err(|error| self.failed(&error))
    }

    pub(crate) fn failed(&self, error: &Error) -> Failure {
        if self.transaction_state.get() == TransactionState::Open {
            self.transaction_state.set(TransactionState::Failed);
        }
        if trouble::needs_another_connection(error) {
            self.is_lost.set(true);
        }
        trouble::failure(error)
    }

    /// Runs statements without parameters.
    pub(crate) fn run(&self, sql: &str) -> Result<(), Failure> {
        self.send_kept()?;
        self.ask(self.client.batch_execute(sql))
    }

    /// The prepared statement of a text; prepares it at its first use.
    pub(crate) fn statement(&self, sql: &str) -> Result<Statement, Failure> {
        self.prepared(sql, &[]).map_err(|error| self.failed(&error))
    }

    /// A prepared statement; where types are given, they are those of its parameters.
    pub(crate) fn prepared(&self, sql: &str, types: &[Type]) -> Result<Statement, Error> {
        if let Some(statement) = self.statements.borrow().get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.wait(self.client.prepare_typed(sql, types))?;
        let mut statements = self.statements.borrow_mut();
        if statements.len() >= STATEMENTS_AT_MOST {
            statements.clear();
        }
        statements.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    /// Whether a statement is prepared.
    pub(crate) fn knows(&self, sql: &str) -> bool {
        self.statements.borrow().contains_key(sql)
    }

    /// A prepared statement that reads.
    pub(crate) fn reading(&self, read: Read) -> Result<Statement, Failure> {
        self.prepared_read(read).map_err(|error| self.failed(&error))
    }

    /// A prepared statement that reads, and locks what it reads where that is asked for.
    pub(crate) fn prepared_read(&self, read: Read) -> Result<Statement, Error> {
        if let Some(statement) = self.reads.borrow().get(&read) {
            return Ok(statement.clone());
        }
        let mut sql = read.sql.to_owned();
        if read.is_first && !sql.contains("LIMIT") {
            sql.push_str(" LIMIT 1");
        }
        if read.locks {
            sql = dialect::locking(&sql);
        }
        let statement = self.wait(self.client.prepare(&sql))?;
        self.reads.borrow_mut().insert(read, statement.clone());
        Ok(statement)
    }

    /// The same for several sets of values at once, each parameter an array; none where each set has to be asked by itself.
    pub(crate) fn prepared_read_of_many(&self, read: Read) -> Result<Option<Statement>, Error> {
        if let Some(statement) = self.reads_of_many.borrow().get(&read) {
            return Ok(statement.clone());
        }
        let one = self.prepared_read(read)?;
        let locking = |sql: &str| if read.locks { dialect::locking(sql) } else { sql.to_owned() };
        let sql = many::of_many(read.sql, read.is_first, one.params(), locking);
        let statement = sql.map(|sql| self.wait(self.client.prepare(&sql))).transpose()?;
        self.reads_of_many.borrow_mut().insert(read, statement.clone());
        Ok(statement)
    }

    /// Whether the server warned while the last transaction ended. It commits with a warning where somebody ended the commit's wait for
    /// a standby: the commit is not as durable as the settings say.
    pub(crate) fn ended_with_warning(&self) -> bool {
        self.has_warned.load(Ordering::Relaxed)
    }

    /// Opens a transaction that sees one state of the database and writes nothing.
    pub(crate) fn begin_snapshot(&self) -> Result<(), Failure> {
        self.transaction_state.set(TransactionState::Open);
        self.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    }

    /// Ends an open transaction.
    pub(crate) fn end(&self, sql: &str) -> Result<(), Error> {
        self.has_warned.store(false, Ordering::Relaxed);
        let ended = self.wait(self.client.batch_execute(sql));
        self.transaction_state.set(TransactionState::Idle);
        self.locks_reads.set(false);
        self.writing.ended();
        ended
    }
}

/// Waits for a connection on a new runtime for a bounded time, and gives both. Where it takes too long, nobody waits for what it has
/// begun: a name that is looked up occupies a thread until the system answers.
fn within<T>(
    runtime: Runtime,
    time_limit: Duration,
    connecting: impl Future<Output = T>,
) -> Result<(Runtime, T), OpenError> {
    if let Ok(connected) = runtime.block_on(async { timeout(time_limit, connecting).await }) {
        return Ok((runtime, connected));
    }
    runtime.shutdown_background();
    Err(OpenError::Silent(time_limit))
}

/// Sends and receives until the connection ends, which is reported by the statement that fails. Remembers warnings.
async fn drive<S, T>(mut connection: Driving<S, T>, has_warned: Arc<AtomicBool>)
where
    S: AsyncRead + AsyncWrite + Unpin,
    T: AsyncRead + AsyncWrite + Unpin,
{
    future::poll_fn(|context| {
        while let Some(Ok(message)) = ready!(connection.poll_message(context)) {
            if matches!(message, AsyncMessage::Notice(notice) if *notice.code() == SqlState::WARNING) {
                has_warned.store(true, Ordering::Relaxed);
            }
        }
        Poll::Ready(())
    })
    .await;
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As a name does that no server of names answers for: the system is asked on a thread that nothing ends.
    #[test]
    fn a_name_that_is_never_found_is_given_up_in_its_time() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let began = Instant::now();
        let lookup =
            async { tokio::task::spawn_blocking(|| std::thread::sleep(Duration::from_secs(20))).await };
        let found = within(runtime, Duration::from_millis(100), lookup);
        assert!(matches!(found, Err(OpenError::Silent(_))));
        assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
    }
}
