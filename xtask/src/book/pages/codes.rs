//! All reason codes, each with its class, number, meaning and what brings it.

use maud::{Markup, html};
use selene_codegen::contract::{Contract, ReasonCode};
use selene_codegen::naming::module_name;

use super::super::hrefs;
use super::super::page::{Book, Page};
use super::parts::{At, words};
use super::proof;
use crate::coverage::item::Kind;

pub(super) fn page(book: &Book<'_>) -> Page {
    let path = "codes.html";
    let at = At::new(book, path);
    let lead = html! {
        p.lead { "Every refusal, event and outcome carries one. A number is never reused or changed; a code that goes away is retired." }
        @if let Some(note) = proof::note(book) { (note) }
    };
    let mut page = Page::new(path.to_owned(), "Reason codes", "codes", lead);
    for contract in book.contracts().iter().filter(|contract| !contract.reason_codes.is_empty()) {
        let rows = proof::rows(book, Kind::ReasonCode, |row| row.engine == contract.engine.id);
        let body = html! {
            div.scroll tabindex="0" role="region" aria-label="Reason codes" {
                table {
                    thead { tr { th { "Code" } th { "Class" } th { "Meaning" } th { "Comes from" } th { "State" } th { "Lines" } } }
                    tbody {
                        @for code in &contract.reason_codes {
                            @let row = rows.iter().find(|row| row.name == code.name).copied();
                            tr id=(hrefs::slug(&code.name)) {
                                th scope="row" { code { (code.name) } p.small { (number(code)) } }
                                td { (code.class.as_str()) }
                                td { (words(&code.meaning)) p.small { (code.source) } }
                                td { (sources(at, code)) }
                                td { (proof::state(book, row)) }
                                td { @if let Some(places) = at.places(&hrefs::code(&code.name)) { (places) } }
                            }
                        }
                    }
                }
            }
        };
        page = page.with(&hrefs::slug(&module_name(&contract.engine.id)), &contract.engine.id, body);
    }
    page
}

/// `0x0002_0001`
fn number(code: &ReasonCode) -> String {
    format!("0x{:04X}_{:04X}", code.number >> 16, code.number & 0xFFFF)
}

/// Where the contracts of all engines let it come from.
fn sources(at: At<'_>, code: &ReasonCode) -> Markup {
    const SHOWN: usize = 5;
    let mut found: Vec<Markup> = Vec::new();
    for contract in at.book.contracts() {
        found.extend(of_contract(at, contract, code));
    }
    let rest = found.split_off(found.len().min(SHOWN));
    html! {
        @if code.retired { span.mark.unknown { "retired" } }
        ul.plain { @for one in &found { li { (one) } } }
        @if !rest.is_empty() {
            details { summary { (rest.len()) " more" } ul.plain { @for one in &rest { li { (one) } } } }
        }
    }
}

fn of_contract(at: At<'_>, contract: &Contract, code: &ReasonCode) -> Vec<Markup> {
    let name = code.name.as_str();
    let engine = contract.engine.id.as_str();
    let mut found = Vec::new();
    for (class, refusal) in &contract.refusals {
        if refusal.name == name {
            found.push(html! { (class.as_str().replace('_', " ")) " refusal of " (at.link(&hrefs::engine(engine), engine)) });
        }
    }
    let is_own = contract.reason_codes.iter().any(|own| own.name == name);
    for one in contract.served() {
        let link = || at.code_link(&hrefs::capability(&one.id), &one.id);
        if one.audit.as_ref().and_then(|rule| rule.reason_code.as_deref()) == Some(name) {
            found.push(html! { "event of " (link()) });
        }
        for field in one.input_fields() {
            if field.violation.as_deref() == Some(name) {
                found.push(html! { code { (field.name) } " of " (link()) " out of bounds" });
            }
            if is_own && field.classes.contains(&code.class) {
                found.push(html! { "given as " code { (field.name) } " of " (link()) });
            }
        }
    }
    found
}
