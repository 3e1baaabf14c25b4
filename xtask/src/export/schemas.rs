//! All schemas of a document: what the chosen engines declare, what their calls take and give, and all that this leads to.

use std::collections::BTreeMap;

use selene_codegen::contract::Contract;
use serde_json::Value;

use super::definitions::{Definitions, Wanted};
use super::{calls, capability, fields, leaves};

/// Every schema by its key.
pub(super) fn all(mut definitions: Definitions<'_>) -> BTreeMap<String, Value> {
    for contract in definitions.exported().chosen() {
        add_engine(&mut definitions, contract);
    }
    calls::add(&mut definitions);
    while let Some((key, wanted)) = definitions.next_wanted() {
        let schema = made(&mut definitions, wanted);
        definitions.insert(key, schema);
    }
    definitions.into_schemas()
}

/// Everything that an engine declares, and what its calls take and give.
fn add_engine<'c>(definitions: &mut Definitions<'c>, contract: &'c Contract) {
    let types = contract.types.iter().map(|ty| &ty.name);
    for name in types.chain(contract.records.iter().map(|record| &record.name)) {
        definitions.named(Some(contract), name);
    }
    definitions.reason_codes_of(contract);
    for one in contract.served() {
        let input = capability::input(definitions, contract, one);
        definitions.insert(capability::input_key(contract, one), input);
        if let Some((key, output)) = capability::output_enum(definitions, contract, one) {
            definitions.insert(key, output);
        }
        if let Some(key) = capability::page_key(definitions, contract, one)
            && let Some(page) = capability::page(definitions, contract, one)
        {
            calls::add_pages(definitions);
            definitions.insert(key, page);
        }
        // What it gives may be declared for all engines.
        capability::output(definitions, contract, one);
    }
}

fn made<'c>(definitions: &mut Definitions<'c>, wanted: Wanted<'c>) -> Value {
    match wanted {
        Wanted::Type(ty) => leaves::of_type(ty),
        Wanted::Record(home, record) => {
            fields::object(definitions, home, fields::Form::Record, &record.fields, &record.doc)
        }
        Wanted::CodesOf(contract) => {
            let about =
                format!("The reason codes of {}; retired ones stand in old rows only.", contract.engine.id);
            leaves::of_codes(contract.reason_codes.iter(), &about)
        }
        Wanted::Codes => {
            let codes = definitions.exported().contracts.iter().flat_map(|contract| &contract.reason_codes);
            leaves::of_codes(codes, "A registered reason code of any engine.")
        }
    }
}
