//! The store: a cheap handle over leaders of commits and a pool of readers.

use std::cell::{Cell, RefCell};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use crate::address::Address;
use crate::connection::Connection;
use crate::homes::Homes;
use crate::lane::{self, LEADERS};
use crate::open_error::OpenError;
use crate::queue::Leader;
use crate::readers::Readers;
use crate::server::{PostgresOptions, Role, Server};
use crate::writer::Writer;
use selene_contracts::{
    Admitted, AdmittedPage, CallContext, Capability, Committed, Page, Refusals, StorageError,
};
use selene_storage::Ticket;
use selene_storage::backend::{
    self, About, Commits, Failure, StoredGuard, StoredPages, StoredRead, StoredWrite, Trouble, submit,
    submit_all, unavailable,
};

/// The PostgreSQL backend. A clone is another handle to the same store; it may be used from any thread, but not from within
/// asynchronous code.
///
/// Writes of many callers are committed together, those of different tenants also side by side. A write returns once the server
/// has made it durable. Where the connection is lost while it commits, the answer is `OutcomeUnknown`, and the same call again
/// tells the truth.
#[derive(Clone)]
pub struct PostgresStore {
    shared: Arc<Shared>,
}

impl PostgresStore {
    /// Opens the database that a connection string leads to: `host=… dbname=… user=…`, or an address as `postgresql://…`. With
    /// several hosts and `target_session_attrs=read-write`, the one that takes writes is looked for.
    ///
    /// With `sslmode=require` or `verify-full`, which are the same here, connections are encrypted, and the server has to show a certificate
    /// for the host's name that leads to a root: one of the file of `sslrootcert=…`, else one that the machine trusts. With
    /// `sslmode=disable` or without a mode they are not encrypted. Other modes are refused: they encrypt only perhaps, or trust anybody.
    ///
    /// # Errors
    /// The server or the role does not fit, or the schema is not that of this build.
    pub fn open(address: &str) -> Result<Self, OpenError> {
        Self::open_with(address, &PostgresOptions::default())
    }

    /// Opens the database with other options.
    ///
    /// # Errors
    /// As [`PostgresStore::open`].
    pub fn open_with(address: &str, options: &PostgresOptions) -> Result<Self, OpenError> {
        let server = Arc::new(Server::new(Address::parse(address)?, options.clone()));
        server.connect_and_check_schema(Role::Reader)?;
        let homes = Arc::<Homes>::default();
        let leader = || {
            let writer = Writer::new(Arc::clone(&server), Arc::clone(&homes));
            Arc::new(Leader { commits: Commits::of(writer) })
        };
        let shared = Shared {
            common: leader(),
            leaders: (0..LEADERS).map(|_| leader()).collect(),
            readers: Readers::new(Arc::clone(&server)),
            homes,
        };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// Hands a write over without waiting for it. What is handed over through handles of one store is done in its order, and what
    /// one caller hands over before it waits is committed together. A call that is made at once does not wait for what was handed
    /// over: who needs that waits for the ticket first.
    ///
    /// A call that the contract does not admit gives a ticket with the refusal.
    pub fn submit<C: StoredWrite>(&self, context: &CallContext, input: C) -> Ticket<C::Output> {
        submit(self.common_leader(), context, input)
    }

    /// Hands several writes of one capability over at once; they are committed in their order, next to each other.
    pub fn submit_all<C: StoredWrite>(
        &self,
        calls: impl IntoIterator<Item = (CallContext, C)>,
    ) -> Vec<Ticket<C::Output>> {
        submit_all(self.common_leader(), calls)
    }

    /// Commits one admitted write and waits for it.
    fn commit<C: StoredWrite>(&self, call: Admitted<C>) -> Result<Committed<C::Output>, StorageError> {
        backend::commit(self.leader(call.input()), call)
    }

    /// Answers one admitted read. In replay and diagnostic mode it emits an audit event, in the same transaction.
    fn read<C: StoredRead>(&self, call: Admitted<C>) -> Result<C::Output, StorageError> {
        if call.context().mode.audits_reads() {
            return backend::audited_read(self.leader(call.input()), call);
        }
        self.query(C::SPEC.refusals, Some(self.patience()), |connection| C::read(connection, &call))
    }

    /// Answers one admitted page. In replay and diagnostic mode it emits an audit event as the whole read does, in the same
    /// transaction.
    fn read_page<C: StoredPages>(&self, call: AdmittedPage<C>) -> Result<Page<C::Row>, StorageError> {
        if call.call().context().mode.audits_reads() {
            return backend::audited_page(self.leader(call.call().input()), call);
        }
        if C::IS_ONE_STATEMENT {
            return self
                .query(C::SPEC.refusals, Some(self.patience()), |connection| C::page(connection, &call));
        }
        self.snapshot(C::SPEC.refusals, Some(self.patience()), |snapshot| C::page(snapshot, &call))
    }

    /// Shows every row of a list in its order, until `visit` breaks. All of it is one state of the store, and no more than a thousand
    /// rows are in memory, however long the list is.
    ///
    /// The call is admitted as the read of the whole list is. In replay and diagnostic mode its event is committed before the first row is
    /// shown, so a list that the event belongs to ends with it.
    ///
    /// While rows are shown, one connection of the pool is in a transaction that reads, and the server keeps what it may still ask for.
    /// Pages keep nothing open in between.
    ///
    /// # Errors
    /// As the read of the whole list. Rows that were shown before the store became unavailable were as they were shown.
    pub fn each_row<C: StoredPages>(
        &self,
        context: &CallContext,
        input: C,
        visit: impl FnMut(C::Row) -> ControlFlow<()>,
    ) -> Result<(), StorageError> {
        let call = Admitted::admit(context, input)?;
        if context.mode.audits_reads() {
            backend::event_of_read(self.leader(call.input()), call.clone())?;
        }
        let (visit, has_shown) = (RefCell::new(visit), Cell::new(false));
        self.snapshot(C::SPEC.refusals, Some(self.patience()), |snapshot| {
            if has_shown.get() {
                let detail = "the connection was lost after rows of the list were shown".to_owned();
                return Err(Failure::Database { trouble: Trouble::Other, detail });
            }
            C::each(snapshot, &call, &mut |row| {
                has_shown.set(true);
                (visit.borrow_mut())(row)
            })
        })
    }

    /// Proves that a ledger row cannot be changed. The proof is the refusal.
    fn guard<C: StoredGuard>(&self, call: Admitted<C>) -> Result<(), StorageError> {
        backend::guard(self.leader(call.input()), call)
    }

    /// Runs queries on a reading connection that see one state of the store, as [`PostgresStore::query`] runs one.
    pub(crate) fn snapshot<T>(
        &self,
        refusals: &'static Refusals,
        patience: Option<Duration>,
        read: impl Fn(&Connection) -> Result<T, Failure>,
    ) -> Result<T, StorageError> {
        self.query(refusals, patience, |connection| {
            connection.begin_snapshot()?;
            let answer = read(connection)?;
            connection.end("ROLLBACK").map_err(|error| connection.failed(&error))?;
            Ok(answer)
        })
    }

    /// How long each answer to a call may take.
    fn patience(&self) -> Duration {
        self.shared.readers.server().options().answer_timeout
    }

    /// Runs a query on a reading connection, twice where the connection is lost meanwhile. Each answer may take so long; none: as long
    /// as it needs.
    pub(crate) fn query<T>(
        &self,
        refusals: &'static Refusals,
        patience: Option<Duration>,
        read: impl Fn(&Connection) -> Result<T, Failure>,
    ) -> Result<T, StorageError> {
        match self.shared.readers.with(patience, read) {
            Ok(answer) => answer.map_err(|failure| failure.into_error(refusals)),
            Err(error) => Err(unavailable(refusals, error.to_string())),
        }
    }

    /// Who leads a call: the leader of the lane of the chain that it is likely to append to.
    fn leader<C: Capability>(&self, input: &C) -> &Arc<Leader> {
        let chain = self.shared.homes.chain(&About::input(input));
        let leader = chain.and_then(|chain| usize::try_from(lane::of_chain(&chain) % LEADERS).ok());
        leader.and_then(|leader| self.shared.leaders.get(leader)).unwrap_or(self.common_leader())
    }

    /// The server that the store is on.
    #[cfg(feature = "test-support")]
    pub(crate) fn server(&self) -> &Server {
        self.shared.readers.server()
    }

    /// Who leads what is handed over, so that its order is kept whatever the tenants, and calls that lead to no chain.
    pub(crate) fn common_leader(&self) -> &Arc<Leader> {
        &self.shared.common
    }
}

// An engine or a capability without rows does not compile.
selene_contracts::implement_every_backend!(PostgresStore);

impl std::fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PostgresStore").finish_non_exhaustive()
    }
}

/// What all handles of a store share.
struct Shared {
    /// Of what is handed over.
    common: Arc<Leader>,
    /// Each of some lanes.
    leaders: Vec<Arc<Leader>>,
    readers: Readers,
    homes: Arc<Homes>,
}

impl Drop for Shared {
    /// What was handed over and never waited for is committed with the last handle.
    fn drop(&mut self) {
        self.common.commits.flush();
        for leader in &self.leaders {
            leader.commits.flush();
        }
    }
}
