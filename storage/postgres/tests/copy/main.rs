//! Copies between files and servers: the program and the library, what arrives, what is left by a copy that ended early, and what is
//! refused.

#[path = "../../../tests/migrations/released/calls.rs"]
#[allow(dead_code, reason = "other tests ask more of it")]
mod calls;
#[allow(dead_code, reason = "other tests ask more of it")]
#[path = "../../../../tests/src/harness/postgres/database.rs"]
mod database;
mod ended_early;
mod program;
mod refused;
mod round_trip;
#[path = "../../../tests/command/run.rs"]
mod run;
mod scene;
#[allow(dead_code, reason = "other tests ask more of it")]
#[path = "../../../../tests/src/harness/postgres/server.rs"]
mod server;
#[path = "../../../tests/common/tamper.rs"]
mod tamper;
mod writes;
