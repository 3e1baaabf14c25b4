//! Functions of acceptance tests that a page does not name, as bullets below the tests.

use std::collections::BTreeMap;

use selene_codegen::naming::upper_snake;

use super::insert::{Insertion, inserted};
use super::subject::{Drafts, Subject};
use crate::diagnostics::codes;
use crate::read::signs;
use crate::source::{FileId, SourceFile};

/// The most words of a title that a function is named after.
const WORDS: usize = 8;

/// Adds the pages with the functions to the drafts. A test in a row of a table or among words has no place for one.
pub(super) fn add(subject: &Subject<'_>, drafts: &mut Drafts) {
    let mut insertions: BTreeMap<FileId, Vec<Insertion>> = BTreeMap::new();
    for engine in &subject.engines {
        let mut taken: Vec<String> = Vec::new();
        for (id, span) in subject.unknown_of(codes::MISSING_TEST_FN, engine.id) {
            let tests = engine.each_page().flat_map(|page| &page.acceptance_tests);
            let title =
                tests.into_iter().find(|test| test.id.span == span).map_or("", |test| &test.title.value);
            let name = function(id, title);
            let source = subject.sources.get(span.file);
            let Some((at, before)) = place(source, span.start).filter(|_| !taken.contains(&name)) else {
                continue;
            };
            let lines = vec![format!("{before}`{name}`")];
            insertions.entry(span.file).or_default().push(Insertion { at, lines });
            taken.push(name);
        }
    }
    for (file, insertions) in insertions {
        let source = subject.sources.get(file);
        drafts.insert(source.relative.clone(), inserted(&source.text, insertions));
    }
}

/// `at_notes_db_01_tenant_isolation_enforced`.
pub(super) fn function(id: &str, title: &str) -> String {
    let id = upper_snake(id).to_ascii_lowercase();
    let words = title.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).take(WORDS);
    words.fold(id, |name, word| format!("{name}_{}", word.to_ascii_lowercase()))
}

/// Behind the words of the bullet or heading that holds a test, and what stands before a bullet below it. A line of a page without marks
/// has the next line below it.
fn place(source: &SourceFile, at: usize) -> Option<(usize, String)> {
    let line = source.line_of(at);
    let text = &source.text[line.clone()];
    let words = text.trim_start();
    let blanks = &text[..text.len() - words.len()];
    if words.starts_with('#') {
        return Some((line.end, format!("{blanks}- ")));
    }
    let Some(mark) = mark_width(words) else {
        let has_marks = source.text.lines().any(|line| line.trim_start().starts_with("##"));
        let is_lone_line = words.trim_start_matches('`').starts_with("AT-") && !has_marks;
        return is_lone_line.then(|| (line.end, blanks.to_owned()));
    };
    let mut end = line.end;
    while end < source.text.len() {
        let next = source.line_of(end);
        let text = &source.text[next.clone()];
        let words = text.trim_start();
        let goes_on = !words.is_empty()
            && text.len() - words.len() > blanks.len()
            && !words.starts_with(['-', '*', '+'])
            && !signs::starts_a_bullet(words);
        if !goes_on {
            break;
        }
        end = next.end;
    }
    Some((end, format!("{blanks}{:mark$}- ", "")))
}

/// How wide the mark of a bullet is with the blanks behind it: `- `, `• `, `12. `.
fn mark_width(words: &str) -> Option<usize> {
    let digits = words.len() - words.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let mark = match words[digits..].chars().next()? {
        '.' | ')' if digits > 0 => digits + 1,
        '-' | '*' | '+' if digits == 0 => 1,
        sign if digits == 0 && signs::starts_a_bullet(words) => sign.len_utf8(),
        _ => return None,
    };
    let blanks = words[mark..].chars().take_while(|c| c.is_whitespace()).count();
    (blanks > 0).then(|| words[..mark].chars().count() + blanks)
}

#[cfg(test)]
mod unit_tests {
    use super::*;

    fn places(text: &str) -> Option<(usize, String)> {
        place(&SourceFile::new("", "", text), text.find("AT-").expect("a test"))
    }

    #[test]
    fn a_function_stands_below_its_test_in_the_marks_of_the_page() {
        for (text, before) in [
            ("## A\n- AT-X-01 a\n  b\n", "  - "),
            ("## A\n  • AT-X-01 a\n", "    - "),
            ("## A\n10. AT-X-01 a\n", "    - "),
            ("## A\n### AT-X-01 a\n", "- "),
            ("A\nAT-X-01 a\n", ""),
        ] {
            assert_eq!(places(text), Some((text.len(), before.to_owned())), "{text:?}");
        }
        for text in ["## A\nAT-X-01 a\n", "## A\n| AT-X-01 | a |\n", "## A\n-AT-X-01 a\n"] {
            assert_eq!(places(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_function_is_named_after_the_id_and_the_title() {
        let name = function(
            "AT-REM-DB-03",
            "idempotency dedupe works for schedule/update (and more, and still more)",
        );
        assert_eq!(name, "at_rem_db_03_idempotency_dedupe_works_for_schedule_update_and_more");
    }
}
