//! A page that is put together line by line.

use crate::read::guess::Guess;

/// The lines of a page.
#[derive(Debug, Default)]
pub(super) struct Lines {
    text: String,
}

impl Lines {
    /// Adds a line at the end of the page.
    pub(super) fn push(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// Adds a heading with an empty line before it.
    pub(super) fn heading(&mut self, heading: &str) {
        if !self.text.is_empty() {
            self.push("");
        }
        self.push(heading);
    }

    /// Adds a mark: what the lines below it were guessed from.
    pub(super) fn guess(&mut self, from: &str) {
        self.push(&Guess::in_page(from));
    }

    /// Adds a bullet of a property.
    pub(super) fn bullet(&mut self, key: &str, value: &str) {
        self.push(&format!("- `{key}`: {value}"));
    }

    /// The text of the page.
    pub(super) fn finish(self) -> String {
        self.text
    }
}

/// Names in brackets, as a schema or a key: `(a, b)`; one name alone stands without.
pub(super) fn tuple(names: &[String]) -> String {
    match names {
        [one] => format!("`{one}`"),
        _ => format!("`({})`", names.join(", ")),
    }
}

/// A name without its marks.
pub(super) fn bare(name: &str) -> &str {
    name.trim_end_matches(['?', '[', ']'])
}

/// Adds a name unless it is there, with or without marks.
pub(super) fn add(names: &mut Vec<String>, name: &str) {
    if !names.iter().any(|known| bare(known) == bare(name)) {
        names.push(name.to_owned());
    }
}
