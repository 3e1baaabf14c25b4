//! The audit events of the model.

use std::collections::BTreeMap;

use selene_contracts::shared::{
    AuditEventType, AuditSeverity, CorrelationId, DeviceId, EvidenceRef, IdempotencyKey, MonotonicTimeNs,
    SessionId, SimulationId, TenantId, TurnId, UserId, WorkOrderId,
};
use selene_contracts::{CallContext, ReasonCode};

/// What an audit event must say; its place in the chain follows from the order of the events.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// The engine of the call: `PH1.W`.
    pub engine: &'static str,
    /// Kind of event that the wiring of the engine names: `STATE_TRANSITION`.
    pub event_type: AuditEventType,
    /// Why it happened, as a registered code.
    pub reason_code: ReasonCode,
    /// How much it matters: INFO, unless an append says otherwise.
    pub severity: AuditSeverity,
    /// The work order that an append names.
    pub work_order_id: Option<WorkOrderId>,
    /// The tenant, which names the chain.
    pub tenant_id: Option<TenantId>,
    /// The person that the event is about.
    pub user_id: Option<UserId>,
    /// The device that the call names or that its session is on.
    pub device_id: Option<DeviceId>,
    /// The session of PH1.F, where the call names one.
    pub session_id: Option<SessionId>,
    /// Idempotency key of the event: that of the call, one that the store derives, or none.
    pub key: EventKey,
    /// Payload entries by key, as texts.
    pub payload: BTreeMap<String, String>,
    /// Reference to evidence outside of the store.
    pub evidence_ref: Option<EvidenceRef>,
    /// Time of the call in nanoseconds: `now` of its context.
    pub created_at: MonotonicTimeNs,
    /// Chain of work of the call, from its context.
    pub correlation_id: CorrelationId,
    /// Turn of the call, from its context.
    pub turn_id: TurnId,
    /// Simulation that allowed a gated write, from the context.
    pub simulation_id: Option<SimulationId>,
}

/// The key that an event carries.
#[derive(Debug, Clone, PartialEq)]
pub enum EventKey {
    /// No key, as for an audited read.
    Absent,
    /// The idempotency key of the call.
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
            severity: AuditSeverity::Info,
            work_order_id: None,
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
