//! Acceptance tests.

use selene_codegen::contract::AcceptanceTest;

use super::change::Changes;
use super::kinds;
use super::pair::Pair;
use super::words::has_same_meaning;

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
