//! Acceptance tests: their functions and whose they are.

use std::collections::BTreeSet;

use selene_codegen::naming::upper_snake;

use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::lint::Subject;

/// Functions that do not begin with the id of their test.
pub fn functions(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for page in subject.engines.iter().filter_map(|engine| engine.wiring) {
        let tests = page.acceptance_tests.iter();
        for (test, function) in tests.flat_map(|test| test.functions().map(move |function| (test, function)))
        {
            let wanted = upper_snake(&test.id.value).to_ascii_lowercase();
            let rest = function.value.strip_prefix(&wanted);
            if rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('_')) {
                continue;
            }
            let message = format!("the function of `{}` does not begin with `{wanted}`", test.id.value);
            diagnostics.push(
                Diagnostic::new(codes::DIFFERENT_TEST_FN, message, function.span, "this function")
                    .and(test.id.span, "this id")
                    .help(format!("call it `{wanted}_…`, or mend the id")),
            );
        }
    }
}

/// `AT-W-DB` of `AT-W-DB-01`.
fn family(id: &str) -> &str {
    id.rsplit_once('-').map_or(id, |(family, _)| family)
}

/// Tests that are not named as the first one of their page is.
pub fn of_another_engine(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for engine in &subject.engines {
        let Some(page) = engine.wiring else { continue };
        let Some(first) = page.acceptance_tests.first() else { continue };
        let wanted = family(&first.id.value);
        for test in page.acceptance_tests.iter().filter(|test| family(&test.id.value) != wanted) {
            let message = format!("`{}` stands among tests that are called `{wanted}-…`", test.id.value);
            diagnostics.push(
                Diagnostic::new(codes::TEST_OF_ANOTHER_ENGINE, message, test.id.span, "this test")
                    .and(first.id.span, "the first one")
                    .help("give all tests of a wiring ids that begin in the same way"),
            );
        }
    }
}

/// Words that stand in any title and say nothing.
const COMMON: [&str; 22] = [
    "a", "an", "and", "are", "as", "at", "be", "by", "can", "cannot", "for", "in", "is", "it", "never", "no",
    "not", "of", "or", "the", "to", "with",
];

/// The words of a title or a function that say something, cut to what their forms have in common.
fn stems(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let words = words.map(str::to_ascii_lowercase).filter(|word| !COMMON.contains(&word.as_str()));
    words.map(|word| word.chars().take(4).collect()).collect()
}

/// Whether both name a number, and none of them both.
fn counts_otherwise(title: &BTreeSet<String>, own: &BTreeSet<String>) -> bool {
    const NUMBERS: [&str; 7] = ["one", "two", "thre", "four", "five", "six", "twic"];
    let numbers = |stems: &BTreeSet<String>| -> BTreeSet<String> {
        stems.iter().filter(|stem| NUMBERS.contains(&stem.as_str())).cloned().collect()
    };
    let (title, own) = (numbers(title), numbers(own));
    !title.is_empty() && !own.is_empty() && title.is_disjoint(&own)
}

/// Whether one of two texts denies or allows what the other states.
fn is_reversed(title: &str, own: &str) -> bool {
    const DENIALS: [&str; 8] = ["no", "not", "never", "none", "nothing", "nobody", "cannot", "without"];
    const PAIRS: [(&str, &str); 10] = [
        ("consistent", "independent"),
        ("consistent", "inconsistent"),
        ("consistency", "inconsistency"),
        ("required", "optional"),
        ("deterministic", "random"),
        ("enforced", "allowed"),
        ("refused", "accepted"),
        ("kept", "lost"),
        ("works", "fails"),
        ("same", "different"),
    ];
    let words = |text: &str| -> BTreeSet<String> {
        text.split(|c: char| !c.is_ascii_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_ascii_lowercase)
            .collect()
    };
    let (title, own) = (words(title), words(own));
    let has = |set: &BTreeSet<String>, word: &str| set.contains(word);
    let opposite = |one: &str, other: &str| {
        has(&title, one) && has(&own, other) && !has(&own, one) && !has(&title, other)
    };
    let is_paired = PAIRS.iter().any(|(one, other)| opposite(one, other) || opposite(other, one));
    let denied = |set: &BTreeSet<String>| DENIALS.iter().filter(|word| has(set, word)).count();
    // The function may be shorter, but then other words of the title are missing too.
    let bare = |set: &BTreeSet<String>| -> BTreeSet<String> {
        set.iter().filter(|word| !DENIALS.contains(&word.as_str())).cloned().collect()
    };
    is_paired || (denied(&title) == 0) != (denied(&own) == 0) && bare(&title) == bare(&own)
}

/// Whether title and function say for what there is one, and one of them for less: `per person` and `per_person_and_tenant`.
fn is_per_other(title: &str, own: &str) -> bool {
    let nouns = |text: &str| -> Option<BTreeSet<String>> {
        let mut words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
        words.find(|word| *word == "per")?;
        let mut nouns = BTreeSet::from([words.next()?.to_ascii_lowercase()]);
        while words.next() == Some("and") {
            nouns.extend(words.next().map(str::to_ascii_lowercase));
        }
        Some(nouns)
    };
    let (title, own) = (nouns(title), nouns(own));
    title
        .zip(own)
        .is_some_and(|(title, own)| title != own && (title.is_subset(&own) || own.is_subset(&title)))
}

/// Whether a title is one plain statement that something is not so, and its function is about the same without a denial:
/// `dedupe is not required` and `dedupe_works`.
fn is_denied_by_title(title: &str, own: &str) -> bool {
    let (of_title, of_own) = (stems(title), stems(own));
    let is_plain = !title.contains([',', ':', ';', '('])
        && ![" when ", " if ", " where ", " until ", " that "].iter().any(|words| title.contains(words));
    let denies = [" is not ", " are not ", " do not ", " does not ", " need not "]
        .iter()
        .any(|words| title.contains(words));
    let has_denial =
        ["no", "not", "never", "without"].iter().any(|word| own.split('_').any(|part| part == *word));
    is_plain && denies && !has_denial && of_title.intersection(&of_own).count() > 1
}

/// Tests whose function has no word of their title, its opposite, or another number: it proves something else, or the title was changed.
pub fn titles(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for page in subject.engines.iter().filter_map(|engine| engine.wiring) {
        for test in &page.acceptance_tests {
            let Some(function) = &test.test_fn else { continue };
            let wanted = upper_snake(&test.id.value).to_ascii_lowercase();
            // One that is named after another test has its finding.
            let Some(rest) = function.value.strip_prefix(&wanted) else { continue };
            let (title, own) = (stems(&test.title.value), stems(rest));
            let message = if is_per_other(&test.title.value, rest) {
                format!("the function of `{}` is for other columns than its title", test.id.value)
            } else if counts_otherwise(&title, &own) {
                format!("the function of `{}` counts otherwise than its title", test.id.value)
            } else if is_reversed(&test.title.value, rest) || is_denied_by_title(&test.title.value, rest) {
                format!("the function of `{}` says the opposite of its title", test.id.value)
            } else if title.is_empty() || own.is_empty() || !title.is_disjoint(&own) {
                continue;
            } else {
                format!("the function of `{}` has no word of its title", test.id.value)
            };
            diagnostics.push(
                Diagnostic::new(codes::TITLE_AGAINST_FN, message, function.span, "this function")
                    .and(test.title.span, "this title")
                    .help("name the function after what the test proves, or say in the title what it does"),
            );
        }
    }
}
