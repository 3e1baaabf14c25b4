//! `## 7) Acceptance Tests`: an id, a title, and the test function below it.

use selene_codegen::naming::upper_snake;

use super::test_ids::TestIds;
use super::unread::{other_blocks, unknown_bullet};
use super::words::{is_lower_snake, labelled};
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::parse::bullet::{Bullet, code_text};
use crate::parse::document::{Document, TestText, Text};
use crate::parse::section::Section;
use crate::read::markdown::{Block, Inline, Item};
use crate::source::Spanned;

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
    let Some(ids) = section.heading.and_then(TestIds::of) else {
        document.add_heading(section);
        read(section, document, diagnostics);
        return;
    };
    // Below it stands its function, and words about it.
    let mut functions = Vec::new();
    other_blocks(section, diagnostics);
    for block in &section.blocks {
        match block {
            Block::Paragraph(words) => document.add_prose(words),
            Block::List(items) => {
                for item in items {
                    match function_of(&item.words).filter(|_| functions.len() < ids.ids.len()) {
                        Some(function) => functions.push(function),
                        None => super::prose::add_items(std::slice::from_ref(item), document, diagnostics),
                    }
                }
            }
            _ => {}
        }
    }
    add(&ids, functions, document, diagnostics);
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
    if !lines.iter().any(|line| TestIds::of(line).is_some()) {
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
        match TestIds::of(&line) {
            Some(ids) => add(&ids, Vec::new(), document, diagnostics),
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
    if let Some(ids) = TestIds::of(&item.words) {
        let functions = functions_below(item, ids.ids.len(), diagnostics);
        add(&ids, functions, document, diagnostics);
        return;
    }
    let holds_tests = item.children.iter().any(|child| TestIds::of(&child.words).is_some());
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

/// The functions below a test, or below a range of so many.
fn functions_below(item: &Item, most: usize, diagnostics: &mut Diagnostics) -> Vec<Text> {
    let mut functions = Vec::new();
    for child in &item.children {
        match function_of(&child.words) {
            Some(name) if functions.len() < most => functions.push(name),
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
    functions
}

/// Adds every test of a range with its function: the one that begins with its id, else the next that stands there.
fn add(ids: &TestIds, mut functions: Vec<Text>, document: &mut Document, diagnostics: &mut Diagnostics) {
    ids.report(diagnostics);
    let stems: Vec<String> = ids.ids.iter().map(|id| upper_snake(&id.value).to_ascii_lowercase()).collect();
    let is_of = |function: &Text, stem: &str| {
        function.value.strip_prefix(stem).is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
    };
    for (id, stem) in ids.ids.iter().zip(&stems) {
        let own = functions.iter().position(|function| is_of(function, stem));
        let free = || functions.iter().position(|function| !stems.iter().any(|other| is_of(function, other)));
        let test_fn = own.or_else(free).map(|index| functions.remove(index));
        document.acceptance_tests.push(TestText { id: id.clone(), test_fn, title: ids.title() });
    }
}

/// A name in `lower_snake` and nothing else; without backticks it has two words at least.
fn function_of(words: &Inline) -> Option<Text> {
    if let Some(code) = words.only_code() {
        return is_lower_snake(&code.text).then(|| code_text(code));
    }
    let text = Spanned::new(words.text(), words.span);
    (is_lower_snake(&text.value) && text.value.contains('_')).then_some(text)
}
