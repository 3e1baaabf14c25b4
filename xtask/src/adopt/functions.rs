//! Functions of acceptance tests that a page does not name, as bullets below the tests.

use std::collections::BTreeMap;

use selene_codegen::naming::upper_snake;

use super::insert::{Insertion, inserted};
use super::subject::{Drafts, Subject};
use crate::diagnostics::codes;
use crate::source::{FileId, Span};

/// The most words of a title that a function is named after.
const WORDS: usize = 8;

/// Adds the pages with the functions to the drafts. A test that is no bullet has no place for one.
pub(super) fn add(subject: &Subject<'_>, drafts: &mut Drafts) {
    let mut insertions: BTreeMap<FileId, Vec<Insertion>> = BTreeMap::new();
    for engine in &subject.engines {
        let mut taken: Vec<String> = Vec::new();
        for (id, span) in subject.unknown_of(codes::MISSING_TEST_FN, engine.id) {
            let tests = engine.each_page().flat_map(|page| &page.acceptance_tests);
            let title =
                tests.into_iter().find(|test| test.id.span == span).map_or("", |test| &test.title.value);
            let name = function(id, title);
            let Some((at, indent)) = place(subject, span).filter(|_| !taken.contains(&name)) else {
                continue;
            };
            let lines = vec![format!("{:indent$}- `{name}`", "")];
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

/// Behind the words of the bullet that holds a test, and the blanks before a bullet below it.
fn place(subject: &Subject<'_>, span: Span) -> Option<(usize, usize)> {
    let source = subject.sources.get(span.file);
    let line = source.line_of(span.start);
    let text = &source.text[line.clone()];
    let words = text.trim_start();
    let indent = text.len() - words.len();
    let mark = words.len() - words.trim_start_matches(['-', '*', '+']).trim_start().len();
    if mark < 2 || !words.starts_with(['-', '*', '+']) {
        return None;
    }
    let mut end = line.end;
    while end < source.text.len() {
        let next = source.line_of(end);
        let text = &source.text[next.clone()];
        let words = text.trim_start();
        let goes_on =
            !words.is_empty() && text.len() - words.len() > indent && !words.starts_with(['-', '*', '+']);
        if !goes_on {
            break;
        }
        end = next.end;
    }
    Some((end, indent + mark))
}

#[cfg(test)]
mod unit_tests {
    use super::*;

    #[test]
    fn a_function_is_named_after_the_id_and_the_title() {
        let name = function(
            "AT-REM-DB-03",
            "idempotency dedupe works for schedule/update (and more, and still more)",
        );
        assert_eq!(name, "at_rem_db_03_idempotency_dedupe_works_for_schedule_update_and_more");
    }
}
