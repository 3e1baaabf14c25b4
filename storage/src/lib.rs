//! The SQLite backend of the Selene contracts, and what every backend shares: rules, rows, the steps of a commit and the checks.
//!
//! [`SqliteStore`] implements the backend trait of every engine, so callers use it through the `…Repo`
//! traits, which a star import of an engine's module brings into scope. Writes of many callers share one durable transaction; every applied write emits one audit event in
//! a hash chain; a retry with the same key gets the first answer again; ledgers never change.
//!
//! ```
//! use selene_contracts::ph1_f::*;
//! use selene_contracts::shared::{CorrelationId, MonotonicTimeNs, TurnId};
//! use selene_contracts::{CallContext, Caller, Disposition};
//! use selene_storage::SqliteStore;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let store = SqliteStore::open_in_memory()?; // or SqliteStore::open("selene.db")?
//!
//! // Who calls, when, and in which chain of work. The store has no clock of its own.
//! let context =
//!     CallContext::new(Caller::SeleneOs, MonotonicTimeNs::new(1), CorrelationId::new(7), TurnId::new(1));
//! let input = Ph1fIdentityInsertRow {
//!     user_id: "ada".into(),
//!     speaker_id: None,
//!     primary_language: Some("en-GB".into()),
//!     tenant_id: None,
//!     status: IdentityStatus::Active,
//!     idempotency_key: "insert-ada".into(),
//! };
//!
//! // The write is durable when it returns; the same call again gives the same answer and writes nothing.
//! let first = store.ph1f_identity_insert_row(&context, input.clone())?;
//! assert_eq!(first.disposition, Disposition::Applied);
//! let again = store.ph1f_identity_insert_row(&context, input)?;
//! assert_eq!(again.disposition, Disposition::Replayed { identical: true });
//! assert_eq!(again.value, first.value);
//!
//! // One applied write, one audit event, in a chain that shows any later change.
//! let report = store.verify_chains(&[])?;
//! assert!(report.is_intact());
//! assert_eq!(report.events, 1);
//! # Ok(())
//! # }
//! ```
//!
//! A replay answers with the first outcome also where the request differs, and `?` alone takes that for a success.
//! Where a key might stand for two requests, [`Committed::require_identical`](selene_contracts::Committed::require_identical)
//! turns a differing one into an error.
//!
//! # Features
//!
//! | feature | what it brings | on by default |
//! |---|---|---|
//! | `command` | the program `selene-store`, and what it alone needs | yes |
//! | `async` | `AsyncSqliteStore`: traits of the same names with `async fn`, for tasks of Tokio | no |
//! | `tracing` | spans and events for the subscriber that the program installs ([`observe`]) | no |
//! | `metrics` | counters, gauges and histograms for the recorder that the program installs ([`observe`]) | no |
//! | `test-support` | rows that no call leads to; for tests of this workspace only | no |
//!
//! Who embeds a store depends on it with `default-features = false`.
//!
//! What lives here: rules (no SQL), the rows that they need and change, the life of a call (`commit`), the checks of a whole
//! store, and the SQLite driver; [`backend`] names what another driver builds on, and the feature `command` has what programs for operators
//! share. What must not: clocks, randomness, Markdown, YAML.

#[cfg(feature = "async")]
mod asynchronous;
mod audit;
pub mod backend;
mod chain;
mod change;
mod check;
#[cfg(feature = "command")]
#[doc(hidden)]
pub mod command;
mod commit;
mod encode;
mod event_seals;
mod event_values;
mod failure;
mod faults;
mod handle;
mod lock;
pub mod observe;
mod pool;
mod rows;
mod rules;
mod scope;
mod seal;
mod session;
mod sqlite;
#[cfg(feature = "test-support")]
pub mod test_support;
mod transfer;
mod truth;

pub use audit::{
    Contents, EventAt, ExportError, ExportFault, ExportQuery, ExportReport, ExportSummary, TableRows,
    TrailQuery, verify_export,
};
pub use check::{
    ChainError, ChainFault, ChainReport, CheckProgress, CheckStage, FaultKind, FoldFault, FoldFaultKind,
    FoldReport, PageFault, PageReport, RowFault, RowFaultKind, RowReport, SavedHead, StoreReport,
};
pub use commit::ticket::Ticket;
pub use faults::Faults;
pub use rows::listed::StoredPages;
pub use rows::stored::StoredWrite;
#[cfg(feature = "async")]
pub use sqlite::AsyncSqliteStore;
pub use sqlite::{Misplaced, OpenError, SchemaDifference, SqliteStore, StoreFile, StoreOptions, upkeep};
