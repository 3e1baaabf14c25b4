//! The PostgreSQL store under test: a database of its own for every store, on a server of the tests. The only file of the suites
//! and models that names it; `postgres/server.rs` starts the server.

mod server;

use selene_storage_postgres::PostgresStore;

use super::backend::{Harness, OpenStore, Place};
use super::forward::impl_backend;
use super::recorded::Recorded;
pub use server::Database;

impl_backend!(PostgresStore);

/// A store in an empty database of a server.
#[derive(Debug, Clone, Copy)]
pub struct OnServer;

impl Place<Recorded<PostgresStore>> for Database {
    fn open(&self) -> Recorded<PostgresStore> {
        Recorded::new(PostgresStore::open(&self.address()).unwrap_or_else(|error| panic!("{error}")))
    }

    fn execute(&self, statement: &str) -> usize {
        let changed = self.raw().execute(statement).unwrap_or_else(|error| panic!("{error}: {statement}"));
        usize::try_from(changed).expect("rows of a test can be counted")
    }
}

impl Harness for OnServer {
    type Store = Recorded<PostgresStore>;

    fn open(&self) -> OpenStore<Self::Store> {
        OpenStore::lasting(Database::empty())
    }

    /// A call takes several ways to the server and back, which makes a sequence some ten times as slow as in memory.
    fn part_of_sequences(&self) -> u32 {
        20
    }
}
