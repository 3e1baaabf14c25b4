//! The program for databases on servers: its output, its exit codes, and what it finds; and what its opening and its migration make of roles
//! and settings.

mod addresses;
#[allow(dead_code, reason = "other tests ask more of it")]
#[path = "../../../../tests/src/harness/postgres/database.rs"]
mod database;
mod migrate;
#[path = "../../../tests/command/run.rs"]
mod run;
#[allow(dead_code, reason = "other tests ask more of it")]
#[path = "../../../../tests/src/harness/postgres/server.rs"]
mod server;
mod settings;
mod verify;
