//! A reason code: its lines, its number and class, what returns it, its tests.

use selene_codegen::contract::{Contract, ReasonCode};
use selene_codegen::naming::{engine_stem, pascal};

use super::known::{Known, at, contract_file};
use super::page::Page;
use crate::coverage::item::Kind;

/// The page of a code.
pub fn page(known: &Known<'_>, contract: &Contract, code: &ReasonCode) -> Page {
    let name = code.name.as_str();
    let variant = format!("{}ReasonCode::{}", engine_stem(&contract.engine.id), pascal(name));
    let rows = known.rows(Kind::ReasonCode, |row| row.name == name);
    let returned = rows.iter().flat_map(|row| &row.returned_by).cloned();
    Page::new("reason code", name, Some(&contract.engine.id))
        .with("spec", known.lines_that_name(name))
        .with("contract", std::iter::once(contract_file(&contract.engine.id)).chain(facts(code)))
        .with("returned, as the contracts say", returns(known, code))
        .with("returned, as tests saw", returned)
        .with("rust", [variant])
        .with("rule", known.rust.lines_of(&pascal(name)).iter().map(at))
        .with("tests", known.tests(Kind::ReasonCode, |row| row.name == name))
}

fn facts(code: &ReasonCode) -> Vec<String> {
    let retired = if code.retired { "retired: its number stays taken, and nothing returns it" } else { "" };
    vec![
        format!("{:#010x}, {}: {}", code.number, code.class.as_str(), code.meaning),
        format!("from {}", code.source),
        retired.to_owned(),
    ]
}

/// Where the contracts of all engines let a call return it.
fn returns(known: &Known<'_>, code: &ReasonCode) -> Vec<String> {
    let name = code.name.as_str();
    let mut lines = Vec::new();
    for contract in known.contracts() {
        let engine = &contract.engine.id;
        let classes = contract.refusals.iter().filter(|(_, refusal)| refusal.name == name);
        lines.extend(
            classes.map(|(class, _)| format!("refusal `{}` of every call of {engine}", class.as_str())),
        );
        for capability in contract.served() {
            let of_event = capability.audit.as_ref().and_then(|rule| rule.reason_code.as_deref());
            if of_event == Some(name) {
                lines.push(format!("event of {}", capability.id));
            }
            for field in capability.input_fields() {
                if field.violation.as_deref() == Some(name) {
                    lines.push(format!("{}.{} out of its bounds", capability.id, field.name));
                }
                let is_own = contract.reason_codes.iter().any(|own| own.name == name);
                if is_own && field.classes.contains(&code.class) {
                    lines.push(format!("{}.{}, as the caller gives it", capability.id, field.name));
                }
            }
        }
    }
    lines
}
