//! The PostgreSQL backend of the Selene contracts.
//!
//! [`PostgresStore`] implements the backend trait of every engine, as `SqliteStore` does, with the same rules, rows and commits. Many
//! processes on many machines may have one database open. An owner makes the tables with [`migrate`]; stores are opened by a role that
//! may only do what calls do. docs/POSTGRES.md says which settings and rights that takes, and what is promised.
//!
//! ```no_run
//! use selene_storage_postgres::{PostgresStore, migrate};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! migrate("host=/run/postgresql dbname=selene user=selene_owner", "selene")?;
//! let store = PostgresStore::open("host=/run/postgresql dbname=selene user=selene")?;
//! assert!(store.verify_chains(&[])?.is_intact());
//! # Ok(())
//! # }
//! ```
//!
//! Every call of a [`PostgresStore`] blocks its thread until it is answered, and panics on a thread that polls tasks: a store has small
//! runtimes of its own. With the feature `async`, `AsyncPostgresStore` is for tasks of Tokio.
//!
//! Further features, all off by default: `command`, the programs `selene-store-copy` and `selene-store-server`; `tracing` and `metrics`, what a store reports to
//! ([`selene_storage::observe`]); `test-support`, for tests of this workspace only.
//!
//! What lives here: connections, statements as PostgreSQL takes them, lanes of commits, the schema. What must not: rows of an
//! engine, the order of a call, randomness, a clock but for how long something may take.

mod batch;
mod connection;
pub mod copy;
mod inspect;
mod leader;
mod open_error;
mod schema;
mod server;
mod session;
mod statement;
mod store;
#[cfg(feature = "test-support")]
pub mod test_support;

pub use connection::address::AddressNames;
pub use inspect::Inspection;
pub use open_error::OpenError;
pub use schema::{Migration, MigrationOptions, migrate, migrate_with};
pub use server::PostgresOptions;
#[cfg(feature = "async")]
pub use store::AsyncPostgresStore;
pub use store::PostgresStore;
