//! Rows of the memory and conversation ledgers.

use rusqlite::named_params;
use selene_contracts::Admitted;
use selene_contracts::ph1_f::{
    ContentRef, ConversationTurnId, ConversationTurnRecord, MemoryCurrentRecord, MemoryKey,
    MemoryLedgerRecord, MemoryValueRef, Ph1fConversationAppendCommitRow, Ph1fMemoryAppendCommitRow,
    Ph1fReadConversationRows, Ph1fReadMemoryCurrentRows, Ph1fReadMemoryLedgerRows,
};
use selene_contracts::shared::{CorrelationId, DeviceId, MonotonicTimeNs, SessionId, TurnId, UserId};

use crate::failure::Failure;
use crate::rows::person::person;
use crate::rows::standing;
use crate::rows::stored::StoredRead;
use crate::rows::stored::StoredWrite;
use crate::rows::values::{loaded, named, number, optional_number, stored, wide};
use crate::rules::ph1_f::{MemoryChange, MemoryFacts, TurnFacts};
use crate::rules::standing::Named;
use crate::session::{Changes, Session};

impl StoredWrite for Ph1fMemoryAppendCommitRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<MemoryFacts, Failure> {
        let connection = db.connection();
        let user_id = &call.input().user_id;
        // The ledger has no gaps, so its highest number is how many rows there are.
        let count: Option<i64> = connection
            .prepare_cached("SELECT max(memory_seq) FROM memory_ledger WHERE user_id = ?1")?
            .query_row([user_id.as_str()], |row| row.get(0))?;
        Ok(MemoryFacts { person: person(connection, user_id)?, count: count.map_or(0, loaded) })
    }

    fn store<S: Session>(changes: &mut Changes<'_, S>, change: &MemoryChange) -> Result<(), Failure> {
        let connection = changes.session().connection();
        let row = &change.row;
        connection
            .prepare_cached(
                "INSERT INTO memory_ledger (user_id, memory_seq, memory_key, memory_operation, memory_value_ref, created_at)
                 VALUES (:user_id, :memory_seq, :memory_key, :memory_operation, :memory_value_ref, :created_at)",
            )?
            .execute(named_params! {
                ":user_id": row.user_id.as_str(),
                ":memory_seq": stored(row.memory_seq),
                ":memory_key": row.memory_key.as_str(),
                ":memory_operation": row.memory_operation.as_str(),
                ":memory_value_ref": row.memory_value_ref.as_ref().map(MemoryValueRef::as_str),
                ":created_at": stored(row.created_at.get()),
            })?;
        let current = &change.current;
        connection
            .prepare_cached(
                "INSERT INTO memory_current (user_id, memory_key, memory_value_ref, memory_seq, updated_at)
                 VALUES (:user_id, :memory_key, :memory_value_ref, :memory_seq, :updated_at)
                 ON CONFLICT (user_id, memory_key) DO UPDATE SET
                     memory_value_ref = excluded.memory_value_ref, memory_seq = excluded.memory_seq,
                     updated_at = excluded.updated_at",
            )?
            .execute(named_params! {
                ":user_id": current.user_id.as_str(),
                ":memory_key": current.memory_key.as_str(),
                ":memory_value_ref": current.memory_value_ref.as_ref().map(MemoryValueRef::as_str),
                ":memory_seq": stored(current.memory_seq),
                ":updated_at": stored(current.updated_at.get()),
            })?;
        Ok(())
    }
}

impl StoredWrite for Ph1fConversationAppendCommitRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<TurnFacts, Failure> {
        let connection = db.connection();
        let input = call.input();
        let context = call.context();
        let named = Named {
            user: Some(&input.user_id),
            device: input.device_id.as_ref(),
            session: input.session_id,
            tenant: None,
        };
        let has_turn = connection
            .prepare_cached("SELECT 1 FROM conversation_ledger WHERE correlation_id = ?1 AND turn_id = ?2")?
            .exists((context.correlation_id.get().to_be_bytes(), stored(context.turn_id.get())))?;
        Ok(TurnFacts { standing: standing::load(connection, named)?, has_turn })
    }

    fn store<S: Session>(changes: &mut Changes<'_, S>, row: &ConversationTurnRecord) -> Result<(), Failure> {
        let connection = changes.session().connection();
        connection
            .prepare_cached(
                "INSERT INTO conversation_ledger
                     (conversation_turn_id, correlation_id, turn_id, session_id, user_id, device_id, conversation_role,
                      content_ref, created_at)
                 VALUES (:conversation_turn_id, :correlation_id, :turn_id, :session_id, :user_id, :device_id,
                         :conversation_role, :content_ref, :created_at)",
            )?
            .execute(named_params! {
                ":conversation_turn_id": row.conversation_turn_id.as_str(),
                ":correlation_id": row.correlation_id.get().to_be_bytes(),
                ":turn_id": stored(row.turn_id.get()),
                ":session_id": row.session_id.map(|session_id| stored(session_id.get())),
                ":user_id": row.user_id.as_str(),
                ":device_id": row.device_id.as_ref().map(DeviceId::as_str),
                ":conversation_role": row.conversation_role.as_str(),
                ":content_ref": row.content_ref.as_str(),
                ":created_at": stored(row.created_at.get()),
            })?;
        Ok(())
    }
}

impl StoredRead for Ph1fReadMemoryLedgerRows {
    fn read<S: Session>(db: &S, call: &Admitted<Self>) -> Result<Vec<MemoryLedgerRecord>, Failure> {
        let connection = db.connection();
        let mut statement = connection
            .prepare_cached("SELECT * FROM memory_ledger WHERE user_id = ?1 ORDER BY memory_seq")?;
        let rows = statement.query_map([call.input().user_id.as_str()], |row| {
            Ok(MemoryLedgerRecord {
                user_id: UserId::new(row.get::<_, String>("user_id")?),
                memory_seq: number(row, "memory_seq")?,
                memory_key: MemoryKey::new(row.get::<_, String>("memory_key")?),
                memory_operation: named(row, "memory_operation")?,
                memory_value_ref: row.get::<_, Option<String>>("memory_value_ref")?.map(MemoryValueRef::new),
                created_at: MonotonicTimeNs::new(number(row, "created_at")?),
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

impl StoredRead for Ph1fReadMemoryCurrentRows {
    fn read<S: Session>(db: &S, call: &Admitted<Self>) -> Result<Vec<MemoryCurrentRecord>, Failure> {
        let connection = db.connection();
        let mut statement = connection
            .prepare_cached("SELECT * FROM memory_current WHERE user_id = ?1 ORDER BY memory_key")?;
        let rows = statement.query_map([call.input().user_id.as_str()], |row| {
            Ok(MemoryCurrentRecord {
                user_id: UserId::new(row.get::<_, String>("user_id")?),
                memory_key: MemoryKey::new(row.get::<_, String>("memory_key")?),
                memory_value_ref: row.get::<_, Option<String>>("memory_value_ref")?.map(MemoryValueRef::new),
                memory_seq: number(row, "memory_seq")?,
                updated_at: MonotonicTimeNs::new(number(row, "updated_at")?),
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

impl StoredRead for Ph1fReadConversationRows {
    fn read<S: Session>(db: &S, call: &Admitted<Self>) -> Result<Vec<ConversationTurnRecord>, Failure> {
        let connection = db.connection();
        let mut statement = connection.prepare_cached(
            "SELECT * FROM conversation_ledger WHERE correlation_id = ?1 AND +user_id = ?2",
        )?;
        let input = call.input();
        let key = (input.correlation_id.get().to_be_bytes(), input.user_id.as_str());
        let rows = statement.query_map(key, |row| {
            Ok(ConversationTurnRecord {
                conversation_turn_id: ConversationTurnId::new(row.get::<_, String>("conversation_turn_id")?),
                correlation_id: CorrelationId::new(wide(row, "correlation_id")?),
                turn_id: TurnId::new(number(row, "turn_id")?),
                session_id: optional_number(row, "session_id")?.map(SessionId::new),
                user_id: UserId::new(row.get::<_, String>("user_id")?),
                device_id: row.get::<_, Option<String>>("device_id")?.map(DeviceId::new),
                conversation_role: named(row, "conversation_role")?,
                content_ref: ContentRef::new(row.get::<_, String>("content_ref")?),
                created_at: MonotonicTimeNs::new(number(row, "created_at")?),
            })
        })?;
        let mut turns = rows.collect::<rusqlite::Result<Vec<_>>>()?;
        // Not ordered by SQL: columns keep the bits of a turn number, not its order above 2⁶³.
        turns.sort_by_key(|turn| turn.turn_id);
        Ok(turns)
    }
}
