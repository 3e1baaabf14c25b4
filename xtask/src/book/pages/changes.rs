//! What differs from another revision.

use maud::{Markup, html};

use super::super::changes::{Changed, Changes};
use super::super::hrefs;
use super::super::page::{Book, Page};
use super::parts::{At, words};

pub(super) fn page(book: &Book<'_>, changes: &Changes) -> Page {
    let path = "changes.html";
    let at = At::new(book, path);
    let lead = html! {
        p.lead { "Against " code { (changes.against) } ": " (changes.summary) "." }
        @for note in &changes.notes { p.note { (note) } }
    };
    let mut page = Page::new(path.to_owned(), "Changes", "changes", lead);
    let mut classes: Vec<&str> = changes.changed.iter().map(|one| one.class).collect();
    classes.dedup();
    for class in classes {
        let body = html! { @for one in changes.changed.iter().filter(|one| one.class == class) { (change(at, one)) } };
        let mut title = class.to_owned();
        title[..1].make_ascii_uppercase();
        page = page.with(&hrefs::slug(&class.replace(' ', "-")), &title, body);
    }
    page
}

fn change(at: At<'_>, one: &Changed) -> Markup {
    html! {
        article.change {
            p { span class=(if one.is_breaking { "mark bad" } else { "mark unknown" }) { (one.kind) } " " (words(&one.sentence)) }
            p {
                @for item in &one.items {
                    @if let Some(href) = place(at, item) { a.chip href=(at.to(&href)) { (item) } " " }
                }
            }
            div.before-after {
                @if let Some((place, text)) = &one.old { p.old { span.place { (place) } " " code { (text) } } }
                @if let Some((relative, line, text)) = &one.new {
                    p.new { a.place href=(at.to(&hrefs::spec_line(relative, *line))) { (relative) ":" (line) } " " code { (text) } }
                }
            }
            @match &one.acknowledged {
                Some(why) => p.small { "Acknowledged: " (why) },
                None => @if one.is_breaking { p.small { (one.to_do) } },
            }
        }
    }
}

/// The page of the capability or table that an item is, if it is one.
fn place(at: At<'_>, item: &str) -> Option<String> {
    let owner = item.split('.').next().unwrap_or(item);
    let contracts = at.book.contracts();
    if contracts.iter().flat_map(|one| &one.capabilities).any(|one| one.id == owner) {
        return Some(hrefs::capability(owner));
    }
    let mut tables = contracts.iter().flat_map(|one| &one.tables);
    let is_table = tables.any(|table| selene_codegen::naming::without_schema(&table.name) == owner);
    is_table.then(|| hrefs::table(owner))
}
