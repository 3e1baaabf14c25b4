//! How a call of an engine with a drafted model is answered: what the contract says of it, an earlier answer under its key, what the
//! model makes of the rows, the event.

use selene_contracts::shared::TenantId;
use selene_contracts::{CallContext, CapabilitySpec, DedupeKey, Effect, TruthType};

use super::ALL;
use super::dispatch::{Asked, of_contract};
use super::event::event_of;
use super::model::{Outcome, ReadEntry, WriteEntry};
use crate::model::admission::Admission;
use crate::model::calls::{Answer, Value};
use crate::model::engine_call::{EngineCall, EngineValue};
use crate::model::event::EventKey;
use crate::model::reference::{Answered, Model, Write};
use crate::model::tables::Tables;

/// The dedupe space of commits that are one event and nothing else: all engines share it.
const EVENTS: &str = "audit_events";

impl Model {
    /// Answers a call of an engine that has a drafted model.
    pub(in crate::model) fn answer_engine(&mut self, context: &CallContext, call: &EngineCall) -> Answer {
        let spec = call.capability;
        let Asked { refusal, key } = of_contract(context, call);
        let admission = Admission::by_contract(refusal);
        let tenant = call.text("tenant_id").map(Into::into);
        match spec.effect {
            Effect::Write => self.answer_write(context, call, admission, key.as_ref()),
            Effect::Read => {
                let entry = read_entry(spec);
                self.read_of(context, spec.engine, &admission, tenant.as_ref(), |tables| {
                    (entry.rows)(&call.input, tables).map(|value| given(spec, value))
                })
            }
            Effect::Guard => {
                let codes = (spec.refusals.append_only, spec.refusals.not_found);
                self.guard_of(context, spec.engine, &admission, tenant.as_ref(), codes, |tables| {
                    is_there(tables, call)
                })
            }
        }
    }

    fn answer_write(
        &mut self,
        context: &CallContext,
        call: &EngineCall,
        admission: Admission,
        key: Option<&DedupeKey>,
    ) -> Answer {
        let (spec, entry) = (call.capability, write_entry(call.capability));
        let admission = match (entry.check)(&call.input) {
            Ok(()) => admission,
            Err(code) => admission.and(false, code),
        };
        let scope = spec.refusals.scope;
        let is_taken = key.is_some_and(|key| self.is_taken(context, call, key));
        let parts: Vec<&str> =
            key.iter().flat_map(|key| &key.parts).flat_map(|part| [part.field, &part.value]).collect();
        let space = key.map_or(spec.id, |key| key.space);
        let write = Write { capability: space, key: &parts, input: call, admission: &admission };
        self.write_for(
            context,
            &write,
            |_, earlier| if may_have(call, earlier) { Ok(()) } else { Err(scope) },
            |tables| {
                if is_taken {
                    return Err(scope);
                }
                let Outcome { answer, rows, stated } = (entry.decide)(&call.input, context, tables)?;
                let event = event_of(context, call, &rows, &stated);
                for row in rows {
                    tables.rows.put(row);
                }
                Ok((given(spec, answer), event))
            },
        )
    }

    /// Whether an event of anybody else has the key in the same chain of work, where events are all that a commit leaves.
    fn is_taken(&self, context: &CallContext, call: &EngineCall, key: &DedupeKey) -> bool {
        let Some(given) = call.text("idempotency_key").filter(|_| key.space == EVENTS) else { return false };
        let names_tenant = key.parts.iter().any(|part| part.field == "tenant_id");
        let tenant = call.text("tenant_id");
        self.events().iter().any(|event| {
            let is_own_of_another = names_tenant
                && event.engine == call.capability.engine
                && event.tenant_id.as_ref().map(TenantId::as_str) != tenant.as_deref();
            event.correlation_id == context.correlation_id
                && event.key == EventKey::Given(given.as_str().into())
                && !is_own_of_another
        })
    }
}

fn given(spec: &CapabilitySpec, value: serde_json::Value) -> Value {
    Value::Engine(EngineValue { capability: spec.id, value })
}

/// A key answers the capability that used it, and no other tenant. A call that could name a tenant and does not gets an answer only
/// if it is the very call that was made first.
fn may_have(call: &EngineCall, earlier: &Answered) -> bool {
    let spec = call.capability;
    if !matches!(&earlier.value, Value::Engine(value) if value.capability == spec.id) {
        return false;
    }
    if let Some(named) = call.text("tenant_id") {
        return earlier.tenant.as_ref().is_some_and(|tenant| tenant.as_str() == named);
    }
    let could_name = spec.input.iter().copied().flatten().any(|field| field.name == "tenant_id");
    earlier.tenant.is_none() || earlier.is_same(call) || !could_name
}

/// Whether the ledger whose primary key a guard names has the row.
fn is_there(tables: &Tables, call: &EngineCall) -> bool {
    let (_, fields) = call.fields();
    let is_asked =
        |key: &[&str]| key.len() == fields.len() && key.iter().all(|name| fields.contains_key(*name));
    let engine = ALL.iter().find(|model| model.engine == call.capability.engine).map(|model| model.spec());
    let tables_of = engine.into_iter().flat_map(|engine| engine.tables);
    let mut ledgers =
        tables_of.filter(|table| table.truth_type == TruthType::Ledger && is_asked(table.primary_key));
    ledgers.any(|table| tables.rows.has(table, |column| call.text(column)))
}

fn write_entry(spec: &CapabilitySpec) -> &'static WriteEntry {
    let mut entries = ALL.iter().flat_map(|model| model.writes);
    entries.find(|entry| entry.capability == spec.id).unwrap_or_else(|| lacks(spec))
}

fn read_entry(spec: &CapabilitySpec) -> &'static ReadEntry {
    let mut entries = ALL.iter().flat_map(|model| model.reads);
    entries.find(|entry| entry.capability == spec.id).unwrap_or_else(|| lacks(spec))
}

fn lacks<T>(spec: &CapabilitySpec) -> T {
    let (engine, id) = (spec.engine, spec.id);
    panic!("the model of {engine} lacks {id}: `cargo xtask scaffold {engine} --accept` drafts it")
}
