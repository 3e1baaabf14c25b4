//! The audit events of the model.

use std::collections::BTreeMap;

use selene_contracts::shared::{
    AuditEventType, CorrelationId, DeviceId, EvidenceRef, IdempotencyKey, MonotonicTimeNs, SessionId,
    SimulationId, TenantId, TurnId, UserId,
};
use selene_contracts::{CallContext, ReasonCode};

/// What an audit event must say; its place in the chain follows from the order of the events.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// The engine.
    pub engine: &'static str,
    /// What kind of thing happened.
    pub event_type: AuditEventType,
    /// Why.
    pub reason_code: ReasonCode,
    /// The tenant, which names the chain.
    pub tenant_id: Option<TenantId>,
    /// The user.
    pub user_id: Option<UserId>,
    /// The device.
    pub device_id: Option<DeviceId>,
    /// The session.
    pub session_id: Option<SessionId>,
    /// The key.
    pub key: EventKey,
    /// Details.
    pub payload: BTreeMap<String, String>,
    /// Where the evidence lies.
    pub evidence_ref: Option<EvidenceRef>,
    /// When.
    pub created_at: MonotonicTimeNs,
    /// In which chain of work.
    pub correlation_id: CorrelationId,
    /// In which turn.
    pub turn_id: TurnId,
    /// What allowed it.
    pub simulation_id: Option<SimulationId>,
}

/// The key that an event carries.
#[derive(Debug, Clone, PartialEq)]
pub enum EventKey {
    /// None.
    Absent,
    /// The caller's.
    Given(IdempotencyKey),
    /// One that the store derives from the dedupe key of the call; the model does not know its text.
    Derived,
}

impl Event {
    pub(super) fn new(
        context: &CallContext,
        engine: &'static str,
        event_type: AuditEventType,
        reason_code: impl Into<ReasonCode>,
    ) -> Self {
        Self {
            engine,
            event_type,
            reason_code: reason_code.into(),
            tenant_id: None,
            user_id: None,
            device_id: None,
            session_id: None,
            key: EventKey::Absent,
            payload: BTreeMap::new(),
            evidence_ref: None,
            created_at: context.now,
            correlation_id: context.correlation_id,
            turn_id: context.turn_id,
            simulation_id: context.simulation_id.clone(),
        }
    }

    pub(super) fn note(&mut self, key: &str, value: &impl ToString) {
        self.payload.insert(key.to_owned(), value.to_string());
    }

    pub(super) fn note_some(&mut self, key: &str, value: Option<impl ToString>) {
        if let Some(value) = value {
            self.note(key, &value);
        }
    }
}
