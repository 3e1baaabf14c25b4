//! What the model knows of PH1.F: people, devices and sessions.

use selene_contracts::CallContext;
use selene_contracts::ph1_f::{
    IdentityRecord, Ph1FReasonCode as F, Ph1fDeviceInsertRow, Ph1fIdentityInsertRow,
    Ph1fSessionOpenCommitRow, SessionRecord, SessionState,
};
use selene_contracts::shared::AuditEventType;

use super::calls::Value;
use super::tables::{Device, Tables};
use super::world::{Decided, Event, EventKey};

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
    if !tables.has_identity(&input.user_id) {
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
    event.tenant_id.clone_from(&input.tenant_id);
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
        return Err(F::FScopeViolation.into());
    }
    let tenant_id = device.tenant.clone();
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
