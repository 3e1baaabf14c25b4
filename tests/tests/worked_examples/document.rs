//! The fenced blocks of a document, and what a program printed compared with them.

use std::fs;

use selene_acceptance::place;

/// The fenced blocks of one section.
pub struct Section(Vec<(String, String)>);

impl Section {
    /// Reads the section under a heading, up to the next heading of its level or above.
    pub fn of(document: &str, heading: &str) -> Self {
        let text = fs::read_to_string(place::workspace().join(document)).expect("the document is there");
        let section = text.split_once(&format!("\n{heading}\n"));
        let (_, section) = section.unwrap_or_else(|| panic!("{document} has no section {heading}"));
        let depth = heading.chars().take_while(|character| *character == '#').count();
        Self(read(section, |line| is_heading(line, depth)))
    }

    /// The blocks of one language, in their order; there must be as many as asked for.
    pub fn blocks<const N: usize>(&self, language: &str) -> [&str; N] {
        let blocks = self.0.iter().filter(|(name, _)| name == language).map(|(_, text)| text.as_str());
        let blocks: Vec<&str> = blocks.collect();
        blocks.try_into().unwrap_or_else(|found| panic!("{N} blocks of {language} are due, not {found:?}"))
    }
}

/// Every fenced block of a document, in order: what stands behind the fence, and the text.
pub fn blocks(document: &str) -> Vec<(String, String)> {
    read(document, |_| false)
}

/// The fenced blocks up to a line outside of them that ends the text.
fn read(text: &str, ends: impl Fn(&str) -> bool) -> Vec<(String, String)> {
    let mut blocks = Vec::new();
    let mut open: Option<(String, String)> = None;
    for line in text.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(head)) => open = Some((head.to_owned(), String::new())),
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (Some((_, text)), None) => {
                text.push_str(line);
                text.push('\n');
            }
            (None, None) if ends(line) => break,
            (None, None) => {}
        }
    }
    blocks
}

/// Whether a line is a heading of a level or above.
fn is_heading(line: &str, depth: usize) -> bool {
    let marks = line.chars().take_while(|character| *character == '#').count();
    (1..=depth).contains(&marks) && line[marks..].starts_with(' ')
}

/// Checks that every line that a document shows is among the lines that were printed. Blanks at the ends do not count.
pub fn shows(printed: &str, promised: &str) {
    for line in lines(promised) {
        assert!(
            lines(printed).any(|other| other == line),
            "the document shows\n{line}\nbut this was printed:\n{printed}"
        );
    }
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}
