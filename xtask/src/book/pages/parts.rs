//! What several kinds of pages show alike: types, fields, lines of the specs, words with code in them.

use maud::{Markup, html};
use selene_codegen::contract::{Capability, Contract, Effect, Field, TypeDef, TypeRef};
use selene_codegen::naming::{module_name, without_schema};

use super::super::links::{SpecLine, leaf};
use super::super::page::{Book, root_of};
use super::super::{bounds, hrefs};

/// Makes links on one page.
#[derive(Clone, Copy)]
pub(in crate::book) struct At<'a> {
    pub book: &'a Book<'a>,
    /// The path of the page.
    pub path: &'a str,
}

impl<'a> At<'a> {
    pub const fn new(book: &'a Book<'a>, path: &'a str) -> Self {
        Self { book, path }
    }

    /// A link from this page to a place of the site.
    pub fn to(&self, href: &str) -> String {
        format!("{}{href}", root_of(self.path))
    }

    pub fn link(&self, href: &str, words: &str) -> Markup {
        html! { a href=(self.to(href)) { (words) } }
    }

    pub fn code_link(&self, href: &str, words: &str) -> Markup {
        html! { a href=(self.to(href)) { code { (words) } } }
    }

    /// A reason code with a link, where an engine registers it.
    pub fn reason(&self, code: &str) -> Markup {
        let name = code.rsplit(':').next().unwrap_or(code);
        if self.book.links.engine_of(name).is_some() {
            html! { a href=(self.to(&hrefs::code(name))) { code { (breakable(name)) } } }
        } else {
            html! { code { (breakable(code)) } }
        }
    }

    /// A table with a link, where a contract has it.
    pub fn table(&self, name: &str) -> Markup {
        let bare = without_schema(name);
        let is_known =
            |contract: &Contract| contract.tables.iter().any(|table| without_schema(&table.name) == bare);
        if self.book.contracts().iter().any(is_known) {
            self.code_link(&hrefs::table(bare), bare)
        } else {
            html! { code { (bare) } }
        }
    }

    /// A type with a link to what it names.
    pub fn ty(&self, module: &str, ty: &TypeRef) -> Markup {
        let whole = ty.to_string();
        let name = leaf(ty).to_string();
        let href = self.book.links.type_href(module, &name);
        let (Some(href), Some((before, after))) = (href, whole.rsplit_once(&name)) else {
            return html! { code { (whole) } };
        };
        html! { code { (before) a href=(self.to(&href)) { (name) } (after) } }
    }

    /// The lines that something comes from: the first, and the others on demand.
    pub fn lines(&self, lines: &[SpecLine]) -> Option<Markup> {
        const SHOWN: usize = 12;
        let (first, rest) = lines.split_at(lines.len().min(SHOWN));
        let list = |lines: &[SpecLine]| {
            html! {
                ul.lines {
                    @for line in lines {
                        li { a.place href=(self.to(&line.href)) { (line.label) } " " code.line { (line.text) } }
                    }
                }
            }
        };
        (!lines.is_empty()).then(|| {
            html! {
                (list(first))
                @if !rest.is_empty() { details { summary { (rest.len()) " more" } (list(rest)) } }
            }
        })
    }

    /// Small links to every line that leads to exactly this place of the site: the first, and the others on demand.
    pub fn places(&self, href: &str) -> Option<Markup> {
        const SHOWN: usize = 3;
        let lines = self.book.links.lines_at(href);
        let (first, rest) = lines.split_at(lines.len().min(SHOWN));
        let list = |lines: &[SpecLine]| {
            html! { @for line in lines { a.place href=(self.to(&line.href)) title=(line.text) { (line.label) } " " } }
        };
        (!lines.is_empty()).then(|| {
            html! {
                (list(first))
                @if !rest.is_empty() { details { summary { (rest.len()) " more" } (list(rest)) } }
            }
        })
    }

    /// A small link to one line, for tables.
    pub fn place(&self, line: Option<SpecLine>) -> Markup {
        html! {
            @if let Some(line) = line {
                a.place href=(self.to(&line.href)) title=(line.text) { (line.label) }
            }
        }
    }
}

/// How a table of fields anchors its rows, and where their lines are found.
pub(super) struct Fields<'a> {
    pub at: At<'a>,
    pub contract: Option<&'a Contract>,
    pub module: &'a str,
    /// What stands before a field's name in its anchor.
    pub anchor: &'a str,
    /// The path of the fields among the places of the contract.
    pub base: Vec<&'a str>,
}

impl Fields<'_> {
    /// The table; `more` adds marks to a name.
    pub fn table(&self, fields: &[Field], more: &dyn Fn(&Field) -> Markup) -> Markup {
        html! {
            div.scroll tabindex="0" role="region" aria-label="Fields" {
                table {
                    thead { tr { th { "Field" } th { "Type" } th { "Bounds" } th { "Meaning" } th { "Line" } } }
                    tbody { @for field in fields { (self.row(field, more)) } }
                }
            }
        }
    }

    fn row(&self, field: &Field, more: &dyn Fn(&Field) -> Markup) -> Markup {
        let path = [&self.base[..], &[field.name.as_str()]].concat();
        let anchor = hrefs::slug(&format!("{}{}", self.anchor, field.name));
        html! {
            tr id=(anchor) {
                th scope="row" { code { (field.name) } (more(field)) }
                td { (self.at.ty(self.module, &field.ty)) }
                td { (self.bounds(field)) }
                td {
                    (words(&field.doc))
                    @if let Some(code) = &field.violation { p.small { "Out of bounds: " (self.at.reason(code)) } }
                    @if let Some(absent) = &field.absent { p.small { "Older answers have " code { (absent) } } }
                }
                td {
                    @match self.at.places(&format!("{}#{anchor}", self.at.path)) {
                        Some(places) => (places),
                        None => (self.at.place(self.at.book.links.line(self.module, &path))),
                    }
                }
            }
        }
    }

    fn bounds(&self, field: &Field) -> Markup {
        let own = bounds::of_field(field);
        let of_type = self.type_of(field).map(|ty| bounds::of_type(&ty.kind)).unwrap_or_default();
        html! {
            @if own.is_empty() { (of_type) } @else { (own) }
        }
    }

    fn type_of(&self, field: &Field) -> Option<&TypeDef> {
        let name = leaf(&field.ty).to_string();
        let own = self.contract.into_iter().flat_map(|contract| &contract.types);
        own.chain(&self.at.book.subject.run.resolved.shared.types).find(|ty| ty.name == name)
    }
}

/// Words of the specs: what stands between backticks is code. Nothing else is read as a mark.
pub(super) fn words(text: &str) -> Markup {
    let parts: Vec<&str> = text.split('`').collect();
    let is_paired = parts.len() % 2 == 1;
    html! {
        @if is_paired {
            @for (place, part) in parts.iter().enumerate() {
                @if place % 2 == 1 { code { (part) } } @else { (part) }
            }
        } @else { (text) }
    }
}

/// What a capability does, as a mark.
pub(super) fn effect(capability: &Capability) -> Markup {
    let (class, word) = match capability.effect {
        Effect::Write => ("mark write", "write"),
        Effect::Read => ("mark read", "read"),
        Effect::Guard => ("mark guard", "guard"),
    };
    html! {
        span class=(class) { (word) }
        @if capability.planned { " " span.mark.planned { "planned" } }
        @if capability.simulation_gated { " " span.mark.gate { "simulation" } }
    }
}

/// A list of capabilities of one engine.
pub(super) fn capabilities(at: At<'_>, contract: &Contract) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label="Capabilities" {
            table.list {
                thead { tr { th { "Capability" } th { "Effect" } th { "What it does" } th { "Gives" } } }
                tbody {
                    @for one in &contract.capabilities {
                        tr {
                            th scope="row" { (at.code_link(&hrefs::capability(&one.id), &one.id)) }
                            td { (effect(one)) }
                            td { (words(&one.name)) }
                            td { (output(at, contract, one)) }
                        }
                    }
                }
            }
        }
    }
}

/// What a call gives.
pub(super) fn output(at: At<'_>, contract: &Contract, one: &Capability) -> Markup {
    let module = module_name(&contract.engine.id);
    html! {
        @for (place, ty) in one.output.types().iter().enumerate() {
            @if place > 0 { " or " }
            (at.ty(&module, ty))
        }
    }
}

/// A name in capitals that may go on in the next line behind each of its words.
fn breakable(name: &str) -> Markup {
    html! {
        @for (place, word) in name.split_inclusive('_').enumerate() {
            @if place > 0 { wbr; }
            (word)
        }
    }
}
