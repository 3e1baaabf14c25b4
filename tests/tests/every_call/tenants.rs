//! Whatever another tenant has done, a tenant is answered the same: two stores that differ only in the rows of another tenant give the same
//! answers, codes, texts, counts and orders to the same calls, also where these name keys of the other tenant.
//!
//! The calls are those of the scene. In each, every key that the other tenant has in its place is put there, alone and all at once, save
//! the one that says for whom the call acts: with that one it would be a call of the other tenant.

use std::collections::BTreeSet;

use selene_acceptance::{Backend, Harness, OpenStore};
use selene_contracts::{FieldSpec, PageRequest, ReadScope, StorageError, ValueSpec, pages};
use serde_json::Value;

use crate::course::spec;
use crate::dispatch::{self, Written};
use crate::reads::Form;
use crate::scene::{Call, Scene, Tenant, context};

/// For whom a call acts: the first of these fields that it has, else its first key. What else a call names is compared with it.
const ACTS_FOR: [&str; 5] = ["tenant_id", "inviter_user_id", "user_id", "onboarding_session_id", "device_id"];

/// A call that is compared with another key: the device of a voice enrollment says of which tenant its onboarding session must be.
const ACTS_FOR_DEVICE: &str = "VID_ENROLL_START_DRAFT_ROW";

/// Where a refusal depends on what another tenant has: names that are the same for the whole store, and the keys of a chain of work. Who
/// asks learns that the name or key is taken, and nothing else.
const TAKEN: &[(&str, &str)] = &[
    ("PH1F_IDENTITY_INSERT_ROW", "/user_id"),
    ("PH1F_DEVICE_INSERT_ROW", "/device_id"),
    ("PH1F_SESSION_OPEN_COMMIT_ROW", "/session_id"),
    ("PH1F_CONVERSATION_APPEND_COMMIT_ROW", "/idempotency_key"),
    ("PH1F_CONVERSATION_APPEND_COMMIT_ROW", "turn_id"),
    ("PH1J_AUDIT_APPEND_COMMIT_ROW", "/idempotency_key"),
    ("PH1ONB_ACCESS_INSTANCE_CREATE_COMMIT_ROW", "/user_id"),
    ("PH1PERSONA_PROFILE_COMMIT_ROW", "/idempotency_key"),
    ("PH1WRITE_FORMAT_COMMIT_ROW", "/idempotency_key"),
    ("PH1W_RUNTIME_EVENT_COMMIT_ROW", "/wake_event_id"),
];

fn is_taken(id: &str, position: &str) -> bool {
    TAKEN.contains(&(id, position))
}

/// Where the keys in an input are, by their fields; lists and free texts are left alone.
fn keys(fields: &'static [FieldSpec], object: &Value, path: &str, found: &mut Vec<String>) {
    for field in fields {
        let pointer = format!("{path}/{}", field.name);
        match object.get(field.name) {
            None | Some(Value::Null | Value::Array(_)) => {}
            Some(value) => match &field.value {
                ValueSpec::Record(fields) => keys(fields, value, &pointer, found),
                ValueSpec::Text { is_free: true, .. } => {}
                ValueSpec::Text { .. } => found.push(pointer),
                _ if field.name == "session_id" => found.push(pointer),
                _ => {}
            },
        }
    }
}

/// The inputs of a call that have a key of `theirs` in the place of one of `ours`: each alone, all, and all that nobody can have taken.
fn mixed(id: &str, fields: &'static [FieldSpec], ours: &Value, theirs: &Value) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    keys(fields, ours, "", &mut found);
    let first = if id == ACTS_FOR_DEVICE { "device_id" } else { ACTS_FOR[0] };
    let mut named = std::iter::once(first).chain(ACTS_FOR).map(|name| format!("/{name}"));
    let named = named.find(|name| found.contains(name));
    let acts_for = named.or_else(|| found.first().cloned());
    found.retain(|pointer| {
        let their = theirs.pointer(pointer);
        Some(pointer) != acts_for.as_ref() && their.is_some() && their != ours.pointer(pointer)
    });
    let put = |input: &mut Value, pointer: &str| {
        let their = theirs.pointer(pointer).cloned();
        *input.pointer_mut(pointer).expect("it is there") = their.expect("it is there");
    };
    let (mut mixed, mut all, mut free) = (Vec::new(), ours.clone(), ours.clone());
    for pointer in &found {
        let mut one = ours.clone();
        put(&mut one, pointer);
        put(&mut all, pointer);
        if !is_taken(id, pointer) {
            put(&mut free, pointer);
        }
        mixed.push((pointer.clone(), one));
    }
    if found.len() > 1 {
        mixed.push(("all".to_owned(), all));
        mixed.push(("all that is free".to_owned(), free));
    }
    mixed
}

/// A write of the scene with keys of the other tenant, and where these stand; that with its idempotency key comes last. Turns are counted
/// in a chain of work, which both have.
fn probes((ours, done): &(Call, Written), theirs: &Call) -> Vec<(String, Call)> {
    assert_eq!(ours.id, theirs.id, "both tenants do the same");
    let inputs = mixed(ours.id, spec(ours.id).input[0], &ours.input, &theirs.input).into_iter();
    let mut probes: Vec<_> =
        inputs.map(|(position, input)| (position, Call { input, ..ours.clone() })).collect();
    if done.value.get("turn_id").is_some() {
        let mut context = ours.context.clone();
        context.turn_id = theirs.context.turn_id;
        probes.push(("turn_id".to_owned(), Call { context, ..ours.clone() }));
    }
    probes.sort_by_key(|(position, _)| position == "/idempotency_key");
    probes
}

/// A refusal as text, with everything that a caller can see of it.
fn answered(error: &StorageError) -> String {
    format!("{error}: {error:?}")
}

/// What a tenant does in the scene.
struct Done {
    calls: Vec<(Call, Written)>,
    tenant: Tenant,
}

impl Done {
    /// The ids of rows follow from the calls, so each call can be made again on another store.
    fn by(harness: &impl Harness, name: &'static str) -> Self {
        let (mut open, mut calls) = (harness.open(), Vec::new());
        let tenant = Scene::tenant(&mut open, name, &mut |open, call| {
            let done = Call::applied(open, call);
            calls.push((call.clone(), done.clone()));
            done
        });
        Self { calls, tenant }
    }
}

/// A store where the other tenant has done everything, and one where it has done nothing.
struct Stores<B> {
    crowded: OpenStore<B>,
    alone: OpenStore<B>,
}

impl<B: Backend> Stores<B> {
    /// With these calls of the two tenants.
    fn with(harness: &impl Harness<Store = B>, ours: &[(Call, Written)], theirs: &Done) -> Self {
        let (crowded, alone) = (harness.open(), harness.open());
        for (call, _) in &theirs.calls {
            Call::applied(&crowded, call);
        }
        let stores = Self { crowded, alone };
        for (call, _) in ours {
            stores.make(call);
        }
        stores
    }

    /// Makes a call of the scene on both.
    fn make(&self, call: &Call) {
        let [here, there] = [&self.crowded, &self.alone].map(|open| Call::applied(open, call));
        assert!(here.is_applied, "{}", call.id);
        assert_eq!(here, there, "{}", call.id);
    }

    /// What both answer.
    fn ask<T>(&self, ask: impl Fn(&B) -> Result<T, StorageError>) -> [Result<T, String>; 2] {
        [&self.crowded, &self.alone].map(|open| ask(open.store()).map_err(|error| answered(&error)))
    }
}

pub fn a_write_is_answered_the_same_whatever_other_tenants_have_done(harness: &impl Harness) {
    let [ours, theirs] = ["a", "b"].map(|name| Done::by(harness, name));
    let mut stores = Stores::with(harness, &[], &theirs);
    let (mut seen, mut differing, mut asked) = (BTreeSet::new(), BTreeSet::new(), 0);
    for (place, (first, (other, _))) in ours.calls.iter().zip(&theirs.calls).enumerate() {
        let (call, done) = first;
        let probes = if seen.insert(call.id) { probes(first, other) } else { Vec::new() };
        let mut is_made = false;
        for (position, probe) in probes {
            let [here, there] = stores.ask(|store| probe.on(store));
            if here != there {
                let has_taken = TAKEN.iter().any(|(id, _)| *id == call.id);
                let may_differ = is_taken(call.id, &position) || position == "all" && has_taken;
                let what = format!("{} {position}: {}", call.id, probe.input);
                assert!(may_differ && here.is_err(), "{what}\n  crowded: {here:?}\n  alone: {there:?}");
                differing.insert((call.id, position.clone()));
            }
            asked += 1;
            // Under another key it is the call of the scene all the same.
            let is_it =
                |answer: &Result<Written, String>| answer.as_ref().is_ok_and(|it| it.value == done.value);
            is_made = position == "/idempotency_key" && is_it(&here) && is_it(&there);
            // A refusal leaves nothing; what else was applied is in the way of the scene.
            if !is_made && (here.is_ok() || there.is_ok()) {
                stores = Stores::with(harness, &ours.calls[..place], &theirs);
            }
        }
        if !is_made {
            stores.make(call);
        }
    }
    differing.retain(|(_, position)| position != "all");
    let listed = TAKEN.iter().map(|(id, position)| (*id, (*position).to_owned())).collect();
    assert_eq!(differing, listed, "every difference is listed");
    assert!(asked > 100, "{asked} calls");
}

pub fn a_read_is_answered_the_same_whatever_other_tenants_have_done(harness: &impl Harness) {
    let [us, them] = ["a", "b"].map(|name| Done::by(harness, name));
    let stores = Stores::with(harness, &us.calls, &them);
    let mut asked = 0;
    for form in Form::all().filter(|form| form.capability.read_scope != Some(ReadScope::WholeLedger)) {
        let (id, context) = (form.capability.id, context(90_000, 9));
        let [own, other] = [&us, &them].map(|done| fields_of(form, &done.tenant));
        let inputs = mixed(id, form.fields, &own, &other);
        for (position, fields) in [("own".to_owned(), own)].into_iter().chain(inputs) {
            let call = form.of_values(|field| fields.get(field.name).cloned());
            let what = format!("{form} {position}: {call}");
            let [here, there] =
                stores.ask(|store| dispatch::read(store, &context, id, &call).expect("a read"));
            assert_eq!(here, there, "{what}");
            asked += 1;
            if dispatch::PAGED.contains(&id) {
                let page =
                    |store: &_, page| dispatch::page(store, &context, id, &call, page).expect("a list");
                let [here, there] = stores
                    .ask(|store| pages(2, |at: PageRequest| page(store, at)).collect::<Result<Vec<_>, _>>());
                assert_eq!(here, there, "{what}");
            }
        }
    }
    assert!(asked > 40, "{asked} calls");
}

/// The fields of a read, filled with the keys of a tenant.
fn fields_of(form: Form, tenant: &Tenant) -> Value {
    let fields = form.fields.iter().map(|field| (field.name.to_owned(), tenant.keys[field.name].clone()));
    Value::Object(fields.collect())
}
