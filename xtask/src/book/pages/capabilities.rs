//! The list of all capabilities.

use maud::html;

use super::super::hrefs;
use super::super::page::{Book, Page};
use super::parts::{At, capabilities};

pub(super) fn page(book: &Book<'_>) -> Page {
    let path = "capabilities.html";
    let at = At::new(book, path);
    let lead = html! { p.lead { "What OS crates may call, engine by engine. One capability is one method of the engine's repository trait." } };
    let mut page = Page::new(path.to_owned(), "Capabilities", "capabilities", lead);
    for contract in book.contracts() {
        let id = &contract.engine.id;
        let body = html! {
            p { (at.link(&hrefs::engine(id), id)) ": " (contract.engine.purpose) }
            (capabilities(at, contract))
        };
        page = page.with(&hrefs::slug(id), id, body);
    }
    page
}
