//! Every rule. A new one is an entry in `of_pages`, `of_words`, `of_rows` or `of_sentences`, a code in `diagnostics/codes.rs`, a function in `rules/`, a
//! fixture below `tests/fixtures/lint`, and a line of `tests/planted.txt`.

use super::rule::Rule;
use super::{known, of_pages, of_rows, of_sentences, of_words};
use crate::diagnostics::{Code, codes};

/// Every rule: those of earlier phases first, in the order of their codes.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    let rules = known::RULES.iter().chain(&of_pages::RULES).chain(&of_words::RULES);
    rules.chain(&of_rows::RULES).chain(&of_sentences::RULES)
}

/// The rule of that id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.code.id == id)
}

/// The findings about silences; they are no rules, because nothing silences them.
pub static OF_SILENCES: [(&Code, &str); 2] = [
    (
        codes::MALFORMED_SILENCE,
        "A silence names a rule of this list and a reason: `<!-- lint: allow E0606 because … -->` in a page, `# lint: allow W0648 because …` in the lexicon and the register. It covers the next line that says something; with a name behind the rule only what is found of that name.",
    ),
    (codes::UNUSED_SILENCE, "A silence that is left behind would hide the next contradiction at its place."),
];
