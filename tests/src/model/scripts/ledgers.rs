//! Random calls about what sequences begin with: the ledgers and sessions of PH1.F, the commits of PH1.WRITE and PH1.PERSONA, and the
//! direct appends of PH1.J.

use proptest::prelude::{BoxedStrategy, Just, Strategy, any, prop_oneof};
use selene_contracts::ph1_f::{
    ContentRef, ConversationRole, MemoryKey, MemoryOperation, MemoryValueRef,
    Ph1fConversationAppendCommitRow, Ph1fMemoryAppendCommitRow, Ph1fSessionStateCommitRow, SessionState,
};
use selene_contracts::ph1_j::{Ph1JReasonCode as J, Ph1jAuditAppendCommitRow};
use selene_contracts::ph1_persona::{
    DeliveryPolicyRef, Ph1PersonaReasonCode as P, Ph1personaProfileCommitRow, PreferencesSnapshotRef,
    StyleProfileRef,
};
use selene_contracts::ph1_write::{FormatMode, Ph1WriteReasonCode as R, Ph1writeFormatCommitRow};
use selene_contracts::shared::{
    AuditEventType, AuditSeverity, DeviceId, EngineId, EvidenceRef, IdempotencyKey, SessionId, TenantId,
    UserId, WorkOrderId,
};
use selene_contracts::{Payload, ReasonCode};

use super::draw::{device_id, edge, idempotency_key, text, user_id, weighted};
use crate::model::calls::Call;

pub(super) fn write() -> BoxedStrategy<Call> {
    prop_oneof![4 => memory(), 4 => turn(), 2 => format(), 2 => profile(), 3 => append(), 2 => state()]
        .boxed()
}

fn state() -> BoxedStrategy<Call> {
    use SessionState::{Closed, Open, SoftClosed, Suspended};
    let to = weighted(&[(3, Open), (3, SoftClosed), (3, Suspended), (1, Closed)]);
    let session_id = weighted(&[(6, 1), (2, 2), (1, 3), (1, u64::MAX), (1, 9)]);
    (session_id, to, idempotency_key(3))
        .prop_map(|(session_id, session_state, idempotency_key)| {
            let session_id = SessionId::new(session_id);
            Call::State(Ph1fSessionStateCommitRow { session_id, session_state, idempotency_key })
        })
        .boxed()
}

fn append() -> BoxedStrategy<Call> {
    // Mostly a reason of the named engine; this one's are good for every engine.
    let drawn = weighted(&[
        (4, ("PH1.WRITE", ReasonCode::from(R::WriteFormattedText))),
        (2, ("PH1.WRITE", R::WriteScopeViolation.into())),
        (2, ("PH1.PERSONA", J::JTenantScopeViolation.into())),
        (1, ("PH1.WRITE", R::WriteIdempotencyReplay.into())),
        (1, ("PH1.J", P::PersonaProfileCommit.into())),
    ]);
    let details = weighted(&[
        (4, Payload::default()),
        (4, Payload::new([("gate", "access")])),
        (2, Payload::new([("format_mode", "FORMATTED_TEXT")])),
        (1, Payload::new([("colour", "blue")])),
    ]);
    let order = weighted(&[(3, None), (2, Some("wo_1")), (1, Some("wo_2"))]);
    let kind = weighted(&[
        (2, (AuditEventType::GatePass, AuditSeverity::Info)),
        (1, (AuditEventType::GateFail, AuditSeverity::Error)),
    ]);
    let evidence = prop_oneof![2 => Just(None), 1 => text(&[(2, "evidence_1")], 256).prop_map(Some)];
    ((scope(), any::<[bool; 3]>()), drawn, details, (order, kind, evidence), chain_key())
        .prop_map(|((whom, is_named), (engine, reason_code), payload_min, drawn, idempotency_key)| {
            let (tenant_id, session_id, user_id, device_id) = whom;
            let (order, (event_type, severity), evidence) = drawn;
            Call::Append(Ph1jAuditAppendCommitRow {
                tenant_id: is_named[0].then_some(tenant_id),
                work_order_id: order.map(WorkOrderId::new),
                session_id,
                user_id: is_named[1].then_some(user_id),
                device_id: is_named[2].then_some(device_id),
                engine: EngineId::new(engine),
                event_type,
                reason_code,
                severity,
                payload_min,
                evidence_ref: evidence.map(EvidenceRef::new),
                idempotency_key,
            })
        })
        .boxed()
}

fn memory() -> BoxedStrategy<Call> {
    let value = text(&[(2, "value_1"), (2, "value_2")], 256).prop_map(MemoryValueRef::new);
    // Rarely an operation that does not fit its value.
    let drawn = prop_oneof![
        10 => value.prop_map(|value| (MemoryOperation::Store, Some(value))),
        5 => Just((MemoryOperation::Forget, None)),
        1 => Just((MemoryOperation::Store, None)),
        1 => Just((MemoryOperation::Forget, Some(MemoryValueRef::new("value_1")))),
    ];
    (user_id(), text(&[(2, "coffee"), (1, "tea")], 128), drawn, idempotency_key(8))
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
    let drawn = weighted(&[
        (8, (FormatMode::FormattedText, R::WriteFormattedText)),
        (3, (FormatMode::FallbackOriginal, R::WriteFallbackOriginal)),
        (1, (FormatMode::FormattedText, R::WriteFallbackOriginal)),
        (1, (FormatMode::FallbackOriginal, R::WriteFormattedText)),
        (1, (FormatMode::FormattedText, R::WriteScopeViolation)),
    ]);
    (scope(), drawn, chain_key())
        .prop_map(|((tenant_id, session_id, user_id, device_id), drawn, idempotency_key)| {
            Call::Format(Ph1writeFormatCommitRow {
                tenant_id,
                session_id,
                user_id,
                device_id,
                format_mode: drawn.0,
                reason_code: drawn.1,
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
