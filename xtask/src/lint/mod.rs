//! What pages, lexicon and register say about each other. Every rule is an entry of a list ([`list`]): its code,
//! why it is there, a fixture that breaks it, and the function that looks.
//!
//! What must not live here: changing what was resolved, or anything without which no contract could be made; that is found
//! by the phases before, whose rules across pages stand in the same list.

mod known;
pub mod list;
mod names;
mod of_pages;
mod of_rows;
mod of_sentences;
mod of_words;
mod references;
mod rule;
mod rules;
mod sentence;
mod silence;
mod subject;

pub use rule::{Finder, Rule};
pub use rules::meaning::is_reversed;
pub use subject::Subject;

use crate::diagnostics::Diagnostics;
use crate::parallel;

/// Runs the rules that are wanted. What a line of the specs silences is left out; a silence without a use is a finding, where
/// its rule was among those.
pub fn lint(subject: &Subject<'_>, is_wanted: impl Fn(&Rule) -> bool, diagnostics: &mut Diagnostics) {
    let wanted = list::all().filter(|rule| is_wanted(rule));
    let wanted: Vec<_> = wanted
        .filter_map(|rule| match rule.finder {
            Finder::Lint(run) => Some((rule.code.id, run)),
            Finder::Phase(_) => None,
        })
        .collect();
    let of_rules = parallel::map(&wanted, |(_, run)| {
        let mut found = Diagnostics::default();
        run(subject, &mut found);
        found
    });
    let mut found = Diagnostics::default();
    for of_rule in of_rules {
        found.absorb(of_rule, |_| true);
    }
    let wanted: Vec<&str> = wanted.into_iter().map(|(id, _)| id).collect();
    silence::apply(subject, &wanted, &found, diagnostics);
}
