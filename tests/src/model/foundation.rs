//! What the model knows of PH1.F: people, devices, sessions, and the ledgers of memory and conversation.

use selene_contracts::ph1_f::{
    ConversationTurnId, ConversationTurnRecord, IdentityRecord, MemoryLedgerRecord, MemoryOperation,
    Ph1FReasonCode as F, Ph1fConversationAppendCommitRow, Ph1fDeviceInsertRow, Ph1fIdentityInsertRow,
    Ph1fMemoryAppendCommitRow, Ph1fSessionOpenCommitRow, Ph1fSessionStateCommitRow, SessionRecord,
    SessionState,
};
use selene_contracts::shared::{AuditEventType, DeviceId, TenantId, UserId};
use selene_contracts::{CallContext, ReasonCode};

use super::admission::{Admission, text};
use super::calls::Value;
use super::decision::Decided;
use super::event::{Event, EventKey};
use super::reference::Answered;
use super::tables::{Device, Tables};

/// Whether a call that may name a tenant gets the answer of an earlier one: it names the tenant of that one, or it is the very same, or
/// there is no tenant.
pub(super) fn may_replay(
    earlier: &Answered,
    named: Option<&TenantId>,
    input: &impl std::fmt::Debug,
) -> Result<(), ReasonCode> {
    let is_own = match named {
        Some(tenant_id) => earlier.tenant.as_ref() == Some(tenant_id),
        None => earlier.tenant.is_none() || earlier.is_same(input),
    };
    if is_own { Ok(()) } else { Err(F::FScopeViolation.into()) }
}

pub(super) fn identity(tables: &mut Tables, context: &CallContext, input: &Ph1fIdentityInsertRow) -> Decided {
    if tables.has_identity(&input.user_id) {
        return Err(F::FDuplicateKey.into());
    }
    let row = IdentityRecord {
        user_id: input.user_id.clone(),
        speaker_id: input.speaker_id.clone(),
        primary_language: input.primary_language.clone(),
        tenant_id: input.tenant_id.clone(),
        created_at: context.now,
        status: input.status,
    };
    tables.identities.push(row.clone());
    let mut event = Event::new(context, "PH1.F", AuditEventType::StateTransition, F::FIdentityInsert);
    event.tenant_id.clone_from(&input.tenant_id);
    event.user_id = Some(input.user_id.clone());
    event.key = EventKey::Given(input.idempotency_key.clone());
    event.note("status", &input.status);
    Ok((Value::Identity(row), event))
}

pub(super) fn device(tables: &mut Tables, context: &CallContext, input: &Ph1fDeviceInsertRow) -> Decided {
    // For a tenant, by a person who is not at home in another one.
    let home = tables.home_of(&input.user_id);
    let is_elsewhere = home.is_some_and(|home| input.tenant_id.as_ref().is_some_and(|named| *named != home));
    if !tables.has_identity(&input.user_id) || is_elsewhere {
        return Err(F::FForeignKeyMissing.into());
    }
    if tables.devices.contains_key(&input.device_id) {
        return Err(F::FDuplicateKey.into());
    }
    let device = Device {
        owner: input.user_id.clone(),
        tenant: input.tenant_id.clone(),
        kind: input.device_type.clone(),
        last_seen_at: context.now,
        audio_profile_ref: input.audio_profile_ref.clone(),
    };
    let row = device.row(&input.device_id);
    tables.devices.insert(input.device_id.clone(), device);
    let mut event = Event::new(context, "PH1.F", AuditEventType::StateTransition, F::FDeviceInsert);
    event.tenant_id = tables.tenant_of(&input.device_id);
    event.user_id = Some(input.user_id.clone());
    event.device_id = Some(input.device_id.clone());
    event.key = EventKey::Given(input.idempotency_key.clone());
    event.note("device_type", &input.device_type);
    Ok((Value::Device(row), event))
}

pub(super) fn session(
    tables: &mut Tables,
    context: &CallContext,
    input: &Ph1fSessionOpenCommitRow,
) -> Decided {
    if !tables.has_identity(&input.user_id) {
        return Err(F::FForeignKeyMissing.into());
    }
    let device = tables.devices.get(&input.device_id).ok_or(F::FForeignKeyMissing)?;
    if device.owner != input.user_id {
        return Err(of_another_user(tables, &input.user_id, &input.device_id).into());
    }
    let tenant_id = tables.tenant_of(&input.device_id);
    if tables.sessions.contains_key(&input.session_id) {
        return Err(F::FDuplicateKey.into());
    }
    let row = SessionRecord {
        session_id: input.session_id,
        user_id: input.user_id.clone(),
        device_id: input.device_id.clone(),
        session_state: SessionState::Open,
        opened_at: context.now,
        last_activity_at: context.now,
        closed_at: None,
    };
    tables.sessions.insert(input.session_id, row.clone());
    let mut event = Event::new(context, "PH1.F", AuditEventType::SessionOpen, F::FSessionOpen);
    event.tenant_id = tenant_id;
    event.user_id = Some(input.user_id.clone());
    event.device_id = Some(input.device_id.clone());
    event.session_id = Some(input.session_id);
    event.key = EventKey::Given(input.idempotency_key.clone());
    event.note("session_state", &row.session_state);
    Ok((Value::Session(row), event))
}

/// A used key answers the person of the session and nobody else.
pub(super) fn may_replay_session(
    earlier: &Answered,
    input: &Ph1fSessionOpenCommitRow,
) -> Result<(), ReasonCode> {
    match &earlier.value {
        Value::Session(row) if row.user_id == input.user_id => Ok(()),
        _ => Err(F::FScopeViolation.into()),
    }
}

pub(super) fn state_admission(input: &Ph1fSessionStateCommitRow) -> Admission {
    admission(&[text(input.idempotency_key.as_str(), 128)])
}

/// OPEN goes to SOFT_CLOSED, SUSPENDED or CLOSED; SOFT_CLOSED and SUSPENDED go back to OPEN or on to CLOSED; CLOSED is the end. The time
/// does not go back behind the last activity.
pub(super) fn state(
    tables: &mut Tables,
    context: &CallContext,
    input: &Ph1fSessionStateCommitRow,
) -> Decided {
    use SessionState::{Closed, Open, SoftClosed, Suspended};
    let row = tables.sessions.get_mut(&input.session_id).ok_or(F::FNotFound)?;
    let from = row.session_state;
    let kind = match (from, input.session_state) {
        (Open, SoftClosed) => AuditEventType::SessionSoftClose,
        (Open, Suspended) => AuditEventType::SystemSuspend,
        (SoftClosed | Suspended, Open) => AuditEventType::SystemResume,
        (Open | SoftClosed | Suspended, Closed) => AuditEventType::SessionClosed,
        _ => return Err(F::FSessionStateInvalid.into()),
    };
    if context.now < row.last_activity_at {
        return Err(F::FSessionStateInvalid.into());
    }
    row.session_state = input.session_state;
    row.last_activity_at = context.now;
    row.closed_at = (input.session_state == Closed).then_some(context.now);
    let row = row.clone();
    let mut event = Event::new(context, "PH1.F", kind, F::FSessionState);
    event.tenant_id = tables.tenant_of(&row.device_id);
    event.user_id = Some(row.user_id.clone());
    event.device_id = Some(row.device_id.clone());
    event.session_id = Some(row.session_id);
    event.key = EventKey::Given(input.idempotency_key.clone());
    event.note("session_state_from", &from);
    event.note("session_state", &row.session_state);
    Ok((Value::Session(row), event))
}

pub(super) fn memory_admission(input: &Ph1fMemoryAppendCommitRow) -> Admission {
    admission(&[
        text(input.user_id.as_str(), 128),
        text(input.memory_key.as_str(), 128),
        input.memory_value_ref.as_ref().is_none_or(|value| text(value.as_str(), 256)),
        text(input.idempotency_key.as_str(), 128),
    ])
    // STORE needs a value reference, FORGET must not have one.
    .and(
        (input.memory_operation == MemoryOperation::Store) == input.memory_value_ref.is_some(),
        F::FContractValidationFailed,
    )
}

pub(super) fn memory(
    tables: &mut Tables,
    context: &CallContext,
    input: &Ph1fMemoryAppendCommitRow,
) -> Decided {
    if !tables.has_identity(&input.user_id) {
        return Err(F::FForeignKeyMissing.into());
    }
    let row = MemoryLedgerRecord {
        user_id: input.user_id.clone(),
        memory_seq: tables.memory_of(&input.user_id).len() as u64 + 1,
        memory_key: input.memory_key.clone(),
        memory_operation: input.memory_operation,
        memory_value_ref: input.memory_value_ref.clone(),
        created_at: context.now,
    };
    tables.memory.push(row.clone());
    let mut event = Event::new(context, "PH1.F", AuditEventType::StateTransition, F::FMemoryAppend);
    event.tenant_id = tables.home_of(&input.user_id);
    event.user_id = Some(input.user_id.clone());
    event.key = EventKey::Given(input.idempotency_key.clone());
    event.note("memory_operation", &row.memory_operation);
    event.note("memory_seq", &row.memory_seq);
    Ok((Value::Memory(row), event))
}

pub(super) fn turn_admission(input: &Ph1fConversationAppendCommitRow) -> Admission {
    admission(&[
        text(input.user_id.as_str(), 128),
        input.device_id.as_ref().is_none_or(|id| text(id.as_str(), 128)),
        text(input.content_ref.as_str(), 256),
        text(input.idempotency_key.as_str(), 128),
    ])
}

/// A used key answers the person of the turn and nobody else.
pub(super) fn may_replay_turn(
    earlier: &Answered,
    input: &Ph1fConversationAppendCommitRow,
) -> Result<(), ReasonCode> {
    match &earlier.value {
        Value::Turn(row) if row.user_id == input.user_id => Ok(()),
        _ => Err(F::FScopeViolation.into()),
    }
}

pub(super) fn turn(
    tables: &mut Tables,
    context: &CallContext,
    input: &Ph1fConversationAppendCommitRow,
) -> Decided {
    let tenant_id = tenant_of_turn(tables, input)?;
    let (correlation_id, turn_id) = (context.correlation_id, context.turn_id);
    if tables.turns.iter().any(|row| (row.correlation_id, row.turn_id) == (correlation_id, turn_id)) {
        return Err(F::FDuplicateKey.into());
    }
    let row = ConversationTurnRecord {
        conversation_turn_id: ConversationTurnId::new(format!("#turn/{correlation_id}/{turn_id}")),
        correlation_id,
        turn_id,
        session_id: input.session_id,
        user_id: input.user_id.clone(),
        device_id: input.device_id.clone(),
        conversation_role: input.conversation_role,
        content_ref: input.content_ref.clone(),
        created_at: context.now,
    };
    tables.turns.push(row.clone());
    let mut event = Event::new(context, "PH1.F", AuditEventType::StateTransition, F::FConversationAppend);
    event.tenant_id = tenant_id;
    event.user_id = Some(input.user_id.clone());
    event.device_id.clone_from(&input.device_id);
    event.session_id = input.session_id;
    event.key = EventKey::Given(input.idempotency_key.clone());
    event.note("conversation_turn_id", &row.conversation_turn_id);
    event.note("conversation_role", &row.conversation_role);
    Ok((Value::Turn(row), event))
}

/// A turn names a person, who owns the device and the session, and the session is on the device. It is of the
/// tenant of the device; where none is named, of that of the session's; where neither has one, of the home of the person.
fn tenant_of_turn(tables: &Tables, input: &Ph1fConversationAppendCommitRow) -> Result<Option<TenantId>, F> {
    if !tables.has_identity(&input.user_id) {
        return Err(F::FForeignKeyMissing);
    }
    if let Some(device_id) = &input.device_id {
        let device = tables.devices.get(device_id).ok_or(F::FForeignKeyMissing)?;
        if device.owner != input.user_id {
            return Err(of_another_user(tables, &input.user_id, device_id));
        }
    }
    let Some(session_id) = &input.session_id else {
        return Ok(match &input.device_id {
            Some(device_id) => tables.tenant_of(device_id),
            None => tables.home_of(&input.user_id),
        });
    };
    let session = tables.sessions.get(session_id).ok_or(F::FForeignKeyMissing)?;
    let is_on_another = input.device_id.as_ref().is_some_and(|id| *id != session.device_id);
    if session.user_id != input.user_id || is_on_another {
        let home = tables.home_of(&input.user_id);
        let acting = home.or_else(|| tables.tenant_of(input.device_id.as_ref()?));
        let is_elsewhere = acting.zip(tables.tenant_of(&session.device_id)).is_some_and(|(a, b)| a != b);
        return Err(if is_elsewhere { F::FForeignKeyMissing } else { F::FScopeViolation });
    }
    Ok(tables.tenant_of(&session.device_id))
}

/// A device of another user: of another tenant than the home of the user it is refused as one that does not exist.
fn of_another_user(tables: &Tables, user_id: &UserId, device_id: &DeviceId) -> F {
    match (tables.home_of(user_id), tables.tenant_of(device_id)) {
        (Some(home), Some(tenant)) if home != tenant => F::FForeignKeyMissing,
        _ => F::FScopeViolation,
    }
}

/// The bounds of the fields, in order.
fn admission(fields: &[bool]) -> Admission {
    Admission::of(F::FContractValidationFailed, fields)
}
