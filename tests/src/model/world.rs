//! The model itself: admission, replay, and the audit events.

use std::collections::BTreeMap;

use selene_contracts::ph1_f::Ph1FReasonCode as F;
use selene_contracts::ph1_j::Ph1JReasonCode as J;
use selene_contracts::shared::{
    AuditEventType, CorrelationId, DeviceId, EvidenceRef, IdempotencyKey, MonotonicTimeNs, SessionId,
    SimulationId, TenantId, TurnId, UserId,
};
use selene_contracts::{CallContext, Caller, ReasonCode};

use super::calls::{Answer, Call, Step, Value};
use super::tables::{Onboarding, Tables};
use super::{asked, foundation};

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

/// What a rule decides: what the caller gets and what is emitted, or the code of the refusal.
pub(super) type Decided = Result<(Value, Event), ReasonCode>;

/// What a dedupe key was used for.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Answered {
    request: String,
    /// The engine of the event.
    pub(super) engine: &'static str,
    /// The tenant of the event.
    pub(super) tenant: Option<TenantId>,
    pub(super) value: Value,
}

impl Answered {
    /// Whether the call is the very one that was made first.
    pub(super) fn is_same(&self, input: &impl std::fmt::Debug) -> bool {
        self.request == format!("{input:?}")
    }
}

/// What stands before the rule of a write: its dedupe key and its bounds.
pub(super) struct Write<'a, I> {
    pub(super) capability: &'static str,
    pub(super) key: &'a [&'a str],
    pub(super) input: &'a I,
    pub(super) door: &'a Door,
}

/// The reference model.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Model {
    pub(super) tables: Tables,
    events: Vec<Event>,
    answered: BTreeMap<(&'static str, Vec<String>), Answered>,
}

impl Model {
    /// A model of an empty store.
    pub fn new() -> Self {
        Self::default()
    }

    /// Every event so far, in commit order.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// How many dedupe keys were used.
    pub(super) fn keys(&self) -> usize {
        self.answered.len()
    }

    /// Whether an onboarding session of this id was put in.
    pub fn has_onboarding(&self, call: &Call) -> bool {
        matches!(call, Call::Onboarding { id, .. } if self.tables.onboarding.contains_key(id))
    }

    /// Answers one call. Never panics: every call is one of these engines.
    pub fn answer(&mut self, step: &Step) -> Answer {
        let before = self.events.len();
        let answer = self.answer_call(step);
        if let Some(event) = self.events.get_mut(before)
            && [J::JReadAudited.into(), J::JGuardAudited.into()].contains(&event.reason_code)
        {
            asked::tell(event, &step.call, &self.tables);
        }
        answer
    }

    fn answer_call(&mut self, step: &Step) -> Answer {
        let context = &step.context;
        match &step.call {
            Call::Identity(input) => self.write_heard(
                context,
                &Write {
                    capability: "PH1F_IDENTITY_INSERT_ROW",
                    key: &[input.user_id.as_str(), input.idempotency_key.as_str()],
                    input,
                    door: &Door::new(F::FContractValidationFailed, &[]),
                },
                |_, earlier| foundation::hears(earlier, input.tenant_id.as_ref(), input),
                |tables| foundation::identity(tables, context, input),
            ),
            Call::Device(input) => self.write_heard(
                context,
                &Write {
                    capability: "PH1F_DEVICE_INSERT_ROW",
                    key: &[input.device_id.as_str(), input.idempotency_key.as_str()],
                    input,
                    door: &Door::new(F::FContractValidationFailed, &[]),
                },
                |_, earlier| foundation::hears(earlier, input.tenant_id.as_ref(), input),
                |tables| foundation::device(tables, context, input),
            ),
            Call::Session(input) => self.write(
                context,
                "PH1F_SESSION_OPEN_COMMIT_ROW",
                &[&input.session_id.to_string(), input.idempotency_key.as_str()],
                input,
                &Door::new(F::FContractValidationFailed, &[]),
                |tables| foundation::session(tables, context, input),
            ),
            Call::Memory(input) => self.write(
                context,
                "PH1F_MEMORY_APPEND_COMMIT_ROW",
                &[input.user_id.as_str(), input.idempotency_key.as_str()],
                input,
                &foundation::memory_door(input),
                |tables| foundation::memory(tables, context, input),
            ),
            Call::Turn(input) => self.write(
                context,
                "PH1F_CONVERSATION_APPEND_COMMIT_ROW",
                &[&context.correlation_id.to_string(), input.idempotency_key.as_str()],
                input,
                &foundation::turn_door(input),
                |tables| foundation::turn(tables, context, input),
            ),
            Call::Onboarding { id, tenant, primary_device } => {
                let row = Onboarding {
                    tenant: tenant.clone(),
                    primary_device: primary_device.clone(),
                    began_at: context.now,
                    is_declined: false,
                };
                self.tables.onboarding.entry(id.clone()).or_insert(row);
                Answer::Served(Value::Unit)
            }
            Call::Decline { id } => {
                if let Some(row) = self.tables.onboarding.get_mut(id) {
                    row.is_declined = true;
                }
                Answer::Served(Value::Unit)
            }
            Call::Hiring(call) => self.answer_hiring(context, call),
            call => self
                .answer_wake(context, call)
                .or_else(|| self.answer_voice(context, call))
                .or_else(|| self.answer_outcome(context, call))
                .expect("every other call is one of these engines"),
        }
    }

    /// A write: admission, then a replay, then the rule.
    pub(super) fn write<I: std::fmt::Debug>(
        &mut self,
        context: &CallContext,
        capability: &'static str,
        key: &[&str],
        input: &I,
        door: &Door,
        rule: impl FnOnce(&mut Tables) -> Decided,
    ) -> Answer {
        self.write_heard(context, &Write { capability, key, input, door }, |_, _| Ok(()), rule)
    }

    /// A write that does not answer everybody again: `hears` refuses a replay to a stranger.
    pub(super) fn write_heard<I: std::fmt::Debug>(
        &mut self,
        context: &CallContext,
        write: &Write<'_, I>,
        hears: impl FnOnce(&Tables, &Answered) -> Result<(), ReasonCode>,
        rule: impl FnOnce(&mut Tables) -> Decided,
    ) -> Answer {
        if let Some(code) = write.door.refusal(context) {
            return Answer::Refused(code);
        }
        let scope = (write.capability, write.key.iter().map(ToString::to_string).collect());
        // The printed form tells -0.0 from 0.0, as two requests that are the same bit for bit must.
        let request = format!("{:?}", write.input);
        if let Some(answered) = self.answered.get(&scope) {
            if let Err(code) = hears(&self.tables, answered) {
                return Answer::Refused(code);
            }
            return Answer::Replayed {
                identical: answered.request == request,
                value: answered.value.clone(),
            };
        }
        // The rule works on a copy, so a refusal cannot leave a trace.
        let mut after = self.tables.clone();
        match rule(&mut after) {
            Ok((value, event)) => {
                self.tables = after;
                let (engine, tenant) = (event.engine, event.tenant_id.clone());
                self.events.push(event);
                self.answered.insert(scope, Answered { request, engine, tenant, value: value.clone() });
                Answer::Applied(value)
            }
            Err(code) => Answer::Refused(code),
        }
    }

    /// A read: admission, then the rows; in replay and diagnostic mode an event of a served read.
    pub(super) fn read(
        &mut self,
        context: &CallContext,
        engine: &'static str,
        door: &Door,
        rows: impl FnOnce(&Tables) -> Result<Value, ReasonCode>,
    ) -> Answer {
        self.read_of(context, engine, door, None, rows)
    }

    /// A read that names a tenant, in whose chain its event is.
    pub(super) fn read_of(
        &mut self,
        context: &CallContext,
        engine: &'static str,
        door: &Door,
        tenant_id: Option<&TenantId>,
        rows: impl FnOnce(&Tables) -> Result<Value, ReasonCode>,
    ) -> Answer {
        if let Some(code) = door.refusal(context) {
            return Answer::Refused(code);
        }
        match rows(&self.tables) {
            Ok(value) => {
                self.emit_read(context, engine, tenant_id, J::JReadAudited);
                Answer::Served(value)
            }
            Err(code) => Answer::Refused(code),
        }
    }

    /// A guard: of a row that is there it proves the lock; where there is none it has nothing to prove.
    pub(super) fn guard(
        &mut self,
        context: &CallContext,
        engine: &'static str,
        door: &Door,
        codes: (ReasonCode, ReasonCode),
        is_there: impl FnOnce(&Tables) -> bool,
    ) -> Answer {
        self.guard_of(context, engine, door, None, codes, is_there)
    }

    /// A guard that names a tenant, in whose chain its event is.
    pub(super) fn guard_of(
        &mut self,
        context: &CallContext,
        engine: &'static str,
        door: &Door,
        tenant_id: Option<&TenantId>,
        (locked, missing): (ReasonCode, ReasonCode),
        is_there: impl FnOnce(&Tables) -> bool,
    ) -> Answer {
        if let Some(code) = door.refusal(context) {
            return Answer::Refused(code);
        }
        if !is_there(&self.tables) {
            return Answer::Refused(missing);
        }
        self.emit_read(context, engine, tenant_id, J::JGuardAudited);
        Answer::Refused(locked)
    }

    fn emit_read(
        &mut self,
        context: &CallContext,
        engine: &'static str,
        tenant_id: Option<&TenantId>,
        code: J,
    ) {
        if context.mode.audits_reads() {
            let mut event = Event::new(context, engine, AuditEventType::Other, code);
            event.tenant_id = tenant_id.cloned();
            self.events.push(event);
        }
    }
}

/// What a call has to pass before any row is looked at.
pub(super) struct Door {
    /// The engine's code for a value out of its bounds.
    contract: ReasonCode,
    /// The code of the first field of the input that is out of its bounds, or contradicts another one.
    broken: Option<ReasonCode>,
    /// Whether only a simulation opens it.
    is_gated: bool,
}

impl Door {
    /// `fields` says of each bounded field of the input, in order, whether it is fine, and which code it has
    /// if not.
    pub(super) fn new(contract: impl Into<ReasonCode>, fields: &[(bool, ReasonCode)]) -> Self {
        let broken = fields.iter().find(|(is_fine, _)| !is_fine).map(|(_, code)| *code);
        Self { contract: contract.into(), broken, is_gated: false }
    }

    /// The same behind a simulation.
    pub(super) fn gated(contract: ReasonCode, fields: &[(bool, ReasonCode)]) -> Self {
        Self { is_gated: true, ..Self::new(contract, fields) }
    }

    /// What an input must say beyond its bounds, asked after them and before any replay.
    pub(super) fn and(self, is_fine: bool, code: impl Into<ReasonCode>) -> Self {
        let broken = self.broken.or_else(|| (!is_fine).then(|| code.into()));
        Self { broken, ..self }
    }

    /// The caller is looked at first, then the simulation, then the context, then the input.
    fn refusal(&self, context: &CallContext) -> Option<ReasonCode> {
        if context.caller != Caller::SeleneOs {
            return Some(F::FCallerNotAllowed.into());
        }
        if self.is_gated && context.simulation_id.is_none() {
            return Some(F::FSimulationRequired.into());
        }
        let is_simulation_bad = context.simulation_id.as_ref().is_some_and(|id| !text(id.as_str(), 128));
        if context.correlation_id.get() == 0 || context.turn_id.get() == 0 || is_simulation_bad {
            return Some(self.contract);
        }
        self.broken
    }
}

/// Whether a text that must not be blank is within its bound.
pub(super) fn text(value: &str, max: usize) -> bool {
    !value.trim().is_empty() && value.len() <= max
}
