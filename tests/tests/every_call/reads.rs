//! A read gives the rows of one tenant, or those of the one row that it names, unless its spec declares that it reads the whole ledger.

use std::fmt;

use selene_acceptance::{Backend, Harness};
use selene_contracts::{CallMode, CapabilitySpec, Effect, FieldSpec, ReadScope, StorageError, engines};
use serde_json::{Map, Value, json};

use crate::dispatch;
use crate::scene::{Scene, Tenant, context};

/// A read or guard with one set of its inputs, and the variant that it is where there are several.
#[derive(Clone, Copy)]
pub struct Form {
    pub capability: &'static CapabilitySpec,
    variant: Option<&'static str>,
    pub fields: &'static [FieldSpec],
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.capability.id, self.variant.unwrap_or_default())
    }
}

impl Form {
    /// Every form of every engine.
    pub fn all() -> impl Iterator<Item = Self> {
        let reads = engines::ALL.iter().flat_map(|engine| engine.capabilities);
        let reads = reads.filter(|capability| capability.effect != Effect::Write);
        reads.flat_map(|capability| {
            let fields = capability.input.iter().enumerate();
            fields.map(|(place, fields)| {
                let variant = capability.variants.get(place).copied();
                Self { capability, variant, fields }
            })
        })
    }

    /// An input made of keys: those of `tenant` for the tenant, those of `rest` for the others.
    pub fn input(self, tenant: Option<&Tenant>, rest: &Tenant) -> Value {
        self.of_values(|field| {
            let keys = if field.name == "tenant_id" { tenant } else { Some(rest) }?;
            let key = keys.keys.get(field.name);
            Some(key.unwrap_or_else(|| panic!("the scene has no `{}`", field.name)).clone())
        })
    }

    /// An input made of what `value` gives for each field.
    pub fn of_values(self, mut value: impl FnMut(&'static FieldSpec) -> Option<Value>) -> Value {
        let values = self.fields.iter().filter_map(|field| Some((field.name.to_owned(), value(field)?)));
        let map: Map<String, Value> = values.collect();
        match self.variant {
            Some(variant) => json!({ variant: map }),
            None => Value::Object(map),
        }
    }
}

/// The answer of a call, or its refusal.
fn answer(
    scene: &Scene<impl Backend>,
    capability: &CapabilitySpec,
    call: &Value,
) -> Result<Value, StorageError> {
    let answer = dispatch::read(scene.store(), &context(90_000, 9), capability.id, call);
    answer.unwrap_or_else(|| panic!("{} is a read that nobody can make", capability.id))
}

/// Whether a text holds the name of a row of a tenant.
pub fn names(text: &str, tenant: &Tenant) -> Option<String> {
    tenant.ids().find(|id| text.contains(*id)).map(str::to_owned)
}

/// Every tenant that an answer names.
fn tenants(answer: &Value) -> Vec<&Value> {
    match answer {
        Value::Object(map) => {
            let own = map.get("tenant_id").filter(|tenant| !tenant.is_null());
            own.into_iter().chain(map.values().flat_map(tenants)).collect()
        }
        Value::Array(items) => items.iter().flat_map(tenants).collect(),
        _ => Vec::new(),
    }
}

/// Asks with the tenant's own keys: the answer is about this tenant and nobody else.
fn gives_its_own(scene: &Scene<impl Backend>, form: Form, us: &Tenant, them: &Tenant) {
    let capability = form.capability;
    let answer = answer(scene, capability, &form.input(Some(us), us));
    if capability.effect == Effect::Guard {
        let error = answer.expect_err("a guard refuses");
        assert!(matches!(error, StorageError::AppendOnlyViolation { .. }), "{form}: {error}");
        return;
    }
    let answer = answer.unwrap_or_else(|error| panic!("{form}: {error}"));
    let text = answer.to_string();
    assert!(names(&text, us).is_some(), "{form} gives nothing of its own tenant: {text}");
    if capability.read_scope == Some(ReadScope::WholeLedger) {
        assert!(names(&text, them).is_some(), "{form} is declared to read the whole ledger: {text}");
    } else {
        assert_eq!(names(&text, them), None, "{form} names a row of another tenant: {text}");
        let own = &us.keys["tenant_id"];
        assert!(tenants(&answer).iter().all(|tenant| *tenant == own), "{form}: {text}");
    }
}

/// Asks with another tenant's keys: nothing of `us` comes back.
fn gives_nothing_of_another(scene: &Scene<impl Backend>, form: Form, us: &Tenant, them: &Tenant) {
    let Form { capability, fields, .. } = form;
    let calls = match capability.read_scope {
        // Our keys in their tenant, and in none where a call may name none.
        Some(ReadScope::Tenant) => {
            let may_name_none = fields.iter().any(|field| field.name == "tenant_id" && field.is_optional);
            let without = may_name_none.then(|| form.input(None, us));
            [Some(form.input(Some(them), us)), without]
        }
        Some(ReadScope::Row) => [Some(form.input(Some(them), them)), None],
        Some(ReadScope::WholeLedger) => return,
        None => panic!("{form} has no scope"),
    };
    for call in calls.into_iter().flatten() {
        let text = match answer(scene, capability, &call) {
            Ok(answer) => answer.to_string(),
            // A guard of their own row says what guards say; of ours it knows nothing.
            Err(StorageError::AppendOnlyViolation { .. }) => {
                assert_eq!(capability.read_scope, Some(ReadScope::Row), "{form}: {call}");
                continue;
            }
            Err(error) => error.to_string(),
        };
        assert_eq!(names(&text, us), None, "{form} was asked {call} and gives: {text}");
    }
}

pub fn no_read_gives_rows_of_another_tenant(harness: &impl Harness) {
    let scene = Scene::new(harness);
    let [a, b] = &scene.tenants;
    let mut asked = 0;
    for form in Form::all() {
        gives_its_own(&scene, form, a, b);
        gives_its_own(&scene, form, b, a);
        gives_nothing_of_another(&scene, form, a, b);
        gives_nothing_of_another(&scene, form, b, a);
        asked += 1;
    }
    assert!(asked >= 28, "{asked} forms of reads");
}

pub fn the_event_of_every_audited_read_says_what_was_asked_and_of_whom(harness: &impl Harness) {
    let scene = Scene::new(harness);
    let us = &scene.tenants[0];
    for form in Form::all() {
        let Form { capability, variant, fields } = form;
        let audited = context(90_000, 9).with_mode(CallMode::Diagnostic);
        let call = form.input(Some(us), us);
        let before = events(&scene);
        let answer = dispatch::read(scene.store(), &audited, capability.id, &call).expect("a read");
        assert_eq!(answer.is_err(), capability.effect == Effect::Guard, "{form}");
        let after = events(&scene);
        assert_eq!(after.len(), before.len() + 1, "{form}");
        let event = after.iter().find(|event| !before.contains(event)).expect("the new event");
        let payload = event["payload_min"].as_object().expect("a payload");
        assert_eq!(payload["capability"], capability.id, "{form}");
        assert_eq!(payload.get("variant").and_then(Value::as_str), variant, "{form}");
        for field in fields {
            let key = &us.keys[field.name];
            let text = key.as_str().map_or_else(|| key.to_string(), str::to_owned);
            match field.name {
                "tenant_id" => assert_eq!(&event["tenant_id"], key, "{form}"),
                // A token is a secret: whoever knows it may open the link.
                "token_id" => {
                    assert!(!event.to_string().contains(&text), "{form}: {event}");
                    assert!(payload.contains_key("token_id_digest"), "{form}: {event}");
                }
                name => assert_eq!(payload.get(name), Some(&json!(text)), "{form}: {event}"),
            }
            if ["user_id", "device_id", "session_id"].contains(&field.name) {
                assert_eq!(event["user_id"], us.keys["user_id"], "{form}: {event}");
            }
        }
    }
}

/// Ids that look like `id` and are others: at its end U+0000, or white space.
fn look_alikes(id: &str) -> [String; 2] {
    ["\0", " "].map(|mark| format!("{id}{mark}"))
}

pub fn no_audited_read_brings_an_id_that_looks_like_another_into_the_ledger(harness: &impl Harness) {
    let scene = Scene::new(harness);
    let us = &scene.tenants[0];
    let before = events(&scene);
    let mut asked = 0;
    for form in Form::all() {
        for field in form.fields {
            let Some(id) = us.keys[field.name].as_str() else { continue };
            for look_alike in look_alikes(id) {
                let mut call = form.input(Some(us), us);
                let fields = match form.variant {
                    Some(variant) => &mut call[variant],
                    None => &mut call,
                };
                fields[field.name] = json!(look_alike);
                let ask = |mode| {
                    let context = context(90_000, 9).with_mode(mode);
                    dispatch::read(scene.store(), &context, form.capability.id, &call).expect("a read")
                };
                for mode in [CallMode::Diagnostic, CallMode::Replay] {
                    let refused = ask(mode).expect_err("it names an id that looks like another one");
                    let StorageError::ContractViolation { violations, .. } = &refused else {
                        panic!("{form} {}: {refused}", field.name)
                    };
                    assert!(violations.iter().any(|it| it.field == field.name), "{form}: {refused}");
                }
                // What an earlier build stored under such an id stays readable.
                let plain = ask(CallMode::Normal).err();
                let is_refused = matches!(plain, Some(StorageError::ContractViolation { .. }));
                assert!(!is_refused, "{form} {}: {plain:?}", field.name);
                asked += 1;
            }
        }
    }
    assert!(asked >= 40, "{asked} calls");
    assert_eq!(events(&scene), before);
}

/// Every audit event.
pub fn events(scene: &Scene<impl Backend>) -> Vec<Value> {
    let all = dispatch::read(scene.store(), &context(90_000, 9), "PH1J_READ_ROWS", &json!({}));
    match all.expect("a read").expect("it is served") {
        Value::Array(events) => events,
        other => panic!("{other}"),
    }
}
