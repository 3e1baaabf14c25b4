//! Reason codes that only a sentence names: whoever reads the contract would never learn of them.

use std::collections::BTreeSet;

use super::document::Document;
use super::sections::looks_like_reason_code;
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::read::markdown::Page;
use crate::source::Span;

/// Reports names in backticks that look like a code of this page, stand in a sentence, and are declared nowhere.
pub fn report(page: &Page, document: &Document, diagnostics: &mut Diagnostics) {
    let is_no_name = |c: char| !(c.is_ascii_alphanumeric() || c == '_');
    let headings: BTreeSet<&str> =
        document.writes.iter().flat_map(|write| write.heading.value.split(is_no_name)).collect();
    for sentence in &document.prose {
        let text = &page.text[sentence.span.start..sentence.span.end];
        let mut start = sentence.span.start;
        for (index, piece) in text.split('`').enumerate() {
            let is_code = index % 2 == 1;
            if is_code && is_undeclared(piece, document) && !headings.contains(piece) {
                let span = Span::new(page.file, start, start + piece.len());
                let message =
                    format!("`{piece}` looks like a reason code, and no list of this page declares it");
                diagnostics.push(
                    Diagnostic::new(codes::UNDECLARED_CODE, message, span, "only here")
                        .help("add it to the reason codes of the page, or write it without backticks"),
                );
            }
            start += piece.len() + 1;
        }
    }
}

fn is_undeclared(name: &str, document: &Document) -> bool {
    let prefix = name.split('_').next().unwrap_or_default();
    looks_like_reason_code(name)
        && document.has_code_prefix(prefix)
        && !document.has_reason_code(name)
        && !document.has_capability(name)
}
