//! A read tells one tenant's rows, or those of the one row that it names, unless its spec declares that it tells everything.

use selene_acceptance::{Backend, Harness};
use selene_contracts::{CapabilitySpec, Effect, FieldSpec, ReadScope, StorageError, engines};
use serde_json::{Map, Value, json};

use crate::dispatch;
use crate::scene::{Scene, Tenant, context};

/// Every read and guard with each set of its inputs, and the variant that it is.
fn forms() -> impl Iterator<Item = (&'static CapabilitySpec, Option<&'static str>, &'static [FieldSpec])> {
    let reads = engines::ALL.iter().flat_map(|engine| engine.capabilities);
    let reads = reads.filter(|capability| capability.effect != Effect::Write);
    reads.flat_map(|capability| {
        let fields = capability.input.iter().enumerate();
        fields.map(|(place, fields)| (*capability, capability.variants.get(place).copied(), *fields))
    })
}

/// An input made of keys: those of `tenant` for the tenant, those of `rest` for the others.
fn input(variant: Option<&str>, fields: &[FieldSpec], tenant: Option<&Tenant>, rest: &Tenant) -> Value {
    let mut map = Map::new();
    for field in fields {
        let keys = if field.name == "tenant_id" { tenant } else { Some(rest) };
        let Some(keys) = keys else { continue };
        let key = keys.keys.get(field.name).unwrap_or_else(|| panic!("the scene has no `{}`", field.name));
        map.insert(field.name.to_owned(), key.clone());
    }
    match variant {
        Some(variant) => json!({ variant: map }),
        None => Value::Object(map),
    }
}

/// What a call tells: its answer, or the text of its refusal.
fn told(
    scene: &Scene<impl Backend>,
    capability: &CapabilitySpec,
    call: &Value,
) -> Result<Value, StorageError> {
    let answer = dispatch::read(scene.store(), &context(90_000, 9), capability.id, call);
    answer.unwrap_or_else(|| panic!("{} is a read that nobody can make", capability.id))
}

/// Whether a text holds the name of a row of a tenant.
fn names(text: &str, tenant: &Tenant) -> Option<String> {
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
fn tells_its_own(
    scene: &Scene<impl Backend>,
    form: (&CapabilitySpec, Option<&str>, &[FieldSpec]),
    us: &Tenant,
    them: &Tenant,
) {
    let (capability, variant, fields) = form;
    let what = format!("{} {}", capability.id, variant.unwrap_or_default());
    let answer = told(scene, capability, &input(variant, fields, Some(us), us));
    if capability.effect == Effect::Guard {
        let error = answer.expect_err("a guard refuses");
        assert!(matches!(error, StorageError::AppendOnlyViolation { .. }), "{what}: {error}");
        return;
    }
    let answer = answer.unwrap_or_else(|error| panic!("{what}: {error}"));
    let text = answer.to_string();
    assert!(names(&text, us).is_some(), "{what} tells nothing of its own tenant: {text}");
    if capability.read_scope == Some(ReadScope::WholeLedger) {
        assert!(names(&text, them).is_some(), "{what} is declared to tell everything: {text}");
    } else {
        assert_eq!(names(&text, them), None, "{what} tells of another tenant: {text}");
        let own = &us.keys["tenant_id"];
        assert!(tenants(&answer).iter().all(|tenant| *tenant == own), "{what}: {text}");
    }
}

/// Asks with another tenant's keys: nothing of `us` comes back.
fn tells_no_stranger(
    scene: &Scene<impl Backend>,
    form: (&CapabilitySpec, Option<&str>, &[FieldSpec]),
    us: &Tenant,
    them: &Tenant,
) {
    let (capability, variant, fields) = form;
    let what = format!("{} {}", capability.id, variant.unwrap_or_default());
    let calls = match capability.read_scope {
        // Our keys in their tenant, and in none where a call may name none.
        Some(ReadScope::Tenant) => {
            let may_name_none = fields.iter().any(|field| field.name == "tenant_id" && field.is_optional);
            let without = may_name_none.then(|| input(variant, fields, None, us));
            [Some(input(variant, fields, Some(them), us)), without]
        }
        Some(ReadScope::Row) => [Some(input(variant, fields, Some(them), them)), None],
        Some(ReadScope::WholeLedger) => return,
        None => panic!("{what} has no scope"),
    };
    for call in calls.into_iter().flatten() {
        let text = match told(scene, capability, &call) {
            Ok(answer) => answer.to_string(),
            // A guard of their own row says what guards say; of ours it knows nothing.
            Err(StorageError::AppendOnlyViolation { .. }) => {
                assert_eq!(capability.read_scope, Some(ReadScope::Row), "{what}: {call}");
                continue;
            }
            Err(error) => error.to_string(),
        };
        assert_eq!(names(&text, us), None, "{what} was asked {call} and tells: {text}");
    }
}

pub fn no_read_tells_of_another_tenant(harness: &impl Harness) {
    let scene = Scene::new(harness);
    let [a, b] = &scene.tenants;
    let mut asked = 0;
    for form in forms() {
        tells_its_own(&scene, form, a, b);
        tells_its_own(&scene, form, b, a);
        tells_no_stranger(&scene, form, a, b);
        tells_no_stranger(&scene, form, b, a);
        asked += 1;
    }
    assert!(asked >= 28, "{asked} forms of reads");
}

pub fn the_event_of_every_audited_read_says_what_was_asked_and_of_whom(harness: &impl Harness) {
    let scene = Scene::new(harness);
    let us = &scene.tenants[0];
    for (capability, variant, fields) in forms() {
        let what = format!("{} {}", capability.id, variant.unwrap_or_default());
        let audited = context(90_000, 9).with_mode(selene_contracts::CallMode::Diagnostic);
        let call = input(variant, fields, Some(us), us);
        let before = events(&scene);
        let answer = dispatch::read(scene.store(), &audited, capability.id, &call).expect("a read");
        assert_eq!(answer.is_err(), capability.effect == Effect::Guard, "{what}");
        let after = events(&scene);
        assert_eq!(after.len(), before.len() + 1, "{what}");
        let event = after.iter().find(|event| !before.contains(event)).expect("the new event");
        let payload = event["payload_min"].as_object().expect("a payload");
        assert_eq!(payload["capability"], capability.id, "{what}");
        assert_eq!(payload.get("variant").and_then(Value::as_str), variant, "{what}");
        for field in fields {
            let key = &us.keys[field.name];
            let text = key.as_str().map_or_else(|| key.to_string(), str::to_owned);
            match field.name {
                "tenant_id" => assert_eq!(&event["tenant_id"], key, "{what}"),
                // A token is a secret: whoever knows it may open the link.
                "token_id" => {
                    assert!(!event.to_string().contains(&text), "{what}: {event}");
                    assert!(payload.contains_key("token_id_digest"), "{what}: {event}");
                }
                name => assert_eq!(payload.get(name), Some(&json!(text)), "{what}: {event}"),
            }
            if ["user_id", "device_id", "session_id"].contains(&field.name) {
                assert_eq!(event["user_id"], us.keys["user_id"], "{what}: {event}");
            }
        }
    }
}

fn events(scene: &Scene<impl Backend>) -> Vec<Value> {
    let all = dispatch::read(scene.store(), &context(90_000, 9), "PH1J_READ_ROWS", &json!({}));
    match all.expect("a read").expect("it is served") {
        Value::Array(events) => events,
        other => panic!("{other}"),
    }
}
