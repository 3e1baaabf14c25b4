//! The rows on which PH1.F's guards try themselves.

use selene_contracts::Admitted;
use selene_contracts::ph1_f::{ConversationLedgerRow, MemoryLedgerRow, Ph1fAppendOnlyGuards};
use selene_contracts::row::Column as _;

use crate::rows::stored::{LedgerRow, StoredGuard};

impl StoredGuard for Ph1fAppendOnlyGuards {
    fn row(call: &Admitted<Self>) -> LedgerRow {
        match call.input() {
            Self::UserIdAndMemorySeq { user_id, memory_seq } => {
                LedgerRow::of::<MemoryLedgerRow>("memory_seq", &[user_id.value(), memory_seq.value()])
            }
            Self::ConversationTurnId { conversation_turn_id } => LedgerRow::of::<ConversationLedgerRow>(
                "conversation_turn_id",
                &[conversation_turn_id.value()],
            ),
        }
    }
}
