//! The audit event that a rule decides on, and its check against the contract. The backend adds its place in the chain.

use selene_contracts::shared::{
    AuditEventId, AuditEventType, AuditSeverity, DeviceId, EngineId, EvidenceRef, IdempotencyKey, SessionId,
    TenantId, UserId, WorkOrderId,
};
use selene_contracts::{
    Admitted, CallContext, Capability, Effect, Payload, Problem, ReadCapability, ReasonCode, StorageError,
};

use super::{asked, audited, refuse};
use crate::scope;

/// The id of the event of a write whose contract gives it a dedupe key in every form of its input: its answer, too.
///
/// # Errors
/// The input leaves the key open, which no admitted input of such a write does.
pub(crate) fn id_of<C: Capability>(call: &Admitted<C>) -> Result<AuditEventId, StorageError> {
    scope::event_id(call).ok_or_else(|| refuse::rule::<C>("idempotency_key", "is needed for the answer"))
}

/// An audit event before it has a place in its chain.
#[derive(Debug, Clone, PartialEq)]
pub struct EventDraft {
    /// The engine that the event is about.
    pub engine: EngineId,
    /// The event type, one of those that the contract of the capability names.
    pub event_type: AuditEventType,
    /// The reason code of the event.
    pub reason_code: ReasonCode,
    /// The severity; INFO unless the rule sets another.
    pub severity: AuditSeverity,
    /// The tenant; the event is appended to its chain.
    pub tenant_id: Option<TenantId>,
    /// The work order, where the call has one.
    pub work_order_id: Option<WorkOrderId>,
    /// The session, where the event has one.
    pub session_id: Option<SessionId>,
    /// The person that the event is about.
    pub user_id: Option<UserId>,
    /// The device, where the event has one.
    pub device_id: Option<DeviceId>,
    /// The payload, within the bounds of [`Payload`]: at most 16 entries and 2048 bytes.
    pub payload: Payload,
    /// The reference of the evidence, an audio sample for instance.
    pub evidence_ref: Option<EvidenceRef>,
    /// The idempotency key of the write.
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
    /// The contract leaves one of them open: then the rule must use [`new`](Self::new).
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

    /// Sets the payload from entries that all have a value.
    #[must_use]
    pub fn payload<const N: usize>(mut self, entries: [(&'static str, &str); N]) -> Self {
        self.payload = Payload::new(entries);
        self
    }

    /// Sets the payload from entries; one without a value is left out.
    #[must_use]
    pub fn details<'a>(mut self, entries: impl IntoIterator<Item = (&'static str, Option<&'a str>)>) -> Self {
        let given = entries.into_iter().filter_map(|(key, value)| value.map(|value| (key, value)));
        self.payload = Payload::new(given);
        self
    }

    /// Checks the event against the contract of the capability that emits it: event type, reason code, engine, every required
    /// field and payload key, and that every payload entry is allowed.
    ///
    /// # Errors
    /// A required field or payload key is missing, the tenant of a call that has none for instance, or an entry is not allowed.
    /// Nothing is written then.
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

    /// Checks the event type, and that every payload key and value is allowed.
    ///
    /// # Errors
    /// The contract does not allow one of them. Nothing is written then.
    fn check<C: Capability>(&self) -> Result<(), StorageError> {
        let audit = &C::SPEC.audit;
        if !audit.event_types.is_empty() && !audit.event_types.contains(&self.event_type.as_str()) {
            return Err(refuse::rule::<C>("event_type", "is not one that the capability's spec allows"));
        }
        // A payload that the caller gives is checked against more than one contract, before any row is read: see `ph1_j`.
        if has_input::<C>("payload_min") {
            return Ok(());
        }
        check_payload::<C>(&self.payload, |key, value| {
            audit.payload_keys.iter().any(|allowed| allowed.allows(key, value))
        })
    }

    /// Whether the event of this call has a value for a field. A name that is no field of an event never has one.
    fn has(&self, field: &str, context: &CallContext) -> bool {
        match field {
            "tenant_id" => self.tenant_id.is_some(),
            "work_order_id" => self.work_order_id.is_some(),
            "session_id" => self.session_id.is_some(),
            "user_id" => self.user_id.is_some(),
            "device_id" => self.device_id.is_some(),
            "idempotency_key" => self.idempotency_key.is_some(),
            "simulation_id" => context.simulation_id.is_some(),
            // The type of an event requires these.
            "engine" | "event_type" | "reason_code" | "severity" | "correlation_id" | "turn_id" => true,
            _ => false,
        }
    }
}

/// An event with everything that its contract requires and nothing that it forbids. Only such an event can be stored.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckedEvent(EventDraft);

impl CheckedEvent {
    /// The event of an audited read or guard, under the engine of the capability. Its payload has the capability and the fields of
    /// its input; `about` is the person that the call names, where there is one.
    ///
    /// # Errors
    /// PH1.J does not allow a payload key that is a field of the input.
    pub fn of_read<C: ReadCapability>(
        call: &Admitted<C>,
        about: Option<&UserId>,
    ) -> Result<Self, StorageError> {
        let is_guard = C::SPEC.effect == Effect::Guard;
        let reason_code = audited::audited_reason(is_guard);
        let mut draft = EventDraft::new(call, AuditEventType::Other, reason_code).user(about);
        draft.payload = asked::payload(call.input());
        check_payload::<C>(&draft.payload, audited::allows)?;
        Ok(Self(draft))
    }
}

impl std::ops::Deref for CheckedEvent {
    type Target = EventDraft;

    fn deref(&self) -> &EventDraft {
        &self.0
    }
}

/// Whether the input of the capability has a field of this name.
fn has_input<C: Capability>(name: &str) -> bool {
    C::SPEC.input.iter().copied().flatten().any(|field| field.name == name)
}

/// Checks a payload against its bounds and against the entries that `allowed` accepts.
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
