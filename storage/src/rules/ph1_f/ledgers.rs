//! The memory and conversation ledgers. Rows are only ever added; memory has a current row for each key
//! beside its ledger.

use selene_contracts::ph1_f::{
    ConversationTurnId, ConversationTurnRecord, IdentityRecord, MemoryCurrentRow, MemoryLedgerRecord,
    MemoryOperation, Ph1fConversationAppendCommitRow, Ph1fMemoryAppendCommitRow,
};
use selene_contracts::shared::{CorrelationId, TurnId};
use selene_contracts::{Admitted, StorageError};

use crate::change::{Insert, InsertOrUpdate};
use crate::encode::{Encoder, short_id};
use crate::rules::person::Person;
use crate::rules::standing::{Named, Standing};
use crate::rules::{Audience, Decision, EventDraft, WriteRule, refuse};

/// The rows that an append to the memory ledger depends on.
#[derive(Debug, Clone)]
pub struct MemoryFacts {
    pub(crate) person: Option<Person>,
    /// The number of rows of the user's ledger before this one.
    pub(crate) count: u64,
}

impl WriteRule for Ph1fMemoryAppendCommitRow {
    type Facts = MemoryFacts;
    /// A ledger row, and the current row of its key. A forgotten key keeps its row without a value.
    type Change = (Insert<MemoryLedgerRecord>, InsertOrUpdate<MemoryCurrentRow>);

    /// STORE has a value, FORGET has none.
    fn check_input(input: &Self) -> Result<(), StorageError> {
        match (input.memory_operation, &input.memory_value_ref) {
            (MemoryOperation::Store, None) => {
                Err(refuse::rule::<Self>("memory_value_ref", "is missing, STORE needs it"))
            }
            (MemoryOperation::Forget, Some(_)) => {
                Err(refuse::rule::<Self>("memory_value_ref", "must be absent, FORGET has no value"))
            }
            _ => Ok(()),
        }
    }

    fn decide(call: &Admitted<Self>, facts: MemoryFacts) -> Result<Decision<Self>, StorageError> {
        let input = call.input();
        let person = facts.person.ok_or_else(|| refuse::foreign_key::<Self, IdentityRecord>("user_id"))?;
        let (number, now) = (facts.count + 1, call.context().now);
        let row = MemoryLedgerRecord::of_ph1f_memory_append_commit_row(input, number, now);
        let event =
            EventDraft::fixed(call)?.user(Some(&input.user_id)).tenant(person.home_tenant_id.as_ref());
        let event = event.payload([
            ("memory_operation", row.memory_operation.as_str()),
            ("memory_seq", &row.memory_seq.to_string()),
        ]);
        let current = MemoryCurrentRow::of_memory_ledger_record(&row, row.created_at);
        let change = (Insert(row.clone()), InsertOrUpdate(current));
        Ok(Decision { change, event, output: row })
    }
}

/// The rows that an append to the conversation ledger depends on.
#[derive(Debug, Clone)]
pub struct TurnFacts {
    pub(crate) standing: Standing,
    /// The correlation has a row for this turn already.
    pub(crate) has_turn: bool,
}

impl WriteRule for Ph1fConversationAppendCommitRow {
    type Facts = TurnFacts;
    type Change = Insert<ConversationTurnRecord>;

    fn decide(call: &Admitted<Self>, facts: TurnFacts) -> Result<Decision<Self>, StorageError> {
        let input = call.input();
        let context = call.context();
        let cleared = facts.standing.check::<Self>(Named {
            user: Some(&input.user_id),
            device: input.device_id.as_ref(),
            session: input.session_id,
            tenant: None,
        })?;
        if facts.has_turn {
            return Err(refuse::duplicate::<Self, ConversationTurnRecord>("turn_id"));
        }
        let record = ConversationTurnRecord {
            conversation_turn_id: turn_key(context.correlation_id, context.turn_id),
            correlation_id: context.correlation_id,
            turn_id: context.turn_id,
            session_id: input.session_id,
            user_id: input.user_id.clone(),
            device_id: input.device_id.clone(),
            conversation_role: input.conversation_role,
            content_ref: input.content_ref.clone(),
            created_at: context.now,
        };
        let event = EventDraft::fixed(call)?
            .user(Some(&input.user_id))
            .device(input.device_id.as_ref())
            .session(input.session_id)
            .tenant(cleared.tenant_id.as_ref())
            .payload([
                ("conversation_turn_id", record.conversation_turn_id.as_str()),
                ("conversation_role", record.conversation_role.as_str()),
            ]);
        Ok(Decision { change: Insert(record.clone()), event, output: record })
    }
}

/// Who may have the outcome of an earlier append: the tenant of its person. The dedupe key names a chain of work, in which several people
/// may be, of several tenants, so any other person gets it only by the same request.
pub(crate) fn audience_of_turn(
    input: &Ph1fConversationAppendCommitRow,
    turn: &ConversationTurnRecord,
) -> Audience {
    if turn.user_id == input.user_id { Audience::Tenant } else { Audience::SameRequest(refuse::OTHER_USE) }
}

/// The key of a conversation turn: `cnv_` and a hash of correlation and turn.
fn turn_key(correlation_id: CorrelationId, turn_id: TurnId) -> ConversationTurnId {
    let mut bytes = Encoder::new("selene.conversation_turn.v1");
    bytes.wide(correlation_id.get());
    bytes.number(turn_id.get());
    ConversationTurnId::new(short_id("cnv_", &bytes.finish()))
}
