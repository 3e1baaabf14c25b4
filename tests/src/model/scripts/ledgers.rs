//! Random calls that only add: the ledgers of PH1.F, and the commits of PH1.WRITE and PH1.PERSONA.

use proptest::prelude::{BoxedStrategy, Just, Strategy, prop_oneof};
use selene_contracts::ph1_f::{
    ContentRef, ConversationRole, MemoryKey, MemoryOperation, MemoryValueRef,
    Ph1fConversationAppendCommitRow, Ph1fMemoryAppendCommitRow,
};
use selene_contracts::ph1_persona::{
    DeliveryPolicyRef, Ph1PersonaReasonCode as P, Ph1personaProfileCommitRow, PreferencesSnapshotRef,
    StyleProfileRef,
};
use selene_contracts::ph1_write::{FormatMode, Ph1WriteReasonCode as R, Ph1writeFormatCommitRow};
use selene_contracts::shared::{DeviceId, IdempotencyKey, SessionId, TenantId, UserId};

use super::draw::{device_id, edge, idempotency_key, text, user_id, weighted};
use crate::model::calls::Call;

pub(super) fn write() -> BoxedStrategy<Call> {
    prop_oneof![2 => memory(), 2 => turn(), 1 => format(), 1 => profile()].boxed()
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
    let device_id = prop_oneof![1 => Just(None), 2 => device_id().prop_map(Some)];
    let anybody = (session_id(), user_id(), device_id);
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

fn session_id() -> BoxedStrategy<Option<u64>> {
    weighted(&[(2, None), (3, Some(1)), (1, Some(2)), (1, Some(3)), (1, Some(u64::MAX))])
}

/// A tenant, a session, a person and a device; mostly such as fit together.
fn scope() -> BoxedStrategy<(TenantId, Option<SessionId>, UserId, DeviceId)> {
    let tenant_id = text(&[(4, "tenant_a"), (2, "tenant_b"), (1, "t\u{e4}nant")], 64);
    let anybody = (tenant_id, session_id(), user_id(), device_id());
    prop_oneof![
        2 => Just(("tenant_a".to_owned(), Some(1), "ann".into(), "ann_phone".into())),
        2 => Just(("tenant_b".to_owned(), None, "bob".into(), "bob_phone".into())),
        // This device is of no tenant, until it is bound.
        1 => Just(("tenant_a".to_owned(), None, "ann".into(), "ann_tablet".into())),
        1 => Just(("tenant_b".to_owned(), Some(u64::MAX), "ann".into(), "ann_tablet".into())),
        3 => anybody,
    ]
    .prop_map(|(tenant, session, user_id, device_id)| {
        (TenantId::new(tenant), session.map(SessionId::new), user_id, device_id)
    })
    .boxed()
}

/// The two engines share the keys of a chain with each other, and must not take those of anybody else.
fn chain_key() -> BoxedStrategy<IdempotencyKey> {
    let choices = [(4, "o1"), (4, "o2"), (4, "o3"), (2, "o4"), (1, "k1"), (1, "k2")];
    text(&choices, 128).prop_map(IdempotencyKey::new).boxed()
}

fn format() -> BoxedStrategy<Call> {
    // Mostly a mode and a reason that say the same.
    let said = weighted(&[
        (8, (FormatMode::FormattedText, R::WriteFormattedText)),
        (3, (FormatMode::FallbackOriginal, R::WriteFallbackOriginal)),
        (1, (FormatMode::FormattedText, R::WriteFallbackOriginal)),
        (1, (FormatMode::FallbackOriginal, R::WriteFormattedText)),
        (1, (FormatMode::FormattedText, R::WriteScopeViolation)),
    ]);
    (scope(), said, chain_key())
        .prop_map(|((tenant_id, session_id, user_id, device_id), said, idempotency_key)| {
            Call::Format(Ph1writeFormatCommitRow {
                tenant_id,
                session_id,
                user_id,
                device_id,
                format_mode: said.0,
                reason_code: said.1,
                idempotency_key,
            })
        })
        .boxed()
}

fn profile() -> BoxedStrategy<Call> {
    let reason_code = edge(P::PersonaProfileCommit, &[P::PersonaIdempotencyReplay]);
    let details = (
        text(&[(2, "style_1"), (1, "style_2")], 64),
        text(&[(1, "voice_first")], 32),
        text(&[(1, "snapshot_1")], 96),
    );
    (scope(), details, reason_code, chain_key())
        .prop_map(|((tenant_id, session_id, user_id, device_id), details, reason_code, idempotency_key)| {
            Call::Profile(Ph1personaProfileCommitRow {
                tenant_id,
                session_id,
                user_id,
                device_id,
                style_profile_ref: StyleProfileRef::new(details.0),
                delivery_policy_ref: DeliveryPolicyRef::new(details.1),
                preferences_snapshot_ref: PreferencesSnapshotRef::new(details.2),
                reason_code,
                idempotency_key,
            })
        })
        .boxed()
}
