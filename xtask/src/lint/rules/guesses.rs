//! Guesses of drafts that nobody has confirmed.

use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::lint::Subject;
use crate::read::guess::Guess;
use crate::source::Span;

/// Marks of guesses in pages, lexicon and register: one finding with all of their places.
pub fn standing(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let register = subject.parsed.register.as_ref().map(|register| register.file);
    let yaml = [subject.parsed.lexicon_file, register];
    for file in subject.files() {
        let text = &subject.sources.get(file).text;
        let marks =
            if yaml.contains(&Some(file)) { Guess::all_in_yaml(text) } else { Guess::all_in_page(text) };
        for mark in marks {
            let place = Span::new(file, mark.range.start, mark.range.end);
            diagnostics.push(
                Diagnostic::new(
                    codes::STANDING_GUESS,
                    "a guess stands that nobody has confirmed",
                    place,
                    "this guess",
                )
                .help("check the line that it is about, correct it, and take the mark away"),
            );
        }
    }
}
