//! What a rule says about the audit event of its write; the backend adds its place in the chain.

use selene_contracts::shared::{
    AuditEventType, AuditSeverity, DeviceId, EngineId, EvidenceRef, IdempotencyKey, SessionId, TenantId,
    UserId, WorkOrderId,
};
use selene_contracts::{
    Admitted, CallContext, Capability, Effect, Payload, Problem, ReadCapability, ReasonCode, StorageError,
};

use super::{asked, refuse};

/// An audit event before it has a place in its chain.
#[derive(Debug, Clone, PartialEq)]
pub struct EventDraft {
    /// The engine that the event is about.
    pub engine: EngineId,
    /// What kind of thing happened.
    pub event_type: AuditEventType,
    /// Why.
    pub reason_code: ReasonCode,
    /// How much it matters.
    pub severity: AuditSeverity,
    /// The tenant, which also names the chain.
    pub tenant_id: Option<TenantId>,
    /// The work order.
    pub work_order_id: Option<WorkOrderId>,
    /// The session.
    pub session_id: Option<SessionId>,
    /// The user.
    pub user_id: Option<UserId>,
    /// The device.
    pub device_id: Option<DeviceId>,
    /// Bounded details.
    pub payload: Payload,
    /// Where the evidence lies.
    pub evidence_ref: Option<EvidenceRef>,
    /// The key of the write.
    pub idempotency_key: Option<IdempotencyKey>,
}

impl EventDraft {
    /// The event of an applied call: engine, tenant and key are the call's, the severity is INFO.
    pub fn new<C: Capability>(
        call: &Admitted<C>,
        event_type: AuditEventType,
        reason_code: ReasonCode,
    ) -> Self {
        Self {
            engine: EngineId::new(C::SPEC.engine),
            event_type,
            reason_code,
            severity: AuditSeverity::Info,
            tenant_id: call.input().tenant_id().cloned(),
            work_order_id: None,
            session_id: None,
            user_id: None,
            device_id: None,
            payload: Payload::default(),
            evidence_ref: None,
            idempotency_key: call.input().idempotency_key().cloned(),
        }
    }

    /// The event of an applied call, with the one event type and the reason code that the contract fixes.
    ///
    /// # Errors
    /// The contract fixes neither: then the rule must say which.
    pub fn fixed<C: Capability>(call: &Admitted<C>) -> Result<Self, StorageError> {
        let audit = &C::SPEC.audit;
        let event_type = match audit.event_types {
            [only] => only.parse().ok(),
            _ => None,
        };
        match (event_type, audit.reason_code) {
            (Some(event_type), Some(reason_code)) => Ok(Self::new(call, event_type, reason_code)),
            _ => Err(refuse::rule::<C>("event_type", "is not fixed by the contract")),
        }
    }

    /// Sets the user, if there is one.
    #[must_use]
    pub fn user(mut self, user_id: Option<&UserId>) -> Self {
        self.user_id = user_id.cloned();
        self
    }

    /// Sets the device, if there is one.
    #[must_use]
    pub fn device(mut self, device_id: Option<&DeviceId>) -> Self {
        self.device_id = device_id.cloned();
        self
    }

    /// Sets the session, if there is one.
    #[must_use]
    pub fn session(mut self, session_id: Option<SessionId>) -> Self {
        self.session_id = session_id;
        self
    }

    /// Sets the tenant, if there is one; else the input's stays.
    #[must_use]
    pub fn tenant(mut self, tenant_id: Option<&TenantId>) -> Self {
        if let Some(tenant_id) = tenant_id {
            self.tenant_id = Some(tenant_id.clone());
        }
        self
    }

    /// Sets the payload.
    #[must_use]
    pub fn payload<const N: usize>(mut self, entries: [(&'static str, &str); N]) -> Self {
        self.payload = Payload::new(entries);
        self
    }

    /// Sets the payload; an entry without a value is left out.
    #[must_use]
    pub fn details<'a>(mut self, entries: impl IntoIterator<Item = (&'static str, Option<&'a str>)>) -> Self {
        let given = entries.into_iter().filter_map(|(key, value)| value.map(|value| (key, value)));
        self.payload = Payload::new(given);
        self
    }

    /// Holds the event against the contract of the capability that emits it: what it is, every field and payload key
    /// that the specs require, and every payload entry.
    ///
    /// # Errors
    /// The event is without something that its specs require, a call that leads to no tenant say, or says what they do
    /// not allow. Nothing is written then.
    pub fn checked<C: Capability>(self, context: &CallContext) -> Result<CheckedEvent, StorageError> {
        self.check::<C>()?;
        let audit = &C::SPEC.audit;
        if audit.reason_code.is_some_and(|fixed| fixed != self.reason_code) {
            return Err(refuse::rule::<C>("reason_code", "is not the one that the capability's spec fixes"));
        }
        if !has_input::<C>("engine") && self.engine.as_str() != C::SPEC.engine {
            return Err(refuse::rule::<C>("engine", "is not the one that the capability is of"));
        }
        if let Some(field) = audit.required_fields.iter().copied().find(|field| !self.has(field, context)) {
            return Err(refuse::rule::<C>(field, "is missing, the event of the call requires it"));
        }
        let is_there = |key: &str| self.payload.get(key).is_some();
        if let Some(key) = audit.payload_keys.iter().find(|key| !key.is_optional && !is_there(key.name)) {
            return Err(refuse::rule::<C>(key.name, "is missing, the payload of the event requires it"));
        }
        Ok(CheckedEvent(self))
    }

    /// Holds the event against what its capability may say: the event type, and every payload key and value.
    ///
    /// # Errors
    /// A rule emits what its spec does not allow. Nothing is written then.
    fn check<C: Capability>(&self) -> Result<(), StorageError> {
        let audit = &C::SPEC.audit;
        if !audit.event_types.is_empty() && !audit.event_types.contains(&self.event_type.as_str()) {
            return Err(refuse::rule::<C>("event_type", "is not one that the capability's spec allows"));
        }
        // A payload that the caller gives is held against more than one page, before any row is read.
        if has_input::<C>("payload_min") {
            return Ok(());
        }
        check_payload::<C>(&self.payload, |key, value| {
            audit.payload_keys.iter().any(|allowed| allowed.allows(key, value))
        })
    }

    /// Whether the event, in this call, says anything about a field. A field that no event has is missing always.
    fn has(&self, field: &str, context: &CallContext) -> bool {
        match field {
            "tenant_id" => self.tenant_id.is_some(),
            "work_order_id" => self.work_order_id.is_some(),
            "session_id" => self.session_id.is_some(),
            "user_id" => self.user_id.is_some(),
            "device_id" => self.device_id.is_some(),
            "idempotency_key" => self.idempotency_key.is_some(),
            "simulation_id" => context.simulation_id.is_some(),
            // An event cannot be without these.
            "engine" | "event_type" | "reason_code" | "severity" | "correlation_id" | "turn_id" => true,
            _ => false,
        }
    }
}

/// An event that says everything that its specs require, and nothing that they do not allow. Only such an event is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckedEvent(EventDraft);

impl CheckedEvent {
    /// The event of an audited read or guard, under the engine that was asked. It says which capability was called and what
    /// it was asked for; `about` is the person that the call names, where there is such a person.
    ///
    /// # Errors
    /// The page of PH1.J does not allow a key that the call is asked by.
    pub fn of_read<C: ReadCapability>(
        call: &Admitted<C>,
        about: Option<&UserId>,
    ) -> Result<Self, StorageError> {
        let is_guard = C::SPEC.effect == Effect::Guard;
        let reason_code = super::ph1_j::audited_reason(is_guard);
        let mut draft = EventDraft::new(call, AuditEventType::Other, reason_code).user(about);
        draft.payload = asked::payload(call.input());
        check_payload::<C>(&draft.payload, super::ph1_j::allows)?;
        Ok(Self(draft))
    }
}

impl std::ops::Deref for CheckedEvent {
    type Target = EventDraft;

    fn deref(&self) -> &EventDraft {
        &self.0
    }
}

/// Whether the caller gives a field of this name.
fn has_input<C: Capability>(name: &str) -> bool {
    C::SPEC.input.iter().copied().flatten().any(|field| field.name == name)
}

/// Holds a payload against its bounds and an allowlist.
///
/// # Errors
/// A bound is broken, or an entry is not allowed.
pub(crate) fn check_payload<C: Capability>(
    payload: &Payload,
    allowed: impl Fn(&str, &str) -> bool,
) -> Result<(), StorageError> {
    if let Err(error) = payload.check() {
        return Err(refuse::contract::<C>("payload_min", Problem::Payload(error)));
    }
    if payload.iter().any(|(key, value)| !allowed(key, value)) {
        return Err(refuse::rule::<C>("payload_min", "has an entry that the emitting spec does not allow"));
    }
    Ok(())
}
