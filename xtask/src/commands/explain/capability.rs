//! A capability: its lines, its contract, its method, its rule and rows, its tests.

use selene_codegen::contract::{Capability, Contract, Effect, Output};
use selene_codegen::naming::{method_name, pascal, without_schema};

use super::known::{Known, at, contract_file, field};
use super::page::Page;
use super::statements::statements;
use crate::coverage::item::Kind;
use crate::coverage::rust::KNOWN_READS;

/// The page of a capability.
pub fn page(known: &Known<'_>, contract: &Contract, capability: &Capability) -> Page {
    let (id, engine) = (&capability.id, contract.engine.id.as_str());
    let mut rows = known.implementations(id, "storage/src/rows");
    rows.extend(known.implementations(id, KNOWN_READS));
    let rules = known.implementations(id, "storage/src/rules");
    let is_of =
        |name: &str| name == id || name.strip_prefix(id.as_str()).is_some_and(|rest| rest.starts_with(':'));
    let codes = known.report.rows.iter().filter(|row| row.kind == Kind::ReasonCode);
    let returned = codes.filter(|row| row.returned_by.contains(id)).map(|row| row.name.clone());
    let tests = known.tests(Kind::Capability, |row| row.name == *id);
    let gates = known.tests(Kind::Gate, |row| is_of(&row.name));
    Page::new("capability", id, Some(engine))
        .with("spec", spec(known, engine, capability))
        .with("contract", std::iter::once(contract_file(engine)).chain(facts(capability)))
        .with("input", inputs(capability))
        .with("trait", method(contract, capability))
        .with("rule", rules.into_iter().map(at))
        .with("rows", rows.iter().map(|place| at(place)))
        .with("statements", rows.iter().flat_map(|place| statements(known.rust, &place.file)))
        .with("codes that tests saw it return", [returned.collect::<Vec<_>>().join(", ")])
        .with("tests", tests.into_iter().chain(gates))
}

fn spec(known: &Known<'_>, engine: &str, capability: &Capability) -> Vec<String> {
    let id = capability.id.as_str();
    let keys = ["name", "input", "output", "allowed_callers", "effect", "writes", "dedupe", "audit"];
    let base = ["capabilities", id];
    let paths: Vec<Vec<&str>> = std::iter::once(base.to_vec())
        .chain(keys.iter().map(|key| [&base[..], &[*key]].concat()))
        .chain(capability.notes.iter().map(|note| [&base[..], &["notes", note.key.as_str()]].concat()))
        .collect();
    known.spec_lines(engine, &paths.iter().map(Vec::as_slice).collect::<Vec<_>>())
}

fn facts(capability: &Capability) -> Vec<String> {
    let effect = match capability.effect {
        Effect::Write => "writes",
        Effect::Read => "reads",
        Effect::Guard => "tries a forbidden overwrite, which must fail",
    };
    let planned = if capability.planned { "planned: nobody serves it yet".to_owned() } else { String::new() };
    let gate = if capability.simulation_gated { ", only within a simulation" } else { "" };
    let writes: Vec<&str> = capability.writes.iter().map(|table| without_schema(table)).collect();
    let dedupe = capability.dedupe.as_ref().map_or(String::new(), |rule| {
        let keys: Vec<String> = rule.keys.iter().map(|key| format!("({})", key.join(", "))).collect();
        format!("same call: {} in {}", keys.join(", else "), rule.space)
    });
    let event = capability.audit.as_ref().map_or(String::new(), |rule| {
        let reason = rule.reason_code.as_deref().unwrap_or("the reason of the input");
        let payload = rule.payload_keys.join(", ");
        format!("event: {} with {reason}, payload {payload}", rule.event_types.join(" or "))
    });
    let or_nothing = |words: String, is_there: bool| if is_there { words } else { String::new() };
    vec![
        planned,
        format!("{}: {effect}", capability.name),
        format!("called by {}{gate}", capability.allowed_callers.join(", ")),
        or_nothing(format!("writes {}", writes.join(", ")), !writes.is_empty()),
        dedupe,
        event,
    ]
}

fn inputs(capability: &Capability) -> Vec<String> {
    let alternatives = capability.input_alternatives.iter().flat_map(|alternative| {
        let head = format!("either {}", alternative.variant);
        std::iter::once(head).chain(alternative.fields.iter().map(|one| format!("  {}", field(one))))
    });
    capability.input.iter().map(field).chain(alternatives).collect()
}

/// The method as the repository trait has it; none of a planned capability.
pub fn method(contract: &Contract, capability: &Capability) -> Vec<String> {
    let Some(repo) = contract.engine.repo_trait.as_ref().filter(|_| !capability.planned) else {
        return Vec::new();
    };
    let input = pascal(&capability.id);
    let output = match &capability.output {
        Output::Type(ty) => ty.to_string(),
        Output::OneOf { .. } => format!("{input}Output"),
    };
    let value = if capability.effect == Effect::Write { format!("Committed<{output}>") } else { output };
    let method = method_name(&capability.id);
    vec![format!("{repo}::{method}(&CallContext, {input}) -> Result<{value}, StorageError>")]
}
