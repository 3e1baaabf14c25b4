//! Writes that are handed over: those of several tenants are committed side by side, those that notice each other in their order, and
//! none is lost with its ticket, its store or its connection.

#[allow(dead_code, reason = "other tests ask more of it")]
#[path = "../../../../tests/src/harness/postgres/database.rs"]
mod database;
mod ends;
mod order;
#[allow(dead_code, reason = "other tests ask more of it")]
#[path = "../../benches/speed/people.rs"]
mod people;
mod read_together;
mod scene;
#[allow(dead_code, reason = "other tests ask more of it")]
#[path = "../../../../tests/src/harness/postgres/server.rs"]
mod server;
mod side_by_side;
