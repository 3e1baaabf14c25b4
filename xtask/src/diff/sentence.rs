//! Sentences of specs: those that demand something of rows and keys, and those for people.

use std::collections::BTreeSet;

use super::change::Changes;
use super::pair::{At, Pair};
use super::words::{Sentences, compare, demands_something, has_same_meaning};
use super::{kinds, moves};

/// Sentences that demand something: one that is gone or says something else keeps less.
pub(super) fn demands(
    pair: &Pair<'_>,
    item: &str,
    (old, new): (&[String], &[String]),
    at: &At,
    changes: &mut Changes,
) {
    let found = compare(old, new);
    // The label of a list that lost its last entry, or got its first, demands nothing.
    let is_demand = |sentence: &str| !sentence.ends_with(':');
    for index in found.removed.into_iter().filter(|index| is_demand(&old[*index])) {
        let words = format!("\"{}\" is gone", old[index]);
        pair.push(kinds::INVARIANT_REMOVED, item, words, &places(at, (index, usize::MAX)), changes);
    }
    for index in found.added.into_iter().filter(|index| is_demand(&new[*index])) {
        let words = format!("\"{}\" must hold", new[index]);
        pair.push(kinds::INVARIANT_ADDED, item, words, &places(at, (usize::MAX, index)), changes);
    }
    for (was, is, is_same) in found.changed {
        let places_of = places(at, (was, is));
        if !is_same && moves::compare(pair, item, (&old[was], &new[is]), &places_of, changes) {
            continue;
        }
        let (kind, words) = if is_same {
            (kinds::WORDS_CHANGED, format!("\"{}\" in other words", new[is]))
        } else {
            (kinds::INVARIANT_CHANGED, format!("\"{}\" stands where \"{}\" stood", new[is], old[was]))
        };
        pair.push(kind, item, words, &places_of, changes);
    }
}

/// Sentences for people about what the rest of the page says in a form that is compared.
pub(super) fn words(
    pair: &Pair<'_>,
    item: &str,
    (old, new): (&[String], &[String]),
    at: &At,
    changes: &mut Changes,
) {
    in_words(pair, item, (old, new), (at, compare(old, new)), changes);
}

/// Every sentence of these that differs, as a change of words.
fn in_words(
    pair: &Pair<'_>,
    item: &str,
    (old, new): (&[String], &[String]),
    (at, found): (&At, Sentences),
    changes: &mut Changes,
) {
    for index in found.removed {
        let words = format!("\"{}\" is gone", old[index]);
        pair.push(kinds::WORDS_CHANGED, item, words, &places(at, (index, usize::MAX)), changes);
    }
    for index in found.added {
        let words = format!("\"{}\" is new", new[index]);
        pair.push(kinds::WORDS_CHANGED, item, words, &places(at, (usize::MAX, index)), changes);
    }
    for (was, is, _) in found.changed {
        let words = format!("\"{}\" stands where \"{}\" stood", new[is], old[was]);
        pair.push(kinds::WORDS_CHANGED, item, words, &places(at, (was, is)), changes);
    }
}

/// Lines about failures: one that names another code changes what callers get, save where its code is gone.
pub(super) fn failures(
    pair: &Pair<'_>,
    item: &str,
    (old, new): (&[String], &[String]),
    at: &At,
    changes: &mut Changes,
) {
    let known: BTreeSet<&str> =
        pair.new.reason_codes.iter().filter(|code| !code.retired).map(|code| code.name.as_str()).collect();
    let named = |line: &str| -> BTreeSet<String> {
        let words = line.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
        words.filter(|word| known.contains(word)).map(str::to_owned).collect()
    };
    // A code that is gone is told as such.
    let bare = |line: &str| -> String {
        let words: Vec<&str> = line.split_whitespace().collect();
        let is_code = |at: usize| words.get(at).is_some_and(|word| word.contains('_'));
        let is_of_code = |at: usize| is_code(at) || words[at] == "or" && is_code(at + 1);
        let kept = (0..words.len()).filter(|at| !is_of_code(*at));
        kept.map(|at| words[at]).collect::<Vec<_>>().join(" ")
    };
    let mut found = compare(old, new);
    found.changed.retain(|&(was, is, is_same)| {
        let (codes, before) = (named(&new[is]), named(&old[was]));
        let is_other = !codes.is_empty() && !before.is_empty() && codes != before;
        if is_other {
            let before = before.into_iter().collect::<Vec<_>>().join("`, `");
            let words = format!("\"{}\" named `{before}` before", new[is]);
            pair.push(kinds::FAILURE_CODE, item, words, &places(at, (was, is)), changes);
        } else if !is_same && !has_same_meaning(&bare(&old[was]), &bare(&new[is])) {
            let words = format!("\"{}\" stands where \"{}\" stood", new[is], old[was]);
            pair.push(kinds::FAILURE_CHANGED, item, words, &places(at, (was, is)), changes);
            return false;
        }
        !is_other
    });
    in_words(pair, item, (old, new), (at, found), changes);
}

/// Sentences about events and about rows that are read. Names of reason codes in them are compared where they belong.
pub(super) fn promises(
    pair: &Pair<'_>,
    item: &str,
    (old, new): (&[String], &[String]),
    at: &At,
    changes: &mut Changes,
) {
    let contracts = [pair.old, pair.new];
    let codes: BTreeSet<&str> =
        contracts.iter().flat_map(|one| &one.reason_codes).map(|code| code.name.as_str()).collect();
    let bare = |sentence: &str| -> String {
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let words = sentence.split_inclusive(|c: char| !is_part(c));
        words.filter(|word| !codes.contains(word.trim_end_matches(|c: char| !is_part(c)))).collect()
    };
    let promises = |sentence: &str| {
        let mut words = sentence.split(|c: char| !c.is_ascii_alphanumeric());
        let is_about_events = words.any(|word| ["event", "events", "payload", "tenant"].contains(&word));
        // The label of a list promises nothing.
        demands_something(&bare(sentence)) || is_about_events && !sentence.ends_with(':')
    };
    let found = compare(old, new);
    let mut push =
        |kind, words: String, places_of| pair.push(kind, item, words, &places(at, places_of), changes);
    for index in found.removed {
        let kind = if promises(&old[index]) { kinds::PROMISE_CHANGED } else { kinds::WORDS_CHANGED };
        push(kind, format!("\"{}\" is gone", old[index]), (index, usize::MAX));
    }
    for index in found.added {
        let kind = if promises(&new[index]) { kinds::PROMISE_ADDED } else { kinds::WORDS_CHANGED };
        push(kind, format!("\"{}\" is new", new[index]), (usize::MAX, index));
    }
    for (was, is, _) in found.changed {
        let is_same = has_same_meaning(&bare(&old[was]), &bare(&new[is]));
        let kind = if is_same { kinds::WORDS_CHANGED } else { kinds::PROMISE_CHANGED };
        push(kind, format!("\"{}\" stands where \"{}\" stood", new[is], old[was]), (was, is));
    }
}

/// The places of two sentences by their numbers; a number that no list reaches leads to what holds the list.
fn places(at: &At, (old, new): (usize, usize)) -> At {
    let mut at = at.clone();
    at.old.1.push(old.to_string());
    at.new.1.push(new.to_string());
    at
}
