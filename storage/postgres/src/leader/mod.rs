//! Leaders: the queue of calls that wait for a writing connection, and that connection as the driver of commits.
//!
//! What must not live here: the order of a call, and what of a transaction is sent together.

pub mod queue;
pub mod writer;
