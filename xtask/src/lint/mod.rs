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

/// Runs the rules that are wanted. What a line of the specs silences is left out; a silence without a use is a finding, where
/// its rule was among those.
pub fn lint(subject: &Subject<'_>, is_wanted: impl Fn(&Rule) -> bool, diagnostics: &mut Diagnostics) {
    let mut found = Diagnostics::default();
    let mut wanted = Vec::new();
    for rule in list::all().filter(|rule| is_wanted(rule)) {
        if let Finder::Lint(run) = rule.finder {
            run(subject, &mut found);
            wanted.push(rule.code.id);
        }
    }
    silence::apply(subject, &wanted, &found, diagnostics);
}
