//! Where a test gets its store from.
//!
//! Suites, models and tables are written against [`Backend`]. A new database is one more file beside `sqlite`, with its
//! `impl_backend!` and its harnesses, and one line in each of the two macros here: then every test runs on it.
//!
//! Every store is handed out as [`Recorded`]: what came of each call is written to `target/coverage`, one file per test, when the
//! test is over. `cargo xtask coverage` reads it.
//!
//! PostgreSQL is there with the feature `postgres`. What reads the schema or the plans of SQLite itself runs on no other database: the
//! structure in `conformance`, `query_plans`, and the worked example of a new column.
//!
//! What must not live here: the name of a database outside the files that are about it: `sqlite`, `tasks` (SQLite called by tasks) and `postgres`.

mod backend;
mod codes;
mod forward;
#[cfg(feature = "postgres")]
mod postgres;
mod proof;
mod recorded;
mod sqlite;
#[cfg(feature = "async")]
mod tasks;
mod witness;

pub use backend::{Backend, Harness, OpenStore, Place, Shared};
#[cfg(feature = "postgres")]
pub use postgres::{Database, OnServer, OwnServer, unprivileged_user};
pub use recorded::Recorded;
pub use sqlite::{InMemory, OnDisk};
#[cfg(feature = "async")]
pub use tasks::ByTasks;
pub use witness::{begin_record, saw};

/// Calls a macro of the caller with a module name and a harness, for every harness there is.
#[macro_export]
macro_rules! for_every_harness {
    ($each:ident) => {
        $each!(on_disk, $crate::OnDisk);
        $each!(in_memory, $crate::InMemory);
        #[cfg(feature = "async")]
        $each!(by_tasks, $crate::ByTasks);
        #[cfg(feature = "postgres")]
        $each!(on_server, $crate::OnServer);
    };
}

/// Calls a macro of the caller for every backend, with a module name, the harness of the stores that open fastest, and the
/// harness of the stores that have a [`Place`](crate::harness::Place).
#[macro_export]
macro_rules! for_every_backend {
    ($each:ident) => {
        $each!(sqlite, $crate::InMemory, $crate::OnDisk);
        #[cfg(feature = "postgres")]
        $each!(postgres, $crate::OnServer, $crate::OnServer);
    };
}
