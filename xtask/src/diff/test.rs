//! Acceptance tests.

use super::change::Changes;
use super::kinds;
use super::pair::Pair;
use super::words::says_the_same;

/// Compares the acceptance tests of an engine.
pub(super) fn compare(pair: &Pair<'_>, changes: &mut Changes) {
    for old in &pair.old.acceptance_tests {
        let at = pair.at(&["acceptance_tests", &old.id]);
        let Some(new) = pair.new.acceptance_tests.iter().find(|new| new.id == old.id) else {
            pair.push(
                kinds::TEST_REMOVED,
                &old.id,
                format!("\"{}\" is proven no longer", old.title),
                &at,
                changes,
            );
            continue;
        };
        if old.title != new.title && !says_the_same(&old.title, &new.title) {
            let words = format!("proves \"{}\", and proved \"{}\"", new.title, old.title);
            pair.push(kinds::TEST_CHANGED, &old.id, words, &at, changes);
        } else if old.test_fn != new.test_fn {
            let words = format!("is `{}`, and was `{}`", new.test_fn, old.test_fn);
            pair.push(kinds::TEST_CHANGED, &old.id, words, &at, changes);
        } else if old.title != new.title {
            pair.push(kinds::WORDS_CHANGED, &old.id, "is described in other words", &at, changes);
        }
    }
    for new in &pair.new.acceptance_tests {
        if !pair.old.acceptance_tests.iter().any(|old| old.id == new.id) {
            let at = pair.at(&["acceptance_tests", &new.id]);
            pair.push(kinds::TEST_ADDED, &new.id, format!("\"{}\" must be proven", new.title), &at, changes);
        }
    }
}
