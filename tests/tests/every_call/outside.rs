//! What lies just outside a bound goes no further than the door of the store, and what lies at one does: every value of every input and of
//! the context, for writes that nobody made before, writes that were applied, and reads.
//!
//! What is refused is refused for its own field and no other, by the code of the page, and every row of the store is what it was, bit for bit.

use std::collections::BTreeSet;

use selene_acceptance::{Backend, Harness};
use selene_contracts::shared::{CorrelationId, SimulationId, TurnId};
use selene_contracts::{
    CallContext, CallMode, CapabilitySpec, FieldSpec, PageRequest, Problem, StorageError, ValueSpec,
};
use serde_json::Value;

use crate::beyond::{outside, put};
use crate::dispatch;
use crate::edges::{at_bounds, changes, longest};
use crate::inputs::writes;
use crate::nul::never_made;
use crate::reads::Form;
use crate::scene::{Scene, context};

/// Fields whose bounds have a code of their own on the page of their engine.
const OWN_CODES: &[(&str, &str, &[&str])] = &[
    ("PH1.ONB", "ONB_BACKFILL_SCOPE_INVALID", &["rollout_scope"]),
    ("PH1.W", "W_ENROLL_INVALID_BOUNDS", &["pass_target", "max_attempts", "enrollment_timeout_ms"]),
    (
        "PH1.W",
        "W_ENROLL_SAMPLE_INVALID",
        &[
            "sample_duration_ms",
            "vad_coverage",
            "snr_db",
            "clipping_pct",
            "rms_dbfs",
            "noise_floor_dbfs",
            "peak_dbfs",
            "overlap_ratio",
            "sample_seq",
        ],
    ),
];

/// A call of which nothing was made yet or that could be made again.
fn at() -> CallContext {
    context(95_000, 8)
}

/// Contexts with one value just outside its bounds, and its name.
fn contexts() -> Vec<(&'static str, CallContext)> {
    let of_simulation = |text: String| ("simulation_id", at().with_simulation(SimulationId::new(text)));
    vec![
        ("correlation_id", CallContext { correlation_id: CorrelationId::new(0), ..at() }),
        ("turn_id", CallContext { turn_id: TurnId::new(0), ..at() }),
        of_simulation(String::new()),
        of_simulation(" ".to_owned()),
        of_simulation("x".repeat(129)),
        of_simulation(longest("x", 129, false)),
    ]
}

/// Asserts that a call was refused for this field alone, at the door, by its code.
fn is_refused<T: std::fmt::Debug>(
    capability: &CapabilitySpec,
    field: &str,
    answer: Result<T, StorageError>,
    what: &dyn std::fmt::Display,
) {
    let id = capability.id;
    let error = match answer {
        Ok(answer) => panic!("{id}: {what}: {answer:?}"),
        Err(error) => error,
    };
    let StorageError::ContractViolation { violations, capability: named, .. } = &error else {
        panic!("{id}: {what}: {error}")
    };
    assert_eq!(*named, id, "{what}");
    let mut own = OWN_CODES.iter().filter(|(engine, ..)| *engine == capability.engine);
    let own = own.find(|(.., fields)| fields.contains(&field)).map(|(_, code, _)| *code);
    for violation in violations {
        assert_eq!(violation.field, field, "{id}: {what}: {error}");
        assert!(!matches!(violation.problem, Problem::Rule(_)), "{id}: {what}: {error}");
        let expected = own.unwrap_or(capability.refusals.contract.as_str());
        assert_eq!(violation.reason_code.as_str(), expected, "{id}: {what}");
    }
    assert_eq!(error.reason_code(), violations[0].reason_code, "{id}: {what}");
}

/// Fields of which a value outside the bounds was refused, and those where no such value can be read.
#[derive(Default)]
struct Tried {
    refused: BTreeSet<(&'static str, String)>,
    unreadable: Vec<(&'static str, String, &'static FieldSpec)>,
    calls: usize,
}

impl Tried {
    /// Whether a value can be read, which is noted.
    fn is_readable(
        &mut self,
        id: &'static str,
        (pointer, field, _): &(String, &'static FieldSpec, Value),
        input: &Value,
    ) -> bool {
        let place = format!("{pointer} {}", field.name);
        if dispatch::is_readable(id, input) {
            self.refused.insert((id, place));
            self.calls += 1;
            return true;
        }
        self.unreadable.push((id, place, field));
        false
    }

    /// Asserts that the fields of which nothing was refused are those whose type holds no value outside of their bounds.
    fn has_refused_of_every_field(&self) {
        for (id, place, field) in &self.unreadable {
            let is_whole_type = match &field.value {
                ValueSpec::Bool | ValueSpec::Digest => true,
                ValueSpec::OneOf(_) => field.reasons.is_none(),
                ValueSpec::Integer { min, max } => {
                    *min == 0 && max.checked_add(1).is_none_or(u128::is_power_of_two)
                }
                _ => false,
            };
            let is_refused = self.refused.contains(&(*id, place.clone()));
            assert!(is_refused || is_whole_type, "{id}: nothing outside of {place} was tried");
        }
    }
}

pub fn no_write_takes_a_value_outside_its_bounds(harness: &impl Harness) {
    let scene = Scene::new(harness);
    let (tenant, store) = (&scene.tenants[0], scene.store());
    let (before, mut tried) = (store.every_row().unwrap(), Tried::default());
    for capability in writes() {
        let applied = &tenant.applied[capability.id];
        let make = |context: &CallContext, input: &Value| {
            dispatch::write(store, context, capability.id, input).expect("a write")
        };
        for input in [applied.clone(), never_made(capability, applied)] {
            for change in outside(capability.input[0], applied, tenant) {
                let mut input = input.clone();
                put(&mut input, &change.0, change.2.clone());
                if tried.is_readable(capability.id, &change, &input) {
                    is_refused(capability, change.1.name, make(&at(), &input), &input);
                }
            }
            for (name, context) in contexts() {
                is_refused(capability, name, make(&context, &input), &name);
            }
        }
        assert_eq!(store.every_row().unwrap(), before, "{}: a refusal leaves no trace", capability.id);
    }
    tried.has_refused_of_every_field();
    assert!(tried.calls > 2_000, "only {} calls were made", tried.calls);
}

/// What was applied is asked for again with another value at a bound: it is answered or refused, and nothing is written.
pub fn a_write_that_is_made_again_with_a_value_at_a_bound_leaves_no_trace(harness: &impl Harness) {
    let scene = Scene::new(harness);
    let (tenant, store) = (&scene.tenants[0], scene.store());
    let (before, mut answered) = (store.every_row().unwrap(), 0);
    for capability in writes() {
        let applied = &tenant.applied[capability.id];
        let keys = capability.dedupe.as_ref().expect("a write has a key").keys.concat();
        for (pointer, _, value) in changes(capability.input[0], applied, tenant) {
            if keys.iter().any(|key| pointer == format!("/{key}")) {
                continue;
            }
            let mut input = applied.clone();
            put_at(&mut input, &pointer, value);
            let again = dispatch::write(store, &at(), capability.id, &input).expect("a write");
            if let Ok(done) = again {
                assert!(!done.is_applied, "{}: {input}", capability.id);
                answered += 1;
            }
        }
        assert_eq!(store.every_row().unwrap(), before, "{}", capability.id);
    }
    assert!(answered > 50, "only {answered} calls were answered");
}

/// Puts a value where a pointer leads.
fn put_at(input: &mut Value, pointer: &str, value: Value) {
    let (parent, name) = pointer.rsplit_once('/').expect("a pointer has a slash");
    input.pointer_mut(parent).expect("the value has a place")[name] = value;
}

/// Every way to ask a read.
fn every_answer(
    store: &impl Backend,
    form: Form,
    context: &CallContext,
    call: &Value,
) -> Vec<Result<String, StorageError>> {
    let id = form.capability.id;
    let mut answers = Vec::new();
    for mode in [CallMode::Normal, CallMode::Diagnostic, CallMode::Replay] {
        let context = context.clone().with_mode(mode);
        let whole = dispatch::read(store, &context, id, call).expect("a read");
        answers.push(whole.map(|value| value.to_string()));
        if dispatch::PAGED.contains(&id) {
            let page = dispatch::page(store, &context, id, call, PageRequest::first(9)).expect("a list");
            answers.push(page.map(|page| format!("{:?}", page.rows)));
            let shown = dispatch::shown(store, &context, id, call).expect("a list");
            answers.push(shown.map(|rows| format!("{rows:?}")));
        }
    }
    answers
}

/// The input of a read with one value exchanged.
fn with(form: Form, scene: &Scene<impl Backend>, name: &str, value: &Value) -> Value {
    let us = &scene.tenants[0];
    form.of_values(|field| Some(if field.name == name { value } else { &us.keys[field.name] }.clone()))
}

pub fn no_read_takes_a_value_outside_its_bounds(harness: &impl Harness) {
    let scene = Scene::new(harness);
    let (us, store) = (&scene.tenants[0], scene.store());
    let (before, mut tried) = (store.every_row().unwrap(), Tried::default());
    for form in Form::all() {
        for change in outside(form.fields, &Value::Null, us) {
            let call = with(form, &scene, change.1.name, &change.2);
            if tried.is_readable(form.capability.id, &change, &call) {
                for answer in every_answer(store, form, &at(), &call) {
                    is_refused(form.capability, change.1.name, answer, &call);
                }
            }
        }
        for (name, context) in contexts() {
            for answer in every_answer(store, form, &context, &form.input(Some(us), us)) {
                is_refused(form.capability, name, answer, &name);
            }
        }
        assert_eq!(store.every_row().unwrap(), before, "{form}: a refusal leaves no trace");
    }
    tried.has_refused_of_every_field();
    assert!(tried.calls > 200, "only {} calls were made", tried.calls);
}

pub fn every_read_takes_a_value_at_its_bound(harness: &impl Harness) {
    let scene = Scene::new(harness);
    let store = scene.store();
    let (before, mut asked) = (store.every_row().unwrap(), 0);
    for form in Form::all() {
        for field in form.fields {
            for value in at_bounds(field) {
                let call = with(form, &scene, field.name, &value);
                let answer = dispatch::read(store, &at(), form.capability.id, &call).expect("a read");
                let is_taken = !matches!(answer, Err(StorageError::ContractViolation { .. }));
                assert!(is_taken, "{form}: {call}: {answer:?}");
                asked += 1;
            }
        }
    }
    assert!(asked > 60, "only {asked} reads were made");
    assert_eq!(store.every_row().unwrap(), before);
}
