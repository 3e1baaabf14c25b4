//! How a guess is marked that nobody has confirmed yet: ` # guess: …` behind an entry of a YAML file, a remark above a line of a
//! page. What it was made from stands in the mark.

use std::ops::Range;

use super::remark::{GUESS, remarks};
use crate::source::Sources;

/// How the mark begins in a YAML file; it goes on to the end of the line.
const IN_YAML: &str = " # guess: ";

/// A mark of a value that was guessed, in a page or a YAML file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guess {
    /// What it was guessed from.
    pub from: String,
    /// The bytes of the mark in its text.
    pub range: Range<usize>,
}

impl Guess {
    /// A line of a YAML file with the mark behind it.
    #[must_use]
    pub fn in_yaml(line: &str, from: &str) -> String {
        format!("{line}{IN_YAML}{}", one_line(from))
    }

    /// The mark as a line of a page.
    #[must_use]
    pub fn in_page(from: &str) -> String {
        GUESS.line_of_page(&one_line(from))
    }

    /// Every mark of a YAML file.
    #[must_use]
    pub fn all_in_yaml(text: &str) -> Vec<Self> {
        let mut start = 0;
        let mut found = Vec::new();
        for whole in text.split_inclusive('\n') {
            let line = whole.trim_end();
            // Between quotes it is a part of a text.
            let is_outside = |at: &usize| line[..*at].matches('"').count().is_multiple_of(2);
            if let Some(at) = line.rfind(IN_YAML).filter(is_outside) {
                let from = line[at + IN_YAML.len()..].to_owned();
                found.push(Self { from, range: start + at + 1..start + line.len() });
            }
            start += whole.len();
        }
        found
    }

    /// Every mark of a page.
    #[must_use]
    pub fn all_in_page(text: &str) -> Vec<Self> {
        let file = Sources::default().add("", "", text);
        let marks = remarks(GUESS, file, text).into_iter();
        marks
            .map(|mark| Self { from: mark.words.to_owned(), range: mark.span.start..mark.span.end })
            .collect()
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_found_where_it_was_put_and_nowhere_else() {
        let yaml = format!("a: 1\n{}\nc: \"x # guess: y\"\n", Guess::in_yaml("b: 2", "its name\nis short"));
        let found = Guess::all_in_yaml(&yaml);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].from, "its name is short");
        assert_eq!(&yaml[found[0].range.clone()], "# guess: its name is short");

        let page = format!("- a\n  {}\n- b <!-- guess: c -->\n", Guess::in_page("a -- b"));
        assert!(page.contains("<!-- guess: a - - b -->"));
        let found: Vec<String> = Guess::all_in_page(&page).into_iter().map(|guess| guess.from).collect();
        assert_eq!(found, ["a - - b"]);
    }
}
