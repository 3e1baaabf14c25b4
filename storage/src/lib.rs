//! The SQLite backend of the Selene contracts.
//!
//! [`SqliteStore`] implements the `…Backend` trait of every engine, so a caller uses it through the `…Repo` traits.
//! Writes of many callers share one durable transaction; every applied write emits one audit event in a hash chain; a retry
//! with the same key gets the first answer again; ledgers are never changed.
//!
//! What lives here: rules (`engines`, no SQL) and the SQL that loads and stores for them (`sqlite`, no rules). What must not:
//! clocks, randomness, Markdown, YAML.

mod chain;
mod encode;
mod engines;
mod scope;
mod sqlite;

pub use sqlite::{
    ChainFault, ChainReport, FaultKind, OpenError, SavedHead, SqliteStore, StoreOptions, StoredWrite, Ticket,
};
