//! The life of a call: dedupe, load, decide, store, event, remember; and the queue in which calls wait for their commit.
//!
//! What lives here: the order of a write, of an audited read and of a guard; idempotency records, audit events, chain
//! heads; queue, slots and tickets; what the handles of a store share. What must not: decisions of an engine, which are its rules; files and settings.

pub(crate) mod attempts;
pub(crate) mod batch;
#[cfg(test)]
mod batch_tests;
pub(crate) mod calls;
pub(crate) mod dedupe;
pub(crate) mod driver;
pub(crate) mod events;
pub(crate) mod foreign_keys;
pub(crate) mod handed;
pub(crate) mod heads;
pub(crate) mod leader;
pub(crate) mod names;
pub(crate) mod operation;
pub(crate) mod queue;
pub(crate) mod read;
pub(crate) mod slot;
pub(crate) mod spread;
pub(crate) mod store;
pub(crate) mod ticket;
pub(crate) mod transaction;
pub(crate) mod write;
