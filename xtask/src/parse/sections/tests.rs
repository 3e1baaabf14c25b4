//! `## 7) Acceptance Tests`: an id, a title, and the test function below it.

use std::collections::VecDeque;

use selene_codegen::naming::upper_snake;

use super::test_fns;
use super::test_ids::TestIds;
use super::unread::{other_blocks, unknown_bullet};
use super::words::labelled;
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::parse::bullet::Bullet;
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
        let below = match section.blocks.get(index + 1) {
            Some(Block::List(items)) => Some(items.as_slice()),
            _ => None,
        };
        if let Block::Paragraph(words) = block {
            read_paragraph(words, below, document, diagnostics);
        }
    }
    let mut above: Option<(&Inline, bool)> = None;
    for (label, item) in labelled(section) {
        if let Some(label) = label.filter(|label| above.is_none_or(|(known, _)| known.span != label.span)) {
            above = Some((label, ends_with_a_test(label)));
        }
        if label.is_some() && above.is_some_and(|(_, is_test)| is_test) && is_function(item) {
            continue;
        }
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
    let mut below = Below::default();
    other_blocks(section, diagnostics);
    for block in &section.blocks {
        match block {
            Block::Paragraph(words) => below.notes.push(Spanned::new(words.text(), words.span)),
            Block::List(items) => items.iter().for_each(|item| below.read(item, diagnostics)),
            _ => {}
        }
    }
    add(&ids, below, document, diagnostics);
    for child in &section.sections {
        read_heading(child, document, diagnostics);
    }
}

/// Lines that start with an id are tests; a paragraph before a list is its label.
fn read_paragraph(
    words: &Inline,
    list: Option<&[Item]>,
    document: &mut Document,
    diagnostics: &mut Diagnostics,
) {
    let lines: Vec<Inline> = words.lines().iter().map(without_bars).collect();
    if !lines.iter().any(|line| TestIds::of(line).is_some()) {
        if list.is_some() {
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
    let final_line = lines.len() - 1;
    for (index, line) in lines.into_iter().enumerate() {
        let Some(ids) = TestIds::of(&line) else {
            document.add_prose(&line);
            continue;
        };
        let mut below = Below::default();
        let items = list.unwrap_or_default().iter().filter(|item| index == final_line && is_function(item));
        items.for_each(|item| below.read(item, diagnostics));
        add(&ids, below, document, diagnostics);
    }
}

/// Whether the last line of a paragraph is a test.
fn ends_with_a_test(words: &Inline) -> bool {
    let raw = words.raw();
    let start = raw.rfind('\n').map_or(0, |end| end + 1);
    let line = words.after(words.span.start + start);
    TestIds::of(&without_bars(&line)).is_some()
}

/// Whether a bullet names a function, which belongs to a test in the line above its list.
fn is_function(item: &Item) -> bool {
    TestIds::of(&item.words).is_none() && test_fns::named(&item.words).is_some()
}

/// A row of a table without the bars at its ends.
fn without_bars(line: &Inline) -> Inline {
    let raw = line.raw();
    let Some(inner) = raw.strip_prefix('|') else { return line.clone() };
    let length = inner.trim_end_matches(|c: char| c == '|' || c.is_whitespace()).len();
    line.part(line.span.start + 1..line.span.start + 1 + length)
}

fn leads_to_references(words: &Inline) -> bool {
    let words = words.plain().to_ascii_lowercase();
    REFERENCES.iter().any(|references| words.starts_with(references))
}

fn read_item(item: &Item, is_reference: bool, document: &mut Document, diagnostics: &mut Diagnostics) {
    let _ = Bullet::new(item, diagnostics);
    // In a row of a table the id stands in a cell of its own.
    let ids = match &item.key {
        Some(key) => TestIds::of_cell(key, &item.words),
        None => TestIds::of(&item.words),
    };
    if let Some(ids) = ids {
        let mut below = Below::default();
        item.children.iter().for_each(|child| below.read(child, diagnostics));
        add(&ids, below, document, diagnostics);
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

/// What stands below a test: its functions, and words about it.
#[derive(Default)]
struct Below {
    functions: Vec<Text>,
    /// What `title:` says.
    title: Option<Text>,
    notes: Vec<Text>,
}

impl Below {
    fn read(&mut self, item: &Item, diagnostics: &mut Diagnostics) {
        // Words may be any words, but no block inside of them.
        let _ = Bullet::new(item, diagnostics);
        if let Some(named) = test_fns::named(&item.words) {
            self.functions.push(named.function);
            if named.has_more_words {
                self.notes.push(Spanned::new(item.words.text(), item.words.span));
            }
        } else if let Some(title) = title_of(&item.words).filter(|_| self.title.is_none()) {
            self.title = Some(title);
        } else {
            if is_nearly_a_function(&item.words) {
                not_a_function(&item.words, diagnostics);
            }
            self.notes.push(Spanned::new(item.words.text(), item.words.span));
        }
        item.children.iter().for_each(|child| self.read(child, diagnostics));
    }
}

fn not_a_function(words: &Inline, diagnostics: &mut Diagnostics) {
    diagnostics.push(
        Diagnostic::new(codes::TRAILING_WORDS, "words below a test are not understood", words.span, "")
            .help("write one test function in backticks and lower_snake"),
    );
}

/// Adds every test of a range with its functions: those that begin with its id, else the next that stands there. Functions that are
/// left belong to a test that stands alone.
fn add(ids: &TestIds, mut below: Below, document: &mut Document, diagnostics: &mut Diagnostics) {
    ids.report(diagnostics);
    document.read.extend(ids.lead.map(|lead| (lead, "key")));
    let (behind, functions) = test_fns::split(&ids.behind);
    below.functions.splice(0..0, functions);
    let mut title = TestIds::title_of(&behind);
    if let Some(stated) = below.title.take() {
        if title.value.is_empty() {
            title = stated;
        } else {
            below.notes.push(stated);
        }
    }
    let stems: Vec<String> = ids.ids.iter().map(|id| upper_snake(&id.value).to_ascii_lowercase()).collect();
    let is_of = |function: &Text, stem: &String| {
        function.value.strip_prefix(stem).is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
    };
    let mut own: Vec<Vec<Text>> = vec![Vec::new(); stems.len()];
    let mut free = VecDeque::new();
    for function in below.functions {
        match stems.iter().position(|stem| is_of(&function, stem)) {
            Some(index) => own[index].push(function),
            None => free.push_back(function),
        }
    }
    for functions in &mut own {
        let missing = match stems.len() {
            1 => free.len(),
            _ => usize::from(functions.is_empty()).min(free.len()),
        };
        functions.extend(free.drain(..missing));
    }
    for function in free {
        diagnostics.push(
            Diagnostic::new(
                codes::TRAILING_WORDS,
                "more functions than tests",
                function.span,
                "of which test?",
            )
            .help("begin its name with the id of its test"),
        );
    }
    let mut notes = below.notes;
    for (id, functions) in ids.ids.iter().zip(own) {
        let mut functions = functions.into_iter();
        document.acceptance_tests.push(TestText {
            id: id.clone(),
            test_fn: functions.next(),
            further_fns: functions.collect(),
            // What stands below a range stands with the first of it.
            notes: std::mem::take(&mut notes),
            title: title.clone(),
        });
    }
}

/// One name that is nearly a function: `At_T_01`, `at-t-01`, and no file such as `check_it.sh`.
fn is_nearly_a_function(words: &Inline) -> bool {
    let text = words.plain();
    let is_name = text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
    let is_test = text.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("at"));
    is_name && (text.contains('_') || text.contains('-') && is_test)
}

/// The value of `title: …`.
fn title_of(words: &Inline) -> Option<Text> {
    let (key, value) = words.raw().split_once(':')?;
    let is_title =
        ["title", "name", "description"].contains(&key.trim_matches('`').to_ascii_lowercase().as_str());
    let value = words.after(words.span.end - value.len());
    (is_title && !value.is_empty()).then(|| Spanned::new(value.text(), value.span))
}
