//! The contracts as a static site: pages for everything that they state, pictures, the specs with their lines, a search.
//!
//! Three phases: what is known is collected ([`Subject`]), made into pages, and put into their frame. The same
//! subject gives the same bytes. Every text is foreign and is escaped by the templates.
//! What must not live here: opening specs, writing files, serving them.

mod bounds;
mod changes;
mod graph;
mod hrefs;
mod layout;
mod links;
mod listed;
mod machine;
mod page;
mod pages;
mod pictures;
mod places;
mod search;
mod stated;
mod subject;

pub use changes::{Changed, Changes};
pub use machine::{Machine, Move, read_machines};
pub use page::File;
pub use subject::Subject;

/// Every file of the site, by path.
#[must_use]
pub fn site(subject: Subject<'_>) -> Vec<File> {
    let links = links::Links::of(subject.run, subject.parsed, subject.machines);
    let book = page::Book { subject, links: &links };
    let pages = pages::all(&book);
    let mut files: Vec<File> = pages.iter().map(|page| layout::rendered(&book, page)).collect();
    files.push(File::new("style.css", include_str!("assets/style.css")));
    files.push(File::new("book.js", include_str!("assets/book.js")));
    files.push(File::new("search-index.js", &search::index(&book)));
    files.sort_by(|one, other| one.path.cmp(&other.path));
    files
}
