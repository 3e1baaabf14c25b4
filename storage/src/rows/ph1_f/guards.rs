//! The rows on which PH1.F's guards try themselves.

use selene_contracts::Admitted;
use selene_contracts::ph1_f::keys::{ConversationLedgerKey, MemoryLedgerKey};
use selene_contracts::ph1_f::{ConversationLedgerRow, MemoryLedgerRow, Ph1fAppendOnlyGuards};

use crate::rows::stored::{LedgerRow, StoredGuard};

impl StoredGuard for Ph1fAppendOnlyGuards {
    fn row(call: &Admitted<Self>) -> LedgerRow {
        match call.input() {
            Self::UserIdAndMemorySeq { user_id, memory_seq } => {
                LedgerRow::of::<MemoryLedgerRow, _>(&MemoryLedgerKey { user_id, memory_seq })
            }
            Self::ConversationTurnId { conversation_turn_id } => {
                LedgerRow::of::<ConversationLedgerRow, _>(&ConversationLedgerKey { conversation_turn_id })
            }
        }
    }
}
