//! PostgreSQL stores no text with U+0000, so no write of any database takes one: in no field, list, record and payload of its input, and
//! not in the context.

use std::collections::BTreeSet;

use selene_acceptance::{Backend as _, Harness};
use selene_contracts::shared::SimulationId;
use selene_contracts::{CapabilitySpec, FieldSpec, ValueSpec};
use serde_json::{Value, json};

use crate::beyond::put;
use crate::inputs::{contradicts, refusal, writes};
use crate::scene::{Scene, context};

/// A text that no row may have.
const NUL: &str = "a\u{0}b";

/// One value of an input with U+0000 in it: its pointer, its field, and the value.
type Change = (String, &'static str, Value);

/// Every place of an input for a text, each with U+0000 in it.
fn changes(fields: &'static [FieldSpec], object: &Value, path: &str) -> Vec<Change> {
    let mut found = Vec::new();
    for field in fields {
        let (pointer, now) = (format!("{path}/{}", field.name), &object[field.name]);
        let mut add = |value| found.push((pointer.clone(), field.name, value));
        match (&field.value, field.is_list) {
            (ValueSpec::Text { .. }, false) => add(json!(NUL)),
            (ValueSpec::Text { .. }, true) => {
                [json!([NUL]), json!([NUL, "x"]), json!(["x", NUL])].into_iter().for_each(add);
            }
            (ValueSpec::Record(fields), false) => found.extend(changes(fields, now, &pointer)),
            (ValueSpec::Record(fields), true) => {
                let item = now.get(0).unwrap_or_else(|| panic!("the scene gives no {pointer}"));
                for (inner, name, value) in changes(fields, item, "") {
                    for place in 0..2 {
                        let mut items = json!([numbered(fields, item, 0), numbered(fields, item, 1)]);
                        put(&mut items[place], &inner, value.clone());
                        found.push((pointer.clone(), name, items));
                    }
                }
            }
            (ValueSpec::Payload, _) => {
                let mut with_more = now.clone();
                with_more[NUL] = json!("x");
                [json!({ NUL: "x" }), with_more].into_iter().for_each(&mut add);
                for key in now.as_object().into_iter().flat_map(|entries| entries.keys()) {
                    let mut with_value = now.clone();
                    with_value[key] = json!(NUL);
                    add(with_value);
                }
            }
            _ => {}
        }
    }
    found
}

/// An item of a list with an id of its own.
fn numbered(fields: &[FieldSpec], item: &Value, number: usize) -> Value {
    let id = fields.iter().find(|field| matches!(field.value, ValueSpec::Text { is_free: false, .. }));
    let mut item = item.clone();
    item[id.expect("an item has an id").name] = json!(format!("item_{number}"));
    item
}

/// The input of a call that nobody made before: what was applied is answered again, whatever the other fields say.
pub fn never_made(capability: &CapabilitySpec, applied: &Value) -> Value {
    let key = capability.dedupe.as_ref().expect("a write has a key").keys[0];
    let text = |name: &&&str| **name == "idempotency_key" || applied[**name].is_string();
    let name = key.iter().rev().find(text).expect("a key has a text");
    let mut input = applied.clone();
    input[*name] = json!("never used");
    input
}

pub fn no_write_takes_a_text_with_a_nul(harness: &impl Harness) {
    let scene = Scene::new(harness);
    let (before, mut tried, mut texts) = (scene.store().every_row().unwrap(), BTreeSet::new(), 0);
    for capability in writes() {
        let applied = &scene.tenants[0].applied[capability.id];
        let fields = capability.input.iter().copied();
        for (pointer, field, value) in fields.flat_map(|fields| changes(fields, applied, "")) {
            let mut input = never_made(capability, applied);
            put(&mut input, &pointer, value);
            let (_, named) = refusal(&scene, &context(95_000, 8), capability.id, &input);
            // What an input says itself is asked first: an id that is another one may contradict the rest.
            let is_named = named == field || contradicts(capability.id, named);
            assert!(is_named, "{}: {named} was refused for {pointer}: {input}", capability.id);
            tried.insert(pointer);
            texts += 1;
        }
        let mut context = context(95_000, 8);
        context.simulation_id = Some(SimulationId::new(NUL));
        let (_, named) = refusal(&scene, &context, capability.id, &never_made(capability, applied));
        assert_eq!(named, "simulation_id", "{}", capability.id);
        assert_eq!(scene.store().every_row().unwrap(), before, "{}", capability.id);
    }
    assert!(texts > 150, "only {texts} texts were tried");
    for pointer in ["/payload_min", "/requirement_fields", "/prefilled_context/jurisdiction_tags"] {
        assert!(tried.contains(pointer), "{pointer} was not tried: {tried:?}");
    }
}
