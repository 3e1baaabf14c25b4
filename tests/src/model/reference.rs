//! The reference model: its tables, and what every call passes in order: admission, an earlier answer under
//! the same key, the rule, the event.

use std::collections::BTreeMap;

use selene_contracts::ph1_j::Ph1JReasonCode as J;
use selene_contracts::ph1_w::{Ph1WReasonCode as W, WakeEventId};
use selene_contracts::shared::{AuditEventType, TenantId};
use selene_contracts::{CallContext, ReasonCode};

use super::admission::Admission;
use super::calls::{Answer, Call, Value};
use super::decision::Decided;
use super::event::Event;
use super::tables::Tables;

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

/// A write before its rule is asked: the dedupe key and the admission.
pub(super) struct Write<'a, I> {
    pub(super) capability: &'static str,
    /// Its parts; none where no other call can be the same one.
    pub(super) key: &'a [&'a str],
    pub(super) input: &'a I,
    pub(super) admission: &'a Admission,
}

/// Every table, event and answer as plain lists, and nothing of how a backend keeps them.
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

    /// The tenant in whose chain a wake event was committed.
    pub fn chain_of(&self, wake_event_id: &WakeEventId) -> Option<&TenantId> {
        let is_commit = |event: &&Event| {
            event.reason_code == W::WakeRuntimeEventCommit.into()
                && event.payload.get("wake_event_id").is_some_and(|id| id == wake_event_id.as_str())
        };
        self.events.iter().find(is_commit)?.tenant_id.as_ref()
    }

    /// The event at a place in commit order, to be completed from the tables.
    pub(super) fn event_and_tables(&mut self, place: usize) -> Option<(&mut Event, &Tables)> {
        self.events.get_mut(place).map(|event| (event, &self.tables))
    }

    /// How many dedupe keys were used.
    pub(super) fn keys(&self) -> usize {
        self.answered.len()
    }

    /// What a dedupe key was used for.
    pub(super) fn answered_under(&self, capability: &'static str, key: &[String]) -> Option<&Answered> {
        self.answered.get(&(capability, key.to_vec()))
    }

    /// Whether an onboarding session of this id was inserted without a call.
    pub fn has_onboarding(&self, call: &Call) -> bool {
        matches!(call, Call::Onboarding { id, .. } if self.tables.onboarding.contains_key(id))
    }

    /// A write: admission, then a replay, then the rule.
    pub(super) fn write<I: std::fmt::Debug>(
        &mut self,
        context: &CallContext,
        capability: &'static str,
        key: &[&str],
        input: &I,
        admission: &Admission,
        rule: impl FnOnce(&mut Tables) -> Decided,
    ) -> Answer {
        self.write_for(context, &Write { capability, key, input, admission }, |_, _| Ok(()), rule)
    }

    /// A write that does not answer every caller again: `may_replay` refuses a replay to one that must not have it.
    pub(super) fn write_for<I: std::fmt::Debug>(
        &mut self,
        context: &CallContext,
        write: &Write<'_, I>,
        may_replay: impl FnOnce(&Tables, &Answered) -> Result<(), ReasonCode>,
        rule: impl FnOnce(&mut Tables) -> Decided,
    ) -> Answer {
        if let Some(code) = write.admission.refusal(context) {
            return Answer::Refused(code);
        }
        let parts = write.key.iter().map(ToString::to_string);
        let scope = (!write.key.is_empty()).then(|| (write.capability, parts.collect::<Vec<_>>()));
        // The printed form distinguishes -0.0 from 0.0, as two requests that are the same bit for bit must.
        let request = format!("{:?}", write.input);
        if let Some(answered) = scope.as_ref().and_then(|scope| self.answered.get(scope)) {
            if let Err(code) = may_replay(&self.tables, answered) {
                return Answer::Refused(code);
            }
            return Answer::Replayed {
                identical: answered.request == request,
                value: answered.value.clone(),
            };
        }
        // The rule works on a copy, so a refusal changes nothing.
        let mut after = self.tables.clone();
        match rule(&mut after) {
            Ok((value, event)) => {
                self.tables = after;
                let (engine, tenant) = (event.engine, event.tenant_id.clone());
                self.events.push(event);
                if let Some(scope) = scope {
                    self.answered.insert(scope, Answered { request, engine, tenant, value: value.clone() });
                }
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
        admission: &Admission,
        rows: impl FnOnce(&Tables) -> Result<Value, ReasonCode>,
    ) -> Answer {
        self.read_of(context, engine, admission, None, rows)
    }

    /// A read that names a tenant, in whose chain its event is.
    pub(super) fn read_of(
        &mut self,
        context: &CallContext,
        engine: &'static str,
        admission: &Admission,
        tenant_id: Option<&TenantId>,
        rows: impl FnOnce(&Tables) -> Result<Value, ReasonCode>,
    ) -> Answer {
        if let Some(code) = admission.refusal(context) {
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
        admission: &Admission,
        codes: (ReasonCode, ReasonCode),
        is_there: impl FnOnce(&Tables) -> bool,
    ) -> Answer {
        self.guard_of(context, engine, admission, None, codes, is_there)
    }

    /// A guard that names a tenant, in whose chain its event is.
    pub(super) fn guard_of(
        &mut self,
        context: &CallContext,
        engine: &'static str,
        admission: &Admission,
        tenant_id: Option<&TenantId>,
        (locked, missing): (ReasonCode, ReasonCode),
        is_there: impl FnOnce(&Tables) -> bool,
    ) -> Answer {
        if let Some(code) = admission.refusal(context) {
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
