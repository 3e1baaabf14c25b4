//! What another program does to the rows of a server is named by the checks of a store: the tests that SQLite has for it, on PostgreSQL.

mod append_only;
#[path = "../../../tests/migrations/released/calls.rs"]
#[allow(dead_code, reason = "other tests ask more of it")]
mod calls;
#[path = "../../../tests/checks/chains.rs"]
mod chains;
#[path = "../../../tests/common/mod.rs"]
mod common;
#[allow(dead_code, reason = "other tests ask more of it")]
#[path = "../../../../tests/src/harness/postgres/database.rs"]
mod database;
#[path = "../../../tests/checks/folds/mod.rs"]
mod folds;
#[path = "../../../tests/migrations/released/make.rs"]
#[allow(dead_code, reason = "other tests ask more of it")]
mod make;
#[path = "../../../tests/checks/sealed.rs"]
mod sealed;
#[allow(dead_code, reason = "other tests ask more of it")]
#[path = "../../../../tests/src/harness/postgres/server.rs"]
mod server;
#[path = "../../../tests/checks/trails.rs"]
mod trails;
mod world;
#[path = "../copy/writes.rs"]
mod writes;
