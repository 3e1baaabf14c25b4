//! `## 7) Acceptance Tests`: an id, a title, and the test function below it.

use super::unread::{no_subsections, other_blocks, unknown_bullet};
use super::words::{is_lower_snake, labelled, lone_paragraphs};
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::parse::bullet::{Bullet, code_text};
use crate::parse::document::{Document, TestText, Text};
use crate::parse::section::Section;
use crate::read::markdown::{Inline, Item};
use crate::source::{Span, Spanned};

/// Lists under this label name source files for people; they are no part of the contract.
const REFERENCES: &str = "implementation references";

/// Reads the tests.
pub fn read(section: &Section<'_>, document: &mut Document, diagnostics: &mut Diagnostics) {
    no_subsections(section, diagnostics);
    other_blocks(section, diagnostics);
    for paragraph in lone_paragraphs(section) {
        diagnostics.push(
            Diagnostic::new(
                codes::UNKNOWN_BLOCK,
                "a paragraph here is not understood",
                paragraph.span,
                "not read",
            )
            .help("write tests as bullets"),
        );
    }
    for (label, item) in labelled(section) {
        let _ = Bullet::new(item, diagnostics);
        if let Some(test) = read_test(item, diagnostics) {
            document.acceptance_tests.push(test);
            continue;
        }
        let is_reference =
            label.is_some_and(|words| words.plain().to_ascii_lowercase().starts_with(REFERENCES));
        if !is_reference {
            unknown_bullet(&item.words, "", &["`AT-NAME-DB-01` title"], diagnostics);
        }
    }
}

fn read_test(item: &Item, diagnostics: &mut Diagnostics) -> Option<TestText> {
    let (id, behind) = id_of(&item.words)?;
    let text = behind.text();
    let title = text.trim_start_matches(':').trim().to_owned();
    let mut test_fn = None;
    for child in &item.children {
        match child.words.only_code().filter(|code| is_lower_snake(&code.text)) {
            Some(code) if test_fn.is_none() => test_fn = Some(code_text(code)),
            _ => diagnostics.push(
                Diagnostic::new(
                    codes::TRAILING_WORDS,
                    "words below a test are not understood",
                    child.words.span,
                    "",
                )
                .help("write one test function in backticks and lower_snake"),
            ),
        }
    }
    Some(TestText { id, test_fn, title: Spanned::new(title, behind.span) })
}

/// `AT-…` at the start, with or without backticks.
fn id_of(words: &Inline) -> Option<(Text, Inline)> {
    if let Some(code) = words.codes.first().filter(|code| code.outer.start == words.span.start) {
        return code.text.starts_with("AT-").then(|| (code_text(code), words.after(code.outer.end)));
    }
    let raw = words.raw();
    if !raw.starts_with("AT-") {
        return None;
    }
    let length =
        raw.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_')).unwrap_or(raw.len());
    let span = Span::new(words.span.file, words.span.start, words.span.start + length);
    Some((Spanned::new(raw[..length].to_owned(), span), words.after(span.end)))
}
