//! What a call takes and gives.

use selene_codegen::contract::{Capability, Contract, Output, TypeRef};
use selene_codegen::naming::{output_variant, pascal};
use selene_codegen::paged::{self, Listed};
use serde_json::{Map, Value, json};

use super::calls;
use super::definitions::{Definitions, key_of};
use super::fields::{Form, object, of_ref};

/// `ph1_w.Ph1wEnrollStartDraftRow`
pub(super) fn input_key(contract: &Contract, capability: &Capability) -> String {
    key_of(contract, &pascal(&capability.id))
}

/// The input: an object, or one of several under the name of its variant.
pub(super) fn input<'c>(
    definitions: &mut Definitions<'c>,
    contract: &'c Contract,
    capability: &'c Capability,
) -> Value {
    let doc = format!("Input of {}: {}.", capability.id, capability.name.trim_end_matches('.'));
    if capability.input_alternatives.is_empty() {
        return object(definitions, Some(contract), Form::Input, &capability.input, &doc);
    }
    let mut variants = Vec::new();
    for alternative in &capability.input_alternatives {
        let gives = alternative.output.as_ref().map_or(String::new(), |output| format!("Gives {output}."));
        let fields = object(definitions, Some(contract), Form::Input, &alternative.fields, &gives);
        variants.push(tagged(&alternative.variant, &fields));
    }
    json!({ "oneOf": variants, "description": doc })
}

/// The enum of an output that is one of several types, with its key.
pub(super) fn output_enum<'c>(
    definitions: &mut Definitions<'c>,
    contract: &'c Contract,
    capability: &'c Capability,
) -> Option<(String, Value)> {
    let Output::OneOf { one_of } = &capability.output else { return None };
    let mut variants = Vec::new();
    for ty in one_of {
        let value = of_ref(definitions, Some(contract), ty);
        variants.push(tagged(&output_variant(ty), &value));
    }
    let doc = format!("What {} gives: one of its outputs.", capability.id);
    Some((output_key(contract, capability), json!({ "oneOf": variants, "description": doc })))
}

/// What a successful call gives, as a schema.
pub(super) fn output<'c>(
    definitions: &mut Definitions<'c>,
    contract: &'c Contract,
    capability: &'c Capability,
) -> Value {
    match &capability.output {
        Output::Type(ty) => of_ref(definitions, Some(contract), ty),
        Output::OneOf { .. } => definitions.to(&output_key(contract, capability)),
    }
}

fn output_key(contract: &Contract, capability: &Capability) -> String {
    key_of(contract, &format!("{}Output", pascal(&capability.id)))
}

/// `ph1_j.Ph1jReadRowsPage`, of a read that is also answered page by page.
pub(super) fn page_key(
    definitions: &Definitions<'_>,
    contract: &Contract,
    capability: &Capability,
) -> Option<String> {
    listed(definitions, contract, capability)?;
    Some(key_of(contract, &pascal(&paged::id(&capability.id))))
}

/// What one page of a read holds.
pub(super) fn page<'c>(
    definitions: &mut Definitions<'c>,
    contract: &'c Contract,
    capability: &'c Capability,
) -> Option<Value> {
    let row = TypeRef::Named(listed(definitions, contract, capability)?);
    let row = of_ref(definitions, Some(contract), &row);
    Some(calls::page(
        definitions,
        &row,
        &format!("A page of what {} gives, in the order of its list.", capability.id),
    ))
}

/// The name of the record of one row of a read that is also answered page by page.
fn listed(definitions: &Definitions<'_>, contract: &Contract, capability: &Capability) -> Option<String> {
    let shared = definitions.exported().shared;
    let record_of =
        |name: &str| contract.records.iter().chain(&shared.records).find(|record| record.name == name);
    Listed::of(capability, record_of).map(|listed| listed.record.name.clone())
}

/// `{"Variant": value}`
fn tagged(variant: &str, value: &Value) -> Value {
    let properties = Map::from_iter([(variant.to_owned(), value.clone())]);
    json!({
        "type": "object",
        "properties": properties,
        "required": [variant],
        "additionalProperties": false,
    })
}
