//! The documents as wholes: what readers of both languages take, and that nothing is missing.

use selene_codegen::contract::Contract;
use selene_codegen::naming::{module_name, pascal};
use selene_contracts::ph1_w::Ph1WReasonCode;
use selene_contracts::shared::{CorrelationId, MonotonicTimeNs, SimulationId, TurnId};
use selene_contracts::{
    CallContext, CallMode, Caller, Committed, Cursor, Disposition, FieldViolation, Page, PageRequest,
    Problem, StorageError,
};
use serde_json::{Value, json};
use xtask::export::{Exported, json_schema, openapi};

use super::{run, schema, validator_of};

/// The methods of every engine that give a list page by page.
macro_rules! pages {
    ($($module:ident: $trait:ident {
        writes { $($_w:ident => $_write:ident,)* } reads { $($_r:ident => $_read:ident,)* } pages { $($_p:ident => $page:ident,)* }
    })*) => {
        const PAGES: &[(&str, &[&str])] = &[$((stringify!($module), &[$(stringify!($page)),*])),*];
    };
}
selene_contracts::for_every_engine!(pages);

fn ids() -> Vec<&'static str> {
    run().resolved.contracts.iter().map(|contract| contract.engine.id.as_str()).collect()
}

fn exported<'c>(engines: &'c [&'c str]) -> Exported<'c> {
    Exported { contracts: &run().resolved.contracts, shared: &run().resolved.shared, engines }
}

#[test]
fn a_json_schema_is_one_by_its_own_meta_schema() {
    for engine in ids() {
        let schema = schema(engine);
        jsonschema::meta::validate(&schema).unwrap_or_else(|error| panic!("{engine}: {error}"));
    }
    assert_eq!(
        json_schema(exported(&ids())),
        json_schema(exported(&ids())),
        "the same specs give the same schema"
    );
}

#[test]
fn an_openapi_description_is_read_and_has_an_operation_for_every_call() {
    for engines in ids().iter().map(|engine| vec![*engine]).chain([ids()]) {
        let text = openapi(exported(&engines)).to_string();
        let read = oas3::from_json(&text).unwrap_or_else(|error| panic!("{engines:?}: {error}"));
        let named: Vec<String> =
            read.operations().filter_map(|(_, _, operation)| operation.operation_id.clone()).collect();
        let chosen = run().resolved.contracts.iter().filter(|one| engines.contains(&one.engine.id.as_str()));
        let mut served: Vec<String> =
            chosen.clone().flat_map(Contract::served).map(|one| one.id.to_lowercase()).collect();
        let modules: Vec<String> = chosen.map(|one| module_name(&one.engine.id)).collect();
        let pages = PAGES.iter().filter(|(module, _)| modules.contains(&(*module).to_owned()));
        served.extend(pages.flat_map(|(_, pages)| *pages).map(|page| (*page).to_owned()));
        let mut named = named;
        named.sort();
        served.sort();
        assert_eq!(named, served);
        assert!(read.servers.is_empty(), "there is no server");
    }
}

#[test]
fn every_reference_leads_somewhere() {
    for document in [json_schema(exported(&ids())), openapi(exported(&ids()))] {
        let mut references = Vec::new();
        collect(&document, &mut references);
        assert!(references.len() > 100);
        for reference in references {
            let pointer = reference.strip_prefix('#').expect("references stay in the document");
            assert!(document.pointer(pointer).is_some_and(Value::is_object), "{reference}");
        }
    }
}

fn collect(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(entries) => {
            found.extend(entries.get("$ref").and_then(Value::as_str).map(str::to_owned));
            entries.values().for_each(|inner| collect(inner, found));
        }
        Value::Array(items) => items.iter().for_each(|inner| collect(inner, found)),
        _ => {}
    }
}

#[test]
fn every_input_record_and_type_is_defined() {
    let document = json_schema(exported(&ids()));
    for contract in &run().resolved.contracts {
        let inputs = contract.served().map(|one| pascal(&one.id));
        let records = contract.records.iter().map(|record| record.name.clone());
        let types = contract.types.iter().map(|ty| ty.name.clone());
        for name in inputs.chain(records).chain(types) {
            let key = format!("{}.{name}", module_name(&contract.engine.id));
            assert!(document["$defs"].get(&key).is_some(), "{key}");
        }
    }
}

/// Every variant of the error; a new one is missing here, and then in the schema.
#[test]
fn an_error_has_a_kind_for_every_variant() {
    let code = Ph1WReasonCode::ALL[0].into();
    let (capability, field, table, rule) = ("C", "f", "t", "r");
    let detail = String::new();
    let violation = FieldViolation { field, problem: Problem::Blank, reason_code: code };
    let errors = [
        StorageError::CallerNotAllowed {
            reason_code: code,
            capability,
            caller: selene_contracts::Caller::Engine,
        },
        StorageError::SimulationRequired { reason_code: code, capability },
        StorageError::ContractViolation { reason_code: code, capability, violations: vec![violation] },
        StorageError::ForeignKey { reason_code: code, field, table },
        StorageError::DuplicateKey { reason_code: code, field, table },
        StorageError::ScopeViolation { reason_code: code, field, rule },
        StorageError::AppendOnlyViolation { reason_code: code, table },
        StorageError::NotFound { reason_code: code, field, table },
        StorageError::RequestDiffers { reason_code: code, event_id: "evt".into() },
        StorageError::OutcomeUnknown { reason_code: code, detail: detail.clone() },
        StorageError::BackendUnavailable { reason_code: code, detail },
    ];
    let schema = schema("PH1.W");
    let validator = validator_of(&schema, &json!({ "$ref": "#/$defs/shared.StorageError" }));
    for error in &errors {
        let debug = format!("{error:?}");
        let variant = debug.split([' ', '{']).next().unwrap_or_default();
        let value = serde_json::to_value(error).unwrap();
        assert_eq!(value["kind"], selene_codegen::naming::upper_snake(variant));
        assert!(validator.is_valid(&value), "{value}");
    }
    let kinds = &schema["$defs"]["shared.StorageError"]["properties"]["kind"]["enum"];
    assert_eq!(kinds.as_array().map(Vec::len), Some(errors.len()));
    assert!(!validator.is_valid(&json!({ "kind": "OTHER", "reason_code": code, "message": "" })));
}

#[test]
fn a_context_and_the_frame_of_an_answer_are_as_their_types_write_them() {
    let schema = schema("PH1.W");
    let validator = validator_of(&schema, &json!({ "$ref": "#/$defs/shared.CallContext" }));
    let plain =
        CallContext::new(Caller::SeleneOs, MonotonicTimeNs::new(1), CorrelationId::new(7), TurnId::new(1));
    let simulated = plain.clone().with_simulation(SimulationId::new("s")).with_mode(CallMode::Replay);
    for context in [plain, simulated] {
        let value = serde_json::to_value(&context).unwrap();
        assert!(validator.is_valid(&value), "{value}");
        assert_eq!(serde_json::from_value::<CallContext>(value.clone()).unwrap(), context);
        let mut without = value.clone();
        without.as_object_mut().unwrap().remove("caller");
        assert!(!validator.is_valid(&without) && serde_json::from_value::<CallContext>(without).is_err());
        let mut other = value;
        other["caller"] = json!("NOBODY");
        assert!(!validator.is_valid(&other) && serde_json::from_value::<CallContext>(other).is_err());
    }

    let mut long = CallContext::new(
        Caller::Engine,
        MonotonicTimeNs::new(1),
        CorrelationId::new(u128::MAX),
        TurnId::new(1),
    );
    long.mode = CallMode::Diagnostic;
    let text = serde_json::to_string(&long).unwrap();
    assert_eq!(serde_json::from_str::<CallContext>(&text).unwrap(), long, "{text}");

    let description = openapi(exported(&["PH1.W"]));
    let validator = validator_of_frame(&description, "ph1w_runtime_event_commit_row");
    for disposition in [Disposition::Applied, Disposition::Replayed { identical: false }] {
        let committed = Committed {
            value: (),
            event_id: "evt".into(),
            disposition,
            reason_code: Ph1WReasonCode::ALL[0].into(),
        };
        let mut value = serde_json::to_value(&committed).unwrap();
        assert_eq!(serde_json::from_value::<Committed<()>>(value.clone()).unwrap(), committed);
        assert!(validator.is_valid(&value), "{value}");
        value["disposition"] = json!("OTHER");
        assert!(!validator.is_valid(&value));
    }
}

#[test]
fn a_page_and_what_asks_for_one_are_as_their_types_write_them() {
    let schema = schema("PH1.W");
    let validator = validator_of(&schema, &json!({ "$ref": "#/$defs/shared.PageRequest" }));
    let cursor = Cursor::new("AQ-_7");
    for request in [PageRequest::first(1), PageRequest::behind(cursor.clone(), PageRequest::MAX_LIMIT)] {
        let value = serde_json::to_value(&request).unwrap();
        assert!(validator.is_valid(&value), "{value}");
    }
    for wrong in [
        json!({}),
        json!({ "limit": 0 }),
        json!({ "limit": PageRequest::MAX_LIMIT + 1 }),
        json!({ "limit": "1" }),
        json!({ "limit": 1, "after": "no cursor" }),
        json!({ "limit": 1, "after": 7 }),
    ] {
        assert!(!validator.is_valid(&wrong), "{wrong}");
    }
    let paged: Vec<&str> = PAGES
        .iter()
        .filter(|(module, _)| *module == "ph1_w")
        .flat_map(|(_, pages)| *pages)
        .copied()
        .collect();
    assert!(!paged.is_empty());
    for page in paged {
        let validator = super::validator(&schema, "PH1.W", &pascal(page));
        for next in [None, Some(cursor.clone())] {
            let value = serde_json::to_value(Page::<()> { rows: Vec::new(), next }).unwrap();
            assert!(validator.is_valid(&value), "{page}: {value}");
        }
        for wrong in [json!({ "rows": [] }), json!({ "next": null }), json!({ "rows": [{}], "next": null })] {
            assert!(!validator.is_valid(&wrong), "{page}: {wrong}");
        }
    }
}

/// A validator of the answer of a write around what it gives, which has tests of its own.
fn validator_of_frame(description: &Value, id: &str) -> jsonschema::Validator {
    let paths = description["paths"].as_object().unwrap().values();
    let operations = paths.flat_map(|path| path.as_object().unwrap().values());
    let mut chosen = operations.filter(|one| one["operationId"] == id);
    let answer = &chosen.next().unwrap()["responses"]["200"]["content"]["application/json"]["schema"];
    let mut whole = answer.clone();
    whole["properties"]["value"] = json!(true);
    whole["components"] = description["components"].clone();
    jsonschema::draft202012::new(&whole).unwrap_or_else(|error| panic!("{error}"))
}
