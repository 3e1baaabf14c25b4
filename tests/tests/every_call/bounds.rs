//! What is at a bound is stored and read back bit for bit: the texts of a whole course as long as they may be and as short, and
//! every number, list and absent value at its bounds, one after the other.

use std::collections::{BTreeMap, BTreeSet};

use selene_acceptance::{Backend, Harness};
use selene_contracts::shared::{CorrelationId, MonotonicTimeNs, SimulationId, TurnId};
use selene_contracts::{CallContext, FieldSpec, Payload, ValueSpec};
use selene_storage::test_support::{Cell, TableRows};
use serde_json::{Value, json};

use crate::course::{Course, Given, Others, each_value, is_made, spec};
use crate::dispatch::{self, Written};
use crate::edges::{changes, longest};
use crate::reads::Form;
use crate::scene::Call;
use crate::twice::is_replayed;

/// Fields whose text no table keeps: what it opens is a secret, of which a hash is enough.
const HASHED: &[&str] = &["device_fingerprint"];

/// Fields that are not renamed: their values mean something to the store.
const NAMES_OF_THE_STORE: &[&str] = &["EngineId"];

/// The payload keys of a direct append.
const PAYLOAD_KEYS: [&str; 6] = ["gate", "tool", "state_from", "state_to", "outcome", "redacted_event_id"];

type Tables = BTreeMap<String, TableRows>;

/// Texts of the course with others in their place, each text of a type with its own.
#[derive(Default)]
struct Texts {
    known: BTreeMap<(&'static str, String), String>,
}

impl Texts {
    fn of(&mut self, field: &'static FieldSpec, text: &str, other: impl FnOnce(usize) -> String) -> Value {
        let ty = bare(field.ty);
        if NAMES_OF_THE_STORE.contains(&ty) {
            return json!(text);
        }
        if let Some(known) = self.known.get(&(ty, text.to_owned())) {
            return json!(known);
        }
        let other = other(self.known.keys().filter(|(of, _)| *of == ty).count());
        let is_new = self.known.iter().all(|((of, _), known)| *of != ty || *known != other);
        assert!(is_new, "two texts of {ty} became one: {other}");
        self.known.insert((ty, text.to_owned()), other.clone());
        json!(other)
    }
}

/// `NoteId` of `Option<NoteId>`.
fn bare(ty: &'static str) -> &'static str {
    let inner = ["Option<", "Vec<"].iter().find_map(|head| ty.strip_prefix(head)?.strip_suffix('>'));
    inner.map_or(ty, bare)
}

/// Every text as long as it may be, of characters of several bytes where it may; sessions, chain, turn and times from the upper end.
#[derive(Default)]
struct Longest(Texts);

/// How far the times of a course are moved to end at the last moment there is.
const LAST: u64 = 99_999;

impl Given for Longest {
    fn value(&mut self, field: &'static FieldSpec, value: &Value) -> Value {
        match (&field.value, bare(field.ty), value) {
            (ValueSpec::Text { max_len, ascii, .. }, _, Value::String(text)) => {
                self.0.of(field, text, |_| longest(text, *max_len, *ascii))
            }
            (ValueSpec::Payload, ..) => {
                let value = longest("value", Payload::MAX_VALUE_BYTES, false);
                PAYLOAD_KEYS.iter().map(|key| ((*key).to_owned(), json!(value))).collect()
            }
            (_, "SessionId", number) => json!(u64::MAX - number.as_u64().expect("a number")),
            (_, "CorrelationId", _) => json!(u64::MAX),
            (_, "MonotonicTimeNs", time) => json!(u64::MAX - LAST + time.as_u64().expect("a time")),
            _ => value.clone(),
        }
    }

    fn context(&self, context: &CallContext) -> CallContext {
        CallContext {
            now: MonotonicTimeNs::new(u64::MAX - LAST + context.now.get()),
            // JSON holds no wider one; the models draw that.
            correlation_id: CorrelationId::new(u64::MAX.into()),
            turn_id: TurnId::new(u64::MAX),
            simulation_id: Some(SimulationId::new(longest("simulation", 128, false))),
            ..context.clone()
        }
    }
}

/// Every text as short as it may be; sessions and times from zero, chain and turn from one.
#[derive(Default)]
struct Shortest(Texts);

/// When the first call of a course is made.
const FIRST: u64 = 10_001;

impl Given for Shortest {
    fn value(&mut self, field: &'static FieldSpec, value: &Value) -> Value {
        match (&field.value, bare(field.ty), value) {
            (ValueSpec::Text { min_len, .. }, _, Value::String(text)) => self.0.of(field, text, |number| {
                let number = u8::try_from(number).expect("a small number");
                char::from(b'!' + number).to_string().repeat(*min_len)
            }),
            (ValueSpec::Payload, ..) => json!({}),
            (_, "SessionId", number) => json!(number.as_u64().expect("a number") - 1),
            (_, "CorrelationId", _) => json!(1),
            (_, "MonotonicTimeNs", time) => json!(time.as_u64().expect("a time") - FIRST),
            _ => value.clone(),
        }
    }

    fn context(&self, context: &CallContext) -> CallContext {
        CallContext {
            now: MonotonicTimeNs::new(context.now.get() - FIRST),
            correlation_id: CorrelationId::new(1),
            turn_id: TurnId::new(1),
            simulation_id: Some(SimulationId::new("!")),
            ..context.clone()
        }
    }
}

/// The cells of the tables that a call writes, those of its event included.
fn written<'t>(tables: &'t Tables, id: &str) -> impl Iterator<Item = (&'t str, &'t Cell)> {
    let own = spec(id).writes.iter().map(|table| table.rsplit('.').next().expect("a name"));
    own.chain(["audit_events"]).flat_map(|table| {
        let TableRows { columns, rows } = &tables[table];
        rows.iter().flat_map(|row| columns.iter().map(String::as_str).zip(row))
    })
}

/// Whether a value stands in a cell of its own name, or within a document.
fn is_kept(tables: &Tables, id: &str, (field, value): (&FieldSpec, &Value)) -> bool {
    let whole = match (&field.value, value) {
        (_, Value::Bool(is_true)) => Cell::Integer(i64::from(*is_true)),
        (ValueSpec::Real { .. }, Value::Number(number)) => {
            Cell::Real(number.as_f64().expect("a real").to_bits())
        }
        (_, Value::Number(number)) => Cell::Integer(number.as_u64().expect("a number").cast_signed()),
        (_, Value::String(text)) => Cell::Text(text.clone()),
        (_, value) => Cell::Text(value.to_string()),
    };
    let is_named = |column: &str| column == field.name || is_under_another_name(column, field.name);
    written(tables, id).any(|(column, cell)| match cell {
        cell if *cell == whole => is_named(column),
        Cell::Text(text) if text.starts_with(['{', '[']) => {
            serde_json::from_str(text).is_ok_and(|document| holds(&document, value))
        }
        _ => false,
    })
}

/// Whether a document is a value, or holds it; what is null in one of them may be absent in the other.
fn holds(document: &Value, value: &Value) -> bool {
    let is_value = match (document, value) {
        (Value::Object(document), Value::Object(value)) => {
            let names = document.keys().chain(value.keys());
            names.into_iter().all(|name| {
                document.get(name).unwrap_or(&Value::Null) == value.get(name).unwrap_or(&Value::Null)
            })
        }
        _ => document == value,
    };
    is_value
        || match document {
            Value::Object(map) => map.values().any(|part| holds(part, value)),
            Value::Array(items) => items.iter().any(|part| holds(part, value)),
            _ => false,
        }
}

/// `sender_user_id` is kept as the `user_id` of the event, `role_id` as `role_template_id`.
fn is_under_another_name(column: &str, field: &str) -> bool {
    let stem = |name: &str| name.trim_end_matches("_id").rsplit('_').next().map(str::to_owned);
    stem(column) == stem(field)
}

/// Every answer to a read of the course's keys.
fn answers<G: Given>(store: &impl Backend, course: &Course, others: &mut Others<G>) -> Vec<Value> {
    let forms = Form::all().filter(|form| form.capability.effect == selene_contracts::Effect::Read);
    let mut answers = Vec::new();
    for form in forms {
        let input = form.of_values(|field| Some(others.value(field, &course.tenant.keys[field.name])));
        let context = others.given.context(&crate::scene::context(89_999, 9));
        let answer = dispatch::read(store, &context, form.capability.id, &input).expect("a read");
        answers.push(answer.unwrap_or_else(|error| panic!("{form}: {error}: {input}")));
    }
    answers
}

/// Makes the course with these values; each is kept, read, and there again when the store is opened again.
fn is_stored_and_read_back<G: Given>(lasting: &impl Harness, course: &Course, given: G) {
    let (mut open, mut others) = (lasting.open(), Others::new(given));
    let made: Vec<(Call, Written)> = course
        .calls
        .iter()
        .map(|call| {
            let made = others.make(open.store(), call);
            made.unwrap_or_else(|error| panic!("{}: {error}: {}", call.0.id, others.call(&call.0).input))
        })
        .collect();
    let tables = open.store().every_row().unwrap();
    let read = answers(open.store(), course, &mut others);
    let text = Value::Array(read.clone()).to_string();
    let (mut lost, mut unread) = (BTreeSet::new(), BTreeSet::new());
    for (call, _) in &made {
        each_value(spec(call.id).input[0], &mut call.input.clone(), &mut |field, value| {
            if HASHED.contains(&field.name) || value.is_boolean() {
                return;
            }
            if !is_kept(&tables, call.id, (field, value)) {
                lost.insert((call.id, field.name));
            }
            let is_given = value.as_str().is_some_and(|text| !is_made(text));
            if is_given && !text.contains(&value.to_string()) {
                unread.insert((call.id, field.name));
            }
        });
    }
    assert_eq!((lost, unread), (BTreeSet::new(), BTreeSet::new()), "no table keeps it, no read gives it");
    open.reopen();
    assert_eq!(answers(open.store(), course, &mut others), read);
    for (call, first) in &made {
        is_replayed(open.store(), call, first);
    }
    assert_eq!(open.store().every_row().unwrap(), tables);
    assert!(open.store().verify_chains(&[]).unwrap().is_intact());
    assert!(open.store().verify_rows().unwrap().is_intact());
    assert!(open.store().verify_folds().unwrap().is_intact());
}

pub fn texts_at_their_bounds_are_stored_and_read_back(lasting: &impl Harness) {
    let course = Course::of_a_tenant(lasting);
    is_stored_and_read_back(lasting, &course, Longest::default());
    is_stored_and_read_back(lasting, &course, Shortest::default());
}

/// The same course for many tenants side by side: each has names, sessions and a turn of its own.
struct Numbered(u64);

impl Given for Numbered {
    fn value(&mut self, field: &'static FieldSpec, value: &Value) -> Value {
        match (&field.value, bare(field.ty), value) {
            (_, ty, _) if NAMES_OF_THE_STORE.contains(&ty) => value.clone(),
            (ValueSpec::Text { is_free: false, .. }, _, Value::String(text)) => {
                json!(format!("{text}_{}", self.0))
            }
            (_, "SessionId", number) => json!(self.0 * 10 + number.as_u64().expect("a number")),
            _ => value.clone(),
        }
    }

    fn context(&self, context: &CallContext) -> CallContext {
        CallContext { turn_id: TurnId::new(self.0 + 1), ..context.clone() }
    }
}

/// What else an input says where a value is at its bound: call, value, what else there is, and what it is then.
const TOGETHER: &[(&str, &str, &str, &str)] = &[
    ("PH1F_MEMORY_APPEND_COMMIT_ROW", "/memory_value_ref", "/memory_operation", "FORGET"),
    (
        "PH1POSITION_SCHEMA_DRAFT_ROW",
        "/requirement_fields/0/required_predicate",
        "/requirement_fields/0/required_rule",
        "CONDITIONAL",
    ),
    ("PH1W_ENROLL_SAMPLE_COMMIT_ROW", "/reason_code", "/result", "FAIL"),
];

/// Puts a value into an input, with the other values that it needs.
fn put(call: &mut Call, pointer: &str, value: &Value) {
    let mut at = |pointer: &str, value: &Value| {
        let (parent, name) = pointer.rsplit_once('/').expect("a pointer has a slash");
        let place = call.input.pointer_mut(parent).expect("the value has a place");
        match name.parse::<usize>() {
            Ok(number) => place[number] = value.clone(),
            Err(_) => place[name] = value.clone(),
        }
    };
    at(pointer, value);
    let id = call.id;
    for (.., other, other_value) in TOGETHER.iter().filter(|(of, with, ..)| *of == id && *with == pointer) {
        at(other, &json!(other_value));
    }
}

pub fn every_other_value_at_a_bound_is_stored(harness: &impl Harness) {
    let course = Course::of_a_tenant(harness);
    let (open, mut kept) = (harness.open(), Vec::new());
    let store = open.store();
    for place in course.firsts() {
        let first = &course.calls[place].0;
        for (pointer, field, value) in changes(spec(first.id).input[0], &first.input, &course.tenant) {
            let mut others = Others::new(Numbered(kept.len() as u64));
            let mut changed = first.clone();
            put(&mut changed, &pointer, &value);
            for earlier in course.needed_before(place, &changed) {
                let made = others.make(store, &course.calls[earlier]);
                made.unwrap_or_else(|error| panic!("before {}: {error}", first.id));
            }
            let is_key = course.tenant.keys.get(field.name) == Some(&value);
            let value = if is_key { others.value(field, &value) } else { value };
            let mut call = others.call(first);
            put(&mut call, &pointer, &value);
            let done = call.on(store).unwrap_or_else(|error| panic!("{pointer}: {value}: {error}"));
            assert!(done.is_applied, "{}: {}", call.id, call.input);
            is_replayed(store, &call, &done);
            kept.push((call.id, field, value));
        }
    }
    let tables = store.every_row().unwrap();
    for (id, field, value) in &kept {
        let values = if field.is_list { value.as_array().cloned() } else { Some(vec![value.clone()]) };
        for value in values.unwrap_or_default().iter().filter(|value| !value.is_null()) {
            assert!(is_kept(&tables, id, (field, value)), "{id} {}: {value}", field.name);
        }
    }
    assert!(kept.len() > 90, "only {} values were tried", kept.len());
    assert!(store.verify_rows().unwrap().is_intact());
    assert!(store.verify_folds().unwrap().is_intact());
}
