//! Rows of the memory and conversation ledgers.

use selene_contracts::ph1_f::keys::{ConversationLedgerByCorrelationIdAndTurnId, MemoryLedgerKey};
use selene_contracts::ph1_f::{
    ConversationTurnRecord, Ph1fConversationAppendCommitRow, Ph1fMemoryAppendCommitRow,
    Ph1fReadConversationRows,
};
use selene_contracts::row::{Column as _, Listing, Value};
use selene_contracts::shared::TurnId;
use selene_contracts::{Admitted, listing};

use crate::failure::Failure;
use crate::rows::listed::StoredRows;
use crate::rows::person::person;
use crate::rows::standing;
use crate::rows::stored::StoredWrite;
use crate::rules::Audience;
use crate::rules::ph1_f::{self, MemoryFacts, TurnFacts};
use crate::rules::standing::Named;
use crate::session::Session;

impl StoredWrite for Ph1fMemoryAppendCommitRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<MemoryFacts, Failure> {
        let user_id = &call.input().user_id;
        Ok(MemoryFacts {
            person: person(db, user_id)?,
            count: db.counted(&MemoryLedgerKey::of_user_id(user_id))?,
        })
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
        let has_turn = db.has(&ConversationLedgerByCorrelationIdAndTurnId {
            correlation_id: &context.correlation_id,
            turn_id: &context.turn_id,
        })?;
        Ok(TurnFacts { standing: standing::load(db, named)?, has_turn })
    }

    fn check_replay<S: Session>(
        _db: &S,
        call: &Admitted<Self>,
        turn: &ConversationTurnRecord,
    ) -> Result<Audience, Failure> {
        Ok(ph1_f::audience_of_turn(call.input(), turn))
    }
}

impl StoredRows for Ph1fReadConversationRows {
    type Order = (TurnId,);

    const IS_UNSIGNED: bool = true;

    fn listing() -> Listing {
        listing!(
            "SELECT {*ConversationTurnRecord} FROM {@conversation_ledger}
             WHERE {correlation_id} = $1 AND {user_id} = $2 ORDER BY {turn_id}"
        )
    }

    fn values(call: &Admitted<Self>) -> Vec<Value<'_>> {
        let input = call.input();
        vec![input.correlation_id.value(), input.user_id.value()]
    }

    fn completed<S: Session>(
        _db: &S,
        mut turns: Vec<ConversationTurnRecord>,
    ) -> Result<Vec<ConversationTurnRecord>, Failure> {
        // The whole list comes as SQL orders it: columns keep the bits of a turn number, not its order above 2⁶³.
        turns.sort_by_key(|turn| turn.turn_id);
        Ok(turns)
    }
}
