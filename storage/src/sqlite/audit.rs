//! What an auditor takes out of a store, each in one snapshot.

use std::io::Write;
use std::ops::ControlFlow;

use selene_contracts::StorageError;
use selene_contracts::shared::AuditEventRecord;

use crate::audit::{ExportError, ExportQuery, ExportSummary, TrailQuery, export, trail};
use crate::rules::ph1_j;
use crate::sqlite::store::SqliteStore;

impl SqliteStore {
    /// Shows every event that is asked for, in the order in which they were stored, until `visit` breaks. None is held in memory. An
    /// index leads to the events of a chain of work or of a tenant; for a person or a device alone every event is read.
    ///
    /// # Errors
    /// The store is unavailable, or an event holds a value that cannot be read.
    pub fn visit_trail(
        &self,
        query: &TrailQuery,
        visit: impl FnMut(AuditEventRecord) -> ControlFlow<()>,
    ) -> Result<(), StorageError> {
        self.shared.once(ph1_j::refusals(), |connection| trail::visit(connection, query, visit))
    }

    /// Writes chains, and the rows of every ledger that their events seal, as lines of JSON, which `verify_export` or another program
    /// can verify without the store (docs/FORMAT.md). A page of events is held in memory.
    ///
    /// # Errors
    /// The store is unavailable, the output takes nothing more, or the store is not what its events say. What was written by then has
    /// no last line, and is no export.
    pub fn export(&self, query: &ExportQuery, mut out: impl Write) -> Result<ExportSummary, ExportError> {
        let exported = self.shared.once(ph1_j::refusals(), |connection| {
            let snapshot = connection.unchecked_transaction()?;
            Ok(export::export(&*snapshot, query, &mut out))
        });
        exported?
    }
}
