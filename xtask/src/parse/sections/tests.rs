//! `## 7) Acceptance Tests`: an id, a title, and the test function below it.

use super::unread::{other_blocks, unknown_bullet};
use super::words::{is_lower_snake, labelled};
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::parse::bullet::{Bullet, code_text};
use crate::parse::document::{Document, TestText, Text};
use crate::parse::section::Section;
use crate::read::markdown::{Block, Inline, Item};
use crate::source::{Span, Spanned};

/// Lists under this label name source files for people; they are no part of the contract.
const REFERENCES: [&str; 3] = ["implementation references", "implemented references", "references"];

/// Reads the tests, and those of the headings below.
pub fn read(section: &Section<'_>, document: &mut Document, diagnostics: &mut Diagnostics) {
    other_blocks(section, diagnostics);
    for (index, block) in section.blocks.iter().enumerate() {
        let leads_a_list = matches!(section.blocks.get(index + 1), Some(Block::List(_)));
        if let Block::Paragraph(words) = block {
            read_paragraph(words, leads_a_list, document, diagnostics);
        }
    }
    for (label, item) in labelled(section) {
        let is_reference = label.is_some_and(leads_to_references);
        read_item(item, is_reference, document, diagnostics);
    }
    for child in &section.sections {
        read_heading(child, document, diagnostics);
    }
}

/// A heading may be a test itself, with words below it, or the head of more tests.
fn read_heading(section: &Section<'_>, document: &mut Document, diagnostics: &mut Diagnostics) {
    let Some((id, behind)) = section.heading.and_then(id_of) else {
        document.add_heading(section);
        read(section, document, diagnostics);
        return;
    };
    report_range(&id, &behind, diagnostics);
    document.acceptance_tests.push(TestText { id, test_fn: None, title: title_of(&behind) });
    super::prose::introduction(section, document, diagnostics);
    for child in &section.sections {
        read_heading(child, document, diagnostics);
    }
}

/// Lines that start with an id are tests; a paragraph before a list is its label.
fn read_paragraph(
    words: &Inline,
    leads_a_list: bool,
    document: &mut Document,
    diagnostics: &mut Diagnostics,
) {
    let lines: Vec<Inline> = words.lines().iter().map(without_bars).collect();
    if !lines.iter().any(|line| id_of(line).is_some()) {
        if leads_a_list {
            document.add_prose(words);
        } else {
            diagnostics.push(
                Diagnostic::new(
                    codes::UNKNOWN_BLOCK,
                    "a paragraph here is not understood",
                    words.span,
                    "not read",
                )
                .help("write tests as bullets"),
            );
        }
        return;
    }
    for line in lines {
        match id_of(&line) {
            Some((id, behind)) => {
                report_range(&id, &behind, diagnostics);
                document.acceptance_tests.push(TestText { id, test_fn: None, title: title_of(&behind) });
            }
            None => document.add_prose(&line),
        }
    }
}

/// A row of a table without the bars at its ends.
fn without_bars(line: &Inline) -> Inline {
    let raw = line.raw();
    let Some(inner) = raw.strip_prefix('|') else { return line.clone() };
    let length = inner.trim_end().trim_end_matches('|').len();
    line.part(line.span.start + 1..line.span.start + 1 + length)
}

fn leads_to_references(words: &Inline) -> bool {
    let words = words.plain().to_ascii_lowercase();
    REFERENCES.iter().any(|references| words.starts_with(references))
}

fn read_item(item: &Item, is_reference: bool, document: &mut Document, diagnostics: &mut Diagnostics) {
    let _ = Bullet::new(item, diagnostics);
    if let Some(test) = read_test(item, diagnostics) {
        document.acceptance_tests.push(test);
        return;
    }
    let holds_tests = item.children.iter().any(|child| id_of(&child.words).is_some());
    if is_reference || leads_to_references(&item.words) {
        document.add_prose(&item.words);
        super::prose::add_items(&item.children, document, diagnostics);
    } else if holds_tests {
        document.add_prose(&item.words);
        for child in &item.children {
            read_item(child, false, document, diagnostics);
        }
    } else {
        unknown_bullet(&item.words, "", &["`AT-NAME-DB-01` title"], diagnostics);
    }
}

fn read_test(item: &Item, diagnostics: &mut Diagnostics) -> Option<TestText> {
    let (id, behind) = id_of(&item.words)?;
    report_range(&id, &behind, diagnostics);
    let mut test_fn = None;
    for child in &item.children {
        match function_of(&child.words) {
            Some(name) if test_fn.is_none() => test_fn = Some(name),
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
    Some(TestText { id, test_fn, title: title_of(&behind) })
}

/// A name in `lower_snake` and nothing else; without backticks it has two words at least.
fn function_of(words: &Inline) -> Option<Text> {
    if let Some(code) = words.only_code() {
        return is_lower_snake(&code.text).then(|| code_text(code));
    }
    let text = Spanned::new(words.text(), words.span);
    (is_lower_snake(&text.value) && text.value.contains('_')).then_some(text)
}

/// The words behind an id, without the mark that joins them.
fn title_of(behind: &Inline) -> Text {
    let words = behind.after(behind.span.start + range_length(behind));
    let text = words.text();
    let title = text.trim_start_matches([':', '-', '|', '\u{2013}', '\u{2014}']).trim().to_owned();
    Spanned::new(title, words.span)
}

/// Bytes of the `..04` that makes a range of an id.
fn range_length(behind: &Inline) -> usize {
    let raw = behind.raw();
    let Some(end) = raw.strip_prefix("..").or_else(|| raw.strip_prefix('\u{2026}')) else { return 0 };
    raw.len() - end.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '-').len()
}

/// `AT-X-01..04` states several tests in one; only the first has an id.
fn report_range(id: &Text, behind: &Inline, diagnostics: &mut Diagnostics) {
    let length = range_length(behind);
    if length > 0 {
        let message = format!("`{}` stands for several tests; only the first of them is read", id.value);
        let span = Span::new(behind.span.file, behind.span.start, behind.span.start + length);
        diagnostics.push(
            Diagnostic::new(codes::TRAILING_WORDS, message, span, "a range of ids")
                .help("write one bullet per test"),
        );
    }
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
