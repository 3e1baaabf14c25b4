//! Acceptance tests.

use selene_codegen::contract::{AcceptanceTest, SpecKind};

use super::change::Changes;
use super::kinds;
use super::pair::Pair;
use super::side::Side;
use super::words::has_same_meaning;
use crate::source::Span;

/// Compares the acceptance tests of an engine. A test may have several functions, each of which is an entry of its own.
pub(super) fn compare(pair: &Pair<'_>, changes: &mut Changes) {
    let (of_old, of_new) = (&pair.old.acceptance_tests, &pair.new.acceptance_tests);
    for old in of_old {
        let at = pair.at(&["acceptance_tests", &old.id]);
        let Some(new) = counterpart(old, of_old, of_new) else {
            let words = if of_new.iter().any(|new| new.id == old.id) {
                format!("`{}` proves it no longer", old.test_fn)
            } else {
                format!("\"{}\" is proven no longer", old.title)
            };
            pair.push(kinds::TEST_REMOVED, &old.id, words, &at, changes);
            continue;
        };
        if old.title != new.title && !has_same_meaning(&old.title, &new.title) {
            let words = format!("proves \"{}\", and proved \"{}\"", new.title, old.title);
            pair.push(kinds::TEST_CHANGED, &old.id, words, &at, changes);
        } else if old.test_fn != new.test_fn {
            let words = format!("is `{}`, and was `{}`", new.test_fn, old.test_fn);
            pair.push(kinds::TEST_CHANGED, &old.id, words, &at, changes);
        } else if old.title != new.title {
            pair.push(kinds::WORDS_CHANGED, &old.id, "is described in other words", &at, changes);
        }
    }
    for new in of_new.iter().filter(|new| counterpart(new, of_new, of_old).is_none()) {
        let at = pair.at(&["acceptance_tests", &new.id]);
        let words = if of_old.iter().any(|old| old.id == new.id) {
            format!("`{}` must prove it too", new.test_fn)
        } else {
            format!("\"{}\" must be proven", new.title)
        };
        pair.push(kinds::TEST_ADDED, &new.id, words, &at, changes);
    }
}

/// Compares the tests for which no page names a function: no contract has them, and people rely on them all the same.
pub(super) fn without_functions(pair: &Pair<'_>, changes: &mut Changes) {
    for half in [SpecKind::Ecm, SpecKind::DbWiring] {
        let tests = |side: &Side, engine: &str| -> Vec<(String, String, Span, bool)> {
            let page = side
                .pages(engine)
                .and_then(|pages| if half == SpecKind::Ecm { pages.ecm } else { pages.db_wiring });
            let tests = page.into_iter().flat_map(|page| &page.acceptance_tests);
            let tests = tests.map(|test| {
                (test.id.value.clone(), test.title.value.clone(), test.id.span, test.test_fn.is_some())
            });
            tests.collect()
        };
        let old = tests(pair.sides.old, &pair.old.engine.id);
        let new = tests(pair.sides.new, &pair.new.engine.id);
        let at = pair.at(&["engine"]);
        for (id, title, place, has_fn) in &old {
            let is = new.iter().find(|(other, ..)| other == id);
            let (kind, words) = match is {
                // With a function it is in the contract, and told there.
                _ if *has_fn => continue,
                None => (kinds::TEST_REMOVED, format!("\"{title}\" is proven no longer")),
                Some((_, now, ..)) if now == title => continue,
                Some((_, now, ..)) if has_same_meaning(title, now) => {
                    (kinds::WORDS_CHANGED, "is described in other words".to_owned())
                }
                Some((_, now, ..)) => {
                    (kinds::TEST_CHANGED, format!("proves \"{now}\", and proved \"{title}\""))
                }
            };
            let places = (Some(*place), is.map(|(_, _, place, _)| *place));
            pair.push_at(kind, id, words, places, &at, changes);
        }
        for (id, title, place, has_fn) in &new {
            if !*has_fn && !old.iter().any(|(other, ..)| other == id) {
                let words = format!("\"{title}\" must be proven");
                pair.push_at(kinds::TEST_ADDED, id, words, (None, Some(*place)), &at, changes);
            }
        }
    }
}

/// The same test on the other side: with its function, else with one that this side does not have.
fn counterpart<'a>(
    test: &AcceptanceTest,
    own: &[AcceptanceTest],
    others: &'a [AcceptanceTest],
) -> Option<&'a AcceptanceTest> {
    let is_of = |other: &&AcceptanceTest| other.id == test.id;
    let is_known = |tests: &[AcceptanceTest], one: &AcceptanceTest| {
        tests.iter().any(|other| other.id == one.id && other.test_fn == one.test_fn)
    };
    let same = others.iter().filter(is_of).find(|other| other.test_fn == test.test_fn);
    // Of several that have no function in common, the first belongs to the first.
    let place = own.iter().filter(is_of).filter(|one| !is_known(others, one)).position(|one| one == test);
    same.or_else(|| others.iter().filter(is_of).filter(|other| !is_known(own, other)).nth(place?))
}
