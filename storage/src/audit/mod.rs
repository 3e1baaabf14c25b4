//! What an auditor takes out of a store: the trail of a person, a device or a piece of work, and ledgers as lines of JSON that another
//! program can verify.
//!
//! What must not live here: writing, and what an event means.

pub(crate) mod contents;
pub(crate) mod export;
mod format;
mod reread;
pub(crate) mod sealed_rows;
pub(crate) mod store;
mod trail;

pub use contents::{Contents, EventAt, TableRows};
pub use export::{ExportError, ExportQuery, ExportSummary};
pub use reread::{ExportFault, ExportReport, verify_export};
pub use trail::TrailQuery;
