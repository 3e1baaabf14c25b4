//! Sections of specs in every way they are written, one module per group of them.
//!
//! Dialects say which sections and keys their pages must have ([`Rules`]); what stands in a section is read here, the same
//! for all of them, because pages mix the dialects. What must not live here: looking names up.

mod audit;
mod capability;
mod dedupe;
mod header;
mod ids;
pub(super) mod known;
mod listed;
mod ownership;
mod properties;
mod prose;
mod reads;
mod relations;
mod schemas;
mod table;
mod test_fns;
mod test_ids;
mod tests;
mod unread;
pub(super) mod words;
mod writes;
mod written;

pub use capability::names_capabilities_by_key;
pub(super) use ids::{has_id_key, ids_at_start};
pub use known::Known;
pub(super) use properties::PROPERTIES;
pub(super) use words::{is_lower_snake, looks_like_reason_code};

use selene_codegen::contract::SpecKind;

use super::document::Document;
use super::section::Section;
use crate::diagnostics::{Diagnostic, Diagnostics, codes, nearest};
use crate::source::Span;
use unread::unknown_heading;

/// What the pages of a dialect must have.
pub struct Rules {
    /// The sections of one half of an engine.
    pub required: fn(SpecKind) -> &'static [Known],
    /// Bullets of the engine header.
    pub header_keys: &'static [&'static str],
    /// Bullets of a capability.
    pub capability_keys: &'static [&'static str],
    /// Whether every table must state its truth type and its primary key.
    pub tables_are_complete: bool,
}

/// The headings of a page.
#[derive(Default)]
struct Headings {
    /// Sections that are known, each with its first place.
    seen: Vec<(Known, Span)>,
    /// The names of those that are not.
    unknown: Vec<(String, Span)>,
}

/// Reads every section of a page.
pub fn read(root: &Section<'_>, rules: &Rules, document: &mut Document, diagnostics: &mut Diagnostics) {
    prose::introduction(root, document, diagnostics);
    for title in root.sections.iter().filter(|section| section.level == 1) {
        prose::introduction(title, document, diagnostics);
    }
    let mut headings = Headings::default();
    for section in tops(root) {
        let span = section.span().unwrap_or(Span::start_of(document.file));
        let Some(known) = Known::of(section) else {
            unknown_heading(section, diagnostics);
            headings.unknown.push((section.name(), span));
            continue;
        };
        document.add_heading(section);
        match headings.seen.iter().find(|(other, _)| *other == known) {
            Some((_, first)) if !known.may_repeat() => {
                let message = format!("the section `{}` stands here twice", known.name());
                diagnostics.push(
                    Diagnostic::new(codes::DUPLICATE_SECTION, message, span, "again here")
                        .and(*first, "first here")
                        .help("join the two sections"),
                );
            }
            Some(_) => {}
            None => headings.seen.push((known, span)),
        }
        reader(known)(section, document, diagnostics);
    }
    finish(rules, &headings, document, diagnostics);
}

/// Every section below the titles.
#[must_use]
pub fn tops<'r, 'a>(root: &'r Section<'a>) -> Vec<&'r Section<'a>> {
    root.sections
        .iter()
        .flat_map(
            |section| if section.level == 1 { section.sections.iter().collect() } else { vec![section] },
        )
        .collect()
}

/// What reads a section.
fn reader(known: Known) -> fn(&Section<'_>, &mut Document, &mut Diagnostics) {
    match known {
        Known::EngineHeader => header::read,
        Known::CapabilityList => capability::read,
        Known::FailureModes | Known::ReasonCodes => audit::read_failures,
        Known::AuditPerCapability | Known::AuditEmissions => audit::read_audit,
        Known::Sources => header::read_sources,
        Known::DataOwned => table::read,
        Known::Ownership => ownership::read,
        Known::Wiring | Known::Prose => prose::read,
        Known::Reads => reads::read,
        Known::Writes => writes::read,
        Known::Relations => relations::read,
        Known::AcceptanceTests => tests::read,
    }
}

/// What is known only when the whole page was read: what holds for every capability, and what is missing.
fn finish(rules: &Rules, headings: &Headings, document: &mut Document, diagnostics: &mut Diagnostics) {
    capability::callers_of_the_header(document);
    capability::report_missing(document, rules.capability_keys, diagnostics);
    let Headings { seen, unknown } = headings;
    let has = |known: Known| seen.iter().find(|(other, _)| *other == known).map(|(_, span)| *span);
    if let Some(at) = has(Known::EngineHeader) {
        header::report_missing(document, rules.header_keys, at, diagnostics);
    }
    if rules.tables_are_complete {
        table::report_missing(document, diagnostics);
    }
    let at = document.title.as_ref().map_or(Span::start_of(document.file), |title| title.span);
    for known in document.kind.map_or(&[][..], rules.required) {
        if has(*known).is_none() {
            document.missing.push(known.name());
            let message = format!("the section `{}` is missing", known.name());
            // A heading that is nearly it is the cause; the title is only where the page starts.
            let near = nearest(known.name(), unknown.iter().map(|(name, _)| name.as_str()));
            let cause = unknown.iter().find(|(name, _)| near == Some(name)).map(|(_, span)| *span);
            let label = if cause.is_some() { "is it this one?" } else { "in this document" };
            diagnostics.push(
                Diagnostic::new(codes::MISSING_SECTION, message, cause.unwrap_or(at), label)
                    .help(format!("add `## {}`", known.name())),
            );
        }
    }
}
