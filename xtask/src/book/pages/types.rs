//! Types and records: those of each engine, and those of all.

use maud::{Markup, html};
use selene_codegen::contract::{Contract, Record, TypeDef, TypeKind};
use selene_codegen::naming::module_name;

use super::super::page::{Book, Page};
use super::super::{bounds, hrefs};
use super::parts::{At, Fields, words};
use crate::paths::SHARED;

/// The list of the pages.
pub(super) fn index(book: &Book<'_>) -> Page {
    let path = "types.html";
    let at = At::new(book, path);
    let shared = &book.subject.run.resolved.shared;
    let lead = html! {
        p.lead { "What the lexicon says once about every name: ids, numbers, enums, and the records that calls give." }
        ul.plain {
            li { (at.link(&hrefs::types(SHARED), "Shared by all engines")) " " span.small { (counted(&shared.types, &shared.records)) } }
            @for contract in book.contracts() {
                @let module = module_name(&contract.engine.id);
                li { (at.link(&hrefs::types(&module), &contract.engine.id)) " " span.small { (counted(&contract.types, &contract.records)) } }
            }
        }
    };
    Page::new(path.to_owned(), "Types", "types", lead)
}

fn counted(types: &[TypeDef], records: &[Record]) -> String {
    format!("{} types, {} records", types.len(), records.len())
}

/// A page for each engine, and one for all of them.
pub(super) fn pages(book: &Book<'_>) -> Vec<Page> {
    let shared = &book.subject.run.resolved.shared;
    let mut pages = vec![page(book, None, SHARED, "Shared types", &shared.types, &shared.records)];
    for contract in book.contracts() {
        let module = module_name(&contract.engine.id);
        let title = format!("Types of {}", contract.engine.id);
        pages.push(page(book, Some(contract), &module, &title, &contract.types, &contract.records));
    }
    pages
}

fn page(
    book: &Book<'_>,
    contract: Option<&Contract>,
    module: &str,
    title: &str,
    types: &[TypeDef],
    records: &[Record],
) -> Page {
    let path = hrefs::types(module);
    let at = At::new(book, &path);
    let above = contract.map_or(("Types".to_owned(), "types.html".to_owned()), |contract| {
        (contract.engine.id.clone(), hrefs::engine(&contract.engine.id))
    });
    let lead = html! { @if types.is_empty() && records.is_empty() { p { "It declares none of its own." } } };
    let mut page = Page::new(path.clone(), title, "types", lead).above(&above.0, Some(above.1.clone()));
    if !types.is_empty() {
        page = page.with(
            "named-types",
            "Named types",
            html! { @for ty in types { (self::ty(at, module, ty)) } },
        );
    }
    for record in records {
        let fields = Fields {
            at,
            contract,
            module,
            anchor: &format!("{}.", record.name),
            base: vec!["records", &record.name, "fields"],
        };
        let body = html! {
            @if !record.doc.is_empty() { p { (words(&record.doc)) } }
            (fields.table(&record.fields, &|_| html! {}))
        };
        page = page.with(&hrefs::slug(&record.name), &record.name, body);
    }
    if contract.is_none() {
        page = page.with_some("ambient", "Part of every call", ambient(at)).with_some(
            "callers",
            "Callers",
            callers(at),
        );
    }
    page.with_some("lines", "From the specs", at.lines(&book.links.lines_of_page(&path)))
}

/// What every call has beside its input.
fn ambient(at: At<'_>) -> Option<Markup> {
    let lexicon = at.book.subject.parsed.lexicon.as_ref()?;
    let doc =
        |name: &str| lexicon.shared.fields.iter().find(|field| field.name.value == name)?.doc.as_deref();
    Some(html! {
        ul.plain {
            @for name in &lexicon.ambient {
                @let anchor = hrefs::slug(&format!("ambient.{}", name.value));
                li id=(anchor) {
                    code { (name.value) }
                    @if let Some(doc) = doc(&name.value) { ": " (words(doc)) }
                    " " @if let Some(places) = at.places(&format!("{}#{anchor}", at.path)) { (places) }
                }
            }
        }
    })
}

/// What specs call those who may call.
fn callers(at: At<'_>) -> Option<Markup> {
    let lexicon = at.book.subject.parsed.lexicon.as_ref()?;
    Some(html! {
        dl.facts {
            @for (name, callers) in &lexicon.callers {
                dt { code { (name.value) } }
                dd { @for (place, caller) in callers.iter().enumerate() { @if place > 0 { ", " } code { (caller.value) } } }
            }
        }
    })
}

fn ty(at: At<'_>, module: &str, ty: &TypeDef) -> Markup {
    html! {
        div.type id=(hrefs::slug(&ty.name)) {
            h3 { code { (ty.name) } }
            @if let Some(places) = at.places(&hrefs::ty(module, &ty.name)) { div.small { (places) } }
            @if !ty.doc.is_empty() { p { (words(&ty.doc)) } }
            @match &ty.kind {
                TypeKind::Enum { values } => ul.values { @for value in values { li { code { (value) } } } },
                kind => p.small { (bounds::of_type(kind)) },
            }
        }
    }
}
