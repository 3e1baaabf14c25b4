//! The SQLite driver: it opens, locks, migrates and commits.
//!
//! What lives here: connections, settings, files, schema and migrations, the writing connection. What must not: rows of an
//! engine, the order of a call.

pub(crate) mod authorizer;
pub(crate) mod bound;
#[cfg(test)]
mod checks_tests;
#[cfg(test)]
mod export_tests;
#[cfg(any(test, feature = "test-support"))]
pub(crate) mod faults;
pub(crate) mod guard;
pub(crate) mod held;
pub(crate) mod migration;
pub(crate) mod open_error;
mod page_check;
pub(crate) mod place;
pub(crate) mod presence;
pub(crate) mod readers;
#[cfg(test)]
pub(crate) mod renamed_tests;
#[cfg(test)]
pub(crate) mod required_tests;
mod row_numbers;
pub(crate) mod schema;
pub(crate) mod session;
pub(crate) mod settings;
pub(crate) mod store;
pub(crate) mod template;
#[cfg(feature = "test-support")]
pub(crate) mod test_support;
pub(crate) mod trouble;
pub mod upkeep;
pub(crate) mod watch;
pub(crate) mod writer;
#[cfg(test)]
pub(crate) mod writer_files_tests;
#[cfg(test)]
pub(crate) mod writer_tests;

pub use open_error::{OpenError, SchemaDifference};
pub use presence::{Misplaced, StoreFile};
#[cfg(feature = "async")]
pub use store::AsyncSqliteStore;
pub use store::{SqliteStore, StoreOptions};
