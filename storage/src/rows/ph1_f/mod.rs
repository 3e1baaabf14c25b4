//! PH1.F on SQLite.

mod guards;
mod ledgers;
mod people;
mod sessions;

use selene_contracts::ph1_f::backend::Ph1fFoundationBackend;
use selene_contracts::ph1_f::{
    ConversationTurnRecord, DeviceRecord, IdentityRecord, MemoryCurrentRecord, MemoryLedgerRecord,
    Ph1fAppendOnlyGuards, Ph1fConversationAppendCommitRow, Ph1fDeviceInsertRow, Ph1fIdentityInsertRow,
    Ph1fMemoryAppendCommitRow, Ph1fReadConversationRows, Ph1fReadDeviceRow, Ph1fReadIdentityRow,
    Ph1fReadMemoryCurrentRows, Ph1fReadMemoryLedgerRows, Ph1fReadSessionRow, Ph1fSessionOpenCommitRow,
    Ph1fSessionStateCommitRow, SessionRecord,
};
use selene_contracts::{Admitted, Committed, StorageError};

use crate::sqlite::store::SqliteStore;

pub(crate) use people::insert_identity;

type Write<T> = Result<Committed<T>, StorageError>;
type Read<T> = Result<T, StorageError>;

impl Ph1fFoundationBackend for SqliteStore {
    fn ph1f_identity_insert_row(&self, call: Admitted<Ph1fIdentityInsertRow>) -> Write<IdentityRecord> {
        self.commit(call)
    }

    fn ph1f_device_insert_row(&self, call: Admitted<Ph1fDeviceInsertRow>) -> Write<DeviceRecord> {
        self.commit(call)
    }

    fn ph1f_session_open_commit_row(&self, call: Admitted<Ph1fSessionOpenCommitRow>) -> Write<SessionRecord> {
        self.commit(call)
    }

    fn ph1f_session_state_commit_row(
        &self,
        call: Admitted<Ph1fSessionStateCommitRow>,
    ) -> Write<SessionRecord> {
        self.commit(call)
    }

    fn ph1f_memory_append_commit_row(
        &self,
        call: Admitted<Ph1fMemoryAppendCommitRow>,
    ) -> Write<MemoryLedgerRecord> {
        self.commit(call)
    }

    fn ph1f_conversation_append_commit_row(
        &self,
        call: Admitted<Ph1fConversationAppendCommitRow>,
    ) -> Write<ConversationTurnRecord> {
        self.commit(call)
    }

    fn ph1f_read_identity_row(&self, call: Admitted<Ph1fReadIdentityRow>) -> Read<Option<IdentityRecord>> {
        self.read(call)
    }

    fn ph1f_read_device_row(&self, call: Admitted<Ph1fReadDeviceRow>) -> Read<Option<DeviceRecord>> {
        self.read(call)
    }

    fn ph1f_read_session_row(&self, call: Admitted<Ph1fReadSessionRow>) -> Read<Option<SessionRecord>> {
        self.read(call)
    }

    fn ph1f_read_memory_ledger_rows(
        &self,
        call: Admitted<Ph1fReadMemoryLedgerRows>,
    ) -> Read<Vec<MemoryLedgerRecord>> {
        self.read(call)
    }

    fn ph1f_read_memory_current_rows(
        &self,
        call: Admitted<Ph1fReadMemoryCurrentRows>,
    ) -> Read<Vec<MemoryCurrentRecord>> {
        self.read(call)
    }

    fn ph1f_read_conversation_rows(
        &self,
        call: Admitted<Ph1fReadConversationRows>,
    ) -> Read<Vec<ConversationTurnRecord>> {
        self.read(call)
    }

    fn ph1f_append_only_guards(&self, call: Admitted<Ph1fAppendOnlyGuards>) -> Read<()> {
        self.guard(call)
    }
}
