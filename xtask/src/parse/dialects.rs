//! The table of dialects, and reading a page in the one it is written in. A new way of writing specs is a new module that
//! implements [`Dialect`], and one line in `DIALECTS`.

use std::collections::BTreeSet;

use selene_codegen::contract::SpecKind;

use super::dialect::Dialect;
use super::document::Document;
use super::lettered::Lettered;
use super::plain::Plain;
use super::readings::readings;
use super::section::{Section, sections};
use super::sections::{Known, tops};
use super::{account, backticks, heads, lazy, levels, lone_values, page_kind, prose_codes, rows};
use super::{set_in, tight_heads, unmarked};
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::read::markdown::Page;
use crate::source::{Sources, Span, Spanned};

/// Every dialect; the first that recognizes a page reads it.
static DIALECTS: [&dyn Dialect; 2] = [&Lettered, &Plain];

/// Reads a page in whatever dialect it is written.
pub fn parse_document(page: &Page, sources: &Sources, diagnostics: &mut Diagnostics) -> Document {
    let restored = tight_heads::restored(page);
    let page = restored.as_ref().unwrap_or(page);
    let (mut document, mut found) = attempt(page, sources, Diagnostics::default());
    // A page without marks is read by its lines too; what understands more of it counts.
    if let Some(restored) = unmarked::restore(page) {
        let mut lost = Diagnostics::default();
        lost.push(
            Diagnostic::new(
                codes::LOST_MARKS,
                "this page has lost its Markdown marks; it is read by its lines",
                Span::start_of(page.file),
                "",
            )
            .help(
                "write `## ` before its sections, `### ` before its entries and `- ` before its properties",
            ),
        );
        let by_lines = attempt(&restored, sources, lost);
        if understood(&by_lines.0) >= understood(&document) {
            (document, found) = by_lines;
        }
    }
    diagnostics.absorb(found, |_| true);
    document
}

fn attempt(page: &Page, sources: &Sources, mut found: Diagnostics) -> (Document, Diagnostics) {
    let page = &backticks::assume(&shaped(page));
    let mut document = read(page, sources, &mut found);
    prose_codes::report(page, &document, &mut found);
    account::account(page, &mut document, &mut found);
    (document, found)
}

/// How much of a page was understood: what an engine consists of, then all that was read, in bytes.
fn understood(document: &Document) -> (usize, usize) {
    let is_part = |what: &str| {
        what.starts_with("capability")
            || what.starts_with("table")
            || what.starts_with("acceptance_test")
            || matches!(
                what,
                "engine_id" | "reason_code" | "foreign_key" | "write" | "write.table" | "read.table"
            )
    };
    let readings = readings(document);
    let parts = readings
        .iter()
        .filter(|(span, what)| is_part(what) && !what.ends_with("note") && span.start < span.end);
    let has_meaning =
        |read_as: &str| !read_as.starts_with("diagnostic") && !matches!(read_as, "prose" | "mark");
    let stretches = document.stretches.iter().filter(|stretch| has_meaning(&stretch.read_as));
    (parts.count(), stretches.map(|stretch| stretch.span.end - stretch.span.start).sum())
}

/// The page with its headings, bullets and tables as they stand for.
fn shaped(page: &Page) -> Page {
    heads::restore(&rows::restore(&levels::usual(&lone_values::lifted(&lazy::without(&set_in::below(page))))))
}

fn read(page: &Page, sources: &Sources, diagnostics: &mut Diagnostics) -> Document {
    let root = sections(page);
    let mut document = Document::new(page.file);
    document.title = title(&root);
    document.kind = kind(&root, &document, sources);
    if page_kind::is_empty(page, &mut document, diagnostics) {
        return document;
    }
    let mut found = Diagnostics::default();
    match DIALECTS.iter().find(|dialect| dialect.recognizes(&root)) {
        Some(dialect) => dialect.parse(&root, &mut document, &mut found),
        None => not_recognized(page, &root, &mut found),
    }
    if document.is_bare() {
        found.push(states_nothing(&root, &document, start(page, &root)));
    }
    // What a spec would have to have is not missed on a page that is none.
    let is_spec = !page_kind::is_no_spec(&root, page, &mut document, sources, diagnostics);
    let is_missed = |one: &Diagnostic| !codes::OF_MISSING_PARTS.contains(&one.code);
    diagnostics.absorb(found, |one| is_spec || is_missed(one));
    document
}

/// What a page without anything that an engine consists of has, and what it lacks.
fn states_nothing(root: &Section<'_>, document: &Document, at: Span) -> Diagnostic {
    let of_ecm = "write capabilities under `## Capability List`";
    let of_wiring = "tables and writes under `## 2) Data Owned` and `## 4) Writes`";
    let has_id = document.header.engine_id.is_some().then(|| "an `engine_id`".to_owned());
    let known = tops(root).into_iter().filter_map(Known::of).filter(|known| *known != Known::Prose);
    let known: BTreeSet<Known> = known.collect();
    let names: Vec<String> = known.iter().map(|known| format!("`{}`", known.name())).collect();
    let sections = match names.as_slice() {
        [] => None,
        [name] => Some(format!("the section {name}")),
        [names @ .., last] => Some(format!("the sections {} and {last}", names.join(", "))),
    };
    let found: Vec<String> = has_id.into_iter().chain(sections).collect();
    if found.is_empty() {
        return Diagnostic::new(codes::NOTHING_FOUND, "nothing could be read from this document", at, "")
            .help(format!("{of_ecm}, or {of_wiring}"));
    }
    let (lacks, help) = match document.kind {
        Some(SpecKind::Ecm) => ("capability, reason code or acceptance test", of_ecm.to_owned()),
        Some(SpecKind::DbWiring) => (
            "table, write, reason code or acceptance test",
            format!(
                "write {of_wiring}; an engine without tables still has acceptance tests, such as `- AT-SHOP-01 a price is shown`"
            ),
        ),
        None => {
            ("capability, table, write, reason code or acceptance test", format!("{of_ecm}, or {of_wiring}"))
        }
    };
    let message = format!("this page has {}, but states no {lacks}", found.join(" and "));
    Diagnostic::new(codes::NOTHING_FOUND, message, at, "").help(help)
}

fn title(root: &Section<'_>) -> Option<Spanned<String>> {
    let first = root.sections.first()?;
    first.heading.map(|words| Spanned::new(words.plain(), words.span))
}

/// Known by the title, else by the folder, else by the sections.
fn kind(root: &Section<'_>, document: &Document, sources: &Sources) -> Option<SpecKind> {
    let title = document.title.as_ref().map(|title| title.value.to_ascii_lowercase()).unwrap_or_default();
    let words: Vec<&str> = title.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    if words.contains(&"ecm") {
        return Some(SpecKind::Ecm);
    }
    if words.windows(2).any(|pair| pair == ["db", "wiring"]) {
        return Some(SpecKind::DbWiring);
    }
    let folder_is =
        |name: &str| sources.get(document.file).path.split('/').rev().skip(1).any(|part| part == name);
    for kind in [SpecKind::Ecm, SpecKind::DbWiring] {
        if folder_is(kind.as_str()) {
            return Some(kind);
        }
    }
    let names = all_names(root);
    let holds = |wanted: &str| names.iter().any(|name| name.contains(wanted));
    match (holds("capability list"), holds("data owned")) {
        (true, false) => Some(SpecKind::Ecm),
        (false, true) => Some(SpecKind::DbWiring),
        _ => None,
    }
}

fn all_names(section: &Section<'_>) -> Vec<String> {
    let mut names = vec![section.name().to_ascii_lowercase()];
    for child in &section.sections {
        names.extend(all_names(child));
    }
    names
}

fn start(page: &Page, root: &Section<'_>) -> Span {
    root.sections.first().and_then(Section::span).unwrap_or(Span::start_of(page.file))
}

fn not_recognized(page: &Page, root: &Section<'_>, diagnostics: &mut Diagnostics) {
    let mut diagnostic = Diagnostic::new(
        codes::UNKNOWN_FORM,
        "this way of writing a spec is not understood",
        start(page, root),
        "the document starts here",
    )
    .help("write its sections as `## Engine Header` or `## 1) Engine Header`");
    let headings = root.sections.iter().flat_map(|section| &section.sections);
    for section in headings.filter(|section| section.heading.is_some()).take(8) {
        if let Some(span) = section.span() {
            diagnostic = diagnostic.and(span, "not a section that is known");
        }
    }
    diagnostics.push(diagnostic);
}
