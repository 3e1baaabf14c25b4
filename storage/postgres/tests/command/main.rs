//! The program for databases on servers: its output, its exit codes, and what it finds.

#[allow(dead_code, reason = "other tests ask more of it")]
#[path = "../../../../tests/src/harness/postgres/database.rs"]
mod database;
#[path = "../../../tests/command/run.rs"]
mod run;
#[allow(dead_code, reason = "other tests ask more of it")]
#[path = "../../../../tests/src/harness/postgres/server.rs"]
mod server;
mod verify;
