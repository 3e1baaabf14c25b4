//! Every page of the site, a file for each kind.

mod capabilities;
mod capability;
mod changes;
mod codes;
mod engine;
mod entities;
mod machines;
mod overview;
mod parts;
mod picture;
mod proof;
mod specs;
mod table;
mod tables;
mod tests;
mod types;

pub(super) use parts::At;

use super::page::{Book, Page};

/// All pages, in no order that anybody should lean on.
pub(super) fn all(book: &Book<'_>) -> Vec<Page> {
    let mut pages = vec![
        overview::page(book),
        capabilities::page(book),
        tables::page(book),
        codes::page(book),
        tests::page(book),
        types::index(book),
        machines::page(book),
        specs::index(book),
    ];
    for contract in book.contracts() {
        pages.push(engine::page(book, contract));
        pages.extend(contract.capabilities.iter().map(|one| capability::page(book, contract, one)));
    }
    pages.extend(table::pages(book));
    pages.extend(types::pages(book));
    pages.extend(specs::pages(book));
    pages.extend(book.subject.changes.map(|changes| changes::page(book, changes)));
    pages
}
