//! What is promised of a PostgreSQL server alone: which databases a store refuses to open, what it makes of writers that are in each
//! other's way, of connections that end in the middle of work, and of servers that say nothing.
//!
//! Everything else is promised of every backend, and proved by the other tests with the harness of this one.

mod deadlocks;
mod demo;
mod encryption;
mod faults;
mod interleaved;
mod interleaved_enrollments;
mod interleaved_reads;
mod interleaved_rules;
mod lost;
mod opening;
mod order;
mod races;
mod refusals;
mod schema;
mod silent;
#[cfg(feature = "async")]
mod tasks;
mod values;
mod waiting;
mod wire;
