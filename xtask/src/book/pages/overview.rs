//! The first page: the engines, and everything in one picture.

use maud::{Markup, html};

use super::super::page::{Book, Page};
use super::super::{hrefs, pictures};
use super::parts::{At, words};
use super::{entities, proof};
use crate::coverage::item::Kind;
use crate::coverage::report::State;

pub(super) fn page(book: &Book<'_>) -> Page {
    let path = "index.html";
    let at = At::new(book, path);
    let lead = html! {
        p.lead {
            "Everything that the specs state: who may call what with which bounds, what it writes, which code comes back, and what keeps it. \
             Every item leads to the lines of the specs that state or name it, and every line that states something to its items."
        }
        (numbers(book, at))
    };
    let picture = pictures::all(book).map(|graph| {
        html! {
            p { "Tables with their keys; an arrow leads from a reference to the row that it names. Colours are engines." }
            (entities::shown(&graph, "Entities of all engines"))
        }
    });
    Page::new(path.to_owned(), "Contracts", "overview", lead)
        .with("engines", "Engines", engines(book, at))
        .with_some("entities", "Entities", picture)
}

fn numbers(book: &Book<'_>, at: At<'_>) -> Markup {
    let contracts = book.contracts();
    let sum = |count: &dyn Fn(&selene_codegen::contract::Contract) -> usize| {
        contracts.iter().map(count).sum::<usize>()
    };
    let shown = [
        (contracts.len(), "engines", "#engines".to_owned()),
        (sum(&|one| one.capabilities.len()), "capabilities", at.to("capabilities.html")),
        (sum(&|one| one.tables.len()), "tables", at.to("tables.html")),
        (sum(&|one| one.reason_codes.len()), "reason codes", at.to("codes.html")),
        (sum(&|one| one.acceptance_tests.len()), "acceptance tests", at.to("tests.html")),
    ];
    html! {
        ul.numbers {
            @for (count, words, href) in shown { li { a href=(href) { strong { (count) } " " (words) } } }
        }
    }
}

fn engines(book: &Book<'_>, at: At<'_>) -> Markup {
    html! {
        @if let Some(note) = proof::note(book) { (note) }
        div.scroll tabindex="0" role="region" aria-label="Engines" {
            table.list {
                thead {
                    tr { th { "Engine" } th { "What it is for" } th { "Capabilities" } th { "Tables" } th { "Codes" } th { "Tests" } }
                }
                tbody {
                    @for contract in book.contracts() {
                        @let id = contract.engine.id.as_str();
                        tr {
                            th scope="row" { (at.link(&hrefs::engine(id), id)) }
                            td { (words(&contract.engine.purpose)) }
                            td.number { (contract.capabilities.len()) }
                            td.number { (contract.tables.len()) }
                            td.number { (contract.reason_codes.len()) }
                            td.number { (tests(book, id, contract.acceptance_tests.len())) }
                        }
                    }
                }
            }
        }
    }
}

/// `12 of 12` that a test proved; only how many there are where nobody knows.
fn tests(book: &Book<'_>, engine: &str, all: usize) -> String {
    match book.subject.report.filter(|report| report.records > 0) {
        Some(report) => format!("{} of {all}", report.count(engine, Kind::AcceptanceTest, State::Tested)),
        None => all.to_string(),
    }
}
