//! All acceptance tests with their state.

use maud::html;
use selene_codegen::naming::module_name;

use super::super::hrefs;
use super::super::page::{Book, Page};
use super::parts::{At, words};
use super::proof;
use crate::coverage::item::Kind;

pub(super) fn page(book: &Book<'_>) -> Page {
    let path = "tests.html";
    let at = At::new(book, path);
    let lead = html! {
        p.lead { "What the DB wirings ask to be proven, and what the last run of the tests saw." }
        @if let Some(note) = proof::note(book) { (note) }
    };
    let mut page = Page::new(path.to_owned(), "Acceptance tests", "tests", lead);
    for contract in book.contracts().iter().filter(|contract| !contract.acceptance_tests.is_empty()) {
        let rows = proof::rows(book, Kind::AcceptanceTest, |row| row.engine == contract.engine.id);
        let body = html! {
            div.scroll tabindex="0" role="region" aria-label="Acceptance tests" {
                table {
                    thead { tr { th { "Test" } th { "State" } th { "What it proves" } th { "Function" } th { "Lines" } } }
                    tbody {
                        @for (place, test) in contract.acceptance_tests.iter().enumerate() {
                            @let row = proof::of_test(&rows, &contract.acceptance_tests, place);
                            tr id=(hrefs::test_entry(&contract.acceptance_tests, place)) {
                                th scope="row" { code { (test.id) } }
                                td { (proof::state(book, row)) }
                                td { (words(&test.title)) }
                                td {
                                    code { (test.test_fn) }
                                    @if let Some(place) = row.and_then(|row| row.written.first()) { p.small { (place.file) ":" (place.line) } }
                                }
                                td {
                                    @let entry = hrefs::test_entry(&contract.acceptance_tests, place);
                                    @if let Some(places) = at.places(&format!("tests.html#{entry}")) { (places) }
                                }
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
