//! A page before it is put into its frame.

use maud::Markup;

use super::links::Links;
use super::subject::Subject;
use selene_codegen::contract::Contract;

/// A file of the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its path below the folder of the site, with `/`.
    pub path: String,
    /// What stands in it.
    pub text: String,
}

impl File {
    /// A file with this text.
    #[must_use]
    pub fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned() }
    }
}

/// What pages are made from.
pub(super) struct Book<'a> {
    pub subject: Subject<'a>,
    pub links: &'a Links<'a>,
}

impl<'a> Book<'a> {
    pub fn contracts(&self) -> &'a [Contract] {
        &self.subject.run.resolved.contracts
    }
}

/// A page of the site: its path, its title and its text.
pub(super) struct Page {
    pub path: String,
    pub title: String,
    /// What it is, above its title: `capability of PH1.W`, with the page that leads to it.
    pub above: Vec<(String, Option<String>)>,
    /// Which entry of the navigation it belongs to.
    pub part: &'static str,
    /// Its sections: anchor and title.
    pub sections: Vec<Section>,
    /// What stands before the sections.
    pub lead: Markup,
}

/// A part of a page.
pub(super) struct Section {
    pub id: String,
    pub title: String,
    pub body: Markup,
    /// Whether it says itself which lines state it.
    pub has_lines: bool,
}

impl Page {
    pub fn new(path: String, title: &str, part: &'static str, lead: Markup) -> Self {
        Self { path, title: title.to_owned(), above: Vec::new(), part, sections: Vec::new(), lead }
    }

    pub fn above(mut self, words: &str, href: Option<String>) -> Self {
        self.above.push((words.to_owned(), href));
        self
    }

    pub fn with(mut self, id: &str, title: &str, body: Markup) -> Self {
        self.sections.push(Section { id: id.to_owned(), title: title.to_owned(), body, has_lines: false });
        self
    }

    /// A section that says itself which lines of the specs state it.
    pub fn with_lines(mut self, id: &str, title: &str, body: Markup) -> Self {
        self.sections.push(Section { id: id.to_owned(), title: title.to_owned(), body, has_lines: true });
        self
    }

    /// A section only where it says something.
    pub fn with_some(self, id: &str, title: &str, body: Option<Markup>) -> Self {
        match body {
            Some(body) => self.with(id, title, body),
            None => self,
        }
    }

    /// `../` for every folder that the page lies in.
    pub fn root(&self) -> String {
        root_of(&self.path)
    }
}

/// The way from a page to the root of the site.
pub(super) fn root_of(path: &str) -> String {
    "../".repeat(path.matches('/').count())
}
