//! The OpenAPI 3.1 description: schemas as components, calls as operations.

use selene_codegen::contract::{AuditRule, Capability, Contract, Effect};
use selene_codegen::naming::{method_name, module_name};
use selene_codegen::paged;
use serde_json::{Map, Value, json};

use super::definitions::Definitions;
use super::exported::{Exported, NOTES};
use super::{calls, capability, schemas};

/// What the description says first.
const NO_SERVER: &str = "There is no server: the store is a library that is called in the same process, and this names no \
     address. An operation documents a call, so that a bridge to another language has its shapes: the request is the call's \
     context and input, the answer what it gives, `default` an error. Methods and paths are names, and no promise of a protocol.";

/// The description of the chosen engines.
#[must_use]
pub fn document(exported: Exported<'_>) -> Value {
    let mut definitions = Definitions::new(exported, "#/components/schemas/");
    let mut paths = Map::new();
    let mut tags = Vec::new();
    for contract in exported.chosen() {
        tags.push(json!({ "name": contract.engine.id, "description": contract.engine.purpose }));
        for one in contract.served() {
            let path = format!("/{}/{}", module_name(&contract.engine.id), method_name(&one.id));
            let operation = operation(&mut definitions, contract, one);
            paths.insert(path, json!({ "post": operation }));
            if let Some(operation) = page(&mut definitions, contract, one) {
                let path =
                    format!("/{}/{}", module_name(&contract.engine.id), method_name(&paged::id(&one.id)));
                paths.insert(path, json!({ "post": operation }));
            }
        }
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": exported.title(),
            "version": version(exported),
            "summary": "Calls of a library, described for callers in other languages",
            "description": format!("{NO_SERVER}\n\n{NOTES}"),
        },
        "jsonSchemaDialect": "https://spec.openapis.org/oas/3.1/dialect/base",
        "tags": tags,
        "paths": paths,
        "components": { "schemas": schemas::all(definitions) },
    })
}

/// The versions that the specs state, each once.
fn version(exported: Exported<'_>) -> String {
    let mut versions: Vec<&str> =
        exported.chosen().map(|contract| contract.engine.version.as_str()).collect();
    versions.sort_unstable();
    versions.dedup();
    versions.retain(|version| !version.is_empty());
    if versions.is_empty() { "unversioned".to_owned() } else { versions.join(", ") }
}

fn operation<'c>(definitions: &mut Definitions<'c>, contract: &'c Contract, one: &'c Capability) -> Value {
    let input = definitions.to(&capability::input_key(contract, one));
    let value = capability::output(definitions, contract, one);
    let given = if one.effect == Effect::Write { calls::committed(definitions, &value) } else { value };
    let request = json!({
        "type": "object",
        "properties": { "context": definitions.to(calls::CONTEXT), "input": input },
        "required": ["context", "input"],
        "additionalProperties": false,
    });
    let body = |schema: &Value| json!({ "application/json": { "schema": schema } });
    let error = definitions.to(calls::ERROR);
    let mut operation = json!({
        "operationId": method_name(&one.id),
        "tags": [contract.engine.id],
        "summary": one.name,
        "description": description(one),
        "requestBody": { "required": true, "content": body(&request) },
        "responses": {
            "200": { "description": "What the call gives.", "content": body(&given) },
            "default": { "description": "A refused or failed call.", "content": body(&error) },
        },
        "x-capability": one.id,
        "x-effect": effect(one.effect),
        "x-allowed-callers": one.allowed_callers,
        "x-simulation-gated": one.simulation_gated,
    });
    if let Some(rule) = &one.dedupe {
        operation["x-dedupe"] = json!({ "space": rule.space, "keys": rule.keys });
    }
    if let Some(rule) = &one.audit {
        operation["x-audit-event"] = event(rule);
    }
    if !one.writes.is_empty() {
        operation["x-writes"] = json!(one.writes);
    }
    operation
}

/// The operation of a read page by page, where it has that form: what the whole list says, with a page beside the input, and a page as its
/// answer.
fn page<'c>(definitions: &mut Definitions<'c>, contract: &'c Contract, one: &'c Capability) -> Option<Value> {
    let given = definitions.to(&capability::page_key(definitions, contract, one)?);
    let id = paged::id(&one.id);
    let mut operation = operation(definitions, contract, one);
    operation["operationId"] = json!(method_name(&id));
    operation["summary"] = json!(format!("{}, page by page", one.name));
    let request = &mut operation["requestBody"]["content"]["application/json"]["schema"];
    request["properties"]["page"] = definitions.to(calls::PAGE_REQUEST);
    request["required"] = json!(["context", "input", "page"]);
    let answer = &mut operation["responses"]["200"];
    answer["description"] = json!("One page of the list, and where the next one begins.");
    answer["content"]["application/json"]["schema"] = given;
    operation["x-page-of"] = json!(method_name(&one.id));
    Some(operation)
}

const fn effect(effect: Effect) -> &'static str {
    match effect {
        Effect::Write => "write",
        Effect::Read => "read",
        Effect::Guard => "guard",
    }
}

fn event(rule: &AuditRule) -> Value {
    json!({
        "event_types": rule.event_types,
        "reason_code": rule.reason_code,
        "reason_from_input": rule.reason_from_input,
        "required_fields": rule.required_fields,
        "payload_keys": rule.payload_keys,
    })
}

/// What the specs say about the call beside its fields.
fn description(one: &Capability) -> String {
    let what = match one.effect {
        Effect::Write => "Writes rows and emits one audit event.",
        Effect::Read => "Reads, and changes nothing.",
        Effect::Guard => "Tries to overwrite a ledger, which is always refused.",
    };
    let gate = if one.simulation_gated { " Refused without a simulation_id." } else { "" };
    let notes = one.notes.iter().map(|note| format!("`{}`: {}", note.key, note.text));
    std::iter::once(format!("{what}{gate}")).chain(notes).collect::<Vec<_>>().join("\n\n")
}
