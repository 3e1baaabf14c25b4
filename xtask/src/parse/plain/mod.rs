//! The dialect with plain or numbered headings: `## Capability List`, `## 4) Writes (outputs)`, keys in backticks.
//!
//! One module per group of sections. What must not live here: looking names up.

mod audit;
mod capability;
mod header;
mod headings;
mod relations;
mod table;
mod tests;
mod unread;
mod words;
mod writes;

use super::dialect::Dialect;
use super::document::Document;
use super::section::Section;
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::source::Span;
use headings::Known;
use unread::{stray_blocks, unknown_heading};

/// Specs with headings such as `## Capability List` or `## 4) Writes`.
pub struct Plain;

impl Dialect for Plain {
    fn recognizes(&self, root: &Section<'_>) -> bool {
        tops(root).iter().any(|section| Known::of(section).is_some())
    }

    fn parse(&self, root: &Section<'_>, document: &mut Document, diagnostics: &mut Diagnostics) {
        stray_blocks(root, diagnostics);
        for title in root.sections.iter().filter(|section| section.level == 1) {
            stray_blocks(title, diagnostics);
        }
        let mut seen: Vec<(&'static str, Span)> = Vec::new();
        for section in tops(root) {
            let span = section.span().unwrap_or(Span::start_of(document.file));
            let Some(known) = Known::of(section) else {
                unknown_heading(section, diagnostics);
                continue;
            };
            if let Some((_, first)) = seen.iter().find(|(name, _)| *name == known.name()) {
                let message = format!("the section `{}` stands here twice", known.name());
                diagnostics.push(
                    Diagnostic::new(codes::DUPLICATE_SECTION, message, span, "again here")
                        .and(*first, "first here")
                        .help("join the two sections"),
                );
            }
            if !seen.iter().any(|(name, _)| *name == known.name()) {
                seen.push((known.name(), span));
            }
            reader(known)(section, document, diagnostics);
        }
        let at = document.title.as_ref().map_or(Span::start_of(document.file), |title| title.span);
        for known in Known::ALL {
            let wanted = document.kind.is_some_and(|kind| known.required_in().contains(&kind));
            if wanted && !seen.iter().any(|(name, _)| *name == known.name()) {
                document.missing.push(known.name());
                let message = format!("the section `{}` is missing", known.name());
                diagnostics.push(
                    Diagnostic::new(codes::MISSING_SECTION, message, at, "in this document")
                        .help(format!("add `## {}`", known.name())),
                );
            }
        }
    }
}

/// Every section below the titles.
fn tops<'r, 'a>(root: &'r Section<'a>) -> Vec<&'r Section<'a>> {
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
        Known::Reads => table::read_dependencies,
        Known::Writes => writes::read,
        Known::Relations => relations::read,
        Known::AcceptanceTests => tests::read,
    }
}
