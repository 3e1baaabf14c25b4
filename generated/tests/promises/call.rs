//! One capability, as a page promises it, and the tests of it.

use std::collections::BTreeSet;
use std::fmt::Display;

use selene_contracts::shared::{CorrelationId, MonotonicTimeNs, SimulationId, TurnId};
use selene_contracts::{
    Admitted, CallContext, Caller, Capability, DedupeKey, PayloadKeySpec, ReadScope, ReasonCode, StorageError,
};

use crate::field::Field;

/// What a page promises of a call. A capability whose input has alternatives has one promise for each.
#[derive(Debug, Clone, Copy)]
pub struct Promise {
    /// The alternative of the input.
    pub alternative: Option<&'static str>,
    /// Who may call.
    pub callers: &'static [Caller],
    /// Whether a simulation is asked for.
    pub is_gated: bool,
    /// The fields of the input, all of them.
    pub input: &'static [Field],
    /// The code of a value out of bounds.
    pub violation: &'static str,
    /// Whose rows a read or a guard looks at.
    pub scope: Option<ReadScope>,
    /// The space in which calls are the same call, and the fields that have to be the same.
    pub key: Option<(&'static str, &'static [&'static str])>,
    /// The event of a write.
    pub event: Option<Event>,
}

impl Promise {
    /// A call that Selene OS alone may make, and that needs no simulation.
    pub const fn os_only(violation: &'static str) -> Self {
        Self {
            alternative: None,
            callers: &[Caller::SeleneOs],
            is_gated: false,
            input: &[],
            violation,
            scope: None,
            key: None,
            event: None,
        }
    }
}

/// What a page promises of the event of a write.
#[derive(Debug, Clone, Copy)]
pub struct Event {
    pub kind: &'static str,
    /// Its reason code; nothing where the caller gives it.
    pub reason_code: Option<&'static str>,
    /// Fields that it cannot be without.
    pub fields: &'static [&'static str],
    /// Keys of its payload as pages write them: `directive=format`, `gate_reason_code?`.
    pub payload: &'static [&'static str],
}

/// What is broken of one capability.
pub struct Broken {
    /// `ph1_w::ph1w_enroll_start_draft_row`.
    capability: &'static str,
    found: Vec<String>,
}

impl Broken {
    /// Tries all promises of a capability; `module` is the path of its tests.
    ///
    /// # Panics
    /// Something is broken. The message has a line for each part of the capability: `broken: PATH: WHAT`.
    pub fn none(module: &'static str, promises: &[Promise], try_one: fn(&Promise, &mut Self)) {
        let capability = module.split_once("::").map_or(module, |(_, path)| path);
        let mut broken = Self { capability, found: Vec::new() };
        for promise in promises {
            try_one(promise, &mut broken);
        }
        assert!(broken.found.is_empty(), "\n{}", broken.found.join("\n"));
    }

    pub fn unless(&mut self, holds: bool, part: &str, what: impl Display) {
        if !holds {
            self.found.push(format!("broken: {}::{part}: {what}", self.capability));
        }
    }
}

/// The tests of one capability, each promise for each, and further ones of it.
#[macro_export]
macro_rules! promised {
    ($name:ident: $input:ty = $promises:expr $(; $($more:item)+)?) => {
        mod $name {
            use super::*;

            const PROMISES: &[Promise] = &$promises;

            #[test]
            fn callers() {
                $crate::call::Broken::none(module_path!(), PROMISES, $crate::call::callers::<$input>);
            }

            #[test]
            fn gate() {
                $crate::call::Broken::none(module_path!(), PROMISES, $crate::call::gate::<$input>);
            }

            #[test]
            fn input() {
                $crate::call::Broken::none(module_path!(), PROMISES, $crate::call::input::<$input>);
            }

            #[test]
            fn scope() {
                $crate::call::Broken::none(module_path!(), PROMISES, $crate::call::scope::<$input>);
            }

            #[test]
            fn key() {
                $crate::call::Broken::none(module_path!(), PROMISES, $crate::call::key::<$input>);
            }

            #[test]
            fn event() {
                $crate::call::Broken::none(module_path!(), PROMISES, $crate::call::event::<$input>);
            }

            $($($more)+)?
        }
    };
}

fn context(caller: Caller) -> CallContext {
    CallContext::new(caller, MonotonicTimeNs::new(5), CorrelationId::new(6), TurnId::new(7))
}

fn gated() -> CallContext {
    context(Caller::SeleneOs).with_simulation(SimulationId::new("simulation"))
}

/// The input with the usual values, but for one field, which has another value or none.
fn json(promise: &Promise, but_for: Option<(&str, Option<&str>)>) -> String {
    let entry = |field: &Field| match but_for {
        Some((name, value)) if name == field.name => value.map(|value| format!("\"{name}\":{value}")),
        _ => Some(format!("\"{}\":{}", field.name, field.usual())),
    };
    let object = format!("{{{}}}", promise.input.iter().filter_map(entry).collect::<Vec<_>>().join(","));
    promise.alternative.map_or(object.clone(), |name| format!("{{\"{name}\":{object}}}"))
}

/// An input with the usual values.
pub fn usual<C: Capability>(promise: &Promise) -> C {
    let json = json(promise, None);
    serde_json::from_str(&json).unwrap_or_else(|error| panic!("{json}: {error}"))
}

/// Callers that the page names are admitted, and no others.
pub fn callers<C: Capability>(promise: &Promise, broken: &mut Broken) {
    for caller in [Caller::SeleneOs, Caller::Engine, Caller::Operator] {
        let context = context(caller).with_simulation(SimulationId::new("simulation"));
        let answer = Admitted::admit(&context, usual::<C>(promise)).map(drop);
        let holds = match &answer {
            Ok(()) => promise.callers.contains(&caller),
            Err(StorageError::CallerNotAllowed { .. }) => !promise.callers.contains(&caller),
            Err(_) => false,
        };
        broken.unless(holds, "callers", format_args!("{caller:?}: {answer:?}"));
    }
}

/// A gated call is refused without a simulation, and no other call is.
pub fn gate<C: Capability>(promise: &Promise, broken: &mut Broken) {
    let answer = Admitted::admit(&context(promise.callers[0]), usual::<C>(promise)).map(drop);
    let holds = match &answer {
        Ok(()) => !promise.is_gated,
        Err(StorageError::SimulationRequired { .. }) => promise.is_gated,
        Err(_) => false,
    };
    broken.unless(holds, "gate", format_args!("{answer:?}"));
}

/// Every value at a limit is admitted, every value beyond is refused with the promised code, and a field that a call may be
/// without is the only one that it may be without.
pub fn input<C: Capability>(promise: &Promise, broken: &mut Broken) {
    for field in promise.input {
        let alternative = promise.alternative.map(|name| format!("::{name}")).unwrap_or_default();
        let part = format!("input{alternative}::{}", field.name);
        let without = serde_json::from_str::<C>(&json(promise, Some((field.name, None))));
        broken.unless(without.is_err() == field.is_required, &part, "a call without it");
        for (value, is_admitted) in field.values() {
            let read = serde_json::from_str::<C>(&json(promise, Some((field.name, Some(&value)))));
            let answer = match read.map(|input| Admitted::admit(&gated(), input)) {
                Ok(Ok(_)) => Ok(()),
                Ok(Err(refusal)) => Err(refused(&refusal)),
                // What is no value of the type cannot be read.
                Err(_) => Err(violated(field, promise)),
            };
            let promised = if is_admitted { Ok(()) } else { Err(violated(field, promise)) };
            broken.unless(answer == promised, &part, format_args!("{value}: {answer:?}"));
        }
    }
}

/// The violations for which a call is refused, as field and code; none where it is admitted.
pub fn admit<C: Capability>(input: C) -> Vec<(&'static str, &'static str)> {
    Admitted::admit(&gated(), input).err().map(|refusal| refused(&refusal)).unwrap_or_default()
}

/// The field and the code of each violation.
fn refused(refusal: &StorageError) -> Vec<(&'static str, &'static str)> {
    let StorageError::ContractViolation { violations, .. } = refusal else { return Vec::new() };
    violations.iter().map(|found| (found.field, found.reason_code.as_str())).collect()
}

fn violated(field: &Field, promise: &Promise) -> Vec<(&'static str, &'static str)> {
    vec![(field.name, field.violation.unwrap_or(promise.violation))]
}

/// Whose rows are looked at; that it holds is tried on rows for every read.
pub fn scope<C: Capability>(promise: &Promise, broken: &mut Broken) {
    broken.unless(C::SPEC.read_scope == promise.scope, "scope", format_args!("{:?}", C::SPEC.read_scope));
}

/// Two calls are the same call if these fields are the same, in this space.
pub fn key<C: Capability>(promise: &Promise, broken: &mut Broken) {
    let key = usual::<C>(promise).dedupe_key(&gated());
    let value = |name: &&'static str| {
        let given = promise.input.iter().find(|field| field.name == *name).map(Field::usual);
        // A field of the context otherwise.
        let value = given.map_or_else(|| "6".to_owned(), |json| json.trim_matches('"').to_owned());
        (*name, value)
    };
    let promised = promise.key.map(|(space, fields)| DedupeKey::new(space, fields.iter().map(value)));
    broken.unless(key == promised, "key", format_args!("{key:?}"));
}

/// The event is of this type, has this code, and cannot be without these fields and keys; that an event without one is refused is
/// tried for every write.
pub fn event<C: Capability>(promise: &Promise, broken: &mut Broken) {
    let stated = &C::SPEC.audit;
    let types: Vec<&str> = promise.event.iter().map(|event| event.kind).collect();
    broken.unless(stated.event_types == types, "event::types", format_args!("{:?}", stated.event_types));
    let code = stated.reason_code.map(ReasonCode::as_str);
    broken.unless(
        code == promise.event.and_then(|event| event.reason_code),
        "event::code",
        format_args!("{code:?}"),
    );
    let event = promise.event.unwrap_or(Event { kind: "", reason_code: None, fields: &[], payload: &[] });
    let fields: BTreeSet<&str> = stated.required_fields.iter().copied().collect();
    for field in fields.symmetric_difference(&event.fields.iter().copied().collect()) {
        broken.unless(false, &format!("event::fields::{field}"), "required by one side");
    }
    let key = |key: &PayloadKeySpec| {
        let fixed = key.fixed.map(|value| format!("={value}")).unwrap_or_default();
        format!("{}{fixed}{}", key.name, if key.is_optional { "?" } else { "" })
    };
    let keys: BTreeSet<String> = stated.payload_keys.iter().map(key).collect();
    for key in keys.symmetric_difference(&event.payload.iter().map(|key| (*key).to_owned()).collect()) {
        let name = key.split(['=', '?']).next().unwrap_or(key);
        broken.unless(false, &format!("event::payload::{name}"), format_args!("`{key}` on one side"));
    }
}
