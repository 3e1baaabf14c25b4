//! The frame of every page: head, navigation, search, contents. Pages say nothing of it.

use maud::{DOCTYPE, Markup, html};

use super::hrefs;
use super::page::{Book, File, Page, Section};
use super::pages::At;

/// The entries of the navigation: title, page, part.
const PARTS: [(&str, &str, &str); 8] = [
    ("Overview", "index.html", "overview"),
    ("Capabilities", "capabilities.html", "capabilities"),
    ("Tables", "tables.html", "tables"),
    ("Reason codes", "codes.html", "codes"),
    ("Types", "types.html", "types"),
    ("State machines", "machines.html", "machines"),
    ("Tests", "tests.html", "tests"),
    ("Specs", "specs.html", "specs"),
];

/// The page in its frame.
pub(super) fn rendered(book: &Book<'_>, page: &Page) -> File {
    let root = page.root();
    let markup = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (page.title) " · Contracts" }
                link rel="stylesheet" href=(format!("{root}style.css"));
                script src=(format!("{root}search-index.js")) defer {}
                script src=(format!("{root}book.js")) defer {}
            }
            body data-root=(root) {
                a.skip href="#main" { "Skip to content" }
                (header(book, page, &root))
                div.frame {
                    (side(book, page, &root))
                    main #main tabindex="-1" { (contents(book, page, &root)) }
                }
                footer { p { "Made from the specs by " code { "cargo xtask book" } ". The specs are the source; this only shows them." } }
            }
        }
    };
    File { path: page.path.clone(), text: markup.into_string() }
}

fn header(book: &Book<'_>, page: &Page, root: &str) -> Markup {
    let changes = book.subject.changes.map(|_| ("Changes", "changes.html", "changes"));
    html! {
        header.top {
            a.brand href=(format!("{root}index.html")) { "Contracts" }
            nav aria-label="Parts of the book" {
                @for (title, href, part) in PARTS.into_iter().chain(changes) {
                    a href=(format!("{root}{href}")) aria-current=[(part == page.part).then_some("page")] { (title) }
                }
            }
            div.search role="search" hidden {
                label.hidden for="search" { "Search" }
                input #search type="search" placeholder="Search  /" autocomplete="off" spellcheck="false"
                    role="combobox" aria-expanded="false" aria-controls="found" aria-autocomplete="list";
                ul #found role="listbox" aria-label="What is found" hidden {}
            }
        }
    }
}

fn side(book: &Book<'_>, page: &Page, root: &str) -> Markup {
    html! {
        aside.side {
            @if page.sections.len() > 1 {
                nav.on-page aria-label="On this page" {
                    h2 { "On this page" }
                    ul { @for section in &page.sections { li { a href=(format!("#{}", section.id)) { (section.title) } } } }
                }
            }
            nav aria-label="Engines" {
                h2 { "Engines" }
                ul {
                    @for contract in book.contracts() {
                        @let href = hrefs::engine(&contract.engine.id);
                        li { a href=(format!("{root}{href}")) aria-current=[(href == page.path).then_some("page")] { (contract.engine.id) } }
                    }
                }
            }
        }
    }
}

fn contents(book: &Book<'_>, page: &Page, root: &str) -> Markup {
    html! {
        @if !page.above.is_empty() {
            p.above {
                @for (place, (words, href)) in page.above.iter().enumerate() {
                    @if place > 0 { span.sep aria-hidden="true" { " / " } }
                    @match href {
                        Some(href) => a href=(format!("{root}{href}")) { (words) },
                        None => span { (words) },
                    }
                }
            }
        }
        h1 { (page.title) }
        (page.lead)
        @for section in &page.sections {
            section aria-labelledby=(section.id) {
                h2 id=(section.id) { a.anchor href=(format!("#{}", section.id)) { (section.title) } }
                (section.body)
                @if let Some(places) = stated(book, page, section) { div.small.stated { "Stated at " (places) } }
            }
        }
    }
}

/// The lines that state a section, where it does not say so itself.
fn stated(book: &Book<'_>, page: &Page, section: &Section) -> Option<Markup> {
    let at = At::new(book, &page.path);
    at.places(&format!("{}#{}", page.path, section.id)).filter(|_| !section.has_lines)
}
