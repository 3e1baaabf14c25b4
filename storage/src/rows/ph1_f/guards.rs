//! The rows on which PH1.F's guards try themselves.

use rusqlite::Connection;
use selene_contracts::Admitted;
use selene_contracts::ph1_f::Ph1fAppendOnlyGuards;

use crate::commit::read::StoredGuard;
use crate::failure::Failure;
use crate::rows::values::stored;
use crate::sqlite::guard::{self, Row};

impl StoredGuard for Ph1fAppendOnlyGuards {
    fn row(connection: &Connection, call: &Admitted<Self>) -> Result<Row, Failure> {
        match call.input() {
            Self::UserIdAndMemorySeq { user_id, memory_seq } => {
                let row = Row {
                    table: "memory_ledger",
                    condition: "user_id = ?1 AND memory_seq = ?2",
                    column: "memory_key",
                    key: vec![user_id.as_str().to_owned().into(), stored(*memory_seq).into()],
                };
                guard::existing::<Self>(connection, row, "memory_seq")
            }
            Self::ConversationTurnId { conversation_turn_id } => {
                let row = Row {
                    table: "conversation_ledger",
                    condition: "conversation_turn_id = ?1",
                    column: "content_ref",
                    key: vec![conversation_turn_id.as_str().to_owned().into()],
                };
                guard::existing::<Self>(connection, row, "conversation_turn_id")
            }
        }
    }
}
