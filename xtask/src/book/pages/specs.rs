//! The specs as they stand, line by line, each line with what comes from it.

use maud::{Markup, html};

use super::super::hrefs;
use super::super::page::{Book, Page};
use super::super::places::{Item, PART};
use super::parts::At;
use crate::source::{FileId, SourceFile};

/// How many items a line shows at once.
const SHOWN: usize = 3;

/// The list of the documents.
pub(super) fn index(book: &Book<'_>) -> Page {
    let path = "specs.html";
    let at = At::new(book, path);
    let lead = html! {
        p.lead { "What people edit. A line has a number that can be linked, and leads to what comes from it." }
        ul.plain {
            @for (_, file) in book.links.documents() {
                li { (at.code_link(&hrefs::spec(&file.relative), &file.relative)) }
            }
        }
    };
    Page::new(path.to_owned(), "Specs", "specs", lead)
}

/// A page for each document.
pub(super) fn pages(book: &Book<'_>) -> Vec<Page> {
    book.links.documents().into_iter().map(|(id, file)| page(book, id, file)).collect()
}

fn page(book: &Book<'_>, id: FileId, file: &SourceFile) -> Page {
    let path = hrefs::spec(&file.relative);
    let at = At::new(book, &path);
    let lead = html! {
        div.source tabindex="0" role="region" aria-label=(file.relative) {
            table {
                tbody {
                    @for (line, text) in (1_usize..).zip(file.text.lines()) { (row(at, id, line, text)) }
                }
            }
        }
    };
    Page::new(path.clone(), &file.relative, "specs", lead).above("Specs", Some("specs.html".to_owned()))
}

fn row(at: At<'_>, id: FileId, line: usize, text: &str) -> Markup {
    let items: Vec<&Item> = at.book.links.items_of(id, line).collect();
    let class = if text.starts_with('#') { "heading" } else { "text" };
    // A field is called by its own name beside what it belongs to, and so is a part of a page.
    let owner = items.first().and_then(|(label, _)| label.split(PART).next()).unwrap_or_default();
    let chip = |(label, href): &Item| {
        let field = label.strip_prefix(owner).and_then(|rest| rest.strip_prefix('.'));
        let part = label.split_once(PART).map(|(_, part)| part);
        html! { a.chip href=(at.to(href)) title=(label) { (part.or(field).unwrap_or(label)) } " " }
    };
    html! {
        tr id=(format!("L{line}")) {
            td.number { a href=(format!("#L{line}")) { (line) } }
            td class=(class) { code { (text) } }
            td.items {
                @for item in items.iter().take(SHOWN) { (chip(item)) }
                @if items.len() > SHOWN {
                    details {
                        summary { (items.len() - SHOWN) " more" }
                        @for item in items.iter().skip(SHOWN) { (chip(item)) }
                    }
                }
            }
        }
    }
}
