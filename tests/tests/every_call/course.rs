//! What a tenant of the scene did, made once more with other values.

use std::collections::{BTreeMap, BTreeSet};

use selene_acceptance::{Backend, Harness};
use selene_contracts::{CallContext, CapabilitySpec, FieldSpec, StorageError, ValueSpec, engines};
use serde_json::Value;

use crate::dispatch::Written;
use crate::scene::{Call, Scene, Tenant};

/// The writes of a tenant in their order, with what each gave.
pub struct Course {
    pub calls: Vec<(Call, Written)>,
    pub tenant: Tenant,
}

impl Course {
    /// What the first tenant of the scene does.
    pub fn of_a_tenant(harness: &impl Harness) -> Self {
        let (mut open, mut calls) = (harness.open(), Vec::new());
        let tenant = Scene::tenant(&mut open, "a", &mut |open, call| {
            let done = Call::applied(open, call);
            calls.push((call.clone(), done.clone()));
            done
        });
        Self { calls, tenant }
    }

    /// Where each capability is called first.
    pub fn firsts(&self) -> Vec<usize> {
        let is_first = |place: &usize| {
            let id = self.calls[*place].0.id;
            self.calls[..*place].iter().all(|(earlier, _)| earlier.id != id)
        };
        (0..self.calls.len()).filter(is_first).collect()
    }

    /// The calls before a place without which a call there finds nothing to act on: those that brought an id in that it names, or that are about
    /// the same thing as a call that is needed. People, devices and tenants are in all calls, and bind nothing.
    pub fn needed_before(&self, place: usize, call: &Call) -> Vec<usize> {
        let names: Vec<Names> =
            self.calls[..place].iter().map(|(call, done)| Names::of(call, done)).collect();
        let everywhere: BTreeSet<&String> = names.iter().flat_map(|names| &names.everywhere).collect();
        let asked = Names::of(call, &self.calls[place].1);
        let mut known: BTreeSet<&String> = asked.given.iter().collect();
        let mut needed = Vec::new();
        for earlier in (0..place).rev() {
            let earlier_names = || names[earlier].given.iter().chain(&names[earlier].made);
            let is_new = |name: &String| names[..earlier].iter().all(|before| !before.given.contains(name));
            let binds =
                |name: &&String| known.contains(*name) && (is_new(name) || !everywhere.contains(*name));
            if earlier_names().any(|name| binds(&name)) {
                known.extend(earlier_names());
                needed.push(earlier);
            }
        }
        needed.reverse();
        needed
    }
}

/// The ids that a call names, those that the store made for it, and which of the former are of people, devices and tenants.
struct Names {
    given: BTreeSet<String>,
    made: BTreeSet<String>,
    everywhere: BTreeSet<String>,
}

impl Names {
    fn of(call: &Call, done: &Written) -> Self {
        let mut names = Self { given: BTreeSet::new(), made: BTreeSet::new(), everywhere: BTreeSet::new() };
        each_value(spec(call.id).input[0], &mut call.input.clone(), &mut |field, value| {
            let is_id = matches!(field.value, ValueSpec::Text { is_free: false, .. });
            if is_id || field.name == "session_id" {
                let name = value.as_str().map_or_else(|| format!("session {value}"), str::to_owned);
                if ["TenantId", "UserId", "DeviceId"].iter().any(|ty| field.ty.contains(ty)) {
                    names.everywhere.insert(name.clone());
                }
                names.given.insert(name);
            }
        });
        names.note_made(&done.value);
        names
    }

    fn note_made(&mut self, value: &Value) {
        match value {
            Value::String(text) if is_made(text) => {
                self.made.insert(text.clone());
            }
            Value::Array(items) => items.iter().for_each(|item| self.note_made(item)),
            Value::Object(map) => map.values().for_each(|value| self.note_made(value)),
            _ => {}
        }
    }
}

/// The contract of a capability.
pub fn spec(id: &str) -> &'static CapabilitySpec {
    let mut all = engines::ALL.iter().flat_map(|engine| engine.capabilities);
    all.find(|spec| spec.id == id).expect("a capability")
}

/// Shows every value below the fields of an object that has one, with its field: those of records and lists too.
pub fn each_value(
    fields: &'static [FieldSpec],
    object: &mut Value,
    visit: &mut impl FnMut(&'static FieldSpec, &mut Value),
) {
    for field in fields {
        let Some(value) = object.get_mut(field.name).filter(|value| !value.is_null()) else { continue };
        let values = match value {
            Value::Array(items) if field.is_list => items.iter_mut().collect(),
            value => vec![value],
        };
        for value in values {
            match &field.value {
                ValueSpec::Record(fields) => each_value(fields, value, visit),
                _ => visit(field, value),
            }
        }
    }
}

/// What stands for what a tenant gave.
pub trait Given {
    /// What stands for a value of a field; for the same value of a type always the same one.
    fn value(&mut self, field: &'static FieldSpec, value: &Value) -> Value;

    /// The context in which a call is made.
    fn context(&self, context: &CallContext) -> CallContext;
}

/// A course with other values. An id that the store made is followed by the one that it makes in its place.
pub struct Others<G> {
    pub given: G,
    made: BTreeMap<String, Value>,
}

impl<G: Given> Others<G> {
    pub fn new(given: G) -> Self {
        Self { given, made: BTreeMap::new() }
    }

    /// The value of a field in this course.
    pub fn value(&mut self, field: &'static FieldSpec, value: &Value) -> Value {
        let made = value.as_str().and_then(|text| self.made.get(text));
        made.cloned().unwrap_or_else(|| self.given.value(field, value))
    }

    /// The call with the values of this course.
    pub fn call(&mut self, call: &Call) -> Call {
        let mut call = Call { context: self.given.context(&call.context), ..call.clone() };
        each_value(spec(call.id).input[0], &mut call.input, &mut |field, value| {
            *value = self.value(field, value);
        });
        call
    }

    /// Makes a call of the course, and learns which ids the store made.
    pub fn make(
        &mut self,
        store: &impl Backend,
        (call, first): &(Call, Written),
    ) -> Result<(Call, Written), StorageError> {
        let call = self.call(call);
        let done = call.on(store)?;
        self.learn(&first.value, &done.value);
        self.made.insert(first.event_id.clone(), done.event_id.clone().into());
        Ok((call, done))
    }

    fn learn(&mut self, first: &Value, now: &Value) {
        match (first, now) {
            (Value::String(first), now @ Value::String(_)) if is_made(first) => {
                self.made.insert(first.clone(), now.clone());
            }
            (Value::Array(first), Value::Array(now)) => {
                first.iter().zip(now).for_each(|(first, now)| self.learn(first, now));
            }
            (Value::Object(first), Value::Object(now)) => {
                for (name, first) in first {
                    self.learn(first, &now[name]);
                }
            }
            _ => {}
        }
    }
}

/// Whether a store made the id: a short prefix, and a hash of 128 bits.
pub fn is_made(text: &str) -> bool {
    let hash = text.rsplit_once('_').map(|(_, hash)| hash);
    hash.is_some_and(|hash| hash.len() == 32 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()))
}
