//! What a page is: a spec, a page about other pages, a page that holds no more, or nothing.

use super::document::Document;
use super::page::PageKind;
use super::section::Section;
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::read::markdown::{Block, Inline, Page};
use crate::source::{Sources, Span};

/// Words of a title or a file name by which a page is known as one about others.
const INDEX_WORDS: [&str; 8] =
    ["index", "sequence", "readme", "overview", "inventory", "checklist", "roadmap", "contents"];

/// Other pages that a page without anything of its own must name to be one about others.
const FEWEST_PAGES: usize = 3;

/// Words by which a page says that it holds no more.
const DEPRECATED_WORDS: [&str; 7] =
    ["deprecated", "superseded", "retired", "obsolete", "archived", "tombstone", "withdrawn"];

/// Phrases that say the same.
const DEPRECATED_PHRASES: [&str; 5] =
    ["moved to", "merged into", "replaced by", "no longer used", "do not use this"];

/// Says of an empty page that it is empty; whether it is.
pub fn is_empty(page: &Page, document: &mut Document, diagnostics: &mut Diagnostics) -> bool {
    let is_title = |block: &Block| matches!(block, Block::Heading { level: 1, .. });
    if !page.blocks.iter().all(is_title) || page.blocks.len() > 1 {
        return false;
    }
    document.page = PageKind::Empty;
    let message =
        if page.blocks.is_empty() { "this page is empty" } else { "this page has a title and nothing else" };
    let at = document.title.as_ref().map_or(Span::start_of(document.file), |title| title.span);
    diagnostics.push(
        Diagnostic::new(codes::NOTHING_FOUND, message, at, "").help("write the spec, or delete the file"),
    );
    true
}

/// Says of a page without a spec in it what else it is; whether it is anything else.
pub fn is_no_spec(
    root: &Section<'_>,
    page: &Page,
    document: &mut Document,
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) -> bool {
    let at = document.title.as_ref().map_or(Span::start_of(document.file), |title| title.span);
    if let Some(span) = deprecated_at(root, document) {
        document.page = PageKind::Deprecated;
        diagnostics.push(
            Diagnostic::new(
                codes::DEPRECATED_PAGE,
                "this page says that it is no longer valid",
                span,
                "here",
            )
            .help("delete the file once nothing leads to it"),
        );
    } else if document.is_bare() && document.header.engine_id.is_none() && is_index(document, page, sources) {
        document.page = PageKind::Index;
        diagnostics.push(
            Diagnostic::new(
                codes::INDEX_PAGE,
                "this page is about other pages, and is no spec itself",
                at,
                "",
            )
            .help("nothing is taken from it; move it out of the specs if they are regenerated"),
        );
    }
    document.page != PageKind::Spec
}

fn is_index(document: &Document, page: &Page, sources: &Sources) -> bool {
    let path = &sources.get(document.file).path;
    let file_name = path.rsplit('/').next().unwrap_or(path);
    let title = document.title.as_ref().map_or("", |title| title.value.as_str());
    let is_named = [file_name, title].into_iter().any(|name| has_word(name, &INDEX_WORDS));
    is_named || page.written.matches(".md").take(FEWEST_PAGES).count() == FEWEST_PAGES
}

/// Where the title, the status or the words before the first section say that the page is no longer valid.
fn deprecated_at(root: &Section<'_>, document: &Document) -> Option<Span> {
    let is_phrase = |words: &&Inline| {
        let text = words.raw().to_ascii_lowercase();
        has_word(&text, &DEPRECATED_WORDS) || DEPRECATED_PHRASES.iter().any(|phrase| text.contains(phrase))
    };
    let status = document.header.status.as_ref().filter(|text| has_word(&text.value, &DEPRECATED_WORDS));
    let titles = root.sections.iter().filter(|section| section.level == 1);
    let headings = titles.clone().filter_map(|section| section.heading);
    let blocks = root.blocks.iter().chain(titles.flat_map(|section| &section.blocks)).take(3);
    let paragraphs = blocks.filter_map(|block| match block {
        Block::Paragraph(words) => Some(words),
        Block::List(items) => items.first().map(|item| &item.words),
        _ => None,
    });
    status
        .map(|text| text.span)
        .or_else(|| headings.chain(paragraphs).find(is_phrase).map(|words| words.span))
}

fn has_word(text: &str, wanted: &[&str]) -> bool {
    let words = || text.split(|c: char| !c.is_ascii_alphanumeric());
    words().any(|word| wanted.iter().any(|wanted| wanted.eq_ignore_ascii_case(word)))
}
