//! The store: a cheap handle over leaders of commits and a pool of readers.

use std::sync::Arc;
use std::time::Duration;

use crate::batch::lane;
use crate::batch::likely_chains::LikelyChains;
use crate::connection::Connection;
use crate::connection::address::Address;
use crate::leader::queue::Leader;
use crate::leader::writer::Writer;
use crate::open_error::OpenError;
use crate::schema;
use crate::server::readers::Readers;
use crate::server::{PostgresOptions, Role, Server};
use selene_contracts::{Capability, Refusals, StorageError};
use selene_storage::backend::{About, Commits, Failure, Patience, Settles, Spread, Store, unavailable};

/// The PostgreSQL backend. A clone is another handle to the same store; it may be used from any thread, but not from within
/// asynchronous code.
///
/// Writes of many callers are committed together, those of different tenants also side by side. A write returns once the server
/// has made it durable. Where the connection is lost while it commits, the answer is `OutcomeUnknown`, and the same call again
/// answers what holds.
///
/// What is handed over by [`PostgresStore::submit`] is committed in its order wherever two calls name the same tenant, person, device or
/// other id that leads the key of a row, or the same idempotency key, and side by side elsewhere. A call that is made at once waits for what
/// was handed over for its tenant, at most: who needs more waits for the ticket first. While [`PostgresStore::each_row`] shows a list, its
/// connection is in a transaction that reads.
#[derive(Clone)]
pub struct PostgresStore {
    pub(crate) shared: Arc<Shared>,
}

impl PostgresStore {
    /// Opens the database that a connection string leads to: `host=… dbname=… user=…`, or an address as `postgresql://…`. With
    /// several hosts and `target_session_attrs=read-write`, the one that takes writes is looked for.
    ///
    /// With `sslmode=require` or `verify-full`, which are the same here, connections are encrypted, and the server has to show a certificate
    /// for the host's name that leads to a root: one of the file of `sslrootcert=…`, else one that the machine trusts. With
    /// `sslmode=disable` they are not encrypted, nor are they to a socket, to `localhost` and to loopback addresses where no mode is given. An
    /// address that leads to another machine must give one. Other modes are refused: they encrypt only perhaps, or trust anybody.
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
        let likely_chains = Arc::<LikelyChains>::default();
        let writer = || Writer::new(Arc::clone(&server), Arc::clone(&likely_chains));
        let leaders: Vec<_> = (0..lane::leaders(options.writers))
            .map(|_| Arc::new(Leader::new(Commits::of(writer(), options.write_timeout))))
            .collect();
        Leader::acquaint(&leaders);
        let earlier = leaders.iter().map(|leader| Arc::<Leader>::clone(leader) as Arc<dyn Settles>).collect();
        let common = Arc::new(Leader::new(Commits::behind(writer(), options.write_timeout, earlier)));
        let shared = Shared {
            spread: Spread::new(leaders, common),
            readers: Readers::new(Arc::clone(&server)),
            likely_chains,
        };
        Ok(Self { shared: Arc::new(shared) })
    }
}

#[cfg(feature = "test-support")]
impl PostgresStore {
    /// The server that the store is on.
    pub(crate) fn server(&self) -> &Server {
        self.shared.readers.server()
    }
}

selene_storage::implement_handle!(PostgresStore);

#[cfg(feature = "async")]
selene_storage::backend::implement_async_handle! {
    /// The PostgreSQL backend for tasks of Tokio: the traits of [`selene_contracts::asynchronous`], over a [`PostgresStore`]. A clone is
    /// another handle to the same store.
    AsyncPostgresStore over PostgresStore
}

#[cfg(feature = "async")]
impl AsyncPostgresStore {
    /// Opens the database that a connection string leads to, on a thread that may block.
    ///
    /// # Errors
    /// As [`PostgresStore::open`].
    ///
    /// # Panics
    /// There is no Tokio runtime, or it shuts down meanwhile.
    pub async fn open(address: &str) -> Result<Self, OpenError> {
        Self::open_with(address, &PostgresOptions::default()).await
    }

    /// Opens the database with other options.
    ///
    /// # Errors
    /// As [`PostgresStore::open`].
    ///
    /// # Panics
    /// As [`AsyncPostgresStore::open`].
    pub async fn open_with(address: &str, options: &PostgresOptions) -> Result<Self, OpenError> {
        let (address, options) = (address.to_owned(), options.clone());
        let open = move || PostgresStore::open_with(&address, &options);
        selene_storage::backend::open(open).await.map(Self::from)
    }
}

/// What all handles of a store share.
pub(crate) struct Shared {
    /// Leaders, each of some lanes, and one of what leads to no lane.
    spread: Spread<Leader>,
    readers: Readers,
    likely_chains: Arc<LikelyChains>,
}

impl Shared {
    /// How long each answer may take; none: as long as it needs.
    fn at_most(&self, patience: Patience) -> Option<Duration> {
        match patience {
            Patience::OfACall => Some(self.readers.server().options().answer_timeout),
            Patience::Unlimited => None,
        }
    }
}

impl Store for Shared {
    type Leader = Leader;
    type Reader = Connection;

    fn common_leader(self: &Arc<Self>) -> &Arc<Leader> {
        self.spread.common()
    }

    fn spread(&self) -> Option<&Spread<Leader>> {
        Some(&self.spread)
    }

    /// The leader of the chain's lane.
    fn likely_leader(&self, about: &About<'_>) -> Option<(String, usize)> {
        let chain = self.likely_chains.chain(about)?;
        let leader = lane::leader_of_chain(&chain, self.spread.leaders().len())?;
        Some((chain, leader))
    }

    /// The leader of the lane of the chain that the call is likely to append to.
    fn leader<C: Capability>(self: &Arc<Self>, input: &C) -> &Arc<Leader> {
        let likely = self
            .likely_leader(&About::input(input))
            .and_then(|(_, leader)| self.spread.leaders().get(leader));
        likely.unwrap_or_else(|| self.spread.common())
    }

    /// Twice where the connection is lost meanwhile.
    fn query<T>(
        &self,
        refusals: &'static Refusals,
        patience: Patience,
        read: impl Fn(&Connection) -> Result<T, Failure>,
    ) -> Result<T, StorageError> {
        match self.readers.with(self.at_most(patience), read) {
            Ok(answer) => answer.map_err(|failure| failure.into_error(refusals)),
            Err(error) => Err(unavailable(refusals, error.to_string())),
        }
    }

    fn snapshot<T>(
        &self,
        refusals: &'static Refusals,
        patience: Patience,
        read: impl Fn(&Connection) -> Result<T, Failure>,
    ) -> Result<T, StorageError> {
        self.query(refusals, patience, |connection| {
            connection.begin_snapshot()?;
            let answer = read(connection)?;
            connection.end("ROLLBACK").map_err(|error| connection.failed(&error))?;
            Ok(answer)
        })
    }

    fn readers_at_most(&self) -> usize {
        self.readers.server().options().readers
    }

    fn tables_of_rows(connection: &Connection) -> Result<Vec<String>, Failure> {
        schema::tables_of_rows(connection)
    }
}

impl Drop for Shared {
    /// What was handed over and never waited for is committed with the last handle.
    fn drop(&mut self) {
        self.spread.common().commits.flush();
        for leader in self.spread.leaders() {
            leader.commits.flush();
        }
    }
}
