//! Random calls of the ledgers of PH1.F: memory and conversation.

use proptest::prelude::{BoxedStrategy, Just, Strategy, prop_oneof};
use selene_contracts::ph1_f::{
    ContentRef, ConversationRole, MemoryKey, MemoryOperation, MemoryValueRef,
    Ph1fConversationAppendCommitRow, Ph1fMemoryAppendCommitRow,
};
use selene_contracts::shared::{SessionId, UserId};

use super::{device_id, idempotency_key, text, user_id, weighted};
use crate::model::calls::Call;

pub(super) fn write() -> BoxedStrategy<Call> {
    prop_oneof![memory(), turn()].boxed()
}

fn memory() -> BoxedStrategy<Call> {
    let value = text(&[(2, "value_1"), (2, "value_2")], 256).prop_map(MemoryValueRef::new);
    // Rarely an operation that does not fit its value.
    let said = prop_oneof![
        10 => value.prop_map(|value| (MemoryOperation::Store, Some(value))),
        5 => Just((MemoryOperation::Forget, None)),
        1 => Just((MemoryOperation::Store, None)),
        1 => Just((MemoryOperation::Forget, Some(MemoryValueRef::new("value_1")))),
    ];
    (user_id(), text(&[(2, "coffee"), (1, "tea")], 128), said, idempotency_key(8))
        .prop_map(|(user_id, memory_key, (memory_operation, memory_value_ref), idempotency_key)| {
            Call::Memory(Ph1fMemoryAppendCommitRow {
                user_id,
                memory_key: MemoryKey::new(memory_key),
                memory_operation,
                memory_value_ref,
                idempotency_key,
            })
        })
        .boxed()
}

fn turn() -> BoxedStrategy<Call> {
    let session_id = weighted(&[(2, None), (3, Some(1)), (1, Some(2)), (1, Some(3)), (1, Some(u64::MAX))]);
    let device_id = prop_oneof![1 => Just(None), 2 => device_id().prop_map(Some)];
    let anybody = (session_id, user_id(), device_id);
    // Mostly what fits together.
    let whom = prop_oneof![
        2 => Just((Some(1), UserId::new("ann"), Some("ann_phone".into()))),
        1 => Just((Some(2), UserId::new("bob"), None)),
        2 => anybody,
    ];
    let role = weighted(&[(2, ConversationRole::User), (2, ConversationRole::Assistant)]);
    (whom, role, text(&[(1, "content_1")], 256), idempotency_key(8))
        .prop_map(|((session_id, user_id, device_id), conversation_role, content, idempotency_key)| {
            Call::Turn(Ph1fConversationAppendCommitRow {
                session_id: session_id.map(SessionId::new),
                user_id,
                device_id,
                conversation_role,
                content_ref: ContentRef::new(content),
                idempotency_key,
            })
        })
        .boxed()
}
