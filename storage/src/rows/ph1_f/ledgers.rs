//! Rows of the memory and conversation ledgers.

use selene_contracts::ph1_f::{
    ConversationTurnRecord, MemoryCurrentRecord, MemoryLedgerRecord, Ph1fConversationAppendCommitRow,
    Ph1fMemoryAppendCommitRow, Ph1fReadConversationRows, Ph1fReadMemoryCurrentRows, Ph1fReadMemoryLedgerRows,
};
use selene_contracts::row::Column as _;
use selene_contracts::{Admitted, sql};

use crate::failure::Failure;
use crate::rows::person::person;
use crate::rows::standing;
use crate::rows::stored::{StoredRead, StoredWrite};
use crate::rules::ph1_f::{MemoryChange, MemoryFacts, TurnFacts};
use crate::rules::standing::Named;
use crate::session::{Changes, Session};

impl StoredWrite for Ph1fMemoryAppendCommitRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<MemoryFacts, Failure> {
        let user_id = &call.input().user_id;
        // The ledger has no gaps, so its highest number is how many rows there are.
        let highest = db.number(
            sql!("SELECT max({memory_seq}) FROM {@memory_ledger} WHERE {user_id} = $1"),
            &[user_id.value()],
        )?;
        Ok(MemoryFacts { person: person(db, user_id)?, count: highest })
    }

    fn store<S: Session>(changes: &mut Changes<'_, S>, change: &MemoryChange) -> Result<(), Failure> {
        changes.insert(&change.row)?;
        changes.insert_or_update(&change.current)
    }
}

impl StoredWrite for Ph1fConversationAppendCommitRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<TurnFacts, Failure> {
        let (input, context) = (call.input(), call.context());
        let named = Named {
            user: Some(&input.user_id),
            device: input.device_id.as_ref(),
            session: input.session_id,
            tenant: None,
        };
        let has_turn = db.exists(
            sql!("SELECT 1 FROM {@conversation_ledger} WHERE {correlation_id} = $1 AND {turn_id} = $2"),
            &[context.correlation_id.value(), context.turn_id.value()],
        )?;
        Ok(TurnFacts { standing: standing::load(db, named)?, has_turn })
    }

    fn store<S: Session>(changes: &mut Changes<'_, S>, row: &ConversationTurnRecord) -> Result<(), Failure> {
        changes.insert(row)
    }
}

impl StoredRead for Ph1fReadMemoryLedgerRows {
    fn read<S: Session>(db: &S, call: &Admitted<Self>) -> Result<Vec<MemoryLedgerRecord>, Failure> {
        db.all(
            sql!(
                "SELECT {*MemoryLedgerRecord} FROM {@memory_ledger} WHERE {user_id} = $1 ORDER BY {memory_seq}"
            ),
            &[call.input().user_id.value()],
        )
    }
}

impl StoredRead for Ph1fReadMemoryCurrentRows {
    fn read<S: Session>(db: &S, call: &Admitted<Self>) -> Result<Vec<MemoryCurrentRecord>, Failure> {
        db.all(
            sql!(
                "SELECT {*MemoryCurrentRecord} FROM {@memory_current} WHERE {user_id} = $1 ORDER BY {memory_key}"
            ),
            &[call.input().user_id.value()],
        )
    }
}

impl StoredRead for Ph1fReadConversationRows {
    fn read<S: Session>(db: &S, call: &Admitted<Self>) -> Result<Vec<ConversationTurnRecord>, Failure> {
        let input = call.input();
        let mut turns: Vec<ConversationTurnRecord> = db.all(
            sql!(
                "SELECT {*ConversationTurnRecord} FROM {@conversation_ledger}
                 WHERE {correlation_id} = $1 AND {user_id} = $2"
            ),
            &[input.correlation_id.value(), input.user_id.value()],
        )?;
        // Not ordered by SQL: columns keep the bits of a turn number, not its order above 2⁶³.
        turns.sort_by_key(|turn| turn.turn_id);
        Ok(turns)
    }
}
