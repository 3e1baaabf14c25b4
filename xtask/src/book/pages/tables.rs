//! The list of all tables.

use maud::html;
use selene_codegen::contract::TruthType;
use selene_codegen::naming::without_schema;

use super::super::hrefs;
use super::super::page::{Book, Page};
use super::parts::At;

pub(super) fn page(book: &Book<'_>) -> Page {
    let path = "tables.html";
    let at = At::new(book, path);
    let lead = html! {
        p.lead { "A ledger only grows: no row of it is changed or removed, and three locks keep that. A current table holds the newest state." }
    };
    let mut page = Page::new(path.to_owned(), "Tables", "tables", lead);
    for contract in book.contracts().iter().filter(|contract| !contract.tables.is_empty()) {
        let body = html! {
            div.scroll tabindex="0" role="region" aria-label="Tables" {
                table.list {
                    thead { tr { th { "Table" } th { "Truth" } th { "Primary key" } th { "Columns" } } }
                    tbody {
                        @for table in &contract.tables {
                            tr {
                                th scope="row" { (at.code_link(&hrefs::table(&table.name), without_schema(&table.name))) }
                                td { (super::table::truth(table.truth_type)) }
                                td { code { (table.primary_key.join(", ")) } }
                                td.number { @if table.columns.is_empty() { "of another engine" } @else { (table.columns.len()) } }
                            }
                        }
                    }
                }
            }
            @if contract.tables.iter().all(|table| table.truth_type == TruthType::Ledger) {
                p.small { "All of them are ledgers." }
            }
        };
        page = page.with(&hrefs::slug(&contract.engine.id), &contract.engine.id, body);
    }
    page
}
