//! A capability: its signature, input with bounds, gates, dedupe, audit event, codes, proof and lines.

use std::collections::BTreeMap;

use maud::{Markup, html};
use selene_codegen::contract::{
    AuditRule, Capability, Contract, Effect, Field, Output, ReadScope, Record, RefusalClass,
};
use selene_codegen::naming::{method_name, module_name, pascal};
use selene_codegen::paged::{self, Listed};

use super::super::hrefs;
use super::super::page::{Book, Page};
use super::super::places::{payload_anchor, payload_name};
use super::parts::{At, Fields, effect, output, words};
use super::proof;
use crate::coverage::item::Kind;

pub(super) fn page(book: &Book<'_>, contract: &Contract, one: &Capability) -> Page {
    let path = hrefs::capability(&one.id);
    let at = At::new(book, &path);
    let lead = html! {
        p.marks { (effect(one)) }
        p.lead { (words(&one.name)) }
        @if let Some(signature) = signature(contract, one) { pre.signature { code { (signature) } } }
    };
    Page::new(path.clone(), &one.id, "capabilities", lead)
        .above(&contract.engine.id, Some(hrefs::engine(&contract.engine.id)))
        .above("capability", None)
        .with("input", "Input", input(at, contract, one))
        .with("output", "Output", gives(at, contract, one))
        .with("gates", "Gates", gates(one))
        .with_some("same-call", "The same call", dedupe(at, one))
        .with_some("event", "Audit event", one.audit.as_ref().map(|rule| event(at, rule)))
        .with_some("writes", "Tables that it writes", writes(at, one))
        .with("codes", "Reason codes", codes(at, contract, one))
        .with_some("notes", "In the words of the specs", notes(one))
        .with("proof", "Proof", proven(at, one))
        .with_some("lines", "From the specs", at.lines(&book.links.lines_of_page(&path)))
}

/// The method as the repository trait has it; none of a planned capability.
fn signature(contract: &Contract, one: &Capability) -> Option<String> {
    let repo = contract.engine.repo_trait.as_ref().filter(|_| !one.planned)?;
    let input = pascal(&one.id);
    let output = match &one.output {
        Output::Type(ty) => ty.to_string(),
        Output::OneOf { .. } => format!("{input}Output"),
    };
    let value = if one.effect == Effect::Write { format!("Committed<{output}>") } else { output };
    let method = method_name(&one.id);
    Some(format!("{repo}::{method}(\n    &CallContext,\n    {input},\n) -> Result<{value}, StorageError>"))
}

fn input(at: At<'_>, contract: &Contract, one: &Capability) -> Markup {
    let module = module_name(&contract.engine.id);
    let fields = Fields {
        at,
        contract: Some(contract),
        module: &module,
        anchor: "input.",
        base: vec!["capabilities", &one.id, "input"],
    };
    let none = |_: &Field| html! {};
    html! {
        @if one.input.is_empty() && one.input_alternatives.is_empty() { p { "None." } }
        @if !one.input.is_empty() { (fields.table(&one.input, &none)) }
        @for (place, alternative) in one.input_alternatives.iter().enumerate() {
            h3 { "Either " code { (alternative.variant) } }
            @if let Some(ty) = &alternative.output { p { "Gives " (at.ty(&module, ty)) "." } }
            // A field of two alternatives is anchored once.
            @let anchor = if place == 0 { "input.".to_owned() } else { format!("input.{}.", alternative.variant) };
            @let own = Fields { anchor: &anchor, base: fields.base.clone(), ..fields };
            (own.table(&alternative.fields, &|field| {
                let is_first = !one.input_alternatives[..place].iter().flat_map(|before| &before.fields).any(|before| before.name == field.name);
                html! { @if place > 0 && is_first { span id=(hrefs::slug(&format!("input.{}", field.name))) {} } }
            }))
        }
        @if !one.context.is_empty() {
            p { "Of the call context it uses " @for (place, name) in one.context.iter().enumerate() { @if place > 0 { ", " } code { (name) } } "." }
        }
    }
}

fn gives(at: At<'_>, contract: &Contract, one: &Capability) -> Markup {
    html! {
        p {
            (output(at, contract, one))
            @if one.effect == Effect::Write { ", within " code { "Committed" } ": the value, the audit event, and whether this very call was applied" }
        }
        @if let Some(scope) = one.read_scope {
            p { "It looks at " (match scope {
                ReadScope::Tenant => "the rows of the tenant that the call names.",
                ReadScope::Row => "the row that the call names by its key.",
                ReadScope::WholeLedger => "the whole ledger: the lexicon declares it.",
            }) }
        }
        @if !one.planned && Listed::of(one, |name| record_of(at, contract, name)).is_some() {
            @let (method, form) = (method_name(&one.id), method_name(&paged::id(&one.id)));
            p { "Page by page: " code { (form) } " gives the rows of " code { (method) } " in the same order, a page of at most 1,000 at a time, and where the next one begins." }
        }
        @if one.effect == Effect::Guard { p { "It tries a forbidden overwrite, which must fail." } }
    }
}

fn record_of<'a>(at: At<'a>, contract: &'a Contract, name: &str) -> Option<&'a Record> {
    let shared = &at.book.subject.run.resolved.shared.records;
    contract.records.iter().chain(shared).find(|record| record.name == name)
}

fn gates(one: &Capability) -> Markup {
    html! {
        dl.facts {
            dt { "Callers" }
            dd { @for (place, caller) in one.allowed_callers.iter().enumerate() { @if place > 0 { ", " } code { (caller) } } }
            dt { "Simulation" }
            dd { @if one.simulation_gated { "refused without a " code { "simulation_id" } } @else { "not needed" } }
        }
    }
}

fn dedupe(at: At<'_>, one: &Capability) -> Option<Markup> {
    let rule = one.dedupe.as_ref()?;
    let space = if rule.space == one.stored_name() {
        html! { "of this capability" }
    } else {
        html! { "shared by all that write " (at.table(&rule.space)) }
    };
    Some(html! {
        p { "Two calls with the same key are the same call: the second is answered with the outcome of the first, and nothing is written. The keys are " (space) "." }
        ol.keys { @for key in &rule.keys { li { code { "(" (key.join(", ")) ")" } } } }
        @if rule.keys.len() > 1 { p.small { "The first whose fields are all there counts." } }
    })
}

fn event(at: At<'_>, rule: &AuditRule) -> Markup {
    let codes = |texts: &[String]| html! { @for (place, text) in texts.iter().enumerate() { @if place > 0 { ", " } code { (text) } } };
    html! {
        dl.facts {
            @if !rule.event_types.is_empty() { dt { "Type" } dd { (codes(&rule.event_types)) } }
            dt { "Reason" }
            dd {
                @if let Some(code) = &rule.reason_code { (at.reason(code)) }
                @else if rule.reason_from_input { "the " code { "reason_code" } " of the input" }
                @else { "not stated" }
            }
            @if !rule.required_fields.is_empty() { dt { "Must carry" } dd { (codes(&rule.required_fields)) } }
            @if !rule.payload_keys.is_empty() { dt { "Payload" } dd { (payload(at, &rule.payload_keys)) } }
        }
    }
}

/// The keys of a payload, each with the lines that state it.
fn payload(at: At<'_>, keys: &[String]) -> Markup {
    html! {
        ul.plain {
            @for (place, key) in keys.iter().enumerate() {
                @let anchor = payload_anchor(payload_name(key));
                @let is_first = !keys[..place].iter().any(|other| payload_name(other) == payload_name(key));
                li id=[is_first.then_some(&anchor)] {
                    code { (key) } " "
                    @if let Some(places) = at.places(&format!("{}#{anchor}", at.path)) { (places) }
                }
            }
        }
    }
}

fn writes(at: At<'_>, one: &Capability) -> Option<Markup> {
    (!one.writes.is_empty())
        .then(|| html! { ul.plain { @for table in &one.writes { li { (at.table(table)) } } } })
}

/// Every code that a call may come back with, with when.
fn codes(at: At<'_>, contract: &Contract, one: &Capability) -> Markup {
    let mut when: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (class, code) in &contract.refusals {
        let is_possible = match class {
            RefusalClass::Simulation => one.simulation_gated,
            RefusalClass::Replay | RefusalClass::OutcomeUnknown | RefusalClass::Duplicate => {
                one.effect == Effect::Write
            }
            RefusalClass::AppendOnly => one.effect != Effect::Read,
            _ => true,
        };
        if is_possible {
            when.entry(&code.name).or_default().push(class.as_str().replace('_', " "));
        }
    }
    for field in one.input_fields() {
        if let Some(code) = &field.violation {
            when.entry(code).or_default().push(format!("{} out of bounds", field.name));
        }
    }
    if let Some(code) = one.audit.as_ref().and_then(|rule| rule.reason_code.as_deref()) {
        when.entry(code).or_default().push("its audit event".to_owned());
    }
    let seen = proof::rows(at.book, Kind::ReasonCode, |row| row.returned_by.contains(&one.id));
    for row in seen {
        when.entry(&row.name).or_default().push("seen by tests".to_owned());
    }
    html! {
        div.scroll tabindex="0" role="region" aria-label="Reason codes" {
            table.list {
                thead { tr { th { "Code" } th { "When" } } }
                tbody { @for (code, reasons) in &when { tr { th scope="row" { (at.reason(code)) } td { (reasons.join(", ")) } } } }
            }
        }
    }
}

fn notes(one: &Capability) -> Option<Markup> {
    (!one.notes.is_empty()).then(
        || html! { ul { @for note in &one.notes { li { code { (note.key) } ": " (words(&note.text)) } } } },
    )
}

fn proven(at: At<'_>, one: &Capability) -> Markup {
    let own = proof::rows(at.book, Kind::Capability, |row| row.name == one.id);
    let prefix = format!("{}: ", one.id);
    let gates = proof::rows(at.book, Kind::Gate, |row| row.name.starts_with(&prefix));
    html! {
        @if let Some(note) = proof::note(at.book) { (note) }
        dl.facts {
            dt { "Served" }
            dd { (proof::state(at.book, own.first().copied())) " " @if let Some(row) = own.first() { (proof::tests(row)) } }
            @for row in gates {
                dt { (row.name.strip_prefix(&prefix).unwrap_or(&row.name)) }
                dd { (proof::state(at.book, Some(row))) " " (proof::tests(row)) }
            }
        }
    }
}
